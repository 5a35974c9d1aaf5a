#include "lib/run/run_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/machine.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double kPollSeconds = 0.2;
constexpr int64_t kXfs = 0x58465342;
constexpr int64_t kZfs = 0x2fc12fc1;

// Whether the files in `folder` are seen by this machine alone, as far as that is known.
bool IsLocal(const fs::path& folder) {
  constexpr std::array<int64_t, 7> kLocal = {
      EXT4_SUPER_MAGIC, BTRFS_SUPER_MAGIC, TMPFS_MAGIC, F2FS_SUPER_MAGIC, RAMFS_MAGIC, kXfs, kZfs};
  struct statfs system {};
  return statfs(folder.c_str(), &system) == 0 &&
         std::ranges::find(kLocal, static_cast<int64_t>(system.f_type)) != kLocal.end();
}

// What a lease holds: host, process, its start, machine, and a number that no other lease has.
std::string OwnText() {
  char host[256] = "";
  gethostname(host, sizeof(host) - 1);
  std::random_device random;
  const std::string start = ProcessStart(getpid());
  return fmt::format("{} {} {} {} {:08x}{:08x}\n", *host == '\0' ? "unknown" : host, getpid(),
                     start.empty() ? "unknown" : start, ProcessSpace(), random(), random());
}

// Whether the process that wrote this was on this machine and is gone.
bool IsDead(const std::string& text) {
  const std::vector<std::string> parts = Split(Trim(text), ' ');
  if (parts.size() != 5 || parts[3] != ProcessSpace() ||
      parts[3].find("unknown") != std::string::npos) {
    return false;
  }
  const std::optional<int64_t> pid = ParseInt(parts[1]);
  return pid && ProcessStart(*pid) != parts[2];
}

std::string HolderText(const std::string& text) {
  const std::vector<std::string> parts = Split(Trim(text), ' ');
  return parts.size() == 5 ? fmt::format("host {}, process {}", parts[0], parts[1])
                           : "a process that has not said who it is";
}

// Of the lock file `path`, which is held. Not all can write their names there.
std::string HolderIn(const fs::path& path) {
  const std::string text = TextOrNothing(path);
  return HolderText(IsDead(text) ? "" : text);
}

// A lease as it is now: its text and when it was last touched; nothing where there is none. Opened,
// for a network file system tells the truth then.
struct LeaseState {
  std::string text;
  timespec touched{};
};
std::optional<LeaseState> Look(const fs::path& lease) {
  const int fd = open(lease.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const int number = errno;
    if (number == ENOENT || number == ESTALE) {
      return std::nullopt;
    }
    throw Refused("read", lease, number);
  }
  LeaseState state;
  char text[1024];
  const ssize_t size = read(fd, text, sizeof(text));
  struct stat status {};
  const bool found = fstat(fd, &status) == 0 && size >= 0;
  close(fd);
  if (!found) {
    return std::nullopt;  // replaced meanwhile
  }
  state.text.assign(text, static_cast<size_t>(size));
  state.touched = status.st_mtim;
  return state;
}

bool Same(const LeaseState& a, const LeaseState& b) {
  return a.text == b.text && a.touched.tv_sec == b.touched.tv_sec &&
         a.touched.tv_nsec == b.touched.tv_nsec;
}

fs::path LeaseOf(fs::path lock) { return lock.replace_extension(".lease"); }

}  // namespace

RunLock::RunLock(const fs::path& path, RunLockOptions options)
    : path_(path), lease_(LeaseOf(path)), options_(std::move(options)), own_(OwnText()) {
  MakeFolders(path.parent_path());
  const bool has_flock = TakeFlock();
  if (has_flock && !held_) {
    return;
  }
  if (!has_flock) {
    options_.on_note(fmt::format(
        "the file system of {} has no locks: files of their names ending in .lease take "
        "their place",
        path.parent_path().string()));
  }
  if (!has_flock || options_.always_lease || !IsLocal(path.parent_path())) {
    try {
      held_ = TakeLease();
    } catch (...) {
      close(fd_);
      throw;
    }
    has_lease_ = held_;
    if (held_) {
      refresher_ = std::thread([this] { Refresh(); });
    }
  }
}

RunLock::~RunLock() {
  {
    const std::lock_guard lock(mutex_);
    let_go_ = true;
  }
  let_go_changed_.notify_all();
  if (refresher_.joinable()) {
    refresher_.join();
  }
  if (has_lease_) {
    if (const std::string text = TextOrNothing(lease_); text == own_) {
      unlink(lease_.c_str());
    }
  }
  close(fd_);
}

void RunLock::TellOfHolder(const std::string& holder) {
  if (!std::exchange(told_, true)) {
    options_.on_note(fmt::format("another process trains this run ({}); waiting for it", holder));
  }
}

bool RunLock::Sleep(double seconds) {
  std::unique_lock lock(mutex_);
  return let_go_changed_.wait_for(lock, std::chrono::duration<double>(seconds),
                                  [this] { return let_go_; });
}

bool RunLock::TakeFlock() {
  fd_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (fd_ < 0 && (errno == EACCES || errno == EPERM)) {
    // Another user's, in a folder of several: to hold it takes no right to write into it.
    const int number = errno;
    fd_ = open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd_ < 0 && errno == ENOENT) {
      errno = number;  // there is none, and none can be made
    }
  }
  if (fd_ < 0) {
    throw Refused("make", path_, errno);
  }
  while (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    const int number = errno;
    if (options_.should_stop()) {
      return true;
    }
    if (number == EINTR) {
      continue;
    }
    if (number != EWOULDBLOCK) {
      return false;
    }
    TellOfHolder(HolderIn(path_));
    Sleep(kPollSeconds);
  }
  held_ = true;
  // For those who ask; that it cannot be written, on a full disk, is no reason not to train. What
  // has another name, too, is not ours alone.
  struct stat status {};
  if (fstat(fd_, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink <= 1 &&
      ftruncate(fd_, 0) == 0) {
    [[maybe_unused]] const ssize_t written = pwrite(fd_, own_.data(), own_.size(), 0);
  }
  return true;
}

void RunLock::WriteOwn(const fs::path& file) const {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) {
    throw Refused("make", file, errno);
  }
  const bool written = write(fd, own_.data(), own_.size()) == static_cast<ssize_t>(own_.size());
  const int number = errno;
  if (close(fd) != 0 || !written) {
    unlink(file.c_str());
    throw Refused("write", file, written ? errno : number);
  }
}

bool RunLock::MakeLease() {
  const fs::path own = fmt::format("{}.{}", lease_.string(), Split(Trim(own_), ' ').back());
  WriteOwn(own);
  const int number = link(own.c_str(), lease_.c_str()) == 0 ? 0 : errno;
  unlink(own.c_str());
  if (number == EPERM || number == ENOSYS || number == EOPNOTSUPP || number == EMLINK) {
    // No links here: a moment passes until the lease names its holder.
    try {
      WriteOwn(lease_);
    } catch (const FileRefused&) {
      if (!FileExists(lease_)) {
        throw;
      }
    }
  } else if (number != 0 && number != EEXIST) {
    throw Refused("make", lease_, number);
  }
  // Not link()'s word: over NFS its answer may be lost.
  const std::optional<LeaseState> now = Look(lease_);
  return now && now->text == own_;
}

// Of several that do so at once the last rename counts; all of them look who that was.
bool RunLock::TakeOver(const std::string& seen) {
  const fs::path own = fmt::format("{}.{}", lease_.string(), Split(Trim(own_), ' ').back());
  WriteOwn(own);
  const std::optional<LeaseState> before = Look(lease_);
  if (!before || before->text != seen) {
    unlink(own.c_str());
    return false;
  }
  if (rename(own.c_str(), lease_.c_str()) != 0) {
    const int number = errno;
    unlink(own.c_str());
    throw Refused("rename", own, number);
  }
  Sleep(options_.settle_seconds);
  const std::optional<LeaseState> now = Look(lease_);
  return now && now->text == own_;
}

bool RunLock::TakeLease() {
  std::optional<LeaseState> last;
  Clock::time_point since = Clock::now();  // that it stays as it was
  while (!options_.should_stop()) {
    const std::optional<LeaseState> now = Look(lease_);
    if (!now) {
      if (MakeLease()) {
        return true;
      }
      continue;
    }
    if (!last || !Same(*last, *now)) {
      last = now;
      since = Clock::now();
    }
    const double unchanged = std::chrono::duration<double>(Clock::now() - since).count();
    if (IsDead(now->text) || unchanged >= options_.stale_seconds) {
      if (TakeOver(now->text)) {
        return true;
      }
      continue;
    }
    TellOfHolder(HolderText(now->text));
    Sleep(kPollSeconds);
  }
  return false;
}

bool RunLock::LostNow() {
  const std::lock_guard one_at_a_time(look_mutex_);
  if (!has_lease_ || lost_) {
    return lost_;
  }
  try {
    std::optional<LeaseState> now = Look(lease_);
    if (!now) {
      // Somebody removed it, who took it for a dead one's: it is ours until another has it.
      now = MakeLease() ? std::nullopt : Look(lease_);
    }
    if (now && !now->text.empty() && now->text != own_) {
      lost_ = true;
      options_.on_note(fmt::format("the lease of this run, {}, is not this process's any more: {}",
                                   lease_.string(), HolderText(now->text)));
    }
  } catch (const Error&) {
    // The file system does not tell just now.
  }
  return lost_;
}

void RunLock::Refresh() {
  while (!Sleep(options_.refresh_seconds)) {
    if (LostNow()) {
      return;
    }
    utimensat(AT_FDCWD, lease_.c_str(), nullptr, 0);
  }
}

std::optional<std::string> RunLockHolder(const fs::path& path) {
  if (const std::string text = TextOrNothing(LeaseOf(path)); !text.empty()) {
    return IsDead(text) ? std::nullopt : std::optional(HolderText(text));
  }
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return std::nullopt;
  }
  const bool held = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(fd);
  return held ? std::optional(HolderIn(path)) : std::nullopt;
}

}  // namespace initbias
