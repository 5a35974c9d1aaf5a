// SCHEMA.md is the truth about the store's files: every object of a written file is a row of its
// table, and every row is an object of some file.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "lib/base/text.h"
#include "lib/store/figure_file.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/run_file.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

struct Row {
  std::string path;  // without the attribute
  std::string attribute;
  std::vector<std::string> kinds;
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
    rows.push_back({parts[0], parts.size() > 1 ? parts[1] : "", Split(Trim(cells.at(2)), ' ')});
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
  // Marks the rows that have this object; fails where there is none.
  void Check(const std::string& kind, const std::string& path, const std::string& attribute) {
    bool known = false;
    for (size_t i = 0; i < rows_.size(); ++i) {
      const Row& row = rows_[i];
      const bool of_kind = row.kinds[0] == "all" ||
                           std::find(row.kinds.begin(), row.kinds.end(), kind) != row.kinds.end();
      if (of_kind && MatchesPath(row.path, path) && row.attribute.empty() == attribute.empty() &&
          (attribute.empty() || MatchesName(row.attribute, attribute))) {
        known = true;
        used_.insert(i);
      }
    }
    EXPECT_TRUE(known) << "SCHEMA.md does not know " << path << "@" << attribute << " of a " << kind
                       << " file";
  }

  void Walk(const Hdf5File& file, const std::string& kind, const std::string& path) {
    for (const std::string& attribute : file.ListAttributes(path)) {
      Check(kind, path, attribute);
    }
    if (!file.IsGroup(path)) {
      return;
    }
    for (const std::string& name : file.List(path)) {
      const std::string child = path == "/" ? path + name : path + "/" + name;
      Check(kind, child, "");
      Walk(file, kind, child);
    }
  }

  std::vector<Row> rows_ = ReadSchema();
  std::set<size_t> used_;
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
  for (size_t i = 0; i < rows_.size(); ++i) {
    EXPECT_TRUE(used_.contains(i)) << "no file has " << rows_[i].path << "@" << rows_[i].attribute;
  }
}

}  // namespace
}  // namespace initbias
