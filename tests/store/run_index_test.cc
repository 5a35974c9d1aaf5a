// The index of run files answers as the files do, whatever has become of it.
#include "lib/store/run_index.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/file_access.h"
#include "lib/base/sha256.h"
#include "lib/result/run_result.h"
#include "lib/store/run_file.h"
#include "tests/error_of.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

void Write(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

class RunIndexTest : public testing::Test {
 protected:
  RunIndexTest() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    for (int i = 0; i < kRuns; ++i) {
      WriteRun(i, 4);
    }
  }

  static std::string Name(int i) { return RunId(Config(i)) + ".h5"; }

  static RunConfig Config(int i) {
    RunConfig config = SampleRun().config;
    config.seed = 1 + i;
    return config;
  }

  void WriteRun(int i, double loss) {
    RunResult run = SampleRun();
    run.config = Config(i);
    run.curves[0].loss.back() = loss;
    WriteRunFile(folder_ / Name(i), run);
  }

  // What an index of the folder says, and how many files it read for that.
  size_t ReadAll(std::vector<double>* losses = nullptr) {
    RunIndex index(folder_);
    for (int i = 0; i < kRuns; ++i) {
      const RunSummary& run = index.Get(Name(i));
      EXPECT_EQ(CanonicalForm(run.config), CanonicalForm(Config(i)));
      EXPECT_EQ(run.sha256, FileSha256Hex(folder_ / Name(i)));
      EXPECT_EQ(run.profile, "smoke");
      EXPECT_EQ(run.step, 10);
      EXPECT_THAT(run.losses, ElementsAre(Pair("memory", testing::_), Pair("reasoning_test", 3)));
      if (losses != nullptr) {
        losses->push_back(run.losses[0].second);
      }
    }
    index.Save();
    return index.files_read();
  }

  fs::path Index() const { return folder_ / kRunIndexFile; }

  static constexpr int kRuns = 5;
  const fs::path folder_ = fs::path(testing::TempDir()) /
                           testing::UnitTest::GetInstance()->current_test_info()->name() / "runs";
};

TEST_F(RunIndexTest, AFileIsReadOnce) {
  EXPECT_EQ(ReadAll(), kRuns);
  EXPECT_EQ(ReadAll(), 0);
  fs::remove(Index());
  EXPECT_EQ(ReadAll(), kRuns);
}

TEST_F(RunIndexTest, AFileThatWasReplacedIsReadAgain) {
  ReadAll();
  // Of the same size, within a tick of the clock, and with the time of the other one.
  const fs::path file = folder_ / Name(2);
  const auto size = fs::file_size(file);
  const auto time = fs::last_write_time(file);
  WriteRun(2, 3.5);
  fs::last_write_time(file, time);
  ASSERT_EQ(fs::file_size(file), size);
  std::vector<double> losses;
  EXPECT_EQ(ReadAll(&losses), 1);
  EXPECT_THAT(losses, ElementsAre(4, 4, 3.5, 4, 4));
  EXPECT_EQ(ReadAll(), 0);
}

TEST_F(RunIndexTest, AFileThatWasDamagedOrRemovedIsSeen) {
  ReadAll();
  fs::resize_file(folder_ / Name(1), 3000);
  fs::remove(folder_ / Name(3));
  RunIndex index(folder_);
  EXPECT_THAT(ErrorOf([&] { index.Get(Name(1)); }), HasSubstr("damaged"));
  EXPECT_THAT(ErrorOf([&] { index.Get(Name(3)); }), HasSubstr("there is no file"));
  EXPECT_EQ(index.Find(Name(3)), nullptr);
  EXPECT_NE(index.Find(Name(0)), nullptr);
  index.Save();
  EXPECT_THAT(ReadFile(Index()), Not(HasSubstr(Name(3))));
}

TEST_F(RunIndexTest, AFolderThatWasCopiedIsNotReadAgain) {
  ReadAll();
  const fs::path other = folder_.parent_path() / "other";
  fs::remove_all(other);
  fs::copy(folder_, other);
  RunIndex index(other);
  EXPECT_EQ(index.Get(Name(0)).losses[0].second, 4);
  EXPECT_EQ(index.files_read(), 0);
  // By its ends and its digest, not by its length alone; what else lies between them is for Read,
  // --check and copies.
  const std::string bytes = ReadFile(other / Name(1));
  ASSERT_GT(bytes.size(), 3 * 4096U);
  const auto change = [&](const fs::path& path, size_t place) {
    std::string changed = bytes;
    changed[place] ^= 1;
    Write(path, changed);
  };
  const size_t digest = bytes.find(index.Get(Name(1)).digest);
  ASSERT_LT(digest, bytes.size() - 4096 - 100);
  ASSERT_GT(digest, 4096U);
  for (const size_t place : {size_t{100}, digest + 7, bytes.size() - 100}) {
    change(other / Name(1), place);
    EXPECT_EQ(RunIndex(other).Find(Name(1)), nullptr) << place;
  }
  change(other / Name(1), digest + 100);
  EXPECT_NE(RunIndex(other).Find(Name(1)), nullptr);
  // A file that was written into is no copy.
  change(folder_ / Name(1), digest + 100);
  EXPECT_EQ(RunIndex(folder_).Find(Name(1)), nullptr);
}

TEST_F(RunIndexTest, AnIndexThatCannotBeUsedIsMadeAnew) {
  ReadAll();
  const std::string whole = ReadFile(Index());
  std::vector<std::string> broken = {"", "x", "initbias run index", std::string(100'000, '7'),
                                     std::string(300, '\0')};
  for (const size_t size :
       {size_t{10}, size_t{40}, size_t{80}, whole.size() / 2, whole.size() - 1}) {
    broken.push_back(whole.substr(0, size));
  }
  for (const size_t place :
       {size_t{0}, size_t{20}, size_t{33}, size_t{60}, whole.size() / 2, whole.size() - 2}) {
    broken.push_back(whole);
    broken.back()[place] ^= 1;
  }
  // Of another version, and whole; and as this one, of entries that it would not write.
  broken.push_back(whole);
  const size_t version = broken.back().find("index ") + 6;
  broken.back().replace(version, 1, "9");  // another one
  const std::string first = whole.substr(0, whole.find('\n') + 1);
  for (const std::string body :
       {"5 name\n", "1 x\n1 y\n", "-1 x\n", "99999999999999999999 x\n", "1 x"}) {
    broken.push_back(first + std::to_string(body.size()) + " " + Sha256Hex(body) + "\n" + body);
  }
  for (const std::string length : {"-1", "99999999999999999999", "1e3", ""}) {
    broken.push_back(first + length + " " + Sha256Hex("") + "\n");
  }
  for (const std::string& text : broken) {
    Write(Index(), text);
    EXPECT_EQ(ReadAll(), kRuns) << text.substr(0, 100);
    EXPECT_EQ(ReadAll(), 0);
    EXPECT_EQ(ReadFile(Index()), whole);
    // What is whole before and after it is of use.
    for (const std::string& some : {whole + text, text + whole}) {
      Write(Index(), some);
      EXPECT_EQ(ReadAll(), 0) << text.substr(0, 100);
      EXPECT_EQ(ReadFile(Index()), whole);
    }
  }
}

// How many sections the index is made of.
size_t Sections(const std::string& text) {
  size_t sections = 0;
  for (size_t at = text.find("initbias run index"); at != std::string::npos;
       at = text.find("initbias run index", at + 1)) {
    ++sections;
  }
  return sections;
}

TEST_F(RunIndexTest, WhoWritesARunRemembersIt) {
  // All at once, as workers do.
  std::vector<pid_t> children;
  for (int i = 0; i < kRuns; ++i) {
    children.push_back(fork());
    if (children.back() == 0) {
      RememberRun(folder_ / Name(i));
      _exit(0);
    }
  }
  for (const pid_t child : children) {
    waitpid(child, nullptr, 0);
  }
  EXPECT_EQ(Sections(ReadFile(Index())), static_cast<size_t>(kRuns));
  EXPECT_EQ(ReadAll(), 0);
  EXPECT_EQ(Sections(ReadFile(Index())), 1U) << "it is not made short";
  // Of what is trained again the last counts.
  WriteRun(3, 2.5);
  RememberRun(folder_ / Name(3));
  std::vector<double> losses;
  EXPECT_EQ(ReadAll(&losses), 0);
  EXPECT_THAT(losses, ElementsAre(4, 4, 4, 2.5, 4));
  // The machine goes down, or the disk is full, within the last one.
  WriteRun(1, 1.5);
  RememberRun(folder_ / Name(1));
  fs::resize_file(Index(), fs::file_size(Index()) - 10);
  WriteRun(2, 1.25);
  RememberRun(folder_ / Name(2));
  losses.clear();
  EXPECT_EQ(ReadAll(&losses), 1);
  EXPECT_THAT(losses, ElementsAre(4, 1.5, 1.25, 2.5, 4));
  // What cannot be read is nobody's to remember.
  fs::resize_file(folder_ / Name(1), 3000);
  RememberRun(folder_ / Name(1));
  RememberRun(folder_ / "none.h5");
  RememberRun(folder_.parent_path() / "none" / Name(1));
  EXPECT_THAT(ErrorOf([&] { RunIndex(folder_).Get(Name(1)); }), HasSubstr("damaged"));
  EXPECT_FALSE(fs::exists(folder_.parent_path() / "none"));
}

TEST_F(RunIndexTest, ManyAreReadByAllProcessorsToTheSame) {
  constexpr int kMany = 30;
  std::vector<std::string> names;
  for (int i = 0; i < kMany; ++i) {
    WriteRun(i, 4 + i);
    names.push_back(Name(i));
  }
  fs::resize_file(folder_ / Name(7), 3000);
  fs::remove(folder_ / Name(9));
  {
    RunIndex index(folder_);
    index.Prepare(names);
    for (int i = 0; i < kMany; ++i) {
      if (i == 7 || i == 9) {
        EXPECT_THAT(ErrorOf([&] { index.Get(Name(i)); }),
                    HasSubstr(i == 7 ? "damaged" : "there is no file"));
        continue;
      }
      EXPECT_EQ(index.Get(Name(i)).losses[0].second, 4 + i);
      EXPECT_EQ(CanonicalForm(index.Get(Name(i)).config), CanonicalForm(Config(i)));
    }
    EXPECT_EQ(index.files_read(), static_cast<size_t>(kMany));  // each once, or tried
    index.Save();
  }
  const std::string many = ReadFile(Index());
  RunIndex index(folder_);
  index.Prepare(names);
  EXPECT_EQ(index.files_read(), 0U);
  index.Forget();
  for (int i = 0; i < kMany; ++i) {
    if (i != 7 && i != 9) {
      index.Get(Name(i));
    }
  }
  EXPECT_EQ(index.files_read(), static_cast<size_t>(kMany - 2));
  index.Save();
  EXPECT_EQ(ReadFile(Index()), many) << "one by one they are others";
}

TEST_F(RunIndexTest, AFolderInItsPlaceIsNoHindrance) {
  fs::create_directory(Index());
  EXPECT_EQ(ReadAll(), kRuns);
  EXPECT_EQ(ReadAll(), kRuns);
  // Nor is anything left behind.
  size_t files = 0;
  for ([[maybe_unused]] const fs::directory_entry& entry : fs::directory_iterator(folder_)) {
    ++files;
  }
  EXPECT_EQ(files, kRuns + 1);
}

TEST_F(RunIndexTest, AFolderThatCannotBeWrittenIsReadAllTheSame) {
  chmod(folder_.c_str(), 0555);
  EXPECT_EQ(ReadAll(), kRuns);
  EXPECT_EQ(ReadAll(), geteuid() == 0 ? 0 : kRuns);  // root may write anywhere
  chmod(folder_.c_str(), 0755);
}

TEST_F(RunIndexTest, NoFolderIsMade) {
  const fs::path none = folder_ / "none";
  RunIndex index(none);
  EXPECT_EQ(index.Find("x.h5"), nullptr);
  index.Save();
  EXPECT_FALSE(fs::exists(none));
}

TEST_F(RunIndexTest, ManyProcessesReadAndWriteAtOnce) {
  RunIndex one(folder_);
  RunIndex two(folder_);
  one.Get(Name(0));
  two.Get(Name(1));
  two.Get(Name(2));
  one.Save();
  two.Save();  // the last one wins
  EXPECT_EQ(ReadAll(), kRuns - 2);
  // Whatever a process finds while others write is a whole index: nothing is read again.
  std::vector<pid_t> children;
  for (int i = 0; i < 3; ++i) {
    children.push_back(fork());
    if (children.back() == 0) {
      size_t read = 0;
      for (int round = 0; round < 50; ++round) {
        RunIndex index(folder_);
        for (int run = 0; run < kRuns; ++run) {
          index.Add(Name(run), index.Get(Name(run)));
        }
        index.Save();
        read += index.files_read();
      }
      _exit(read == 0 ? 0 : 1);
    }
  }
  for (const pid_t child : children) {
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(ReadAll(), 0);
}

TEST_F(RunIndexTest, LossesThatAreNoNumbersAreKept) {
  WriteRun(0, std::numeric_limits<double>::quiet_NaN());
  WriteRun(1, -std::numeric_limits<double>::infinity());
  WriteRun(2, 0.1 + 0.2);
  ReadAll();
  std::vector<double> losses;
  EXPECT_EQ(ReadAll(&losses), 0);
  EXPECT_TRUE(std::isnan(losses[0]));
  EXPECT_EQ(losses[1], -std::numeric_limits<double>::infinity());
  EXPECT_EQ(losses[2], 0.1 + 0.2);
}

}  // namespace
}  // namespace initbias
