// The runs of results folders, as a store: what is in it, one run in words, what no figure needs
// any more, and runs of one in another.
//
//   bazel run //lib/store:store -- list results/default --model=transformer --seed=4..8
//   bazel run //lib/store:store -- show results/default 3f2a
//   bazel run //lib/store:store -- remove results/default --dry-run
//   bazel run //lib/store:store -- copy /mnt/cluster/results results
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/run_list.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/program.h"
#include "lib/base/program_command.h"
#include "lib/base/shell.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/config/run_config.h"
#include "lib/result/run_result.h"
#include "lib/run/run_lock.h"
#include "lib/run/unused_runs.h"
#include "lib/store/catalog.h"
#include "lib/store/content_digest.h"
#include "lib/store/copy_runs.h"
#include "lib/store/figure_file.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

constexpr size_t kColumns = 80;

struct Flags {
  std::string folder;
  std::string id;
  std::string from;
  std::string to;
  RunFilter filter;
  bool check = false;
  bool dry_run = false;
  bool yes = false;
};

// The file of the one run whose id begins with `id`, below `folder`; a finished run's rather than
// its checkpoint. Throws UsageError where there is none, or more than one.
CatalogFile FindRun(const fs::path& folder, const std::string& id) {
  std::map<std::pair<fs::path, std::string>, CatalogFile> found;  // by profile and id
  std::vector<std::string> ids;                                   // all
  for (const CatalogFile& file : ListFiles(folder)) {
    if (file.kind != FileKind::kRun && file.kind != FileKind::kCheckpoint) {
      continue;
    }
    const std::string own = file.path.stem().string();
    ids.push_back(own);
    if (own.starts_with(id)) {
      found.try_emplace({file.path.parent_path().parent_path(), own}, file);
    }
  }
  if (ids.empty()) {
    throw Error(
        fmt::format("{} holds no runs: name a results folder (results/), or that of a "
                    "profile (results/default)",
                    folder.string()));
  }
  if (found.empty()) {
    throw UsageError(
        fmt::format("{} has no run whose id begins with '{}'{}\nits runs are listed by\n  {}",
                    folder.string(), id, DidYouMean(id, ids),
                    ProgramCommand("//lib/store:store", "list " + ShellWord(folder.string()))));
  }
  if (found.size() > 1) {
    constexpr size_t kMost = 10;
    std::vector<std::string> paths;
    for (const auto& [key, file] : found) {
      if (paths.size() == kMost) {
        paths.emplace_back("..");
        break;
      }
      paths.push_back(file.path.string());
    }
    throw UsageError(
        fmt::format("{} runs have ids that begin with '{}': more of it, or the folder of "
                    "one profile, says which\n  {}",
                    found.size(), id, fmt::join(paths, "\n  ")));
  }
  return found.begin()->second;
}

// The figures right in the profile's folder whose files name the run.
std::vector<std::string> Users(const fs::path& folder, const std::string& id) {
  std::vector<std::string> users;
  for (const CatalogFile& file : ListFiles(folder)) {
    if (file.kind != FileKind::kFigure || file.path.has_parent_path()) {
      continue;
    }
    const std::string name = file.path.stem().string();
    try {
      const FigureData figure = ReadFigureFile(folder / file.path);
      if (std::ranges::find(figure.runs, id, &FigureRun::id) != figure.runs.end()) {
        users.push_back(name);
      }
    } catch (const Error&) {
      users.push_back(name + " (not readable)");
    }
  }
  return users;
}

std::string StateText(const RunResult& run, bool finished,
                      const std::optional<std::string>& holder) {
  const int64_t step = run.step.empty() ? 0 : run.step.back();
  const std::string steps =
      fmt::format("step {} of {}, epoch {:.4g} of {}", step, TotalSteps(run.config),
                  run.epoch.empty() ? 0 : run.epoch.back(), run.config.train.epochs);
  if (finished) {
    return "finished, " + steps;
  }
  return fmt::format("unfinished, evaluated up to {}{}", steps,
                     holder ? fmt::format("; being trained by {}", *holder) : "");
}

void PrintLine(std::string_view name, std::string_view text) {
  constexpr size_t kIndent = 14;
  const std::string wrapped = Wrapped(text, kIndent, kColumns);
  fmt::print("  {:<{}}{}", name, kIndent - 2, wrapped.substr(std::min(kIndent, wrapped.size())));
}

void Show(const Flags& flags) {
  const fs::path folder = TypedFolder(flags.folder);
  const CatalogFile file = FindRun(folder, flags.id);
  const fs::path path = folder / file.path;
  const bool finished = file.kind == FileKind::kRun;
  const RunResult run = finished ? ReadRunFile(path) : ReadCheckpoint(path).partial;
  CheckName(path, run.config);
  const std::string id = RunId(run.config);
  const fs::path profile = path.parent_path().parent_path();
  const Provenance& made = run.provenance;
  fmt::print("{}  {}\n", id, RunLabel(run.config));
  PrintLine("file", fmt::format("{}, {}", file.path.string(),
                                FormatBytes(static_cast<double>(FileBytes(path)))));
  PrintLine("profile", run.profile);
  PrintLine("state", StateText(run, finished, RunLockHolder(ResultsFolder(profile, "").Lock(id))));
  PrintLine(
      "made",
      fmt::format(
          "on {} ({}{}), {} numerics, by {}, from {} on, in {}{}", made.device, made.cpu,
          made.kernels.empty() ? "" : ", kernels " + made.kernels, made.numerics, made.host,
          made.start, FormatDuration(made.seconds),
          made.resumed > 0 ? fmt::format(", resumed {}", Counted(made.resumed, "time")) : ""));
  PrintLine("program",
            fmt::format("commit {}{}, LibTorch {}, HDF5 {}", made.commit,
                        made.dirty ? " with changes" : "", made.torch_version, made.hdf5_version));
  PrintLine("command", made.argv);
  const std::vector<std::string> users = Users(profile, id);
  PrintLine("figures", users.empty() ? "none uses it" : fmt::format("{}", fmt::join(users, ", ")));
  fmt::print("digests\n");
  const Hdf5File open = Hdf5File::Open(path);
  PrintLine("all", ContentDigest(open));
  for (const std::string& name : open.ListAttributes("/digest")) {
    PrintLine(name, open.ReadStringAttribute("/digest", name));
  }
  fmt::print("config\n");
  RunConfig config = run.config;
  for (const Field& field : Fields(config)) {
    fmt::print("{}", Wrapped(fmt::format("{} = {}", field.name, field.get()), 2, kColumns));
  }
  fmt::print("at the end\n");
  for (const LearningCurve& curve : run.curves) {
    if (!curve.loss.empty()) {
      fmt::print("  {:<18} loss {:.4f}, accuracy {:.4f}\n", curve.group, curve.loss.back(),
                 curve.accuracy.back());
    }
  }
}

// The profiles' folders of `folder` that have run files; `folder` itself where it is one's.
std::vector<fs::path> ProfileFolders(const fs::path& folder) {
  std::vector<fs::path> folders;
  for (const CatalogFile& file : ListFiles(folder)) {
    if (file.kind == FileKind::kRun) {
      fs::path profile = (folder / file.path).parent_path().parent_path();
      if (std::ranges::find(folders, profile) == folders.end()) {
        folders.push_back(std::move(profile));
      }
    }
  }
  if (folders.empty()) {
    throw Error(
        fmt::format("{} holds no runs: name a results folder (results/), or that of a "
                    "profile (results/default)",
                    folder.string()));
  }
  return folders;
}

// Prints what would go; returns how many bytes that is.
double PrintUse(const RunUse& use) {
  double bytes = 0;
  fmt::print("{}\n", use.folder.string());
  for (const UnusedRun& run : use.unused) {
    const auto size = static_cast<double>(run.stamp.bytes);
    bytes += size;
    fmt::print("  {}  {:>7}  {}\n", run.path.stem().string(), FormatBytes(size),
               RunLabel(run.config));
  }
  for (const std::string& kept : use.kept) {
    fmt::print("  kept: {}\n", kept);
  }
  fmt::print("{}", Wrapped(fmt::format("{}, {}, used by none of {} ({}); used: {}",
                                       Counted(use.unused.size(), "run"), FormatBytes(bytes),
                                       Counted(use.figures.size(), "figure file"),
                                       fmt::join(use.figures, ", "), use.used),
                           2, kColumns));
  return bytes;
}

int Remove(const Flags& flags) {
  std::vector<RunUse> uses;
  size_t count = 0;
  double bytes = 0;
  for (const fs::path& folder : ProfileFolders(TypedFolder(flags.folder))) {
    uses.push_back(SortOutRuns(folder));
    bytes += PrintUse(uses.back());
    count += uses.back().unused.size();
  }
  std::fflush(stdout);
  if (count == 0) {
    fmt::print("there is nothing to remove\n");
    return 0;
  }
  const std::string what = fmt::format("{}, {}", Counted(count, "run"), FormatBytes(bytes));
  if (flags.dry_run) {
    fmt::print("would remove {}\n{}", what,
               Wrapped("A study that was stopped has no figure yet: its finished runs are among "
                       "these.",
                       0, kColumns));
    return 0;
  }
  if (!flags.yes) {
    if (isatty(STDIN_FILENO) == 0) {
      throw Error("nothing was removed: --yes removes these, --dry-run only lists them");
    }
    fmt::print("remove {}? [y/N] ", what);
    std::fflush(stdout);
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != "y" && answer != "yes") {
      fmt::print("nothing was removed\n");
      return 1;
    }
  }
  size_t removed = 0;
  for (const RunUse& use : uses) {
    removed += RemoveUnused(use);
  }
  fmt::print(
      "removed {}{}\n", Counted(removed, "run"),
      removed < count ? fmt::format("; {} changed meanwhile, and stay", count - removed) : "");
  return 0;
}

int Copy(const Flags& flags) {
  const CopyReport report =
      CopyRuns(TypedFolder(flags.from), UserPath(flags.to),
               [&flags](const RunSummary& run) { return flags.filter.Accepts(run.config); });
  for (const std::string& text : report.left_out) {
    Tell(stderr, "left out: {}\n", text);
  }
  fmt::print("copied {}, {}; {} there already, {} left out\n", Counted(report.copied, "run"),
             FormatBytes(report.bytes), Counted(report.same, "was", "were"),
             report.left_out.size());
  return report.left_out.empty() ? 0 : 1;
}

CommandLine AddCommand(CommandLine& app, const char* name, const char* description,
                       const char* example) {
  CommandLine command = app.AddCommand(name, description);
  command.Footer(fmt::format("Example: {} {}", ProgramCommand("//lib/store:store"), example));
  return command;
}

int Main(int argc, char** argv) {
  Flags flags;
  CommandLine app(
      "The runs of results folders: list them, show one, remove what no figure uses, copy "
      "them from one folder to another.",
      ProgramCommand("//lib/store:store"));
  app.Footer("Example: " + ProgramCommand("//lib/store:store") +
             " list results/default --model=gpt2\n"
             "The options of a command: " +
             ProgramCommand("//lib/store:store") +
             " copy --help\n"
             "Exit status: 0, 1 where something cannot be read or written or is left out, 2\n"
             "wrong usage.");
  const char* const any = "results/ or results/<profile>";

  CommandLine list = AddCommand(app, "list", "the runs in words, as //lib/store:list",
                                "list results/default --seed=4..8");
  list.Add("RESULTS", flags.folder, "results/ or results/<profile> (default: results/)");
  DeclareFilter(list, &flags.filter);
  list.AddFlag("--check", flags.check, "read every file again, also those that are as they were");

  CommandLine show =
      AddCommand(app, "show", "one run: config, state, digests, last losses, which figures use it",
                 "show results/default 3f2a");
  show.Add("RESULTS", flags.folder, any).Required();
  show.Add("ID", flags.id, "its id, or so much of the beginning that no other has it").Required();

  CommandLine remove =
      AddCommand(app, "remove", "remove the finished runs that no figure file of their folder uses",
                 "remove results/default --dry-run");
  remove.Add("RESULTS", flags.folder, any).Required();
  CommandLine::Option dry_run =
      remove.AddFlag("--dry-run", flags.dry_run, "list them with their sizes, remove nothing");
  remove.AddFlag("--yes", flags.yes, "do not ask").Excludes(dry_run);

  CommandLine copy =
      AddCommand(app, "copy", "copy finished runs to another results folder; none is overwritten",
                 "copy /mnt/cluster/results results");
  copy.Add("FROM", flags.from, any).Required();
  copy.Add("TO", flags.to, any).Required();
  DeclareFilter(copy, &flags.filter);

  return RunProgram("store", app, argc, argv, [&] {
    if (list.Given()) {
      return PrintRuns(ListedFolder(flags.folder), flags.filter, flags.check) > 0 ? 1 : 0;
    }
    if (!show.Given()) {
      return remove.Given() ? Remove(flags) : Copy(flags);
    }
    Show(flags);
    return 0;
  });
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::Main(argc, argv); }
