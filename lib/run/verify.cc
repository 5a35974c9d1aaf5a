#include "lib/run/verify.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/numerics.h"
#include "lib/base/program_command.h"
#include "lib/base/sha256.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/config/run_labels.h"
#include "lib/measure/run_set.h"
#include "lib/run/assembly.h"
#include "lib/run/cost.h"
#include "lib/run/status.h"
#include "lib/run/training.h"
#include "lib/run/verify_round.h"
#include "lib/store/compare.h"
#include "lib/store/figure_file.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// The run as it was stored, where it can be read.
std::optional<RunResult> Stored(const RunConfig& config, const ResultsFolder& folder) {
  try {
    return ReadRunFile(folder.Run(RunId(config)), config);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string Machine(const Provenance& made) {
  return fmt::format("{} ({}{})", made.cpu, made.isa,
                     made.kernels.empty() ? "" : ", kernels " + made.kernels);
}

// What two trainings share that are one round of --verify: device, numerics, program and machine.
std::string HowTrained(const PoolOptions& pool) {
  const Provenance now = QueryWorker(pool);
  const char* kernels = std::getenv("INITBIAS_KERNELS");
  char host[256] = "";
  gethostname(host, sizeof(host) - 1);
  return fmt::format(
      "device {}\nnumerics {}\nLibTorch {} {}\nCPU {} {}\nkernels {}\nhost {}\nworker {}",
      now.device, now.numerics, now.torch_version, now.cpu_capability, CpuModelName(), CpuIsa(),
      kernels == nullptr ? "" : kernels, host, FileSha256Hex(pool.worker));
}

}  // namespace

std::string NoTensorsText(const std::string& name, const ExperimentFlags& flags, size_t width) {
  return Wrapped(
             "which tensor is the first to differ cannot be told: the reference holds one digest a "
             "run, and no tensors. With the results folder of a machine that has its bits:",
             2, width) +
         WrappedCommand("    ",
                        ProgramCommand("//experiments:" + name,
                                       fmt::format("--profile={} --verify={} --results=THAT_FOLDER",
                                                   flags.profile, flags.verify)),
                        width) +
         "\n";
}

std::string VerifyLine(const std::string& label, size_t columns, const std::string& digest,
                       const std::string& text, size_t width) {
  constexpr size_t kShown = 12;  // digits
  constexpr size_t kBelow = 6;   // blanks before what stands below the label
  const std::string begin =
      fmt::format("  {:<{}} {}", label, columns, std::string_view(digest).substr(0, kShown));
  if (begin.size() > width) {
    return Wrapped(label, 2, width) +
           Wrapped(fmt::format("{}  {}", digest.substr(0, kShown), text), kBelow, width);
  }
  return begin.size() + 2 + text.size() > width ? begin + "\n" + Wrapped(text, kBelow, width)
                                                : fmt::format("{}  {}\n", begin, text);
}

const FigureRun* FindReference(const std::vector<FigureRun>& runs, const RunConfig& config) {
  for (const std::string& id : {RunId(config), FormerRunId(config)}) {
    if (const auto found = std::ranges::find(runs, id, &FigureRun::id); found != runs.end()) {
      return &*found;
    }
  }
  return nullptr;
}

std::vector<RunConfig> ChooseToVerify(const std::vector<RunConfig>& plan, bool all) {
  if (all) {
    return plan;
  }
  std::map<ModelKind, const RunConfig*> cheapest;
  for (const RunConfig& config : plan) {
    const RunConfig*& best = cheapest[config.model];
    if (best == nullptr || RunFlops(config) < RunFlops(*best)) {
      best = &config;
    }
  }
  std::vector<RunConfig> chosen;
  for (const auto& [model, config] : cheapest) {
    chosen.push_back(*config);
  }
  return chosen;
}

RunComparison CompareRun(const RunResult& mine, const FigureRun* reference,
                         const RunResult* stored) {
  if (reference == nullptr) {
    return {.text = "the reference has no such run"};
  }
  if (mine.data_digest != reference->data_digest) {
    return {.text = "DIFFERENT: trained on other data"};
  }
  const bool former =
      reference->id == FormerRunId(mine.config) && reference->id != RunId(mine.config);
  if (mine.parameters_digest == reference->parameters_digest) {
    return {.equal = true, .former = former, .comparable = true, .text = "equal"};
  }
  std::string where = "no stored run to compare tensors with";
  bool no_tensors = !mine.parameters.empty();
  if (stored != nullptr && stored->parameters_digest == reference->parameters_digest) {
    no_tensors = false;
    where = mine.parameters.empty() ? "tensors of so large a model are not stored"
                                    : FirstDifference(mine.parameters, stored->parameters) +
                                          "; that was on " + Machine(stored->provenance);
  }
  if (former) {
    return {.former = true,
            .comparable = true,
            .no_tensors = no_tensors,
            .text =
                "not to be compared: the reference is of the revision before, which computed "
                "with tiny numbers (docs/speed.md): " +
                where};
  }
  return {.comparable = true, .no_tensors = no_tensors, .text = "DIFFERENT: " + where};
}

std::string FileDifference(const fs::path& mine, const fs::path& reference) {
  const FileComparison comparison = CompareFiles(Hdf5File::Open(mine), Hdf5File::Open(reference));
  if (comparison.equal()) {
    return "equal";
  }
  const ObjectDifference& first = comparison.differences.front();
  return fmt::format("DIFFERENT: {} of {}, first {}: {}", comparison.differences.size(),
                     Counted(comparison.objects, "object"), first.path, first.what);
}

int VerifyStatus(const VerifyOutcome& outcome) {
  if (outcome.equal) {
    return 0;
  }
  if (outcome.comparable && outcome.same_verdicts) {
    return kClaimEqual;
  }
  return outcome.former ? kFormerRevision : kFailed;
}

int VerifyRuns(const Experiment& experiment, const ExperimentFlags& flags,
               const std::vector<RunConfig>& plan, const ResultsFolder& folder,
               const fs::path& reference, PoolOptions pool) {
  const FigureData known = ReadFigureFile(reference);
  const bool all = flags.verify == "all";
  const std::vector<RunConfig> chosen = ChooseToVerify(plan, all);
  pool.results_root /= "verify";
  const ResultsFolder scratch(pool.results_root, flags.profile);
  scratch.MakeWritable();
  VerifyRound round(scratch, chosen, HowTrained(pool));
  const size_t width = LineWidth(stdout);
  fmt::print("{}  {}\n",
             Wrapped(fmt::format("{}: {} of {} {} trained again and compared with", experiment.name,
                                 chosen.size(), Counted(plan.size(), "run"),
                                 chosen.size() == 1 ? "is" : "are"),
                     0, width),
             reference.string());
  if (round.goes_on()) {
    fmt::print("{}", Wrapped(fmt::format("it goes on where the same command was stopped, with {} "
                                         "of them trained",
                                         chosen.size() - round.missing().size()),
                             2, width));
  }
  std::fflush(stdout);
  if (!round.missing().empty()) {
    if (const int status = TrainMissing(round.missing(), pool); status != 0) {
      return status;
    }
  }
  std::vector<RunResult> results;
  VerifyOutcome outcome;
  bool no_tensors = false;  // of one of them
  bool all_stored = true;
  bool any_former = false;
  const std::vector<std::string> labels = DistinctLabels(chosen);
  const size_t columns = std::ranges::max(labels, {}, &std::string::size).size();
  for (const RunConfig& config : chosen) {
    results.push_back(ReadRunFile(scratch.Run(RunId(config)), config));
  }
  round.End();
  for (size_t i = 0; i < chosen.size(); ++i) {
    const RunConfig& config = chosen[i];
    const std::optional<RunResult> stored = Stored(config, folder);
    RunComparison comparison =
        CompareRun(results[i], FindReference(known.runs, config), stored ? &*stored : nullptr);
    any_former = any_former || comparison.former;
    all_stored = all_stored && stored;
    if (comparison.equal && stored && stored->parameters_digest == results[i].parameters_digest) {
      comparison.text = FileDifference(scratch.Run(RunId(config)), folder.Run(RunId(config)));
      comparison.equal = comparison.text == "equal";
    }
    outcome.equal = outcome.equal && comparison.equal;
    outcome.former = outcome.former && (comparison.equal || comparison.former);
    outcome.comparable = outcome.comparable && comparison.comparable;
    no_tensors = no_tensors || comparison.no_tensors;
    fmt::print(
        "{}", VerifyLine(labels[i], columns, results[i].parameters_digest, comparison.text, width));
  }
  fmt::print("{}", Wrapped("on " + Machine(results.front().provenance), 2, width));
  if (no_tensors) {
    fmt::print("{}", NoTensorsText(experiment.name, flags, width));
  }
  if (all) {
    const FigureData figure =
        Assemble(experiment, flags, chosen, RunSet(std::move(results)), scratch, known.not_judged);
    if (experiment.claims) {
      for (const std::string& line : Split(CompareVerdicts(figure.claims, known.claims), '\n')) {
        fmt::print("{}", Wrapped(Trim(line), 2, width));
      }
      outcome.same_verdicts = known.not_judged.empty() && !figure.claims.empty() &&
                              std::ranges::all_of(CompareClaims(figure.claims, known.claims),
                                                  &ClaimComparison::same_verdict);
    }
    if (chosen.size() == known.runs.size()) {
      const fs::path file = scratch.Figure(reference.stem().string());
      WriteFigureFile(file, figure);
      const std::string text = FileDifference(file, reference);
      fmt::print("{}", Wrapped("the figure file: " + text, 2, width));
      outcome.former = outcome.former && (any_former || !outcome.equal);
      outcome.equal = outcome.equal && text == "equal";
    } else {
      fmt::print("{}",
                 Wrapped(fmt::format("the figure file is not compared: the reference is made of {}",
                                     Counted(known.runs.size(), "run")),
                         2, width));
    }
  } else {
    if (!all_stored) {
      fmt::print("{}", Wrapped("compared: the trained parameters; --verify=all compares the figure "
                               "file, too",
                               2, width));
    }
    if (!outcome.equal && outcome.comparable && experiment.claims) {
      fmt::print("{}", Wrapped("other bits; --verify=all says whether the verdicts are the same", 2,
                               width));
    }
  }
  const int status = VerifyStatus(outcome);
  if (status == kClaimEqual) {
    fmt::print("  claim-equal: other bits, the same verdicts\n");
  }
  return status;
}

}  // namespace initbias
