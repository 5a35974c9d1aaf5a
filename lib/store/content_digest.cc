#include "lib/store/content_digest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "lib/base/file_access.h"
#include "lib/base/sha256.h"

namespace initbias {
namespace {

constexpr char kName[] = "digest";
constexpr char kParts[] = "/provenance/digests";

// `top`: the group whose digest it is.
void AddAttributes(const Hdf5File& file, const std::string& path, const std::string& top,
                   Sha256* sha) {
  for (const auto& [name, text] : file.AttributeTexts(path)) {
    if (path != top || name != kName) {
      sha->Update(fmt::format("{}@{} = {}\n", path, name, text));
    }
  }
}

template <typename T>
void AddNumbers(const std::vector<T>& values, Sha256* sha) {
  sha->Update(values.data(), values.size() * sizeof(T));
}

void AddData(const Hdf5File& file, const std::string& path, Sha256* sha) {
  sha->Update(fmt::format("{} [{}]\n", path, fmt::join(file.Shape(path), ", ")));
  switch (file.TypeOf(path)) {
    case Hdf5File::Type::kInt:
      return AddNumbers(file.ReadInts(path), sha);
    case Hdf5File::Type::kFloat:
      return AddNumbers(file.ReadDoubles(path), sha);
    case Hdf5File::Type::kString:
      for (const std::string& text : file.ReadStrings(path)) {
        sha->Update(fmt::format("{} {}\n", text.size(), text));
      }
      return;
    case Hdf5File::Type::kOther:
      throw Error(
          fmt::format("{} in {} is not of a type of the store", path, file.path().string()));
  }
}

// What is in a group, by path, without /provenance.
std::vector<std::string> Children(const Hdf5File& file, const std::string& group) {
  std::vector<std::string> paths;
  for (const std::string& name : file.List(group)) {
    const std::string path = group == "/" ? group + name : group + "/" + name;
    if (path != "/provenance") {
      paths.push_back(path);
    }
  }
  return paths;
}

void AddGroup(const Hdf5File& file, const std::string& path, const std::string& top, Sha256* sha) {
  AddAttributes(file, path, top, sha);
  for (const std::string& child : Children(file, path)) {
    if (file.IsGroup(child)) {
      sha->Update(child + "/\n");
      AddGroup(file, child, top, sha);
    } else {
      AddData(file, child, sha);
      AddAttributes(file, child, top, sha);
    }
  }
}

std::string GroupDigest(const Hdf5File& file, const std::string& group) {
  Sha256 sha;
  AddGroup(file, group, group, &sha);
  return sha.HexDigest();
}

// A data set or group, of which only its own attributes and the names in it count.
struct Part {
  std::string path;
  std::string digest;
};

void AddParts(const Hdf5File& file, const std::string& path, std::vector<Part>* parts) {
  Sha256 sha;
  AddAttributes(file, path, "/", &sha);
  if (!file.IsGroup(path)) {
    AddData(file, path, &sha);
    parts->push_back({path, sha.HexDigest()});
    return;
  }
  const std::vector<std::string> children = Children(file, path);
  sha.Update(fmt::format("{}\n", fmt::join(children, "\n")));
  parts->push_back({path, sha.HexDigest()});
  for (const std::string& child : children) {
    AddParts(file, child, parts);
  }
}

std::vector<Part> Parts(const Hdf5File& file) {
  std::vector<Part> parts;
  AddParts(file, "/", &parts);
  return parts;
}

// The first part that is not as it was written, with a blank before it; "" where the file does not
// say.
std::string ChangedPart(const Hdf5File& file) {
  if (!HasPartDigests(file)) {
    return "";
  }
  const std::vector<std::string> paths = file.ReadStrings(fmt::format("{}/path", kParts));
  const std::vector<std::string> digests = file.ReadStrings(fmt::format("{}/digest", kParts));
  // Names come before what they name: where one is not as it was, its group is told.
  const std::vector<Part> parts = Parts(file);
  for (size_t i = 0; i < std::min({parts.size(), paths.size(), digests.size()}); ++i) {
    if (parts[i].path != paths[i] || parts[i].digest != digests[i]) {
      return fmt::format(": {} was changed", parts[i].path);
    }
  }
  return "";
}

}  // namespace

std::string ContentDigest(const Hdf5File& file) { return GroupDigest(file, "/"); }

void WriteContentDigest(Hdf5File& file) { file.WriteAttribute("/", kName, ContentDigest(file)); }

void WriteGroupDigest(const std::string& group, Hdf5File& file) {
  file.WriteAttribute(group, kName, GroupDigest(file, group));
}

void CheckGroupDigest(const std::string& group, const Hdf5File& file) {
  if (file.HasAttribute(group, kName) &&
      file.ReadStringAttribute(group, kName) != GroupDigest(file, group)) {
    throw Damaged(file.path(), fmt::format("its {} does not match its digest", group));
  }
}

void WritePartDigests(Hdf5File& file) {
  std::vector<std::string> paths;
  std::vector<std::string> digests;
  for (Part& part : Parts(file)) {
    paths.push_back(std::move(part.path));
    digests.push_back(std::move(part.digest));
  }
  file.Write(fmt::format("{}/path", kParts), paths);
  file.Write(fmt::format("{}/digest", kParts), digests);
}

bool HasPartDigests(const Hdf5File& file) { return file.Exists(kParts); }

void CheckContentDigest(const Hdf5File& file) {
  if (!file.HasAttribute("/", kName)) {
    throw Damaged(file.path(), "it has no /@digest, by which its content could be checked");
  }
  if (file.ReadStringAttribute("/", kName) != ContentDigest(file)) {
    throw Damaged(file.path(), "its content does not match its digest" + ChangedPart(file));
  }
}

}  // namespace initbias
