#include "lib/process/fork_map.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace initbias {
namespace {

using Values = std::vector<std::optional<std::string>>;

TEST(ForkMapTest, ValuesStandInTheirOrder) {
  for (const size_t processes : {1, 2, 3, 50}) {
    const Values values = ForkMap(20, processes, [](size_t i) { return std::to_string(i * i); });
    ASSERT_EQ(values.size(), 20U);
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(values[i], std::to_string(i * i)) << processes;
    }
  }
  EXPECT_TRUE(ForkMap(0, 4, [](size_t) { return std::string(); }).empty());
}

TEST(ForkMapTest, TheWorkIsDoneByAsManyProcesses) {
  const auto own = [](size_t) { return std::to_string(getpid()); };
  std::set<std::string> processes;
  for (const std::optional<std::string>& value : ForkMap(9, 3, own)) {
    processes.insert(value.value());
  }
  EXPECT_EQ(processes.size(), 3U);
  EXPECT_FALSE(processes.contains(std::to_string(getpid())));
  // None is left behind.
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(ForkMapTest, ValuesMayBeEmptyOrLargerThanAPipe) {
  const auto work = [](size_t i) { return std::string(i * 100'000, static_cast<char>('a' + i)); };
  const Values values = ForkMap(5, 2, work);
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(values[i], work(i));
  }
}

TEST(ForkMapTest, WhatThrowsHasNoValue) {
  const Values values = ForkMap(6, 2, [](size_t i) {
    if (i == 3) {
      throw std::runtime_error("three");
    }
    return std::string("x");
  });
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(values[i].has_value(), i != 3);
  }
}

TEST(ForkMapTest, AProcessThatDiesTakesOnlyWhatItHadNotDone) {
  const Values values = ForkMap(9, 3, [](size_t i) {
    if (i == 4) {
      _exit(3);
    }
    return std::string("x");
  });
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(values[i].has_value(), i != 4 && i != 7) << i;
  }
}

}  // namespace
}  // namespace initbias
