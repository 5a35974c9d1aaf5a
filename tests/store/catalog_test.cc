// Which files of a folder are the store's, and of what kind.
#include "lib/store/catalog.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/error_of.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::vector<std::pair<std::string, FileKind>> Listed(const fs::path& folder) {
  std::vector<std::pair<std::string, FileKind>> files;
  for (const CatalogFile& file : ListFiles(folder)) {
    files.emplace_back(file.path.string(), file.kind);
  }
  return files;
}

TEST(ListFilesTest, ByKindAndNameProfileByProfile) {
  const fs::path root = fs::path(testing::TempDir()) / "catalog";
  fs::remove_all(root);
  for (const char* const name :
       {"default/fig3.h5", "default/fig1.h5", "default/runs/b.h5", "default/runs/a.h5",
        "default/runs/c.h5.damaged2", "default/runs/d.h5.tmp", "default/checkpoints/e.h5",
        "default/checkpoints/e.lock", "default/figures/fig3.png", "smoke/runs/f.h5",
        "other/runs/g.h5", "verify/default/runs/h.h5"}) {
    fs::create_directories((root / name).parent_path());
    std::ofstream(root / name) << "x";
  }
  EXPECT_THAT(Listed(root), ElementsAre(Pair("smoke/runs/f.h5", FileKind::kRun),
                                        Pair("default/fig1.h5", FileKind::kFigure),
                                        Pair("default/fig3.h5", FileKind::kFigure),
                                        Pair("default/runs/a.h5", FileKind::kRun),
                                        Pair("default/runs/b.h5", FileKind::kRun),
                                        Pair("default/checkpoints/e.h5", FileKind::kCheckpoint),
                                        Pair("default/runs/c.h5.damaged2", FileKind::kSetAside)));
  EXPECT_THAT(RunFileNames(ListFiles(root)), ElementsAre("f.h5", "a.h5", "b.h5"));
  EXPECT_THAT(Listed(root / "smoke"), ElementsAre(Pair("runs/f.h5", FileKind::kRun)));
  EXPECT_THAT(ErrorOf([&] { ListFiles(root / "no"); }), HasSubstr("there is no folder"));
}

}  // namespace
}  // namespace initbias
