// The lock of a run: one holder at a time, with flock() and without; a dead or stale one's place is
// taken, a living one's is not.
#include "lib/run/run_lock.h"

#include <fcntl.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/error_of.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

class RunLockTest : public testing::Test {
 protected:
  RunLockTest()
      : folder_(fs::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }

  fs::path Path() const { return folder_ / "run.lock"; }
  fs::path Lease() const { return folder_ / "run.lease"; }

  std::string LeaseText() const {
    std::ifstream file(Lease());
    return {std::istreambuf_iterator<char>(file), {}};
  }

  void WriteLease(const std::string& text) const { std::ofstream(Lease()) << text; }

  // With a lease, whose times are those of a test.
  RunLockOptions Leased() {
    RunLockOptions options;
    options.on_note = [this](const std::string& text) { notes_ += text + "\n"; };
    options.always_lease = true;
    options.refresh_seconds = 0.05;
    options.stale_seconds = 1;
    options.settle_seconds = 0.05;
    return options;
  }

  fs::path folder_;
  std::string notes_;
};

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

TEST_F(RunLockTest, OnThisMachinesOwnFileSystemThereIsNoLease) {
  const RunLock lock(Path());
  EXPECT_TRUE(lock.held());
  EXPECT_FALSE(fs::exists(Lease())) << "or " << folder_ << " is on a network file system";
}

TEST_F(RunLockTest, ALeaseNamesItsHolderAndIsGoneAfterwards) {
  {
    const RunLock lock(Path(), Leased());
    EXPECT_TRUE(lock.held());
    EXPECT_THAT(LeaseText(), HasSubstr(" " + std::to_string(getpid()) + " "));
    EXPECT_THAT(RunLockHolder(Path()).value_or(""),
                HasSubstr("process " + std::to_string(getpid())));
  }
  EXPECT_FALSE(fs::exists(Lease()));
  EXPECT_EQ(RunLockHolder(Path()), std::nullopt);
  EXPECT_EQ(notes_, "");
}

TEST_F(RunLockTest, TheHolderOfAFlockIsNamedToo) {
  const RunLock lock(Path());
  EXPECT_THAT(RunLockHolder(Path()).value_or(""), HasSubstr("process " + std::to_string(getpid())));
}

// Whoever may make a file there could else have us empty any file that we may write.
TEST_F(RunLockTest, ALinkInTheLocksPlaceIsNotFollowed) {
  const fs::path precious = folder_ / "precious";
  const auto content = [&precious] {
    std::ifstream file(precious);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  std::ofstream(precious) << "precious";
  fs::create_symlink("precious", Path());
  EXPECT_THAT(ErrorOf([this] { const RunLock lock(Path()); }),
              HasSubstr("a symbolic link is in its place"));
  EXPECT_EQ(content(), "precious");
  fs::remove(Path());
  fs::create_hard_link(precious, Path());
  EXPECT_TRUE(RunLock(Path()).held());
  EXPECT_EQ(content(), "precious");
}

class SharedFolderTest : public RunLockTest {
 protected:
  // A folder that other users may look into.
  void SetUp() override {
    RunLockTest::SetUp();
    std::string shared = (fs::path("/tmp") / "run_lock_test.XXXXXX").string();
    ASSERT_NE(mkdtemp(shared.data()), nullptr);
    fs::remove_all(std::exchange(folder_, shared));
  }

  // Expects `check` of another user, for root may write everywhere. Skips the test where there is
  // none who may look into the folder, and not write `closed`.
  void ExpectOfAnother(const fs::path& closed, const std::function<bool()>& check) {
    const pid_t child = fork();
    if (child == 0) {
      constexpr uid_t kNobody = 65534;
      if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) {
        _exit(3);
      }
      if (access(folder_.c_str(), R_OK | X_OK) != 0 || access(closed.c_str(), W_OK) == 0) {
        _exit(3);
      }
      try {
        _exit(check() ? 0 : 1);
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        _exit(2);
      }
    }
    int status = 0;
    waitpid(child, &status, 0);
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 3) {
      GTEST_SKIP() << "there is no user who may read the folder, and not write " << closed;
    }
    EXPECT_EQ(WEXITSTATUS(status), 0);
  }
};

// Another user's, in a folder of several.
TEST_F(SharedFolderTest, ALockThatMayNotBeWrittenIsHeldAllTheSame) {
  { const RunLock lock(Path()); }
  fs::permissions(Path(), fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
  fs::permissions(folder_, fs::perms::all);
  ExpectOfAnother(Path(), [this] {
    const RunLock lock(Path());
    const int other = open(Path().c_str(), O_RDONLY | O_CLOEXEC);
    const bool shut = flock(other, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    return lock.held() && shut;
  });
}

// Of the two ways to open it the first says why.
TEST_F(SharedFolderTest, ALockThatCannotBeMadeIsToldWithItsReason) {
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read |
                               fs::perms::others_exec);
  ExpectOfAnother(folder_, [this] {
    const std::string refused = ErrorOf([this] { const RunLock lock(Path()); });
    return refused.find("Permission denied") != std::string::npos;
  });
}

// Each of some processes takes the lock, and looks that nobody else has it meanwhile. Without
// flock(), which would keep them apart by itself.
TEST_F(RunLockTest, ProcessesHaveItOneAfterTheOther) {
  std::vector<pid_t> children;
  for (int i = 0; i < 6; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      bool alone = true;
      for (int turn = 0; turn < 5; ++turn) {
        RunLockOptions options = Leased();
        options.stale_seconds = 60;
        // Another lock file each, so that only the lease is shared.
        const fs::path own = folder_ / ("run.lock" + std::to_string(getpid()));
        const RunLock lock(own, options);
        const fs::path mark = folder_ / "mark";
        alone = alone && lock.held() && !fs::exists(mark);
        std::ofstream(mark) << "x";
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        fs::remove(mark);
      }
      _exit(alone ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_FALSE(fs::exists(Lease()));
}

TEST_F(RunLockTest, TheLeaseOfAProcessThatDiedHereIsTakenAtOnce) {
  const pid_t child = fork();
  if (child == 0) {
    const RunLock lock(Path(), Leased());
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_THAT(LeaseText(), HasSubstr(" " + std::to_string(child) + " "));
  EXPECT_EQ(RunLockHolder(Path()), std::nullopt);
  RunLockOptions options = Leased();
  options.stale_seconds = 60;
  const Clock::time_point start = Clock::now();
  const RunLock lock(Path(), options);
  EXPECT_TRUE(lock.held());
  EXPECT_LT(SecondsSince(start), 30);
  EXPECT_THAT(LeaseText(), HasSubstr(" " + std::to_string(getpid()) + " "));
}

// A process of this number is here, but it is another one: its start differs.
TEST_F(RunLockTest, ANumberThatAnotherProcessHasNowDoesNotKeepALease) {
  std::string text;
  {
    const RunLock lock(Path(), Leased());
    text = LeaseText();
  }
  std::string other = text;
  const size_t start = other.find(' ', other.find(' ') + 1) + 1;
  other.replace(start, other.find(' ', start) - start, "1");
  WriteLease(other);
  EXPECT_EQ(RunLockHolder(Path()), std::nullopt);
  WriteLease(text);
  EXPECT_NE(RunLockHolder(Path()), std::nullopt);
}

TEST_F(RunLockTest, AStaleLeaseOfAnotherMachineIsTakenOver) {
  WriteLease("elsewhere 1 1 boot/pid:[1] 0123456789abcdef\n");
  const Clock::time_point start = Clock::now();
  const RunLock lock(Path(), Leased());
  EXPECT_TRUE(lock.held());
  EXPECT_GE(SecondsSince(start), 1);
  EXPECT_THAT(notes_, HasSubstr("host elsewhere, process 1"));
}

TEST_F(RunLockTest, ATouchedLeaseIsNotStaleAndAStopEndsTheWait) {
  const std::string text = "elsewhere 1 1 boot/pid:[1] 0123456789abcdef\n";
  WriteLease(text);
  // Its holder's clock is of another year: only that the time changes counts.
  auto time = fs::file_time_type::clock::now() - std::chrono::hours(24 * 365);
  RunLockOptions options = Leased();
  const Clock::time_point start = Clock::now();
  options.should_stop = [&] {
    time += std::chrono::seconds(1);
    fs::last_write_time(Lease(), time);
    return SecondsSince(start) > 3;
  };
  const RunLock lock(Path(), options);
  EXPECT_FALSE(lock.held());
  EXPECT_EQ(LeaseText(), text);
}

TEST_F(RunLockTest, AHolderThatLostItsLeaseSaysSoAndLeavesTheOthersAlone) {
  const std::string text = "elsewhere 1 1 boot/pid:[1] 0123456789abcdef\n";
  {
    std::atomic<bool> told = false;
    RunLockOptions options = Leased();
    options.on_note = [&](const std::string& note) {
      notes_ = note;
      told = true;
    };
    const RunLock lock(Path(), options);
    WriteLease(text);
    const Clock::time_point start = Clock::now();
    while (!told && SecondsSince(start) < 30) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  EXPECT_THAT(notes_, HasSubstr("not this process's any more: host elsewhere"));
  EXPECT_EQ(LeaseText(), text);
}

// Taken for dead, for it touches its lease no more; it only sleeps.
TEST_F(RunLockTest, AStoppedHolderLosesItsLeaseAndKnowsWhenItGoesOn) {
  const pid_t child = fork();
  if (child == 0) {
    bool lost = false;
    {
      // Another lock file, so that only the lease is shared.
      RunLock lock(folder_ / "run.lock2", Leased());
      const bool before = lock.lost() || lock.LostNow() || !lock.held();
      kill(getpid(), SIGSTOP);
      const Clock::time_point start = Clock::now();
      while (!lock.lost() && SecondsSince(start) < 30) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      lost = !before && lock.lost() && lock.LostNow();
    }
    _exit(lost ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, WUNTRACED), child);
  ASSERT_TRUE(WIFSTOPPED(status));
  RunLock lock(Path(), Leased());
  ASSERT_TRUE(lock.held());
  const std::string text = LeaseText();
  EXPECT_THAT(text, HasSubstr(" " + std::to_string(getpid()) + " "));
  kill(child, SIGCONT);
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(LeaseText(), text);
  EXPECT_FALSE(lock.LostNow());
}

TEST_F(RunLockTest, ALeaseThatSomebodyRemovedIsMadeAgain) {
  RunLock lock(Path(), Leased());
  const std::string text = LeaseText();
  fs::remove(Lease());
  const Clock::time_point start = Clock::now();
  while (!fs::exists(Lease()) && SecondsSince(start) < 30) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(LeaseText(), text);
  fs::remove(Lease());
  EXPECT_FALSE(lock.LostNow());
  EXPECT_EQ(LeaseText(), text);
  EXPECT_EQ(notes_, "");
}

}  // namespace
}  // namespace initbias
