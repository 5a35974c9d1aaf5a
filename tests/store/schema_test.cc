// SCHEMA.md is the truth about the store's files: every object of a written file is a row of its
// table, and every row is an object of some file.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/text.h"
#include "lib/store/figure_file.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/run_file.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

struct Row {
  std::string path;       // without the attribute
  std::string attribute;  // or ""
  std::vector<std::string> kinds;
  std::string type;
};

std::vector<Row> ReadSchema() {
  std::ifstream file("lib/store/SCHEMA.md");
  std::vector<Row> rows;
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with("| `/")) {
      continue;
    }
    const std::vector<std::string> cells = Split(line, '|');
    const std::string path(Trim(cells.at(1)));
    const std::vector<std::string> parts = Split(path.substr(1, path.size() - 2), '@');
    std::vector<std::string> kinds = Split(Trim(cells.at(2)), ' ');
    if (kinds[0] == "all") {
      kinds = {"run", "checkpoint", "figure"};
    }
    rows.push_back(
        {parts[0], parts.size() > 1 ? parts[1] : "", kinds, std::string(Trim(cells.at(3)))});
  }
  return rows;
}

bool MatchesName(const std::string& pattern, const std::string& name) {
  return pattern == "*" || pattern == name;
}

bool MatchesPath(const std::string& pattern, const std::string& path) {
  const std::vector<std::string> patterns = Split(pattern, '/');
  const std::vector<std::string> names = Split(path, '/');
  for (size_t i = 0; i < patterns.size(); ++i) {
    if (patterns[i] == "**") {
      return names.size() > i;
    }
    if (i >= names.size() || !MatchesName(patterns[i], names[i])) {
      return false;
    }
  }
  return patterns.size() == names.size();
}

class SchemaTest : public testing::Test {
 protected:
  // The row of this object: one without wildcards, else one with.
  const Row* Find(const std::string& kind, const std::string& path, const std::string& attribute) {
    const Row* best = nullptr;
    for (const Row& row : rows_) {
      const bool of_kind = std::ranges::find(row.kinds, kind) != row.kinds.end();
      if (of_kind && MatchesPath(row.path, path) && row.attribute.empty() == attribute.empty() &&
          (attribute.empty() || MatchesName(row.attribute, attribute)) &&
          (best == nullptr || Wildcards(row) < Wildcards(*best))) {
        best = &row;
      }
    }
    return best;
  }

  static std::ptrdiff_t Wildcards(const Row& row) {
    return std::ranges::count(row.path + row.attribute, '*');
  }

  // Marks the row of this object; fails where there is none, or it is of another type.
  void Check(const Hdf5File& file, const std::string& kind, const std::string& path,
             const std::string& attribute) {
    const Row* row = Find(kind, path, attribute);
    ASSERT_NE(row, nullptr) << "SCHEMA.md does not know " << path << "@" << attribute << " of a "
                            << kind << " file";
    used_.insert({row, kind});
    if (!attribute.empty()) {
      return;
    }
    std::string type = "group";
    if (!file.IsGroup(path)) {
      const Hdf5File::Type values = file.TypeOf(path);
      type = values == Hdf5File::Type::kInt     ? "int"
             : values == Hdf5File::Type::kFloat ? "float"
                                                : "string";
    }
    EXPECT_NE(row->type.find(type), std::string::npos)
        << path << " of a " << kind << " file is a " << type << ", SCHEMA.md says " << row->type;
  }

  void Walk(const Hdf5File& file, const std::string& kind, const std::string& path) {
    for (const std::string& attribute : file.ListAttributes(path)) {
      Check(file, kind, path, attribute);
    }
    if (!file.IsGroup(path)) {
      return;
    }
    for (const std::string& name : file.List(path)) {
      const std::string child = path == "/" ? path + name : path + "/" + name;
      Check(file, kind, child, "");
      Walk(file, kind, child);
    }
  }

  std::vector<Row> rows_ = ReadSchema();
  std::set<std::pair<const Row*, std::string>> used_;
};

TEST_F(SchemaTest, DescribesEveryObjectAndNothingElse) {
  ASSERT_GT(rows_.size(), 50u);
  const std::filesystem::path folder(testing::TempDir());
  WriteRunFile(folder / "run.h5", SampleRun());
  WriteCheckpoint(folder / "checkpoint.h5", SampleCheckpoint());
  WriteFigureFile(folder / "figure.h5", SampleFigure());
  for (const std::string kind : {"run", "checkpoint", "figure"}) {
    Walk(Hdf5File::Open(folder / (kind + ".h5")), kind, "/");
  }
  for (const Row& row : rows_) {
    for (const std::string& kind : row.kinds) {
      EXPECT_TRUE(used_.contains({&row, kind}))
          << "no " << kind << " file has " << row.path << "@" << row.attribute;
    }
  }
}

}  // namespace
}  // namespace initbias
