// Files of a test.
#ifndef INITBIAS_TESTS_TEST_FILES_H_
#define INITBIAS_TESTS_TEST_FILES_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace initbias {

inline std::filesystem::path Temporary(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) / name;
}

inline std::string Bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace initbias

#endif  // INITBIAS_TESTS_TEST_FILES_H_
