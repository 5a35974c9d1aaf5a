// Finds the development data that lies beside the project's folder and is no part of it.
#ifndef INITBIAS_TESTS_SHARED_DATA_H_
#define INITBIAS_TESTS_SHARED_DATA_H_

#include <filesystem>
#include <optional>
#include <string_view>

namespace initbias {

// The path of `name`, e.g. "tinystories/tinystories_sample.txt", below ../shared/data, or nothing
// where this machine has no such file: then the test is to skip, saying so.
std::optional<std::filesystem::path> SharedData(std::string_view name);

}  // namespace initbias

#endif  // INITBIAS_TESTS_SHARED_DATA_H_
