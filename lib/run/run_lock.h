// The lock of a run: of all processes, on all machines that share the results, one trains it.
//
// flock() where the file system has it: the system lets go of it when its holder dies. Not every
// network file system has it, and on some it holds for one machine alone. There, and wherever the
// file system is not known to be this machine's own, a lease is taken as well: a file that is made
// with link() and names its holder, who sets its time again and again. One that nobody has touched
// for a while is stale, and taken over by a rename; so is at once one whose holder has died on this
// machine. No two clocks are compared: who waits looks for how long, by their own clock, the file
// stays as it is.
//
// A process that is stopped for longer than a lease lasts (SIGSTOP, a laptop that sleeps) loses it.
// When it goes on it is told so within a refresh, and can give way to the other. What it may write
// until then costs time, and no more: both write the same bits, each file in one piece, under a
// temporary name of its own that nobody else removes while it lives (atomic_file.h). A checkpoint
// that is replaced by an older one is as good to go on from.
#ifndef INITBIAS_LIB_RUN_RUN_LOCK_H_
#define INITBIAS_LIB_RUN_RUN_LOCK_H_

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace initbias {

struct RunLockOptions {
  // Asked while it waits: whether to give up.
  std::function<bool()> should_stop = [] { return false; };
  // Something to show. Called from another thread, too, while the lock is held.
  std::function<void(const std::string&)> on_note = [](const std::string&) {};
  bool always_lease = false;    // also where flock() alone would do
  double refresh_seconds = 15;  // the holder touches the lease as often
  double stale_seconds = 90;    // a lease is nobody's that stays untouched for so long
  double settle_seconds = 1;    // after a lease is taken over, until it is sure who has
};

// Holds the lock as long as it lives; waits for another process that has it.
class RunLock {
 public:
  // `path`: of the lock file; the lease's ends in ".lease" in its place. Throws FileRefused where
  // these cannot be made.
  explicit RunLock(const std::filesystem::path& path, RunLockOptions options = {});
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  ~RunLock();

  // False where a stop was asked for before the other process was done.
  bool held() const { return held_; }

  // Whether another process has taken the lease over from this one, which was taken for dead: as it
  // was when it was last looked at, every refresh_seconds, and as it is now. From any thread.
  bool lost() const { return lost_; }
  bool LostNow();

 private:
  // Returns whether flock() works here; sets held_.
  bool TakeFlock();
  bool TakeLease();
  bool MakeLease();
  bool TakeOver(const std::string& seen);
  void WriteOwn(const std::filesystem::path& file) const;
  void TellOfHolder(const std::string& holder);
  void Refresh();
  // Sleeps, at most until the lock is let go; returns whether it is.
  bool Sleep(double seconds);

  std::filesystem::path path_;
  std::filesystem::path lease_;
  RunLockOptions options_;
  std::string own_;  // what our lease holds
  int fd_ = -1;
  bool held_ = false;
  bool has_lease_ = false;
  bool told_ = false;
  std::atomic<bool> lost_ = false;
  std::mutex look_mutex_;
  std::mutex mutex_;
  std::condition_variable let_go_changed_;
  bool let_go_ = false;
  std::thread refresher_;
};

// Who holds the lock at `path`: "host NAME, process PID"; nothing where nobody does. A lease may be
// stale: whose holder was on another machine cannot be told at once.
std::optional<std::string> RunLockHolder(const std::filesystem::path& path);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_RUN_LOCK_H_
