// Prints a file of the store in a readable form: bazel run //lib/store:inspect -- FILE
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "lib/store/hdf5_file.h"
#include "lib/store/results.h"

namespace initbias {
namespace {

// Long texts (the canonical config, argv) in one line of at most this many letters.
constexpr size_t kMaxText = 100;

std::string OneLine(std::string text) {
  for (char& c : text) {
    c = c == '\n' ? ';' : c;
  }
  return text.size() > kMaxText ? text.substr(0, kMaxText) + " ..." : text;
}

template <typename T>
std::string Preview(const std::vector<T>& values) {
  constexpr size_t kEnds = 3;
  std::vector<std::string> shown;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values.size() > 2 * kEnds + 1 && i == kEnds) {
      shown.emplace_back("..");
      i = values.size() - kEnds;
    }
    if constexpr (std::is_floating_point_v<T>) {
      shown.push_back(fmt::format("{:.4g}", values[i]));
    } else {
      shown.push_back(fmt::format("{}", values[i]));
    }
  }
  return OneLine(fmt::format("{}", fmt::join(shown, " ")));
}

std::string DataPreview(const Hdf5File& file, const std::string& path) {
  switch (file.TypeOf(path)) {
    case Hdf5File::Type::kInt:
      return Preview(file.ReadInts(path));
    case Hdf5File::Type::kFloat:
      return Preview(file.ReadDoubles(path));
    case Hdf5File::Type::kString:
      return Preview(file.ReadStrings(path));
    case Hdf5File::Type::kOther:
      break;
  }
  return "(of a type not read here)";
}

void Print(const Hdf5File& file, const std::string& path, size_t depth) {
  const std::string indent(2 * depth, ' ');
  for (const std::string& name : file.ListAttributes(path)) {
    fmt::print("{}@{} = {}\n", indent, name, OneLine(file.AttributeText(path, name)));
  }
  for (const std::string& name : file.List(path)) {
    const std::string child = path == "/" ? path + name : path + "/" + name;
    if (file.IsGroup(child)) {
      fmt::print("{}{}/\n", indent, name);
      Print(file, child, depth + 1);
      continue;
    }
    fmt::print("{}{} [{}]: {}\n", indent, name, fmt::join(file.Shape(child), ", "),
               DataPreview(file, child));
    for (const std::string& attribute : file.ListAttributes(child)) {
      fmt::print("{}  @{} = {}\n", indent, attribute,
                 OneLine(file.AttributeText(child, attribute)));
    }
  }
}

int Main(int argc, char** argv) {
  if (argc != 2 || std::string(argv[1]).starts_with("-")) {
    fmt::print(stderr, "usage: bazel run //lib/store:inspect -- FILE\n");
    return 2;
  }
  try {
    Print(Hdf5File::Open(UserPath(argv[1])), "/", 0);
  } catch (const std::exception& error) {
    fmt::print(stderr, "inspect: {}\n", error.what());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::Main(argc, argv); }
