// When names reach the disk: what a program asks of the system for the sake of a crash.
#ifndef INITBIAS_TESTS_FOLDER_FLUSHES_H_
#define INITBIAS_TESTS_FOLDER_FLUSHES_H_

#include <filesystem>
#include <functional>

namespace initbias {

// Called with each folder that the test's process flushes with fsync(), before it does so. Returns
// the errno with which that fails; 0: it does what it does. Empty: not called.
extern std::function<int(const std::filesystem::path& folder)> g_on_folder_flush;

}  // namespace initbias

#endif  // INITBIAS_TESTS_FOLDER_FLUSHES_H_
