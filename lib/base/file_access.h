// Questions to the file system, answered in our words. What it refuses says nothing of the file
// itself: one that cannot be opened just now may be whole, and is to be left alone.
#ifndef INITBIAS_LIB_BASE_FILE_ACCESS_H_
#define INITBIAS_LIB_BASE_FILE_ACCESS_H_

#include <cerrno>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

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

// A folder that was there, and that files are written into, is gone or is another one.
class FolderGone : public Error {
 public:
  using Error::Error;
};

// "<path> is damaged: <what>".
DamagedFile Damaged(const std::filesystem::path& path, std::string_view what);

// "cannot <action> <path>: <what `number` means, and what may help>"; of a lock the process that
// holds it, where the system tells.
FileRefused Refused(std::string_view action, const std::filesystem::path& path, int number);

// Whether something is at `path`, and whether that is a regular file. Throw FileRefused where the
// file system does not tell.
bool FileExists(const std::filesystem::path& path);
bool IsRegularFile(const std::filesystem::path& path);

// The length of a file in bytes. Throws FileRefused.
int64_t FileBytes(const std::filesystem::path& path);

// All that is right in `folder`, in alphabetical order; nothing where there is no such folder.
// Throws FileRefused.
std::vector<std::filesystem::path> EntriesOf(const std::filesystem::path& folder);

// Throws FileRefused where the file `path` cannot be opened for reading, Error where it is a pipe
// or a device.
void CheckReadable(const std::filesystem::path& path);

// What `read`, which reads the file `path`, returns. What it throws that is no Error becomes one
// which names the file: FileRefused for memory that there is not and for what the system refuses,
// DamagedFile for the rest, such as a place behind the end of an array.
template <typename Read>
auto WhileReading(const std::filesystem::path& path, Read&& read) {
  try {
    return read();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Refused("read", path, ENOMEM);
  } catch (const std::system_error& error) {
    throw Refused("read", path, error.code().value());
  } catch (const std::exception& error) {
    throw Damaged(path, error.what());
  }
}

// Calls `use` with the bytes of the file `path`, some at a time, from the first on. Throws Error
// where it is a folder, a pipe or a device, FileRefused where it cannot be read.
void ReadParts(const std::filesystem::path& path, const std::function<void(std::string_view)>& use);

// All bytes of the file `path`. Throws as ReadParts.
std::string ReadFile(const std::filesystem::path& path);

// The same; "" where it cannot be read, or there is no such file.
std::string TextOrNothing(const std::filesystem::path& path);

// Folders that are there and are to stay, as long as it lives: MakeFolders makes none of them again
// in this process, which would write into the folder below a mount point, say, in silence. Each is
// held open, so that the system gives its number to no other one. Throws FolderGone where one is
// not there. Any thread.
class HeldFolders {
 public:
  explicit HeldFolders(const std::vector<std::filesystem::path>& paths);
  HeldFolders(const HeldFolders&) = delete;
  HeldFolders& operator=(const HeldFolders&) = delete;
  ~HeldFolders();

  // Throws FolderGone where one is not there any more, or another is in its place. What a network
  // or a disk refuses to tell for now is no reason.
  void Check() const;

  // What tells the folders from all others of this machine, for another process to be given. Throws
  // FolderGone where `marks` are not theirs.
  std::string Marks() const;
  void CheckMarks(std::string_view marks) const;

 private:
  friend void MakeFolders(const std::filesystem::path& path);
  struct Folder {
    std::filesystem::path path;
    int fd;
  };
  static void CheckOne(const Folder& folder);
  void Close();
  std::vector<Folder> folders_;
};

// As the functions of std::filesystem of these names; throw FileRefused. To remove what is not
// there is no error. The name of a folder that is made is flushed to disk. MakeFolders throws
// FolderGone where it would have to make one that is held, or one in it that is not there.
void MakeFolders(const std::filesystem::path& path);
void RemoveFile(const std::filesystem::path& path);

// Throws FileRefused, in the words of MakeFolders, where no folder is at `path` and something is in
// its place or on the way there. Makes nothing.
void CheckNothingInPlaceOfFolder(const std::filesystem::path& path);

// The same, and where nothing is there and none can be made. Says nothing of whether one that is
// there can be written into, and cannot foresee a disk that is full.
void CheckFolderCanBe(const std::filesystem::path& path);

// Flushes the names in `folder` ("": the current one) to disk, where its file system can: some
// network file systems have no such call. Throws FileRefused where the disk fails.
void FlushFolder(const std::filesystem::path& folder);

// The working folder. Throws FileRefused where it was removed, say.
std::filesystem::path WorkingFolder();

// Throws FileRefused where nothing can be made in the folder `path`.
void CheckWritableFolder(const std::filesystem::path& path);

// Renames `path` to "<path>.<ending>", or to "<path>.<ending>2", .. where that name is taken, and
// returns the new name. Throws FileRefused.
std::filesystem::path MoveAside(const std::filesystem::path& path, std::string_view ending);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_FILE_ACCESS_H_
