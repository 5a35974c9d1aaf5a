// A file is written whole or not at all, and no temporary file is left.
#include "lib/base/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "tests/folder_flushes.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Write(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

// Runs `call` and returns the message of the Error it throws; a failure if it throws none.
template <typename Call>
std::string MessageOf(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "no Error";
  return "";
}

// While it lives, no file of this process can grow beyond `bytes`: a full disk to all that write.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

class AtomicFileTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override {
    g_on_folder_flush = nullptr;
    fs::remove_all(folder_);
  }

  // The names of all that is in the folder.
  std::set<std::string> Names() const {
    std::set<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
      names.insert(entry.path().filename());
    }
    return names;
  }

  const fs::path folder_ = fs::path(testing::TempDir()) / "atomic_file_test";
  const fs::path path_ = folder_ / "file";
};

TEST_F(AtomicFileTest, TextArrivesByteForByte) {
  const std::string text("a\r\nb\0c\n\xff", 8);
  WriteTextAtomically(path_, text);
  EXPECT_EQ(Read(path_), text);
  WriteTextAtomically(path_, "");
  EXPECT_EQ(Read(path_), "");
  EXPECT_EQ(Names(), std::set<std::string>{"file"});
}

TEST_F(AtomicFileTest, ALargeTextArrivesWhole) {
  const std::string text(8'000'000, 'x');
  WriteTextAtomically(path_, text);
  EXPECT_EQ(Read(path_), text);
}

TEST_F(AtomicFileTest, ShowsTheOldFileUntilTheNewOneIsWhole) {
  Write(path_, "old");
  WriteAtomically(path_, [this](const fs::path& temporary) {
    EXPECT_NE(temporary, path_);
    EXPECT_EQ(temporary.parent_path(), folder_) << "a rename works within a file system only";
    Write(temporary, "new");
    EXPECT_EQ(Read(path_), "old");
  });
  EXPECT_EQ(Read(path_), "new");
  EXPECT_EQ(Names(), std::set<std::string>{"file"});
}

TEST_F(AtomicFileTest, MakesMissingFolders) {
  const fs::path deep = folder_ / "a" / "b" / "file";
  WriteTextAtomically(deep, "text");
  EXPECT_EQ(Read(deep), "text");
}

TEST_F(AtomicFileTest, TakesAPathWithoutFolder) {
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  WriteTextAtomically("bare", "text");
  fs::current_path(before);
  EXPECT_EQ(Read(folder_ / "bare"), "text");
}

TEST_F(AtomicFileTest, TakesNamesWithSpacesAndBraces) {
  const fs::path odd = folder_ / "a {} %s b.h5";
  WriteTextAtomically(odd, "text");
  EXPECT_EQ(Read(odd), "text");
}

TEST_F(AtomicFileTest, AThrowingWriterLeavesTheOldFile) {
  Write(path_, "old");
  const auto fail = [](const fs::path& temporary) {
    Write(temporary, "half");
    throw std::out_of_range("the writer's own");
  };
  EXPECT_THROW(WriteAtomically(path_, fail), std::out_of_range) << "not the writer's exception";
  EXPECT_EQ(Read(path_), "old");
  EXPECT_EQ(Names(), std::set<std::string>{"file"});
}

TEST_F(AtomicFileTest, AThrowingWriterLeavesNoNewFile) {
  const auto fail = [](const fs::path& temporary) {
    Write(temporary, "half");
    throw Error("disk full");
  };
  EXPECT_EQ(MessageOf([&] { WriteAtomically(path_, fail); }), "disk full");
  EXPECT_EQ(Names(), std::set<std::string>{});
}

TEST_F(AtomicFileTest, AWriterThatWritesNothingIsAnError) {
  Write(path_, "old");
  const std::string message = MessageOf([&] { WriteAtomically(path_, [](const fs::path&) {}); });
  EXPECT_NE(message.find("cannot write " + path_.string()), std::string::npos) << message;
  EXPECT_EQ(Read(path_), "old");
}

TEST_F(AtomicFileTest, AFullDiskIsAnErrorAndLeavesTheOldFile) {
  Write(path_, "old");
  std::string message;
  {
    const FileSizeLimit limit(4096);
    message = MessageOf([&] { WriteTextAtomically(path_, std::string(100'000, 'x')); });
  }
  EXPECT_NE(message.find("cannot write " + path_.string()), std::string::npos) << message;
  EXPECT_NE(message.find("File too large"), std::string::npos) << message;
  EXPECT_EQ(Read(path_), "old");
  EXPECT_EQ(Names(), std::set<std::string>{"file"});
}

// A name that nobody knows, and that is gone again, would be of no use.
TEST_F(AtomicFileTest, ARefusalNamesTheFileAndNotTheTemporaryOne) {
  const FileSizeLimit limit(0);
  const std::string message = MessageOf([&] { WriteTextAtomically(path_, "new"); });
  EXPECT_NE(message.find("cannot write " + path_.string() + ": "), std::string::npos) << message;
}

TEST_F(AtomicFileTest, AHeldFolderThatIsGoneIsNotMadeAgain) {
  const fs::path held = folder_ / "held";
  fs::create_directory(held);
  const HeldFolders folders({held});
  WriteTextAtomically(held / "file", "text");
  fs::remove_all(held);
  EXPECT_THROW(WriteTextAtomically(held / "file", "text"), FolderGone);
  EXPECT_THROW(WriteTextAtomically(held / "new" / "file", "text"), FolderGone);
  EXPECT_FALSE(fs::exists(held));
}

// Nobody need read the words to know why.
TEST_F(AtomicFileTest, ARefusalCarriesTheNumberOfItsReason) {
  const FileSizeLimit limit(0);
  try {
    WriteTextAtomically(path_, "new");
    ADD_FAILURE() << "no error";
  } catch (const FileRefused& error) {
    EXPECT_EQ(error.number(), EFBIG);
  }
}

// The text fits into the stream's buffer: the disk refuses only when the file is closed.
TEST_F(AtomicFileTest, ASmallTextOnAFullDiskIsAnErrorToo) {
  Write(path_, "old");
  std::string message;
  {
    const FileSizeLimit limit(0);
    message = MessageOf([&] { WriteTextAtomically(path_, "new"); });
  }
  EXPECT_NE(message.find("cannot write " + path_.string()), std::string::npos) << message;
  EXPECT_EQ(Read(path_), "old");
  EXPECT_EQ(Names(), std::set<std::string>{"file"});
}

// What stands in a folder's place cannot be made a folder; root's rights do not help.
TEST_F(AtomicFileTest, AFileInTheFoldersPlaceIsAnError) {
  Write(path_, "old");
  for (const fs::path& below : {path_ / "x", path_ / "a" / "x"}) {
    const std::string message = MessageOf([&] { WriteTextAtomically(below, "text"); });
    EXPECT_NE(message.find("cannot make the folder " + below.parent_path().string()),
              std::string::npos)
        << message;
  }
  EXPECT_EQ(Read(path_), "old");
}

TEST_F(AtomicFileTest, AFolderInTheFilesPlaceIsAnError) {
  fs::create_directories(path_ / "inside");
  const std::string message = MessageOf([&] { WriteTextAtomically(path_, "text"); });
  EXPECT_NE(message.find("cannot rename "), std::string::npos) << message;
  EXPECT_NE(message.find(path_.string()), std::string::npos) << message;
  EXPECT_EQ(Names(), std::set<std::string>{"file"});
  EXPECT_TRUE(fs::is_directory(path_ / "inside"));
}

TEST_F(AtomicFileTest, ATooLongNameIsAnError) {
  const fs::path path = folder_ / std::string(300, 'n');
  const std::string message = MessageOf([&] { WriteTextAtomically(path, "text"); });
  EXPECT_NE(message.find("cannot write "), std::string::npos) << message;
  EXPECT_EQ(Names(), std::set<std::string>{});
}

TEST_F(AtomicFileTest, WhatKilledWritersLeftCanBeRemoved) {
  Write(path_, "whole");
  WriteAtomically(path_, [&](const fs::path& temporary) {
    Write(temporary, "by hand");
    // Of a process of this number that began at another time; and of another machine, a day ago.
    std::string dead = temporary.string();
    const size_t start = dead.find('-', path_.string().size()) + 1;
    dead.replace(start, dead.find('-', start) - start, "1");
    fs::copy_file(temporary, dead);
    for (const char* const mark : {".12-0123abcd.tmp", ".12-345-89abcdef-0123abcd.tmp"}) {
      fs::copy_file(temporary, path_.string() + mark);
      fs::last_write_time(path_.string() + mark,
                          fs::file_time_type::clock::now() - std::chrono::hours(25));
    }
    RemoveTemporaries(path_);
    EXPECT_TRUE(fs::exists(temporary)) << "its process lives";
  });
  const std::set<std::string> others = {"file",
                                        "file.tmp",
                                        "file.copy-12-0123abcd.tmp",
                                        "file.12-0123abcd.tmp2",
                                        "file2.12-0123abcd.tmp",
                                        "file.12-345-00000000-0123abcd.tmp",  // a moment ago
                                        "12-0123abcd.tmp"};
  for (const std::string& name : others) {
    Write(folder_ / name, name);
  }
  RemoveTemporaries(path_);
  EXPECT_EQ(Names(), others);
  RemoveTemporaries(folder_ / "nothing" / "file");
}

// Writes `path` in a process that is killed in the middle.
void WriteAndBeKilled(const fs::path& path) {
  const pid_t child = fork();
  if (child == 0) {
    WriteAtomically(path, [](const fs::path& temporary) {
      Write(temporary, "half");
      kill(getpid(), SIGKILL);
    });
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
}

TEST_F(AtomicFileTest, TheNextWriterRemovesWhatAKilledOneLeft) {
  WriteAndBeKilled(path_);
  WriteAndBeKilled(folder_ / "file2");
  ASSERT_EQ(Names().size(), 2U);
  WriteAtomically(
      path_, [](const fs::path& temporary) { Write(temporary, "kept"); }, Leftovers::kKeep);
  EXPECT_EQ(Names().size(), 3U);
  WriteTextAtomically(path_, "whole");
  EXPECT_EQ(Names().size(), 2U) << "the other file's was removed";
  WriteTextAtomically(folder_ / "file2", "whole");
  EXPECT_EQ(Names(), (std::set<std::string>{"file", "file2"}));
}

TEST_F(AtomicFileTest, WhatIsLeftInAFolderIsRemovedByEnding) {
  WriteAndBeKilled(folder_ / "a.h5");
  WriteAndBeKilled(folder_ / "b.h5");
  WriteAndBeKilled(folder_ / "c.csv");
  Write(TemporaryOf(folder_ / "d.h5"), "this process lives");
  RemoveTemporariesIn(folder_, ".h5");
  EXPECT_EQ(Names().size(), 2U);
  EXPECT_TRUE(fs::exists(TemporaryOf(folder_ / "d.h5")));
  RemoveTemporariesIn(folder_, ".csv");
  EXPECT_EQ(Names().size(), 1U);
  RemoveTemporariesIn(folder_ / "nothing", ".h5");
}

// It may be stopped, in a suspended machine say, and its file be as old as it likes.
TEST_F(AtomicFileTest, AStoppedWriterKeepsItsFileAndGoesOn) {
  const pid_t child = fork();
  if (child == 0) {
    WriteAtomically(path_, [](const fs::path& temporary) {
      Write(temporary, "its own, ");
      kill(getpid(), SIGSTOP);
      std::ofstream(temporary, std::ios::binary | std::ios::app) << "and whole";
    });
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, WUNTRACED), child);
  ASSERT_TRUE(WIFSTOPPED(status));
  for (const std::string& name : Names()) {
    fs::last_write_time(folder_ / name, fs::file_time_type::clock::now() - std::chrono::hours(100));
  }
  RemoveTemporaries(path_);
  WriteTextAtomically(path_, "another's");
  EXPECT_EQ(Read(path_), "another's");
  EXPECT_EQ(Names().size(), 2U);
  kill(child, SIGCONT);
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(Read(path_), "its own, and whole");
  EXPECT_EQ(Names(), std::set<std::string>{"file"});
}

// A rename alone may be lost where the machine crashes: the folder is flushed after it.
TEST_F(AtomicFileTest, TheNameIsFlushedOnceTheFileHasIt) {
  Write(path_, "old");
  int flushes = 0;
  g_on_folder_flush = [&](const fs::path& folder) {
    EXPECT_TRUE(fs::equivalent(folder, folder_)) << folder;
    EXPECT_EQ(Read(path_), "new");
    ++flushes;
    return 0;
  };
  WriteTextAtomically(path_, "new");
  EXPECT_EQ(flushes, 1);
  const fs::path before = fs::current_path();
  fs::current_path(folder_);
  WriteTextAtomically("file", "new");
  fs::current_path(before);
  EXPECT_EQ(flushes, 2) << "not the current folder";
}

TEST_F(AtomicFileTest, AFolderThatCannotBeFlushedIsNoErrorUnlessTheDiskFails) {
  int error = 0;
  g_on_folder_flush = [&error](const fs::path& /*folder*/) { return error; };
  for (const int number : {EINVAL, EOPNOTSUPP, ENOSYS, EBADF}) {
    error = number;
    WriteTextAtomically(path_, std::to_string(number));
    EXPECT_EQ(Read(path_), std::to_string(number));
  }
  error = EIO;
  const std::string message = MessageOf([&] { WriteTextAtomically(path_, "text"); });
  EXPECT_NE(message.find("cannot write into the folder " + folder_.string()), std::string::npos)
      << message;
  EXPECT_EQ(Names(), std::set<std::string>{"file"});
}

// A crash may leave a temporary file of this very process number.
TEST_F(AtomicFileTest, OverwritesALeftTemporary) {
  fs::path left;
  WriteAtomically(path_, [&left](const fs::path& temporary) {
    left = temporary;
    Write(temporary, "1");
  });
  Write(left, "left by a crash, and longer");
  WriteTextAtomically(path_, "2");
  EXPECT_EQ(Read(path_), "2");
  EXPECT_EQ(Names(), std::set<std::string>{"file"});
}

}  // namespace
}  // namespace initbias
