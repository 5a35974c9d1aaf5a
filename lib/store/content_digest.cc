#include "lib/store/content_digest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <vector>

#include "lib/base/file_access.h"
#include "lib/base/sha256.h"

namespace initbias {
namespace {

constexpr char kName[] = "digest";

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

void AddGroup(const Hdf5File& file, const std::string& path, const std::string& top, Sha256* sha) {
  AddAttributes(file, path, top, sha);
  for (const std::string& name : file.List(path)) {
    const std::string child = path == "/" ? path + name : path + "/" + name;
    if (child == "/provenance") {
      continue;
    }
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

bool HasContentDigest(const Hdf5File& file) { return file.HasAttribute("/", kName); }

void CheckContentDigest(const Hdf5File& file) {
  if (HasContentDigest(file) && file.ReadStringAttribute("/", kName) != ContentDigest(file)) {
    throw Damaged(file.path(), "its content does not match its digest");
  }
}

}  // namespace initbias
