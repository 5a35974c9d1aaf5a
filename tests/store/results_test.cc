#include "lib/store/results.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace initbias {
namespace {

namespace fs = std::filesystem;

class ResultsTest : public testing::Test {
 protected:
  void SetUp() override {
    unsetenv("BUILD_WORKING_DIRECTORY");
    unsetenv("BUILD_WORKSPACE_DIRECTORY");
  }
};

TEST_F(ResultsTest, RelativePathsAreFromWhereTheUserStood) {
  EXPECT_EQ(UserPath("a/b.h5"), fs::current_path() / "a/b.h5");
  setenv("BUILD_WORKING_DIRECTORY", "/home/user/sub", 1);
  EXPECT_EQ(UserPath("a/b.h5"), fs::path("/home/user/sub/a/b.h5"));
  EXPECT_EQ(UserPath("/abs.h5"), fs::path("/abs.h5"));
  EXPECT_EQ(ResultsRoot("mine"), fs::path("/home/user/sub/mine"));
}

TEST_F(ResultsTest, TildeIsTheHomeFolder) {
  setenv("HOME", "/home/user", 1);
  setenv("BUILD_WORKING_DIRECTORY", "/elsewhere", 1);
  EXPECT_EQ(UserPath("~/a/b.h5"), fs::path("/home/user/a/b.h5"));
  EXPECT_EQ(ResultsRoot("~/mine"), fs::path("/home/user/mine"));
}

TEST_F(ResultsTest, DefaultIsTheWorkspacesResults) {
  EXPECT_EQ(ResultsRoot(""), fs::current_path() / "results");
  setenv("BUILD_WORKING_DIRECTORY", "/home/user/sub", 1);
  setenv("BUILD_WORKSPACE_DIRECTORY", "/home/user", 1);
  EXPECT_EQ(ResultsRoot(""), fs::path("/home/user/results"));
}

TEST_F(ResultsTest, Layout) {
  const ResultsFolder folder("/r", "default");
  EXPECT_EQ(folder.Run("abc"), fs::path("/r/default/runs/abc.h5"));
  EXPECT_EQ(folder.Checkpoint("abc"), fs::path("/r/default/checkpoints/abc.h5"));
  EXPECT_EQ(folder.Lock("abc"), fs::path("/r/default/checkpoints/abc.lock"));
  EXPECT_EQ(folder.Figure("fig3"), fs::path("/r/default/fig3.h5"));
  EXPECT_EQ(folder.PictureStem("fig3"), fs::path("/r/default/figures/fig3"));
}

}  // namespace
}  // namespace initbias
