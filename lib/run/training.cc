#include "lib/run/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <string_view>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/program_command.h"
#include "lib/base/shell.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/config/run_labels.h"
#include "lib/model/spec/parameter_spec.h"
#include "lib/result/run_result.h"
#include "lib/run/cost.h"
#include "lib/run/message.h"
#include "lib/run/mode.h"
#include "lib/run/status.h"
#include "lib/store/header.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

class WrongMode : public Error {
 public:
  using Error::Error;
};

}  // namespace

std::optional<Provenance> FindStored(const RunConfig& config, const ExperimentFlags& flags,
                                     const ResultsFolder& folder) {
  const fs::path path = folder.Run(RunId(config));
  if (!FileExists(path)) {
    return std::nullopt;
  }
  try {
    Provenance made = ReadRunFile(path, config).provenance;
    const bool same_device = flags.device == "auto" || made.device.starts_with(flags.device);
    if (!same_device || made.numerics != flags.numerics) {
      throw WrongMode(fmt::format(
          "{} was made on {} with {} numerics, not with --device={} --numerics={}: name another "
          "folder with --results, or remove it to train it again",
          path.string(), made.device, made.numerics, flags.device, flags.numerics));
    }
    return made;
  } catch (const WrongMode&) {
    throw;
  } catch (const FileRefused&) {
    throw;  // it may be whole
  } catch (const SchemaVersionError&) {
    throw;  // it is whole, to another version of the program
  } catch (const Error& error) {
    // A file of another run is whole.
    const bool other = dynamic_cast<const OtherRun*>(&error) != nullptr;
    const fs::path aside = MoveAside(path, other ? "aside" : "damaged");
    Tell(stderr, "{}\n  moved to {}; the run is {}\n", error.what(), aside.filename().string(),
         flags.executor == "none" ? "missing now" : "trained again");
    return std::nullopt;
  }
}

PlanInFolder SortOut(const std::vector<RunConfig>& plan, const ExperimentFlags& flags,
                     const ResultsFolder& folder) {
  PlanInFolder sorted;
  std::string first;  // of another version
  std::vector<std::string> files;
  for (const RunConfig& config : plan) {
    try {
      if (const std::optional<Provenance> made = FindStored(config, flags, folder)) {
        sorted.stored.emplace_back(config, *made);
      } else {
        sorted.missing.push_back(config);
      }
    } catch (const SchemaVersionError& error) {
      first = files.empty() ? error.what() : first;
      files.push_back(folder.Run(RunId(config)).string());
    }
  }
  if (!files.empty()) {
    const bool one = files.size() == 1;
    throw SchemaVersionError(fmt::format(
        "{}{}. To keep {}, name another folder with --results; to train {} again, remove {}: rm {}",
        first,
        one ? "" : fmt::format(" (so it is with {} of this study)", Counted(files.size(), "run")),
        one ? "this run" : "these runs", one ? "it" : "them", one ? "its file" : "their files",
        ShellWords(files)));
  }
  return sorted;
}

void CheckModes(const std::vector<std::pair<RunConfig, Provenance>>& stored, bool here,
                bool missing, const ResultsFolder& folder, const PoolOptions& pool) {
  const auto path = [&folder](const RunConfig& config) {
    return folder.Run(RunId(config)).string();
  };
  const std::pair<RunConfig, Provenance>* const first = CheckOneMode(stored, path);
  if (first == nullptr || !here) {
    return;
  }
  const Mode mode = ModeOf(first->first, first->second);
  if (missing || !mode.cpu_capability.empty()) {
    CheckModeOfNow(path(first->first), mode, ModeOf(first->first, QueryWorker(pool)), pool.device);
  }
}

std::string AgainCommand(const std::string& noted) {
  constexpr std::string_view kBetween = " -- ";
  const size_t end = noted.find(kBetween);
  return ProgramCommand("//experiments:" + noted.substr(0, end),
                        end == std::string::npos ? "" : noted.substr(end + kBetween.size()));
}

namespace {

// Where runs failed because the disk is full: what they need, and how to go on.
void TellOfRoom(const std::vector<RunReport>& reports, const PoolOptions& pool) {
  double disk = 0;
  double checkpoints = 0;
  for (const RunReport& report : reports) {
    if (report.outcome == RunReport::Outcome::kFailed &&
        MeansFull(static_cast<int>(report.refused))) {
      disk += RunFileBytes(report.config);
      checkpoints = std::max(checkpoints, CheckpointBytes(report.config));
    }
  }
  if (disk > 0) {
    // Of a checkpoint the one before is there until the new one is whole.
    Tell(stderr,
         "the disk of {} is full: the runs that failed for it need about {} there, and {} "
         "more while they run. Make room and give the same command again; it goes on from "
         "what is stored:\n",
         pool.results_root.string(), FormatBytes(disk),
         FormatBytes(2 * checkpoints * static_cast<double>(pool.jobs)));
    TellText(stderr, CommandForTerminal("  ", AgainCommand(pool.argv), stderr));
  }
}

}  // namespace

void PrintChosen(const Experiment& experiment) {
  constexpr size_t kIndent = 13;
  if (!experiment.chosen) {
    return;
  }
  for (const auto& [name, text] : experiment.chosen()) {
    fmt::print("  {:<{}}{}", name, kIndent - 2,
               Wrapped(text, kIndent, TerminalWidth(stdout)).substr(kIndent));
  }
}

void PrintHeader(const Experiment& experiment, const ExperimentFlags& flags, const fs::path& folder,
                 const std::vector<RunConfig>& plan, size_t missing) {
  std::map<std::string, int64_t> parameters;
  for (const RunConfig& config : plan) {
    parameters[FormatValue(config.model)] = ParameterCount(ParameterSpecs(config));
  }
  fmt::print("{}", Wrapped(fmt::format("{}: {}", experiment.name, experiment.caption), 0,
                           TerminalWidth(stdout)));
  fmt::print("  profile    {}\n", flags.profile);
  PrintChosen(experiment);
  if (!experiment.trains) {
    fmt::print("  runs       none: nothing is trained\n  results    {}\n", folder.string());
    return;
  }
  fmt::print("  runs       {}, of which {} stored\n", plan.size(), plan.size() - missing);
  for (const auto& [model, count] : parameters) {
    fmt::print("  model      {}, {} parameters, float32\n", model, count);
  }
  fmt::print("  device     {}, numerics {}{}\n", flags.device, flags.numerics,
             flags.executor == "local"
                 ? fmt::format(", {} of one thread",
                               Counted(std::min<int64_t>(flags.jobs, std::max<size_t>(missing, 1)),
                                       "worker"))
             : flags.executor == "slurm" ? ", trained by Slurm"
                                         : "");
  for (const std::string& assignment : flags.overrides) {
    fmt::print("  override   {}\n", assignment);
  }
  fmt::print("  results    {}\n", folder.string());
  std::fflush(stdout);
}

int TrainMissing(const std::vector<RunConfig>& missing, const PoolOptions& pool) {
  std::vector<size_t> failed;  // of `missing`
  bool stopped = false;
  double seconds = 0;
  double evaluation = 0;
  double storage = 0;
  double memory = 0;
  size_t of_others = 0;  // trained by another program meanwhile
  const auto start = std::chrono::steady_clock::now();
  const std::vector<RunReport> reports = RunAll(missing, pool);
  for (size_t i = 0; i < reports.size(); ++i) {
    const RunReport& report = reports[i];
    stopped = stopped || report.outcome == RunReport::Outcome::kStopped;
    if (report.outcome == RunReport::Outcome::kFinished) {
      of_others += report.trained ? 0 : 1;
      const FinishedMessage trained = report.trained.value_or(FinishedMessage());
      seconds += trained.seconds;
      evaluation += trained.evaluation;
      storage += trained.storage;
      memory = std::max(memory, trained.memory);
    }
    if (report.outcome == RunReport::Outcome::kFailed) {
      failed.push_back(i);
    }
  }
  if (!failed.empty()) {
    Tell(stderr, "{} of {} failed:\n", failed.size(), Counted(missing.size(), "run"));
    const std::vector<std::string> labels = DistinctLabels(missing);
    for (const size_t i : failed) {
      TellItem(stderr, fmt::format("{} ({}): {}", labels[i], RunId(missing[i]), reports[i].error));
    }
  }
  TellOfRoom(reports, pool);
  if (stopped) {
    Tell(stderr, "stopped; what was done is kept. To go on, give the same command again{}:\n",
         StopStatus() == 128 + SIGXCPU ? ", where more processor time is allowed" : "");
    TellText(stderr, CommandForTerminal("  ", AgainCommand(pool.argv), stderr));
    return StopStatus();
  }
  if (!failed.empty()) {
    return kFailed;
  }
  const double taken =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto percent = [seconds](double part) { return seconds > 0 ? 100 * part / seconds : 0.0; };
  if (of_others > 0 && of_others == missing.size()) {
    fmt::print("another program trained {} in {}\n",
               of_others == 1 ? "the run" : fmt::format("all {} runs", of_others),
               FormatDuration(taken));
    return 0;
  }
  const std::string summary = fmt::format(
      "trained {}{} in {}: up to {} a worker; {:.1f} % of the time for evaluations, {:.1f} % "
      "for snapshots and checkpoints",
      Counted(missing.size() - of_others, "run"),
      of_others > 0 ? fmt::format(", another program the other {},", of_others) : "",
      FormatDuration(taken), FormatBytes(memory), percent(evaluation), percent(storage));
  fmt::print("{}", Wrapped(summary, 0, TerminalWidth(stdout)));
  return 0;
}

}  // namespace initbias
