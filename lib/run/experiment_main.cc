#include "lib/run/experiment_main.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/program.h"
#include "lib/base/program_command.h"
#include "lib/base/runfile.h"
#include "lib/base/shell.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/claims/claim.h"
#include "lib/claims/claim_text.h"
#include "lib/data/text/text_files.h"
#include "lib/result/run_result.h"
#include "lib/run/assembly.h"
#include "lib/run/estimate.h"
#include "lib/run/executor.h"
#include "lib/run/flags.h"
#include "lib/run/plan.h"
#include "lib/run/run_status.h"
#include "lib/run/slurm_executor.h"
#include "lib/run/status.h"
#include "lib/run/stored_runs.h"
#include "lib/run/summary.h"
#include "lib/run/training.h"
#include "lib/run/unfinished.h"
#include "lib/run/verify.h"
#include "lib/run/worker_pool.h"
#include "lib/store/figure_file.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// As one would type it after "bazel run //experiments:".
std::string CommandText(const std::string& name, std::vector<std::string> arguments) {
  std::erase_if(arguments, [](const std::string& one) { return one.starts_with("--ahead="); });
  return arguments.empty() ? name : fmt::format("{} -- {}", name, ShellWords(arguments));
}

DataFolders FindData() {
  return {.shipped = FindDataFolder(), .downloaded = DownloadsFolder(), .user = UserPath("")};
}

PoolOptions MakePoolOptions(const ExperimentFlags& flags, const DataFolders& data,
                            const fs::path& root, const std::string& command_line) {
  return {.worker = FindRunfile("lib/run/worker"),
          .results_root = root,
          .data = data,
          .profile = flags.profile,
          .device = flags.device,
          .numerics = flags.numerics,
          .argv = command_line,
          .jobs = flags.jobs,
          .checkpoint_seconds = flags.checkpoint_seconds,
          .silence_seconds = 60 * flags.silence_minutes,
          .log = !flags.log.empty()};
}

// What follows, as one would type it. Of a drawn figure: how its first claim that does not hold, or
// the first of all, comes about. Else, and where the table of claims has none of it (which is about
// the profile's own runs): the command that draws what is stored, as it is or by panel or format.
std::string NextCommand(const Experiment& experiment, const ExperimentFlags& flags,
                        const FigureData& figure, const ResultsFolder& folder,
                        const std::string& name) {
  const bool own = name == experiment.name && flags.model.empty();
  const bool named = !flags.model.empty() || !flags.name.empty();
  const bool explains = !flags.no_draw && own && !figure.claims.empty();
  std::vector<std::string> options;
  if (flags.profile != EnumName(Profile::kDefault)) {
    options.push_back("--profile=" + flags.profile);
  }
  if (!flags.results.empty()) {
    options.push_back("--results=" + flags.results);
  }
  if (explains) {
    auto claim = std::ranges::find_if(
        figure.claims, [](const Claim& one) { return one.verdict != Verdict::kHolds; });
    claim = claim == figure.claims.end() ? figure.claims.begin() : claim;
    options.push_back("--explain=" + claim->id);
  } else if (named) {
    options = {"--file=" + folder.Figure(name).string(),
               "--output=" + folder.PictureStem(name).string()};
  } else if (flags.unfinished) {
    options.emplace_back("--unfinished");
  } else if (!own) {
    options.emplace_back("--custom");
  }
  return ProgramCommand("//figures:" + (explains ? "claim_table" : experiment.name),
                        ShellWords(options));
}

// Says so where the figure file that `figure` will take the place of was made of other runs.
void SayWhatIsReplaced(const Experiment& experiment, const fs::path& file,
                       const FigureData& figure) {
  const auto ids = [](const FigureData& data) {
    std::set<std::string> all;
    std::ranges::transform(data.runs, std::inserter(all, all.end()), &FigureRun::id);
    return all;
  };
  try {
    if (!FileExists(file) || ids(ReadFigureFile(file)) == ids(figure)) {
      return;
    }
  } catch (const Error&) {
    return;  // what cannot be read is no figure that anyone misses
  }
  Tell(stderr, "note: {} was made of other runs, and is replaced; they are still stored: {}\n",
       file.filename().string(),
       experiment.declare
           ? "the command that made it draws them again, with --name=NAME beside this one"
           : "the command that made it makes it again, without training");
}

// Writes the figure file, prints the claims, draws.
void Finish(const Experiment& experiment, const ExperimentFlags& flags, const FigureData& figure,
            const ResultsFolder& folder, const std::string& name, const Draw& draw) {
  const fs::path file = folder.Figure(name);
  if (!flags.unfinished && (name != experiment.name || experiment.declare)) {
    SayWhatIsReplaced(experiment, file, figure);
  }
  WriteFigureFile(file, figure);
  if (!figure.claims.empty()) {
    fmt::print("\n{}",
               ClaimTable(figure.claims, figure.scale, static_cast<int>(TerminalWidth(stdout))));
  }
  fmt::print("\nwrote {}\n", file.string());
  if (!flags.no_draw) {
    draw(file, folder.PictureStem(name));
  }
  fmt::print("{}", CommandForTerminal(
                       "next: ", NextCommand(experiment, flags, figure, folder, name), stdout));
}

// The figure of what there is of runs that are still being trained.
void DrawUnfinished(const Experiment& experiment, const ExperimentFlags& flags, Profile profile,
                    const std::vector<RunConfig>& plan, const ResultsFolder& folder,
                    const Draw& draw) {
  if (!experiment.trains) {
    throw UsageError(fmt::format("{} trains nothing: leave out --unfinished", experiment.name));
  }
  UnfinishedRuns unfinished = ReadUnfinished(plan, folder);
  fmt::print("{}", Wrapped(fmt::format("{}: {}", experiment.name, experiment.caption), 0,
                           TerminalWidth(stdout)));
  fmt::print("  profile    {}\n", flags.profile);
  fmt::print("  runs       {}, of which {} finished; {}\n", unfinished.runs.size(),
             unfinished.finished, unfinished.why_not_judged);
  if (!unfinished.missing.empty()) {
    fmt::print("  left out   all of {} {}: no run file nor checkpoint can be used of\n",
               unfinished.left_out.size() == 1 ? "seed" : "seeds",
               fmt::join(unfinished.left_out, ", "));
    for (const std::string& run : Split(Trim(unfinished.missing), '\n')) {
      fmt::print("             {}\n", run);
    }
  }
  fmt::print("  results    {}\n", folder.folder().string());
  std::fflush(stdout);
  const FigureData figure =
      Assemble(experiment, flags, unfinished.planned, RunSet(std::move(unfinished.runs)), folder,
               unfinished.why_not_judged);
  Finish(experiment, flags, figure, folder, FigureName(experiment, flags, profile), draw);
}

int Verify(const Experiment& experiment, const ExperimentFlags& flags, Profile profile,
           const std::vector<RunConfig>& plan, const ResultsFolder& folder,
           const PoolOptions& pool) {
  if (!experiment.trains) {
    fmt::print("{} trains nothing: there is nothing to verify\n", experiment.name);
    return 0;
  }
  const std::string name = FigureName(experiment, flags, profile);
  const fs::path shipped = DownloadsFolder() / "reference" / flags.profile / (name + ".h5");
  for (const fs::path& reference : {folder.Figure(name), shipped}) {
    if (FileExists(reference)) {
      return VerifyRuns(experiment, flags, plan, folder, reference, pool);
    }
  }
  const fs::path own = folder.Figure(name);
  throw Error(own.lexically_normal() == shipped.lexically_normal()
                  ? fmt::format("there is nothing to compare with: there is no {}", own.string())
                  : fmt::format("there is nothing to compare with: neither {} nor {}", own.string(),
                                shipped.string()));
}

// Of a plan that is not trained now: the download that its training needs, where it is not there.
void SayWhatIsMissing(const std::vector<RunConfig>& plan, const DataFolders& data) {
  for (const RunConfig& config : plan) {
    if (config.model == ModelKind::kGpt2) {
      try {
        CheckTextFiles(config.text, data);
      } catch (const Error& error) {
        Tell(stderr, "before the training: {}\n", error.what());
        return;
      }
    }
  }
}

// Of the plan the runs that --runs names. Throws UsageError for one that it does not have.
std::vector<RunConfig> Chosen(const std::vector<RunConfig>& plan, const ExperimentFlags& flags) {
  std::vector<RunConfig> chosen;
  for (const std::string& id : flags.runs) {
    const auto run = std::ranges::find(plan, id, RunId);
    if (run == plan.end()) {
      std::vector<std::string> ids;
      std::ranges::transform(plan, std::back_inserter(ids), RunId);
      throw UsageError(
          fmt::format("--runs={}: this plan has no such run; --list-runs lists its own{}", id,
                      DidYouMean(id, ids)));
    }
    chosen.push_back(*run);
  }
  return flags.runs.empty() ? plan : chosen;
}

// The runs of a file of --list-configs that are neither stored nor of `plan`.
std::vector<RunConfig> ReadAhead(const fs::path& path, const std::vector<RunConfig>& plan,
                                 const ResultsFolder& folder) {
  std::vector<RunConfig> ahead;
  std::set<std::string> known;
  for (const RunConfig& config : plan) {
    known.insert(RunId(config));
  }
  std::string form;
  for (const std::string& line : Split(ReadFile(path), '\n')) {
    if (!line.empty()) {
      form += line + "\n";
    } else if (!form.empty()) {
      const RunConfig config = ParseCanonicalForm(std::exchange(form, ""));
      if (known.insert(RunId(config)).second && !FileExists(folder.Run(RunId(config)))) {
        ahead.push_back(config);
      }
    }
  }
  return ahead;
}

std::unique_ptr<Executor> MakeExecutor(const Experiment& experiment, const ExperimentFlags& flags,
                                       const std::vector<std::string>& arguments,
                                       const ResultsFolder& folder, const PoolOptions& pool) {
  if (flags.executor == "none") {
    return MakeNoExecutor(folder);
  }
  if (flags.executor == "local") {
    return MakeLocalExecutor(pool);
  }
  std::vector<std::string> command = {fs::read_symlink("/proc/self/exe").string()};
  std::ranges::copy_if(arguments, std::back_inserter(command), [](const std::string& argument) {
    return argument != "--dry-run" && argument != "--no-measure";  // what it shows is what it does
  });
  return MakeSlurmExecutor({.slurm = flags.slurm,
                            .folder = folder,
                            .experiment = experiment.name,
                            .command = command,
                            .jobs = flags.jobs});
}

// Throws FileRefused where the training, now or when it is no more only planned, would be refused
// the results folder; of what only reads there, where it is none. Makes nothing.
void CheckResults(const ExperimentFlags& flags, const fs::path& root, const ResultsFolder& folder) {
  if (const std::string note = flags.results.empty() ? "" : ProfileFolderNote(root);
      !note.empty()) {
    Tell(stderr, "note: {}\n", note);
  }
  if (flags.dry_run || flags.print_config) {
    folder.CheckWritable();
  } else {
    folder.CheckIsFolder();
  }
}

// Throws, at once rather than once a run, where there is no GPU for --device=cuda.
void CheckDevice(const Executor& executor, bool missing, const PoolOptions& pool) {
  if (pool.device == "cuda" && executor.IsHere() && missing) {
    QueryWorker(pool);
  }
}

// What an experiment is to do, for which runs and where.
struct Task {
  const Experiment& experiment;
  const ExperimentFlags& flags;
  Profile profile{};
  std::vector<RunConfig> plan;
  std::vector<RunConfig> trained;  // the plan; none of an experiment that trains nothing
  ResultsFolder folder;
  PoolOptions pool;
};

// Does what an option asks for in place of training; returns the exit status, nothing where none
// does.
std::optional<int> InsteadOfTraining(const Task& task, const Executor& executor, const Draw& draw) {
  const auto& [experiment, flags, profile, plan, trained, folder, pool] = task;
  if (flags.dry_run && !experiment.trains) {
    fmt::print("{} trains nothing\n", experiment.name);
    return 0;
  }
  if (flags.list_runs) {
    ListRuns(trained, folder);
    return 0;
  }
  if (flags.list_configs) {
    const StoredRuns stored(trained, folder);
    for (const RunConfig& config : trained) {
      if (stored.Of(config).ToTrain()) {
        fmt::print("{}\n", CanonicalForm(config));
      }
    }
    return 0;
  }
  if (flags.status) {
    PrintStatus(trained, folder);
    return 0;
  }
  if (flags.measure_speed) {
    return experiment.trains ? PrintSpeed(plan.front(), pool) : 0;
  }
  if (flags.dry_run) {
    PrintChosen(experiment);
    SayWhatIsMissing(plan, pool.data);
    const StoredRuns stored(plan, folder);
    std::vector<RunConfig> missing = plan;
    std::erase_if(missing,
                  [&stored](const RunConfig& config) { return !stored.Of(config).ToTrain(); });
    CheckDevice(executor, !missing.empty(), pool);
    const int status = DryRun(plan, folder, flags.no_measure || !executor.IsHere(), pool);
    fmt::print("{}", executor.Describe(missing));
    return status;
  }
  if (!flags.verify.empty()) {
    return Verify(experiment, flags, profile, plan, folder, pool);
  }
  if (flags.unfinished) {
    DrawUnfinished(experiment, flags, profile, plan, folder, draw);
    return 0;
  }
  return std::nullopt;
}

// Trains what is not stored yet. As Executor::Train.
std::optional<int> TrainMissing(const Task& task, Executor& executor) {
  const auto& [experiment, flags, profile, plan, trained, folder, pool] = task;
  folder.MakeWritable();
  const auto [stored, missing] = SortOut(trained, flags, folder);
  CheckModes(stored, executor.IsHere(), !missing.empty(), folder, pool);
  for (const auto& [config, provenance] : stored) {
    // It is left where a worker was killed that had stored the run.
    std::error_code none;
    std::filesystem::remove(folder.Checkpoint(RunId(config)), none);
  }
  PrintHeader(experiment, flags, folder.folder(), plan, missing.size());
  for (const RunConfig& config : plan) {
    if (config.model == ModelKind::kGpt2) {
      CheckTextFiles(config.text, pool.data);
    }
  }
  CheckDevice(executor, !missing.empty(), pool);
  return missing.empty() ? std::nullopt : executor.Train(missing);
}

// About how many bytes the figure file, and its pictures where it is drawn, take on a disk.
double FigureBytes(const FigureData& figure, bool draws) {
  constexpr double kFile = 20e3;  // what describes it
  constexpr double kArray = 1000;
  constexpr double kPictures = 500e3;
  constexpr double kLetters = 60;  // of a value, in an SVG and a CSV
  double values = 0;
  for (const FigureArray& array : figure.arrays) {
    values += static_cast<double>(array.values.size());
  }
  return kFile + kArray * static_cast<double>(figure.arrays.size()) + sizeof(double) * values +
         (draws ? kPictures + kLetters * values : 0);
}

// Makes the figure of the stored runs and returns `exit_status`, which is not 0 where some failed.
int MakeFigure(const Task& task, int exit_status, const Draw& draw) {
  const auto& [experiment, flags, profile, plan, trained, folder, pool] = task;
  std::vector<RunResult> results;
  std::vector<RunConfig> made;
  for (const RunConfig& config : plan) {
    if (exit_status != 0 && !FileExists(folder.Run(RunId(config)))) {
      continue;
    }
    made.push_back(config);
    results.push_back(experiment.trains ? ReadRunFile(folder.Run(RunId(config)), config)
                                        : RunResult{.config = config, .profile = flags.profile});
  }
  const std::string not_judged =
      experiment.claims ? WhyNotJudged(profile, flags.overrides, Seeds(experiment, flags, profile),
                                       experiment.seeds)
                        : "";
  if (results.empty()) {
    return kFailed;  // all failed, which was told
  }
  const FigureData figure =
      Assemble(experiment, flags, made, RunSet(std::move(results)), folder, not_judged);
  try {
    Finish(experiment, flags, figure, folder, FigureName(experiment, flags, profile), draw);
  } catch (const FileRefused& error) {
    if (!MeansFull(error.number())) {
      throw;
    }
    throw FileRefused(
        fmt::format("{}\n  The figure{} about {}. Make room and give the same command again; "
                    "nothing is trained again:\n  {}",
                    error.what(), flags.no_draw ? " needs" : " and its pictures need",
                    FormatBytes(FigureBytes(figure, !flags.no_draw)), AgainCommand(pool.argv)),
        error.number());
  }
  return exit_status;
}

// Trains what is not stored and makes the figure; the exit status.
int TrainAndDraw(const Task& task, Executor& executor, const Draw& draw) {
  std::optional<HeldFolders> held;
  if (task.experiment.trains && executor.IsHere()) {
    held.emplace(task.folder.MakeForTraining());
  }
  try {
    const std::optional<int> status = TrainMissing(task, executor);
    if (held) {
      held->Check();
    }
    if (status && !(*status == kFailed && task.experiment.draws_without_failed)) {
      return *status;
    }
    const int exit_status = status.value_or(0);
    return task.flags.runs.empty() ? MakeFigure(task, exit_status, draw) : exit_status;
  } catch (const FolderGone& error) {
    throw Error(fmt::format(
        "{}\n  What was stored in it is used once it is back; the same command trains anew what is "
        "not stored:\n  {}",
        error.what(), AgainCommand(task.pool.argv)));
  }
}

int Run(const Experiment& experiment, const ExperimentFlags& flags,
        const std::vector<std::string>& arguments, const Draw& draw) {
  CheckSlurmFlags(arguments);
  Profile profile{};
  ParseValue(flags.profile, &profile);
  if (flags.print_claims) {
    fmt::print("{}\n",
               RegistryText(experiment.name,
                            experiment.claims ? experiment.claims() : std::vector<ClaimSpec>{},
                            experiment.seeds));
    return 0;
  }
  if (flags.print_summary) {
    fmt::print("{}\n", SummaryText(experiment));
    return 0;
  }
  const DataFolders data = FindData();
  const std::vector<RunConfig> plan = Chosen(MakePlan(experiment, flags, profile, data), flags);
  if (const std::string note = experiment.trains ? BatchNote(plan) : ""; !note.empty()) {
    Tell(stderr, "{}\n", note);
  }
  const fs::path typed = ResultsRoot(flags.results);
  const fs::path root = typed.is_absolute() ? typed : WorkingFolder() / typed;
  Task task{.experiment = experiment,
            .flags = flags,
            .profile = profile,
            .plan = plan,
            .trained = experiment.trains ? plan : std::vector<RunConfig>{},
            .folder = ResultsFolder(root, flags.profile),
            .pool = MakePoolOptions(flags, data, root, CommandText(experiment.name, arguments))};
  CheckResults(flags, root, task.folder);
  if (flags.print_config) {
    PrintConfig(plan);
    SayWhatIsMissing(plan, data);
    return 0;
  }
  if (!flags.ahead.empty()) {
    task.pool.ahead = ReadAhead(TypedFile(flags.ahead), plan, task.folder);
  }
  const std::unique_ptr<Executor> executor =
      MakeExecutor(experiment, flags, arguments, task.folder, task.pool);
  if (const std::optional<int> status = InsteadOfTraining(task, *executor, draw)) {
    return *status;
  }
  return TrainAndDraw(task, *executor, draw);
}

}  // namespace

int ExperimentMain(int argc, char** argv, const Experiment& experiment, const Draw& draw) {
  ExperimentFlags flags;
  CommandLine app(experiment.caption, ProgramCommand("//experiments:" + experiment.name));
  app.Footer([&experiment,
              program = ProgramCommand("//experiments:" + experiment.name, experiment.example)] {
    return fmt::format(
        "Example:\n  {}\n"
        "Exit status: 0, 1 where a run fails or something cannot be read or written, 2 wrong usage; of "
        "--verify also 3 and 4.\n{}",
        program, CostText(experiment));
  });
  DeclareFlags(app, experiment, flags);
  if (experiment.declare) {
    experiment.declare(app);
  }
  return RunProgram(experiment.name, app, argc, argv, [&] {
    return Run(experiment, flags, {argv + 1, argv + argc}, draw);
  });
}

}  // namespace initbias
