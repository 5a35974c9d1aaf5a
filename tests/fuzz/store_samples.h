// A file of each kind of the store, for the targets of its reader.
#ifndef INITBIAS_TESTS_FUZZ_STORE_SAMPLES_H_
#define INITBIAS_TESTS_FUZZ_STORE_SAMPLES_H_

#include <cstddef>
#include <filesystem>
#include <string>

namespace initbias::fuzz {

inline constexpr size_t kStoreKinds = 3;

// Writes a run file (kind 0), a checkpoint (1) or a figure file (2).
void WriteSampleFile(size_t kind, const std::filesystem::path& path);

// The numbers that a file of this kind is read as, in a digest. Throws Error where it is refused.
std::string ReadNumbers(size_t kind, const std::filesystem::path& path);

// Writes again what is read of such a file. Throws Error.
void WriteWhatIsRead(size_t kind, const std::filesystem::path& from,
                     const std::filesystem::path& to);

}  // namespace initbias::fuzz

#endif  // INITBIAS_TESTS_FUZZ_STORE_SAMPLES_H_
