#include "lib/run/unused_runs.h"

#include <fmt/format.h>

#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/process/subprocess.h"
#include "lib/run/run_lock.h"
#include "lib/run/slurm_submission.h"
#include "lib/store/catalog.h"
#include "lib/store/figure_file.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kWhenDone =
    "their figure is yet to be written, and names them then: remove when they are done";

// Throws Error where a run of the folder is being trained, or Slurm has one in its queue.
void CheckAtRest(const fs::path& folder) {
  for (fs::path lock : EntriesOf(folder / "checkpoints")) {
    if (lock.extension() != ".lock" && lock.extension() != ".lease") {
      continue;
    }
    lock.replace_extension(".lock");
    if (const std::optional<std::string> holder = RunLockHolder(lock)) {
      throw Error(
          fmt::format("{} has runs that are being trained ({}: {}), and {} (a .lease that a "
                      "dead machine left: remove it)",
                      folder.string(), lock.stem().string(), *holder, kWhenDone));
    }
  }
  const std::vector<SlurmSubmission> submissions = ReadSubmissions(folder / "slurm");
  if (submissions.empty()) {
    return;
  }
  try {
    if (const std::vector<QueuedTask> queue = QueryQueue(submissions); !queue.empty()) {
      throw Error(fmt::format("{} has runs in Slurm's queue (job {}), and {}", folder.string(),
                              queue.front().job, kWhenDone));
    }
  } catch (const ProgramNotFound&) {
    // What was submitted was on another machine; what is trained there has a lock here.
  }
}

// The ids of all runs that a figure file of the folder names.
std::set<std::string> UsedIds(const std::vector<CatalogFile>& files, RunUse* use) {
  std::set<std::string> ids;
  for (const CatalogFile& file : files) {
    if (file.kind != FileKind::kFigure) {
      continue;
    }
    try {
      for (const FigureRun& run : ReadFigureFile(use->folder / file.path).runs) {
        ids.insert(run.id);
      }
    } catch (const Error& error) {
      throw Error(
          fmt::format("{}\n  which runs it uses is not known, so none is taken for unused: "
                      "draw the figure again, or move the file away",
                      error.what()));
    }
    use->figures.push_back(file.path.stem().string());
  }
  return ids;
}

}  // namespace

RunUse SortOutRuns(const fs::path& folder) {
  RunUse use{.folder = folder};
  CheckAtRest(folder);
  std::vector<CatalogFile> files;
  for (CatalogFile& file : ListFiles(folder)) {
    const auto depth = std::distance(file.path.begin(), file.path.end());
    if (depth == (file.kind == FileKind::kFigure ? 1 : 2)) {
      files.push_back(std::move(file));
    }
  }
  const std::set<std::string> used = UsedIds(files, &use);
  if (use.figures.empty()) {
    throw Error(fmt::format("{} has no figure file, so nothing says which of its runs are in use",
                            folder.string()));
  }
  const ResultsFolder results(folder, "");
  RunIndex index(folder / "runs");
  index.Prepare(RunFileNames(files));
  for (const CatalogFile& file : files) {
    if (file.kind != FileKind::kRun) {
      continue;
    }
    const fs::path path = folder / file.path;
    const std::string id = path.stem().string();
    if (used.contains(id)) {
      ++use.used;
      continue;
    }
    try {
      const RunSummary& run = index.Get(path.filename().string());
      if (std::string wrong = WrongName(path, run.config); !wrong.empty()) {
        use.kept.push_back(std::move(wrong));
      } else if (fs::is_symlink(path)) {
        use.kept.push_back(fmt::format("{} is a link", path.string()));
      } else if (FileExists(results.Checkpoint(id))) {
        use.kept.push_back(
            fmt::format("{} has a checkpoint: it is being trained, or was stopped", path.string()));
      } else {
        use.unused.push_back({.path = path, .stamp = run.stamp, .config = run.config});
      }
    } catch (const Error& error) {
      use.kept.emplace_back(error.what());
    }
  }
  index.Save();
  return use;
}

size_t RemoveUnused(const RunUse& use) {
  std::map<fs::path, FileStamp> stamps;
  for (const UnusedRun& run : use.unused) {
    stamps.emplace(run.path, run.stamp);
  }
  size_t removed = 0;
  for (const UnusedRun& now : SortOutRuns(use.folder).unused) {
    const auto then = stamps.find(now.path);
    if (then != stamps.end() && then->second == now.stamp) {
      RemoveFile(now.path);
      ++removed;
    }
  }
  return removed;
}

}  // namespace initbias
