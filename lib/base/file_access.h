// Questions to the file system, answered in our words. What it refuses says nothing of the file
// itself: one that cannot be opened just now may be whole, and is to be left alone.
#ifndef INITBIAS_LIB_BASE_FILE_ACCESS_H_
#define INITBIAS_LIB_BASE_FILE_ACCESS_H_

#include <filesystem>
#include <string>
#include <string_view>

#include "lib/base/error.h"

namespace initbias {

// The system does not let us at a file: no permission, held by another program, a failing disk, too
// many open files. Never a reason to replace the file or to move it aside.
class FileRefused : public Error {
 public:
  // `number`: errno, that of the call that was refused.
  FileRefused(const std::string& message, int number) : Error(message), number_(number) {}
  int number() const { return number_; }

 private:
  int number_;
};

// Whether errno `number` says that a disk, or the user's share of one, is full.
bool MeansFull(int number);

// What is in a file is not what was written: to make it again helps.
class DamagedFile : public Error {
 public:
  using Error::Error;
};

// "<path> is damaged: <what>".
DamagedFile Damaged(const std::filesystem::path& path, std::string_view what);

// "cannot <action> <path>: <what `number` means, and what may help>".
FileRefused Refused(std::string_view action, const std::filesystem::path& path, int number);

// Whether something is at `path`, and whether that is a regular file. Throw FileRefused where the
// file system does not tell.
bool FileExists(const std::filesystem::path& path);
bool IsRegularFile(const std::filesystem::path& path);

// Throws FileRefused where the file `path` cannot be opened for reading.
void CheckReadable(const std::filesystem::path& path);

// All bytes of the file `path`. Throws Error where it is a folder or cannot be read.
std::string ReadFile(const std::filesystem::path& path);

// The same; "" where that is so, or there is no such file.
std::string TextOrNothing(const std::filesystem::path& path);

// As the functions of std::filesystem of these names; throw FileRefused. To remove what is not
// there is no error.
void MakeFolders(const std::filesystem::path& path);
void RemoveFile(const std::filesystem::path& path);

// Throws FileRefused where nothing can be made in the folder `path`.
void CheckWritableFolder(const std::filesystem::path& path);

// Renames `path` to "<path>.<ending>", or to "<path>.<ending>2", .. where that name is taken, and
// returns the new name. Throws FileRefused.
std::filesystem::path MoveAside(const std::filesystem::path& path, std::string_view ending);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_FILE_ACCESS_H_
