#include "lib/run/verify_round.h"

#include <fmt/format.h>

#include <optional>

#include "lib/base/atomic_file.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

fs::path LockOf(const ResultsFolder& scratch) { return scratch.folder() / "verify.lock"; }

// Does not wait for another process: `taken` is set where there is one.
RunLockOptions WithoutWaiting(const std::shared_ptr<std::atomic<bool>>& taken) {
  RunLockOptions options;
  options.on_note = [taken](const std::string&) { *taken = true; };
  options.should_stop = [taken] { return taken->load(); };
  return options;
}

// The round as its file says it.
std::string MarkOf(const std::vector<RunConfig>& chosen, const std::string& how) {
  std::string text = how + "\n";
  for (const RunConfig& config : chosen) {
    text += RunId(config) + "\n";
  }
  return text;
}

// Whether the run is there, and whole. Throws FileRefused where that cannot be told.
bool IsStored(const fs::path& path, const RunConfig& config) {
  if (!IsRegularFile(path)) {
    return false;
  }
  try {
    ReadRunFile(path, config);
    return true;
  } catch (const FileRefused&) {
    throw;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

VerifyRound::VerifyRound(const ResultsFolder& scratch, const std::vector<RunConfig>& chosen,
                         const std::string& how)
    : mark_(scratch.folder() / "unfinished"),
      taken_(std::make_shared<std::atomic<bool>>(false)),
      lock_(LockOf(scratch), WithoutWaiting(taken_)) {
  if (!lock_.held()) {
    const std::optional<std::string> holder = RunLockHolder(LockOf(scratch));
    throw Error(
        fmt::format("another --verify is going on in {}{}: give the same command again when "
                    "it has ended (a .lease that a dead machine left there: remove it)",
                    scratch.folder().string(), holder ? " (" + *holder + ")" : ""));
  }
  const std::string mark = MarkOf(chosen, how);
  goes_on_ = TextOrNothing(mark_) == mark;
  if (!goes_on_) {
    RemoveFile(mark_);
  }
  for (const RunConfig& config : chosen) {
    const fs::path run = scratch.Run(RunId(config));
    if (goes_on_ && IsStored(run, config)) {
      continue;
    }
    missing_.push_back(config);
    if (goes_on_) {
      RemoveFile(run);  // a damaged one
      continue;
    }
    // A worker that outlives the program which started it may be about to store the run.
    const RunLock no_worker(scratch.Lock(RunId(config)));
    RemoveFile(run);
    RemoveFile(scratch.Checkpoint(RunId(config)));
  }
  if (!goes_on_) {
    WriteTextAtomically(mark_, mark);
  }
}

void VerifyRound::End() { RemoveFile(mark_); }

}  // namespace initbias
