#include "lib/base/file_access.h"

#include <fcntl.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "tests/error_of.h"
#include "tests/folder_flushes.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class FileAccessTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream(file_) << "text";
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / "file_access_test";
  const fs::path file_ = folder_ / "file";
  const fs::path too_long_ = folder_ / std::string(300, 'x');  // a name has 255 letters at most
};

TEST_F(FileAccessTest, TellsWhatIsThere) {
  EXPECT_TRUE(FileExists(file_));
  EXPECT_TRUE(FileExists(folder_));
  EXPECT_FALSE(FileExists(folder_ / "nothing"));
  EXPECT_FALSE(FileExists(file_ / "below"));
  EXPECT_TRUE(IsRegularFile(file_));
  EXPECT_FALSE(IsRegularFile(folder_));
  EXPECT_FALSE(IsRegularFile(folder_ / "nothing"));
}

TEST_F(FileAccessTest, WhatTheFileSystemDoesNotTellIsAnErrorInOurWords) {
  const std::string expected = "cannot look up " + too_long_.string() + ": File name too long";
  EXPECT_EQ(ErrorOf([&] { FileExists(too_long_); }), expected);
  EXPECT_EQ(ErrorOf([&] { IsRegularFile(too_long_); }), expected);
  EXPECT_THAT(ErrorOf([&] { MakeFolders(file_ / "below"); }),
              StartsWith("cannot make the folder " + (file_ / "below").string()));
  EXPECT_THAT(ErrorOf([&] { RemoveFile(folder_); }), StartsWith("cannot remove"));
  RemoveFile(file_);
  RemoveFile(file_);
}

TEST_F(FileAccessTest, NamesOfNewFoldersAreFlushed) {
  std::vector<fs::path> flushed;
  g_on_folder_flush = [&flushed](const fs::path& folder) {
    flushed.push_back(folder.filename());
    return 0;
  };
  MakeFolders(folder_ / "a" / "b");
  MakeFolders(folder_ / "a" / "b");
  MakeFolders(folder_ / "a" / "c/");
  g_on_folder_flush = [](const fs::path&) { return EIO; };
  EXPECT_THAT(ErrorOf([&] { MakeFolders(folder_ / "d"); }), HasSubstr(folder_.string()));
  g_on_folder_flush = nullptr;
  EXPECT_EQ(flushed, (std::vector<fs::path>{folder_.filename(), "a", "a"}));
  EXPECT_TRUE(fs::is_directory(folder_ / "a" / "c"));
}

TEST_F(FileAccessTest, HeldFoldersAreNotMadeAgain) {
  const fs::path held = folder_ / "held";
  const std::string gone = "the folder " + held.string() + " is gone";
  MakeFolders(held);
  {
    const HeldFolders folders({held});
    folders.Check();
    MakeFolders(held / "a" / "b");
    EXPECT_TRUE(fs::is_directory(held / "a" / "b"));
    fs::rename(held, folder_ / "elsewhere");
    EXPECT_THAT(ErrorOf([&] { folders.Check(); }), StartsWith(gone));
    for (const fs::path& path :
         {held, held / "", held / "c", folder_ / "x" / ".." / "held" / "c"}) {
      EXPECT_THROW(MakeFolders(path), FolderGone) << path;
    }
    EXPECT_FALSE(fs::exists(held));
    MakeFolders(folder_ / "held2");  // another name

    std::ofstream(held) << "a file in its place";
    EXPECT_THAT(ErrorOf([&] { folders.Check(); }),
                StartsWith(held.string() + " is not the folder"));
    fs::remove(held);
    fs::create_directory(held);
    EXPECT_THAT(ErrorOf([&] { folders.Check(); }),
                StartsWith(held.string() + " is not the folder"));
    EXPECT_THROW(MakeFolders(held / "c"), FolderGone);
    EXPECT_FALSE(fs::exists(held / "c"));

    fs::remove(held);
    fs::rename(folder_ / "elsewhere", held);
    folders.Check();  // it is back
    HeldFolders({held}).CheckMarks(folders.Marks());
    for (const std::string& marks :
         {HeldFolders({folder_}).Marks(), std::string("1:2"), std::string()}) {
      EXPECT_THAT(ErrorOf([&] { folders.CheckMarks(marks); }),
                  StartsWith(held.string() + " is not the folder"));
    }
    MakeFolders(held / "c");
  }
  fs::remove_all(held);
  MakeFolders(held / "c");  // nobody holds it any more
  EXPECT_TRUE(fs::exists(held / "c"));
  EXPECT_THROW(HeldFolders({held, folder_ / "nothing"}), FolderGone);
  EXPECT_THROW(HeldFolders({file_}), FolderGone);
  fs::remove_all(held);
  MakeFolders(held);  // of holders that failed to be made nothing is left
}

TEST_F(FileAccessTest, TheTextOfWhatCannotBeReadIsEmpty) {
  EXPECT_EQ(TextOrNothing(file_), "text");
  EXPECT_EQ(TextOrNothing(folder_), "");
  EXPECT_EQ(TextOrNothing(folder_ / "nothing"), "");
}

// Reading the memory of this process from its beginning fails, for root too.
TEST_F(FileAccessTest, AFileThatFailsWhileItIsReadIsRefused) {
  const std::string expected = "cannot read /proc/self/mem: Input/output error";
  EXPECT_THAT(ErrorOf([] { ReadFile("/proc/self/mem"); }), StartsWith(expected));
  EXPECT_THROW(ReadFile("/proc/self/mem"), FileRefused);
  EXPECT_EQ(TextOrNothing("/proc/self/mem"), "");
  EXPECT_EQ(ErrorOf([&] { ReadFile(folder_); }),
            "cannot read " + folder_.string() + ": it is a folder");
}

TEST_F(FileAccessTest, WhatAReaderThrowsNamesTheFile) {
  EXPECT_EQ(WhileReading("x", [] { return 7; }), 7);
  EXPECT_THROW(WhileReading("x", [] { throw DamagedFile("as it is"); }), DamagedFile);
  EXPECT_EQ(ErrorOf([] { WhileReading("x", [] { throw Error("as it is"); }); }), "as it is");
  try {
    WhileReading("x", [] { throw std::bad_alloc(); });
    ADD_FAILURE() << "no error";
  } catch (const FileRefused& error) {
    EXPECT_EQ(error.number(), ENOMEM);
    EXPECT_THAT(error.what(), StartsWith("cannot read x: "));
  }
  EXPECT_THROW(WhileReading("x", [] { return fs::file_size("no such"); }), FileRefused);
  EXPECT_THAT(ErrorOf([] { WhileReading("x", [] { return std::vector<int>().at(3); }); }),
              StartsWith("x is damaged: "));
}

TEST_F(FileAccessTest, LengthsAndEntries) {
  EXPECT_EQ(FileBytes(file_), 4);
  EXPECT_THROW(FileBytes(folder_ / "nothing"), FileRefused);
  std::ofstream(folder_ / "a") << "";
  EXPECT_EQ(EntriesOf(folder_), (std::vector<fs::path>{folder_ / "a", file_}));
  EXPECT_TRUE(EntriesOf(folder_ / "nothing").empty());
  EXPECT_TRUE(EntriesOf(file_).empty());
  EXPECT_THROW(EntriesOf(too_long_), FileRefused);
}

TEST_F(FileAccessTest, AFolderThatIsNotThereCannotBeWrittenInto) {
  CheckWritableFolder(folder_);
  EXPECT_THAT(
      ErrorOf([&] { CheckWritableFolder(folder_ / "nothing"); }),
      StartsWith("cannot write into the folder " + (folder_ / "nothing").string() + ": No such"));
}

TEST_F(FileAccessTest, AFileInAFoldersPlaceIsNone) {
  EXPECT_EQ(ErrorOf([&] { CheckWritableFolder(file_); }),
            "cannot write into the folder " + file_.string() + ": Not a directory");
}

TEST_F(FileAccessTest, AWorkingFolderThatIsGoneIsToldInOurWords) {
  const fs::path before = WorkingFolder();
  EXPECT_EQ(before, fs::current_path());
  fs::create_directories(folder_ / "gone");
  fs::current_path(folder_ / "gone");
  fs::remove(folder_ / "gone");
  EXPECT_EQ(ErrorOf([] { WorkingFolder(); }),
            "cannot look up the working folder: No such file or directory; `cd` to one that is "
            "there");
  fs::current_path(before);
}

TEST_F(FileAccessTest, WhyAFolderCannotBeMadeIsToldBeforeInTheSameWords) {
  const fs::path dangling = folder_ / "dangling";
  const fs::path loop = folder_ / "loop";
  fs::create_symlink(folder_ / "nowhere", dangling);
  fs::create_symlink(loop, loop);
  const std::string link = dangling.string() + " is a link to " + (folder_ / "nowhere").string() +
                           ", which is not there";
  const std::vector<std::pair<fs::path, std::string>> refused = {
      {file_, "Not a directory"},
      {file_ / "a" / "b", "Not a directory"},
      {dangling, link},
      {dangling / "a", link},
      {loop / "a", "Too many levels of symbolic links"},
      {too_long_ / "a", "File name too long"},
      {folder_ / "new" / too_long_.filename(), "File name too long"},
      {"/proc/initbias/a", "/proc is the kernel's, in which no folder can be made"},
  };
  for (const auto& [path, why] : refused) {
    const std::string planned = ErrorOf([&path = path] { CheckFolderCanBe(path); });
    EXPECT_THAT(planned, StartsWith("cannot make the folder " + path.string() + ": "));
    EXPECT_THAT(planned, HasSubstr(why));
    EXPECT_FALSE(fs::exists(folder_ / "nowhere"));
    EXPECT_FALSE(fs::exists(folder_ / "new"));
    EXPECT_EQ(ErrorOf([&path = path] { MakeFolders(path); }), planned);
    fs::remove(folder_ / "new");  // above the name that is too long
  }
  for (const fs::path& path : {folder_, folder_ / "new" / "a", fs::path("new/a")}) {
    CheckFolderCanBe(path);
    CheckNothingInPlaceOfFolder(path);
  }
  EXPECT_FALSE(fs::exists(folder_ / "new"));
  fs::create_directory(folder_ / "nowhere");
  CheckFolderCanBe(dangling / "a");
  MakeFolders(dangling / "a");
  EXPECT_TRUE(fs::is_directory(folder_ / "nowhere" / "a"));
}

// Root may do so whatever the mode says: folders_test tries it as another user.
TEST_F(FileAccessTest, AFolderBelowOneWithoutTheRightToWriteIsRefused) {
  if (geteuid() == 0) {
    GTEST_SKIP() << "root may write anywhere";
  }
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
  const std::string planned = ErrorOf([&] { CheckFolderCanBe(folder_ / "a" / "b"); });
  EXPECT_THAT(planned, HasSubstr("Permission denied"));
  EXPECT_EQ(ErrorOf([&] { MakeFolders(folder_ / "a" / "b"); }), planned);
  CheckNothingInPlaceOfFolder(folder_ / "a" / "b");
  fs::permissions(folder_, fs::perms::owner_all);
}

TEST_F(FileAccessTest, AFileThatCannotBeOpenedIsRefused) {
  EXPECT_THROW(CheckReadable(folder_ / "nothing"), FileRefused);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 0;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  const std::string error = ErrorOf([&] { CheckReadable(file_); });
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_THAT(error, HasSubstr(file_.string() + ": Too many open files; `ulimit -n`"));
  CheckReadable(file_);
}

// Nobody writes into it: to open it is to wait for ever.
TEST_F(FileAccessTest, APipeIsRefusedWithoutWaiting) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const fs::path& path : {pipe, fs::path("/dev/null")}) {
    const std::string expected = "cannot read " + path.string() + ": it is not a regular file";
    EXPECT_EQ(ErrorOf([&] { ReadFile(path); }), expected);
    EXPECT_EQ(ErrorOf([&] { CheckReadable(path); }), expected);
    EXPECT_EQ(TextOrNothing(path), "");
  }
}

TEST_F(FileAccessTest, HintsAreOfTheReason) {
  EXPECT_THAT(std::string(Refused("read", "x", EWOULDBLOCK).what()),
              StartsWith("cannot read x: it is locked; another program holds it"));
  EXPECT_THAT(std::string(Refused("read", "x", ESTALE).what()), HasSubstr("may be whole"));
  EXPECT_THAT(std::string(Refused("read", "x", ENOLCK).what()),
              HasSubstr("HDF5_USE_FILE_LOCKING=FALSE"));
  EXPECT_THAT(std::string(Refused("write", "x", ENOSPC).what()), HasSubstr("make room"));
  EXPECT_STREQ(Refused("read", "x", ENOTDIR).what(), "cannot read x: Not a directory");
}

TEST_F(FileAccessTest, WhoHoldsALockIsNamed) {
  if (!fs::exists("/proc/locks")) {
    GTEST_SKIP() << "this system does not tell";
  }
  const auto message = [&] { return std::string(Refused("read", file_, EWOULDBLOCK).what()); };
  EXPECT_THAT(message(), HasSubstr("it is locked; another program holds it"));
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t holder = fork();
  if (holder == 0) {
    const int fd = open(file_.c_str(), O_RDWR);
    const bool locked = flock(fd, LOCK_EX) == 0;
    const ssize_t told = write(ends[1], locked ? "y" : "n", 1);
    _exit(told == 1 ? pause() : 1);
  }
  char locked = 'n';
  EXPECT_EQ(read(ends[0], &locked, 1), 1);
  EXPECT_EQ(locked, 'y');
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(holder) + "/comm"), name);
  EXPECT_EQ(message(), "cannot read " + file_.string() + ": it is locked; process " +
                           std::to_string(holder) + " (" + name +
                           ") holds it: close it there, or end the process");
  EXPECT_EQ(std::string(Refused("read", file_, EACCES).what()).find("process"), std::string::npos);
  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
  close(ends[0]);
  close(ends[1]);
  EXPECT_THAT(message(), HasSubstr("it is locked; another program holds it"));
}

// Whatever the language of its words.
TEST_F(FileAccessTest, ARefusalCarriesItsNumber) {
  EXPECT_EQ(Refused("write", "x", ENOSPC).number(), ENOSPC);
  try {
    MakeFolders(file_ / "below");
    ADD_FAILURE() << "no error";
  } catch (const FileRefused& error) {
    EXPECT_EQ(error.number(), ENOTDIR);
  }
  EXPECT_TRUE(MeansFull(ENOSPC));
  EXPECT_TRUE(MeansFull(EDQUOT));
  EXPECT_FALSE(MeansFull(0));
  EXPECT_FALSE(MeansFull(EFBIG));
}

TEST_F(FileAccessTest, MovedAsideFilesNeverReplaceEachOther) {
  for (const std::string content : {"first", "second", "third"}) {
    std::ofstream(file_) << content;
    MoveAside(file_, "damaged");
    EXPECT_FALSE(FileExists(file_));
  }
  for (const auto& [name, content] :
       {std::pair("file.damaged", "first"), std::pair("file.damaged2", "second"),
        std::pair("file.damaged3", "third")}) {
    std::string found;
    std::ifstream(folder_ / name) >> found;
    EXPECT_EQ(found, content);
  }
  EXPECT_THAT(ErrorOf([&] { MoveAside(folder_ / "nothing", "damaged"); }),
              StartsWith("cannot rename"));
}

}  // namespace
}  // namespace initbias
