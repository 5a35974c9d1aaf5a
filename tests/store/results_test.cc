#include "lib/store/results.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "tests/error_of.h"
#include "tests/test_files.h"

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

TEST_F(ResultsTest, WhatIsTypedIsThere) {
  const fs::path folder = Temporary("typed");
  fs::create_directories(folder / "default/runs");
  fs::create_directories(folder / "tests");
  std::ofstream(folder / "default/fig3.h5") << "a figure";
  setenv("BUILD_WORKING_DIRECTORY", folder.c_str(), 1);
  EXPECT_EQ(TypedFile("default/fig3.h5"), folder / "default/fig3.h5");
  EXPECT_EQ(TypedFolder("default"), folder / "default");
  EXPECT_EQ(TypedFileOrFolder("default"), folder / "default");
  EXPECT_EQ(TypedFileOrFolder("default/fig3.h5"), folder / "default/fig3.h5");
  const auto typed = [](const std::function<void()>& read) {
    try {
      read();
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("no wrong usage");
  };
  const std::string there = "there is no file " + folder.string();
  EXPECT_EQ(typed([] { TypedFile("default/fig4.h5"); }),
            there + "/default/fig4.h5; did you mean fig3.h5?");
  EXPECT_EQ(typed([] { TypedFile("default/fig3"); }),
            there + "/default/fig3; did you mean fig3.h5?");
  EXPECT_EQ(typed([] { TypedFile("defualt/fig3.h5"); }),
            there + "/defualt/fig3.h5; did you mean default?");
  // "tests" is near, but nobody types it so.
  EXPECT_EQ(typed([] { TypedFolder("results"); }),
            "there is no folder " + (folder / "results").string());
  EXPECT_EQ(
      typed([] { TypedFileOrFolder("deflt/"); }),
      "there is no file or folder " + (folder / "deflt/").string() + "; did you mean default?");
  EXPECT_EQ(typed([] { TypedFile("default"); }),
            (folder / "default").string() + " is a folder: name a file in it");
  EXPECT_EQ(typed([] { TypedFolder("default/fig3.h5"); }),
            (folder / "default/fig3.h5").string() + " is a file: name a folder");
  fs::remove(folder / "pipe");
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(typed([] { TypedFile("pipe"); }),
            (folder / "pipe").string() + " is not a regular file");
}

std::string UsageErrorOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no wrong usage";
}

TEST_F(ResultsTest, WhatIsWrittenHasAName) {
  const fs::path folder = Temporary("written");
  fs::create_directories(folder / "my pages");
  setenv("BUILD_WORKING_DIRECTORY", folder.c_str(), 1);
  const auto stem = [](std::string_view output) {
    return OutputStem(output, "pages", "report", {".html", ".md"});
  };
  EXPECT_EQ(stem("a/b"), folder / "a/b");
  EXPECT_EQ(stem("a/b.html"), folder / "a/b");
  EXPECT_EQ(stem("a/B.Md"), folder / "a/B");
  EXPECT_EQ(stem("v1.5"), folder / "v1.5");
  EXPECT_EQ(UsageErrorOf([&] { stem("new/"); }),
            "--output=new/ is a folder: name the pages in it, --output=new/report");
  EXPECT_EQ(UsageErrorOf([&] { stem("my pages"); }),
            "--output=my pages is a folder: name the pages in it, --output='my pages/report'");
  for (const std::string name : {".html", ".hidden", "..md"}) {
    EXPECT_EQ(UsageErrorOf([&] { stem("a/" + name); }),
              "--output=a/" + name +
                  ": the name of the pages begins with a dot, which hides them; name them "
                  "--output=a/report, say");
  }
  EXPECT_EQ(OutputFile("--page", "a/.b.HTML", "b"), folder / "a/.b.HTML") << "as it is typed";
  EXPECT_EQ(UsageErrorOf([] { OutputFile("--page", "..", "x.html"); }),
            "--page=.. is a folder: name the file in it, --page=../x.html");
}

TEST_F(ResultsTest, AFileInAFoldersPlaceIsToldBeforeAnythingIsTrained) {
  const ResultsFolder folder(Temporary("writable"), "smoke");
  fs::remove_all(folder.folder());
  folder.MakeWritable();
  std::ofstream(folder.folder() / "figures") << "a file";
  try {
    folder.MakeWritable();
    ADD_FAILURE() << "no error";
  } catch (const FileRefused& error) {
    EXPECT_EQ(error.what(), "cannot write into the folder " +
                                (folder.folder() / "figures").string() + ": Not a directory");
  }
}

TEST_F(ResultsTest, WhatIsOnlyPlannedIsRefusedAsWhatIsMadeAndMakesNothing) {
  const fs::path root = Temporary("planned");
  fs::remove_all(root);
  const ResultsFolder folder(root, "smoke");
  folder.CheckWritable();
  folder.CheckIsFolder();
  EXPECT_FALSE(fs::exists(root));
  fs::create_directories(folder.folder());
  folder.CheckWritable();
  EXPECT_TRUE(fs::is_empty(folder.folder()));
  std::ofstream(folder.folder() / "runs") << "a file";
  EXPECT_EQ(ErrorOf([&] { folder.CheckWritable(); }), ErrorOf([&] { folder.MakeWritable(); }));
  folder.CheckIsFolder();
  for (const fs::path& place : {folder.folder(), root}) {
    fs::remove_all(place);
    std::ofstream(place) << "a file";
    const std::string refused = ErrorOf([&] { folder.MakeWritable(); });
    EXPECT_EQ(refused, "cannot make the folder " + folder.folder().string() + ": Not a directory");
    EXPECT_EQ(ErrorOf([&] { folder.CheckWritable(); }), refused);
    EXPECT_EQ(ErrorOf([&] { folder.CheckIsFolder(); }), refused);
  }
}

TEST_F(ResultsTest, TheFolderOfAProfileIsToldFromThatOfAllResults) {
  const fs::path root = Temporary("my results");
  fs::remove_all(root);
  fs::create_directories(root / "smoke" / "runs");
  fs::create_directories(root / "mine" / "runs");
  EXPECT_EQ(ProfileFolderNote(root), "");
  EXPECT_EQ(ProfileFolderNote(root / "none"), "");
  const std::string note =
      (root / "smoke").string() +
      " is the folder of a profile, for it holds runs/; --results is for the folder above it: "
      "--results='" +
      root.string() + "' --profile=smoke";
  EXPECT_EQ(ProfileFolderNote(root / "smoke"), note);
  EXPECT_EQ(ProfileFolderNote(root / "smoke" / ""), note);
  EXPECT_EQ(ProfileFolderNote(root / "mine").find("--profile"), std::string::npos);
}

TEST_F(ResultsTest, WhatTrainingWritesIntoIsMadeAtOnce) {
  const ResultsFolder folder(Temporary("trained"), "smoke");
  fs::remove_all(folder.folder());
  const std::vector<fs::path> made = folder.MakeForTraining();
  EXPECT_EQ(made, (std::vector<fs::path>{folder.folder(), folder.folder() / "runs",
                                         folder.folder() / "checkpoints"}));
  EXPECT_TRUE(fs::is_directory(folder.Run("x").parent_path()));
  EXPECT_TRUE(fs::is_directory(folder.Lock("x").parent_path()));
  EXPECT_EQ(folder.MakeForTraining(), made);
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
