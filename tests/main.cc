#include "tests/main.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <string_view>

// LeakSanitizer: HDF5 keeps some of what it read of files that it then refuses.
extern "C" const char* __lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier)
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5\n"; }

namespace initbias {
namespace {

bool IsOf(const testing::TestInfo& test, const std::string& file) {
  return std::string_view(test.file()).ends_with("/" + file);
}

// GoogleTest's filter for the tests of `file`.
std::string FilterOf(const std::string& file) {
  std::string filter;
  const testing::UnitTest& all = *testing::UnitTest::GetInstance();
  for (int i = 0; i < all.total_test_suite_count(); ++i) {
    const testing::TestSuite& suite = *all.GetTestSuite(i);
    for (int j = 0; j < suite.total_test_count(); ++j) {
      if (const testing::TestInfo& test = *suite.GetTestInfo(j); IsOf(test, file)) {
        filter += (filter.empty() ? "" : ":") + std::string(suite.name()) + "." + test.name();
      }
    }
  }
  return filter;
}

}  // namespace

int RunTestsOfFile(int argc, char** argv) {
  constexpr std::string_view kFlag = "--file=";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with(kFlag) || testing::GTEST_FLAG(filter) != "*") {
      continue;
    }
    const std::string filter = FilterOf(std::string(argument.substr(kFlag.size())));
    if (filter.empty()) {
      std::fprintf(stderr, "%s: no such tests\n", argv[i]);
      return 1;
    }
    testing::GTEST_FLAG(filter) = filter;
  }
  return RUN_ALL_TESTS();
}

}  // namespace initbias
