#include "lib/base/file_access.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "lib/base/text.h"

namespace initbias {
namespace fs = std::filesystem;
namespace {

// What may help; "" where nothing is known.
std::string_view Hint(int number) {
  switch (number) {
    case EAGAIN:  // also EWOULDBLOCK; of a holder that is not known
      return "; another program holds it, a notebook that opened it for writing, say: close it "
             "there (`lsof` names the program)";
    case EACCES:
    case EPERM:
      return "; whose it is shows `ls -l`";
    case EMFILE:
    case ENFILE:
      return "; `ulimit -n` raises the limit";
    case EFBIG:
      return "; `ulimit -f` raises the limit";
    case EISDIR:
      return "; a folder is in its place: move it away";
    case ELOOP:
      return "; a symbolic link is in its place, which is not followed or leads nowhere: remove it";
    case EIO:
    case ESTALE:
      return "; the disk or the network fails, the file may be whole: try again later";
    case ENOMEM:
      return "; the file may be whole";
    case ENOSPC:
    case EDQUOT:
      return "; make room: nothing that was whole is lost";
    case ENOLCK:
    case EOPNOTSUPP:
      return "; this file system has no locks: HDF5_USE_FILE_LOCKING=FALSE in the environment does "
             "without";
    default:
      return "";
  }
}

// Whether the process `pid` has the file open, as far as it lets us look.
bool HasOpen(int64_t pid, const struct stat& file) {
  std::error_code none;
  for (fs::directory_iterator fd(fmt::format("/proc/{}/fd", pid), none);
       !none && fd != fs::directory_iterator(); fd.increment(none)) {
    struct stat other {};
    if (stat(fd->path().c_str(), &other) == 0 && other.st_dev == file.st_dev &&
        other.st_ino == file.st_ino) {
      return true;
    }
  }
  return false;
}

// "process 4711 (python3)": who holds a lock on the file, another process rather than this one; ""
// where that is not to be found out, as of one on another machine.
std::string LockHolder(const fs::path& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) {
    return "";
  }
  const std::string device = fmt::format("{:02x}:{:02x}", major(file.st_dev), minor(file.st_dev));
  std::string holder;
  for (const std::string& line : Split(TextOrNothing("/proc/locks"), '\n')) {
    // "1: FLOCK  ADVISORY  WRITE 4711 fe:00:1234 0 EOF"; with "->" behind the number for who waits.
    std::vector<std::string> words = Split(line, ' ');
    std::erase(words, "");
    if (words.size() < 6 || (words[1] != "FLOCK" && words[1] != "POSIX")) {
      continue;
    }
    const std::string& place = words[5];
    const size_t inode = place.rfind(':') + 1;
    const std::optional<int64_t> pid = ParseInt(words[4]);
    // Some file systems tell stat of another device.
    if (!pid || *pid <= 0 || place.substr(inode) != fmt::format("{}", file.st_ino) ||
        (place.substr(0, inode) != device + ":" && !HasOpen(*pid, file))) {
      continue;
    }
    std::string name(Trim(TextOrNothing(fmt::format("/proc/{}/comm", *pid))));
    if (name.empty()) {
      continue;  // it took the lock, and has gone since
    }
    std::ranges::replace_if(
        name, [](unsigned char letter) { return letter < 0x20 || letter > 0x7e; }, '?');
    holder = fmt::format("process {} ({})", *pid, name);
    if (*pid != getpid()) {
      break;
    }
  }
  return holder;
}

// Throws FileRefused where `status` is an error.
void Check(std::string_view action, const fs::path& path, const std::error_code& status) {
  if (status) {
    throw Refused(action, path, status.value());
  }
}

// On the way to `path`, and `path` itself: the first link to what is not there, and the last folder
// that is there; "" where there is none.
struct Way {
  fs::path dangling;
  fs::path folder;
};

Way WayTo(const fs::path& path) {
  Way way;
  fs::path part;
  for (const fs::path& name : path) {
    part /= name;
    struct stat status {};
    if (stat(part.c_str(), &status) == 0) {
      way.folder = part;
    } else {
      way.dangling = errno == ENOENT && lstat(part.c_str(), &status) == 0 ? part : fs::path();
      break;
    }
  }
  return way;
}

// Whether `folder` is one of those in which the kernel shows what it knows, and nobody makes any.
bool IsOfKernel(const fs::path& folder) {
  struct statfs system {};
  return statfs(folder.empty() ? "." : folder.c_str(), &system) == 0 &&
         (system.f_type == PROC_SUPER_MAGIC || system.f_type == SYSFS_MAGIC);
}

// That the folder `path` cannot be made, for errno `number`, and what is in the way.
FileRefused FolderRefused(const fs::path& path, int number) {
  constexpr std::string_view kAction = "make the folder";
  const Way way = WayTo(path);
  if (!way.dangling.empty()) {  // of which errno says that it is there
    std::error_code none;
    return {
        fmt::format("cannot {} {}: {} is a link to {}, which is not there: make that folder, or "
                    "remove the link",
                    kAction, path.string(), way.dangling.string(),
                    fs::read_symlink(way.dangling, none).string()),
        number};
  }
  if (number != EROFS && number != ENOTDIR && IsOfKernel(way.folder)) {
    return {fmt::format("cannot {} {}: {} is the kernel's, in which no folder can be made", kAction,
                        path.string(), way.folder.string()),
            number};
  }
  return Refused(kAction, path, number);
}

// Closes what is open when it goes.
struct Descriptor {
  int fd;
  explicit Descriptor(int opened) : fd(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(fd); }
};

// The number of the file `path`, opened for reading. Throws Error for a pipe and the like, on which
// one would wait, and which has no end that is known.
int OpenToRead(const fs::path& path) {
  // Without waiting for who writes into a pipe; of a file it changes nothing.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    throw Refused("read", path, errno);
  }
  struct stat status {};
  if (fstat(fd, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
    close(fd);
    throw Error(fmt::format("cannot read {}: it is not a regular file", path.string()));
  }
  return fd;
}

FolderGone AnotherFolder(const fs::path& path) {
  return FolderGone(fmt::format(
      "{} is not the folder any more that it was: something else was put in its place, or a disk "
      "was mounted or unmounted; nothing is written into it",
      path.string()));
}

// Those that live, and what guards them.
std::mutex g_held_mutex;
std::vector<const HeldFolders*>& Held() {
  static std::vector<const HeldFolders*> held;
  return held;
}

// The parts of a path, without those that lead nowhere.
std::vector<fs::path> Parts(const fs::path& path) {
  const fs::path normal = path.lexically_normal();
  std::vector<fs::path> parts(normal.begin(), normal.end());
  std::erase(parts, "");  // of a slash at the end
  return parts;
}

// Whether `path` is `folder` or is in it, by their names.
bool IsIn(const fs::path& path, const fs::path& folder) {
  const std::vector<fs::path> all = Parts(path);
  const std::vector<fs::path> first = Parts(folder);
  return first.size() <= all.size() && std::equal(first.begin(), first.end(), all.begin());
}

bool IsFolder(const fs::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// Makes `path` and what is missing above it, but none of `held`, even where it goes just now; an
// errno, 0: done.
int MakeMissing(const fs::path& path, const std::vector<fs::path>& held) {
  if (path.empty() || IsFolder(path)) {
    return 0;
  }
  const auto holds = [&path](const fs::path& folder) { return IsIn(folder, path); };
  if (std::ranges::any_of(held, holds)) {
    return ENOENT;
  }
  const fs::path above = path.parent_path();
  if (above != path) {
    if (const int number = MakeMissing(above, held); number != 0) {
      return number;
    }
  }
  constexpr mode_t kMode = 0777;
  if (mkdir(path.c_str(), kMode) == 0) {
    FlushFolder(above);
    return 0;
  }
  const int number = errno;
  if (number != EEXIST) {
    return number;
  }
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    return errno == ENOENT ? EEXIST : errno;  // a link that leads nowhere
  }
  return S_ISDIR(status.st_mode) ? 0 : ENOTDIR;  // made by another one meanwhile
}

}  // namespace

DamagedFile Damaged(const fs::path& path, std::string_view what) {
  return DamagedFile(fmt::format("{} is damaged: {}", path.string(), what));
}

FileRefused Refused(std::string_view action, const fs::path& path, int number) {
  const std::string reason = number == EAGAIN ? "it is locked" : std::strerror(number);
  const std::string holder = number == EAGAIN ? LockHolder(path) : "";
  const std::string hint =
      holder.empty() ? std::string(Hint(number))
                     : fmt::format("; {} holds it: close it there, or end the process", holder);
  return {fmt::format("cannot {} {}: {}{}", action, path.string(), reason, hint), number};
}

bool MeansFull(int number) { return number == ENOSPC || number == EDQUOT; }

bool FileExists(const fs::path& path) {
  std::error_code status;
  const bool exists = fs::exists(path, status);
  Check("look up", path, status);
  return exists;
}

bool IsRegularFile(const fs::path& path) {
  std::error_code status;
  // The error of what is not there is none.
  return FileExists(path) && fs::is_regular_file(path, status);
}

int64_t FileBytes(const fs::path& path) {
  std::error_code status;
  const uintmax_t bytes = fs::file_size(path, status);
  Check("look up", path, status);
  return static_cast<int64_t>(bytes);
}

std::vector<fs::path> EntriesOf(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code status;
  fs::directory_iterator entry(folder, status);
  if (status == std::errc::no_such_file_or_directory || status == std::errc::not_a_directory) {
    return entries;
  }
  for (; !status && entry != fs::directory_iterator(); entry.increment(status)) {
    entries.push_back(entry->path());
  }
  Check("list", folder, status);
  std::ranges::sort(entries);
  return entries;
}

void CheckReadable(const fs::path& path) { close(OpenToRead(path)); }

void FlushFolder(const fs::path& folder) {
  const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  if (fd < 0) {
    return;  // one that may be written into and not be read
  }
  const int error = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  if (error == EIO) {
    throw Refused("write into the folder", folder, error);
  }
}

HeldFolders::HeldFolders(const std::vector<fs::path>& paths) {
  try {
    for (const fs::path& path : paths) {
      const int fd = open(path.c_str(), O_PATH | O_CLOEXEC | O_DIRECTORY);
      if (const int number = errno; fd < 0 && number != ENOENT && number != ENOTDIR) {
        throw Refused("open the folder", path, number);
      }
      folders_.push_back({path, fd});
      CheckOne(folders_.back());
    }
  } catch (...) {
    Close();
    throw;
  }
  const std::lock_guard guard(g_held_mutex);
  Held().push_back(this);
}

void HeldFolders::Close() {
  for (const Folder& folder : folders_) {
    if (folder.fd >= 0) {
      close(folder.fd);
    }
  }
}

HeldFolders::~HeldFolders() {
  {
    const std::lock_guard guard(g_held_mutex);
    std::erase(Held(), this);
  }
  Close();
}

void HeldFolders::CheckOne(const Folder& folder) {
  struct stat held {};
  struct stat now {};
  const bool found = stat(folder.path.c_str(), &now) == 0;
  if (folder.fd < 0 || (!found && (errno == ENOENT || errno == ENOTDIR))) {
    throw FolderGone(
        fmt::format("the folder {} is gone: it was removed or renamed, or its disk is not mounted "
                    "any more; it is not made again",
                    folder.path.string()));
  }
  if (found && fstat(folder.fd, &held) == 0 &&
      (held.st_dev != now.st_dev || held.st_ino != now.st_ino)) {
    throw AnotherFolder(folder.path);
  }
}

void HeldFolders::Check() const { std::ranges::for_each(folders_, CheckOne); }

std::string HeldFolders::Marks() const {
  std::string marks;
  for (const Folder& folder : folders_) {
    struct stat status {};
    if (fstat(folder.fd, &status) != 0) {
      throw Refused("look up", folder.path, errno);
    }
    marks += fmt::format("{}{}:{}", marks.empty() ? "" : ",", status.st_dev, status.st_ino);
  }
  return marks;
}

void HeldFolders::CheckMarks(std::string_view marks) const {
  const std::vector<std::string> expected = Split(marks, ',');
  const std::vector<std::string> found = Split(Marks(), ',');
  for (size_t i = 0; i < folders_.size(); ++i) {
    if (i >= expected.size() || found[i] != expected[i]) {
      throw AnotherFolder(folders_[i].path);
    }
  }
}

void MakeFolders(const fs::path& path) {
  std::vector<fs::path> held;  // of those above it, and itself
  {
    const std::lock_guard guard(g_held_mutex);
    for (const HeldFolders* const folders : Held()) {
      for (const HeldFolders::Folder& folder : folders->folders_) {
        if (IsIn(path, folder.path)) {
          HeldFolders::CheckOne(folder);
          held.push_back(folder.path);
        }
      }
    }
  }
  if (const int number = MakeMissing(path, held); number != 0) {
    throw FolderRefused(path, number);
  }
}

void CheckNothingInPlaceOfFolder(const fs::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0) {
    if (!S_ISDIR(status.st_mode)) {
      throw FolderRefused(path, ENOTDIR);
    }
  } else if (errno != ENOENT) {
    throw FolderRefused(path, errno);
  } else if (!WayTo(path).dangling.empty()) {
    throw FolderRefused(path, EEXIST);
  }
}

void CheckFolderCanBe(const fs::path& path) {
  CheckNothingInPlaceOfFolder(path);
  if (FileExists(path)) {
    return;
  }
  const fs::path above = WayTo(path).folder;
  const char* const there = above.empty() ? "." : above.c_str();
  if (faccessat(AT_FDCWD, there, W_OK | X_OK, AT_EACCESS) != 0) {
    throw FolderRefused(path, errno);
  }
  if (IsOfKernel(above)) {
    throw FolderRefused(path, EPERM);
  }
  const int64_t longest = pathconf(there, _PC_NAME_MAX);
  for (const fs::path& name : path) {
    if (longest > 0 && std::cmp_greater(name.native().size(), longest)) {
      throw FolderRefused(path, ENAMETOOLONG);
    }
  }
}

fs::path WorkingFolder() {
  std::error_code status;
  fs::path folder = fs::current_path(status);
  if (status) {
    throw FileRefused(
        fmt::format("cannot look up the working folder: {}; `cd` to one that is there",
                    std::strerror(status.value())),
        status.value());
  }
  return folder;
}

void CheckWritableFolder(const fs::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && !S_ISDIR(status.st_mode)) {
    throw Refused("write into the folder", path, ENOTDIR);  // faccessat says EACCES
  }
  if (faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    throw Refused("write into the folder", path, errno);
  }
}

void RemoveFile(const fs::path& path) {
  std::error_code status;
  fs::remove(path, status);
  Check("remove", path, status);
}

fs::path MoveAside(const fs::path& path, std::string_view ending) {
  fs::path aside = fmt::format("{}.{}", path.string(), ending);
  for (int64_t i = 2; FileExists(aside); ++i) {
    aside = fmt::format("{}.{}{}", path.string(), ending, i);
  }
  std::error_code status;
  fs::rename(path, aside, status);
  Check("rename", path, status);
  return aside;
}

void ReadParts(const fs::path& path, const std::function<void(std::string_view)>& use) {
  constexpr size_t kBytesAtOnce = size_t{1} << 16;  // most files are small
  const Descriptor file(OpenToRead(path));
  WhileReading(path, [&] {
    std::string part(kBytesAtOnce, '\0');
    while (true) {
      const ssize_t size = read(file.fd, part.data(), part.size());
      const int number = errno;
      if (size > 0) {
        use(std::string_view(part).substr(0, static_cast<size_t>(size)));
      } else if (size == 0) {
        return;
      } else if (number == EISDIR) {
        throw Error(fmt::format("cannot read {}: it is a folder", path.string()));
      } else if (number != EINTR) {
        throw Refused("read", path, number);
      }
    }
  });
}

std::string ReadFile(const fs::path& path) {
  std::string bytes;
  ReadParts(path, [&bytes](std::string_view part) { bytes += part; });
  return bytes;
}

std::string TextOrNothing(const fs::path& path) {
  try {
    return ReadFile(path);
  } catch (const Error&) {
    return "";
  }
}

}  // namespace initbias
