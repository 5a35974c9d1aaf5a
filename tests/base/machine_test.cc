// How many cores and how much memory may be used, by the texts of a machine that there is not.
#include "lib/base/machine.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

namespace initbias {
namespace {

namespace fs = std::filesystem;

class MachineTest : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(root_); }

  void Put(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }

  const fs::path root_ = fs::path(testing::TempDir()) / "machine_test";
};

TEST_F(MachineTest, WithoutControlGroupsThereIsNoLimit) {
  EXPECT_EQ(CoresOfControlGroups(root_), std::nullopt);
  EXPECT_EQ(UsableMemory(root_), std::nullopt);
  EXPECT_GE(UsableCores(root_), 1);
  Put("proc/self/cgroup", "0::/\n");
  EXPECT_EQ(CoresOfControlGroups(root_), std::nullopt) << "the first group has no such files";
}

TEST_F(MachineTest, OfVersionTwoTheLeastOfAGroupAndThoseAboveIt) {
  Put("proc/self/cgroup", "0::/a.slice/job 7\n");
  Put("sys/fs/cgroup/a.slice/job 7/cpu.max", "max 100000\n");
  Put("sys/fs/cgroup/a.slice/job 7/memory.max", "max\n");
  EXPECT_EQ(CoresOfControlGroups(root_), std::nullopt);
  EXPECT_EQ(UsableMemory(root_), std::nullopt);
  Put("sys/fs/cgroup/a.slice/cpu.max", "150000 100000\n");
  Put("sys/fs/cgroup/a.slice/memory.max", "2000000000\n");
  EXPECT_EQ(CoresOfControlGroups(root_), 1.5);
  EXPECT_EQ(UsableMemory(root_), 2e9);
  Put("sys/fs/cgroup/a.slice/job 7/cpu.max", "25000 50000\n");
  EXPECT_EQ(CoresOfControlGroups(root_), 0.5);
  EXPECT_EQ(UsableCores(root_), 1);
}

TEST_F(MachineTest, OfVersionOneEachControllerHasItsOwnGroup) {
  Put("proc/self/cgroup", "5:memory:/docker/m\n2:cpu,cpuacct:/docker/c\n0::/\n");
  Put("sys/fs/cgroup/cpu/docker/c/cpu.cfs_quota_us", "-1\n");
  Put("sys/fs/cgroup/cpu/docker/c/cpu.cfs_period_us", "100000\n");
  Put("sys/fs/cgroup/memory/docker/m/memory.limit_in_bytes", "9223372036854771712\n");
  Put("proc/meminfo", "MemTotal:       16000000 kB\nMemAvailable:    8000000 kB\n");
  EXPECT_EQ(CoresOfControlGroups(root_), std::nullopt);
  EXPECT_EQ(UsableMemory(root_), 8e6 * 1024);
  Put("sys/fs/cgroup/cpu/docker/c/cpu.cfs_quota_us", "320000\n");
  Put("sys/fs/cgroup/memory/docker/c/memory.limit_in_bytes", "1\n");  // another group's
  EXPECT_EQ(CoresOfControlGroups(root_), 3.2);
  EXPECT_EQ(UsableMemory(root_), 8e6 * 1024);
}

// In a container the path may be that outside, and the group that is mounted the container's own.
TEST_F(MachineTest, AContainersOwnGroupMayBeTheFirst) {
  Put("proc/self/cgroup", "5:memory:/docker/far\n2:cpu:/docker/far\n");
  Put("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "100000\n");
  Put("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  Put("sys/fs/cgroup/memory/memory.limit_in_bytes", "500000000\n");
  EXPECT_EQ(UsableCores(root_), 1);
  EXPECT_EQ(UsableMemory(root_), 5e8);
}

TEST_F(MachineTest, TextsThatAreNoNumbersSetNoLimit) {
  Put("proc/self/cgroup", "nothing\n0::/\n::::\n");
  Put("sys/fs/cgroup/cpu.max", "many few\n");
  Put("sys/fs/cgroup/memory.max", "\n");
  Put("proc/meminfo", "MemAvailable: much\n");
  EXPECT_EQ(CoresOfControlGroups(root_), std::nullopt);
  EXPECT_EQ(UsableMemory(root_), std::nullopt);
}

TEST_F(MachineTest, TheAffinityIsKeptTo) {
  int64_t cores = 0;
  // A thread of its own: the others keep theirs.
  std::thread([&] {
    cpu_set_t all;
    ASSERT_EQ(sched_getaffinity(0, sizeof(all), &all), 0);
    for (int i = 0; i < CPU_SETSIZE; ++i) {
      if (CPU_ISSET(i, &all)) {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(i, &one);
        ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
        break;
      }
    }
    cores = UsableCores(root_);
  }).join();
  EXPECT_EQ(cores, 1);
}

TEST_F(MachineTest, CoresAreBusyByWhatIsNeitherIdleNorWaiting) {
  const std::string before = "cpu  100 0 50 1000 10 0 0 0 0 0\ncpu0 50 0\ncpu1 50 0\nintr 7\n";
  // Of 200 ticks of two cores 60 were idle or waited: user 90, system 10, taken by others 40.
  const std::string after = "cpu  190 0 60 1050 20 0 0 40 0 0\ncpu0 90 0\ncpu1 100 0\nintr 9\n";
  const std::optional<CoreUse> use = CoreUseBetween(before, after);
  ASSERT_TRUE(use.has_value());
  EXPECT_DOUBLE_EQ(use->busy, 1.4);
  EXPECT_EQ(use->cores, 2);
  EXPECT_EQ(CoreUseBetween(before, before), std::nullopt) << "no time has passed";
  EXPECT_EQ(CoreUseBetween("", ""), std::nullopt);
  EXPECT_EQ(CoreUseBetween("cpu\nnothing", "cpu  x y z\n"), std::nullopt);
}

TEST_F(MachineTest, OtherWorkIsToldWhereItTakesCoresThatAreWanted) {
  EXPECT_EQ(OtherWork({.busy = 1.4, .cores = 2}, 2),
            "other work keeps 1.4 of 2 cores busy: without it this is faster");
  EXPECT_EQ(OtherWork({.busy = 0.1, .cores = 2}, 2), "");
  EXPECT_EQ(OtherWork({.busy = 0.9, .cores = 2}, 1), "") << "a core is left";
  EXPECT_NE(OtherWork({.busy = 1.9, .cores = 2}, 1), "");
  EXPECT_EQ(OtherWork({.busy = 50, .cores = 128}, 16), "") << "a container's share of a large host";
  EXPECT_EQ(OtherWork({.busy = 0, .cores = 2}, 1024), "") << "more workers than cores";
  const std::string here = OtherWorkHere(1);  // whatever is going on
  EXPECT_TRUE(here.empty() || here.starts_with("other work keeps ")) << here;
}

TEST_F(MachineTest, ThisMachineHasMemory) {
  ASSERT_TRUE(UsableMemory().has_value());
  EXPECT_GT(*UsableMemory(), 1e6);
}

}  // namespace
}  // namespace initbias
