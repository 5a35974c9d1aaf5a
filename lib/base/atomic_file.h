// Atomic writes: a file is replaced whole or not at all, also after a crash or on a full disk.
#ifndef INITBIAS_LIB_BASE_ATOMIC_FILE_H_
#define INITBIAS_LIB_BASE_ATOMIC_FILE_H_

#include <filesystem>
#include <functional>
#include <string_view>

namespace initbias {

// Calls `write` with the name of a temporary file in the folder of `path` (made where missing),
// flushes what it wrote to disk and renames it to `path`. When anything throws, the temporary file
// is removed and `path` is as before. Throws Error when the file system refuses.
void WriteAtomically(const std::filesystem::path& path,
                     const std::function<void(const std::filesystem::path&)>& write);

// As above, for a text in memory.
void WriteTextAtomically(const std::filesystem::path& path, std::string_view text);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_ATOMIC_FILE_H_
