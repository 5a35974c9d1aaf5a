// Atomic writes: a file is replaced whole or not at all, also after a crash or on a full disk.
#ifndef INITBIAS_LIB_BASE_ATOMIC_FILE_H_
#define INITBIAS_LIB_BASE_ATOMIC_FILE_H_

#include <filesystem>
#include <functional>
#include <string_view>

namespace initbias {

// Whether a writer first removes what others, which were killed, left of the same file: for that
// the folder is listed. Where thousands of files are written into one folder, that is done once
// before.
enum class Leftovers { kRemove, kKeep };

// Calls `write` with the name of a temporary file in the folder of `path` (made where missing),
// flushes what it wrote to disk, renames it to `path` and flushes the folder, so that after a crash
// of the machine the file has its name. When anything throws, the temporary file is removed and
// `path` is as before, unless it is the disk that fails to flush the folder. Throws FileRefused,
// which names `path`, when the file system refuses; FolderGone where its folder was held
// (file_access.h) and is gone.
void WriteAtomically(const std::filesystem::path& path,
                     const std::function<void(const std::filesystem::path&)>& write,
                     Leftovers leftovers = Leftovers::kRemove);

// The name of this process' temporary file of `path`, for who writes several files before they get
// their names. As such it is removed by the functions below once this process is gone.
std::filesystem::path TemporaryOf(const std::filesystem::path& path);

// Removes the temporary files of `path` that processes left which were killed while they wrote it:
// those of processes of this machine that are gone, and of other machines' what is a day old. One
// that lives keeps its own, also while it is stopped. What cannot be removed stays.
void RemoveTemporaries(const std::filesystem::path& path);

// The same of all files in `folder` whose names end with `ending`, ".h5" say.
void RemoveTemporariesIn(const std::filesystem::path& folder, std::string_view ending);

// As WriteAtomically, for a text in memory.
void WriteTextAtomically(const std::filesystem::path& path, std::string_view text);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_ATOMIC_FILE_H_
