#include "lib/run/experiment.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <thread>

#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/data/text_corpus.h"
#include "lib/model/parameter_spec.h"
#include "lib/run/cost.h"
#include "lib/run/progress_display.h"
#include "lib/run/unfinished.h"
#include "lib/run/worker_pool.h"
#include "lib/store/header.h"
#include "lib/store/results.h"
#include "tools/cpp/runfiles/runfiles.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

constexpr int kFailed = 1;
constexpr int kStopped = 130;  // 128 + SIGINT, as shells have it

struct Flags {
  std::string profile = "default";
  std::string seeds;  // "": the experiment's own
  int64_t jobs = std::max<int64_t>(1, std::thread::hardware_concurrency());
  std::string device = "auto";
  std::string numerics = "pinned";
  std::string results;
  std::vector<std::string> overrides;
  double checkpoint_seconds = 60;
  bool dry_run = false;
  bool no_measure = false;
  bool print_config = false;
  bool print_claims = false;
  bool list_runs = false;
  bool measure_speed = false;
  bool unfinished = false;
};

// Fields of which the paper leaves open what they are: a claim is judged under any reading.
constexpr std::string_view kReadingFields[] = {
    "transformer.norm",        "transformer.bias",   "optimizer.schedule",
    "optimizer.warmup_epochs", "optimizer.floor",    "optimizer.warmup_multiplier",
    "init.output_scale",       "init.embedding_std", "text.padded_length",
    "text.padding_labels",
};

std::string_view FieldOf(std::string_view assignment) {
  return Trim(assignment.substr(0, assignment.find('=')));
}

void Declare(CLI::App& app, const Experiment& experiment, Flags& flags) {
  app.add_option("--profile", flags.profile, "how large: smoke, default, extended or paper")
      ->check(CLI::IsMember({"smoke", "default", "extended", "paper"}))
      ->capture_default_str();
  app.add_option(
         "--seeds", flags.seeds,
         fmt::format("N: as many from {} on; 1..3, 1,7: these ({}; smoke: {})", kFirstJudgingSeed,
                     fmt::join(experiment.seeds, ","), experiment.seeds.front()))
      ->check([](const std::string& text) {
        try {
          ParseSeeds(text);
          return std::string();
        } catch (const Error& error) {
          return std::string(error.what());
        }
      });
  app.add_option("--jobs", flags.jobs, "worker processes at a time")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--device", flags.device, "auto, cpu or cuda")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
  app.add_option("--numerics", flags.numerics, "pinned (same bits on all AVX2 machines) or native")
      ->check(CLI::IsMember({"pinned", "native"}))
      ->capture_default_str();
  app.add_option("--results", flags.results, "results folder (default: the workspace's results/)");
  app.add_option("--set", flags.overrides, "override a config field, name=value; may be repeated")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--checkpoint-seconds", flags.checkpoint_seconds, "seconds between checkpoints")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  CLI::Option* const dry_run =
      app.add_flag("--dry-run", flags.dry_run, "print the runs and an estimate, train nothing");
  app.add_flag("--no-measure", flags.no_measure,
               "with --dry-run: at once, without an estimate of time and memory")
      ->needs(dry_run);
  CLI::Option* const others[] = {
      dry_run,
      app.add_flag("--print-config", flags.print_config,
                   "print the resolved configs, train nothing"),
      app.add_flag("--list-runs", flags.list_runs,
                   "a line a run: its id, its GFLOP, whether it is stored; train nothing"),
      app.add_flag("--measure-speed", flags.measure_speed,
                   "GFLOP a second of a few steps of the plan's first run on --jobs workers, all "
                   "together; train nothing"),
      app.add_flag("--print-claims", flags.print_claims,
                   "print the claims as they are registered (JSON), train nothing")};
  CLI::Option* const unfinished = app.add_flag(
      "--unfinished", flags.unfinished,
      "a figure file of the runs as far as they are trained, of their checkpoints; nothing is "
      "judged; train nothing");
  for (CLI::Option* const other : others) {
    unfinished->excludes(other);
  }
}

bool Overrides(const Flags& flags, std::string_view field) {
  return std::ranges::any_of(flags.overrides, [field](const std::string& assignment) {
    return FieldOf(assignment) == field;
  });
}

// The seeds of the plan.
std::vector<int64_t> Seeds(const Experiment& experiment, const Flags& flags, Profile profile) {
  if (!flags.seeds.empty()) {
    return ParseSeeds(flags.seeds);
  }
  // A first look is no judge: it leaves the judging seeds alone.
  return profile == Profile::kSmoke ? std::vector<int64_t>{1} : experiment.seeds;
}

// The figure file's name, with ".custom" where its runs are not the profile's own and
// ".unfinished" where they are not done: such a file never takes the place of the profile's.
std::string FigureName(const Experiment& experiment, const Flags& flags, Profile profile) {
  if (flags.unfinished) {
    return experiment.name + ".unfinished";
  }
  const bool own =
      flags.overrides.empty() && Seeds(experiment, flags, profile) ==
                                     Seeds(experiment, Flags{.profile = flags.profile}, profile);
  return own ? experiment.name : experiment.name + ".custom";
}

// Where overrides changed the number of steps, probes are taken at the same shares of the training.
// Throws Error where the run, whatever its probes, is impossible: it has no number of steps.
void ScaleProbeSteps(int64_t planned_steps, RunConfig* config) {
  RunConfig without_probes = *config;
  without_probes.probe = {};
  Validate(without_probes);
  const int64_t steps = TotalSteps(*config);
  if (steps != planned_steps) {
    std::vector<double> shares;
    for (const int64_t step : config->probe.steps) {
      shares.push_back(static_cast<double>(step) / static_cast<double>(planned_steps));
    }
    config->probe.steps = StepsAt(*config, shares);
  }
}

// What stands beside this binary: the worker binary, the data shipped. `name` is a path in the
// project.
fs::path FindRunfile(const char* argv0, const std::string& name) {
  using bazel::tools::cpp::runfiles::Runfiles;
  std::string error;
  const std::unique_ptr<Runfiles> runfiles(Runfiles::Create(argv0, &error));
  if (runfiles == nullptr) {
    throw Error(fmt::format("cannot find {}: {}", name, error));
  }
  const fs::path path = runfiles->Rlocation("initbias/" + name);
  if (!fs::exists(path)) {
    throw Error(fmt::format("there is no {}: start the experiment with bazel run", path.string()));
  }
  return fs::absolute(path);
}

DataFolders FindData(const char* argv0) {
  const fs::path merges = FindRunfile(argv0, "data/gpt2/merges.txt");
  return {.shipped = merges.parent_path().parent_path(),
          .downloaded = DownloadsFolder(),
          .user = UserPath("")};
}

// The plan: all runs of all seeds, overridden and checked, each once.
std::vector<RunConfig> MakePlan(const Experiment& experiment, const Flags& flags, Profile profile,
                                const DataFolders& data) {
  std::vector<std::string> own = experiment.varies;
  own.insert(own.end(), {"model", "seed", "init.gamma"});
  for (const std::string& assignment : flags.overrides) {
    const std::string name(FieldOf(assignment));
    if (std::ranges::find(own, name) != own.end()) {
      throw Error(
          fmt::format("--set {}: the experiment sets {} for each run itself", assignment, name));
    }
  }
  std::vector<RunConfig> plan;
  std::vector<std::string> ids;
  FileDigests digests;
  for (const int64_t seed : Seeds(experiment, flags, profile)) {
    for (RunConfig config : experiment.plan(profile, seed)) {
      const int64_t planned_steps = TotalSteps(config);
      for (const std::string& assignment : flags.overrides) {
        ApplyOverride(config, assignment);
      }
      if (config.model == ModelKind::kGpt2) {
        SetTextDigests(data, &digests, &config.text);
      }
      try {
        if (!Overrides(flags, "probe.steps")) {
          ScaleProbeSteps(planned_steps, &config);
        }
        Validate(config);
        if (experiment.check) {
          experiment.check(config);
        }
      } catch (const Error& error) {
        throw Error(fmt::format("{}: {}", RunLabel(config), error.what()));
      }
      const std::string id = RunId(config);
      if (std::ranges::find(ids, id) == ids.end()) {
        ids.push_back(id);
        plan.push_back(std::move(config));
      }
    }
  }
  return plan;
}

void PrintConfig(const std::vector<RunConfig>& plan) {
  for (const RunConfig& config : plan) {
    RunConfig copy = config;
    fmt::print("# {}  id {}\n", RunLabel(config), RunId(config));
    for (const Field& field : Fields(copy)) {
      fmt::print("{} = {}{}\n", field.name, field.get(),
                 field.open.empty() ? "" : "   # open: " + OpenReason(config, field));
    }
    fmt::print("\n");
  }
}

class WrongMode : public Error {
 public:
  using Error::Error;
};

// Whether the run is stored. A file that cannot be read is moved aside and said to be.
// Throws Error for a run that was made on another device or with other numerics than asked for:
// such runs differ in their bits, and a figure is not to mix them unasked.
bool IsStored(const RunConfig& config, const Flags& flags, const ResultsFolder& folder) {
  const fs::path path = folder.Run(RunId(config));
  if (!fs::exists(path)) {
    return false;
  }
  try {
    const Provenance made = ReadRunFile(path, config).provenance;
    const bool same_device = flags.device == "auto" || made.device.starts_with(flags.device);
    if (!same_device || made.numerics != flags.numerics) {
      throw WrongMode(fmt::format(
          "{} was made on {} with {} numerics, not with --device={} --numerics={}: name another "
          "folder with --results, or remove it to train it again",
          path.string(), made.device, made.numerics, flags.device, flags.numerics));
    }
    return true;
  } catch (const WrongMode&) {
    throw;
  } catch (const SchemaVersionError& error) {
    throw Error(
        fmt::format("{}. To keep these results, name another folder with --results; to "
                    "begin anew, remove them: rm -r {}",
                    error.what(), folder.folder().string()));
  } catch (const Error& error) {
    const fs::path aside = path.string() + ".damaged";
    fs::rename(path, aside);
    fmt::print(stderr, "{}\n  moved to {}; the run is trained again\n", error.what(),
               aside.filename().string());
    return false;
  }
}

PoolOptions MakePoolOptions(const Flags& flags, const char* argv0, const DataFolders& data,
                            const fs::path& root, const std::string& command_line) {
  return {.worker = FindRunfile(argv0, "lib/run/worker"),
          .results_root = root,
          .data = data,
          .profile = flags.profile,
          .device = flags.device,
          .numerics = flags.numerics,
          .argv = command_line,
          .jobs = flags.jobs,
          .checkpoint_seconds = flags.checkpoint_seconds};
}

// Runs alike but for gamma and seed take the same time.
std::string CostKey(RunConfig config) {
  config.init.gamma = 0.5;
  config.seed = 1;
  return CanonicalForm(config);
}

// Seconds that `costs` take on `jobs` workers, the longest first.
double ScheduledSeconds(std::vector<double> costs, int64_t jobs) {
  std::ranges::sort(costs, std::greater<>());
  std::vector<double> busy(static_cast<size_t>(jobs), 0.0);
  for (const double cost : costs) {
    *std::ranges::min_element(busy) += cost;
  }
  return std::ranges::max(busy);
}

// What a run of one kind takes.
struct Cost {
  double seconds = 0;
  double memory = 0;  // bytes
};

// The costs of all kinds of runs of `plan`, by CostKey, from a few steps of each; nothing where
// that was interrupted.
std::optional<std::map<std::string, Cost>> MeasureCosts(const std::vector<RunConfig>& plan,
                                                        const PoolOptions& pool) {
  std::map<std::string, RunConfig> kinds;
  for (const RunConfig& config : plan) {
    kinds.emplace(CostKey(config), config);
  }
  // Measured with as many workers at a time as the runs will have: they share memory bandwidth.
  std::vector<RunConfig> probes;
  for (const auto& [key, config] : kinds) {
    const auto copies = std::min<size_t>(static_cast<size_t>(pool.jobs), plan.size());
    probes.insert(probes.end(), copies, config);
  }
  fmt::print(stderr, "measuring a few steps of {} kinds of run ...\n", kinds.size());
  PoolOptions measure = pool;
  measure.measure = true;
  std::map<std::string, Cost> costs;
  for (const RunReport& report : RunAll(probes, measure)) {
    if (report.outcome == RunReport::Outcome::kStopped) {
      return std::nullopt;
    }
    if (report.outcome != RunReport::Outcome::kFinished) {
      throw Error(fmt::format("{}: {}", RunLabel(report.config), report.error));
    }
    const RunConfig& config = report.config;
    const double speed = report.last.Number("flops_per_second");
    const double evaluation = report.last.Number("evaluation");  // 0: not timed
    const double seconds =
        report.last.Number("setup") +
        (evaluation > 0
             ? StepFlops(config) / speed * static_cast<double>(TotalSteps(config)) +
                   evaluation * static_cast<double>(Evaluations(config)) +
                   report.last.Number("snapshot") * static_cast<double>(config.probe.steps.size())
             : RunFlops(config) / speed);
    Cost& cost = costs[CostKey(config)];
    cost.seconds = std::max(cost.seconds, seconds);
    cost.memory = std::max(cost.memory, report.last.Number("memory"));
  }
  return costs;
}

// `costs` is empty where nothing was measured.
void PrintPlan(const std::vector<RunConfig>& plan, const ResultsFolder& folder, int64_t jobs,
               const std::map<std::string, Cost>& costs) {
  std::vector<double> to_train;
  double disk = 0;
  double memory = 0;
  double checkpoints = 0;
  double flops = 0;
  size_t width = 0;
  for (const RunConfig& config : plan) {
    width = std::max(width, RunLabel(config).size());
  }
  fmt::print("{:<16}  {:<{}} {:>9}  {:>12}  {}\n", "id", "run", width, "steps", "time", "state");
  for (const RunConfig& config : plan) {
    const Cost cost = costs.empty() ? Cost() : costs.at(CostKey(config));
    const bool stored = fs::exists(folder.Run(RunId(config)));
    fmt::print("{:<16}  {:<{}} {:>9}  {:>12}  {}\n", RunId(config), RunLabel(config), width,
               TotalSteps(config), costs.empty() ? "-" : FormatDuration(cost.seconds),
               stored ? "stored" : "to train");
    if (!stored) {
      to_train.push_back(cost.seconds);
      disk += RunFileBytes(config);
      flops += RunFlops(config);
      checkpoints = std::max(checkpoints, CheckpointBytes(config));
      memory = std::max(memory, cost.memory);
    }
  }
  const std::string estimate =
      costs.empty() ? ""
                    : fmt::format(" about {} with --jobs={}, {} of memory,",
                                  FormatDuration(ScheduledSeconds(to_train, jobs)), jobs,
                                  FormatBytes(memory * static_cast<double>(jobs)));
  fmt::print("{} runs, {} to train: {:.0f} GFLOP,{} {} of disk and {} more while it runs\n",
             plan.size(), to_train.size(), flops / 1e9, estimate, FormatBytes(disk),
             FormatBytes(checkpoints * static_cast<double>(jobs)));
}

int DryRun(const std::vector<RunConfig>& plan, const ResultsFolder& folder, bool no_measure,
           const PoolOptions& pool) {
  std::map<std::string, Cost> costs;
  if (!no_measure) {
    const std::optional<std::map<std::string, Cost>> measured = MeasureCosts(plan, pool);
    if (!measured) {
      return kStopped;
    }
    costs = *measured;
  }
  PrintPlan(plan, folder, pool.jobs, costs);
  return 0;
}

void ListRuns(const std::vector<RunConfig>& plan, const ResultsFolder& folder) {
  for (const RunConfig& config : plan) {
    fmt::print("{} {:.0f} {}\n", RunId(config), RunFlops(config) / 1e9,
               fs::exists(folder.Run(RunId(config))) ? "stored" : "to-train");
  }
}

// Returns the exit status.
int PrintSpeed(const RunConfig& config, const PoolOptions& pool) {
  PoolOptions measure = pool;
  measure.measure = true;
  double sum = 0;
  for (const RunReport& report :
       RunAll(std::vector<RunConfig>(static_cast<size_t>(pool.jobs), config), measure)) {
    if (report.outcome != RunReport::Outcome::kFinished) {
      fmt::print(stderr, "{}\n", report.error);
      return report.outcome == RunReport::Outcome::kStopped ? kStopped : kFailed;
    }
    sum += report.last.Number("flops_per_second");
  }
  fmt::print("{:.1f}\n", sum / 1e9);
  return 0;
}

// Trains `missing`; returns the exit status, 0 when all of them are stored now.
int TrainMissing(const std::vector<RunConfig>& missing, const PoolOptions& pool) {
  std::vector<const RunReport*> failed;
  bool stopped = false;
  double seconds = 0;
  double evaluation = 0;
  double storage = 0;
  double memory = 0;
  const auto start = std::chrono::steady_clock::now();
  const std::vector<RunReport> reports = RunAll(missing, pool);
  for (const RunReport& report : reports) {
    stopped = stopped || report.outcome == RunReport::Outcome::kStopped;
    // Not of a run that another experiment trained meanwhile.
    if (report.outcome == RunReport::Outcome::kFinished && report.last.fields.contains("memory")) {
      seconds += report.last.Number("seconds");
      evaluation += report.last.Number("evaluation");
      storage += report.last.Number("storage");
      memory = std::max(memory, report.last.Number("memory"));
    }
    if (report.outcome == RunReport::Outcome::kFailed) {
      failed.push_back(&report);
    }
  }
  if (!failed.empty()) {
    fmt::print(stderr, "{} of {} runs failed:\n", failed.size(), missing.size());
    for (const RunReport* report : failed) {
      fmt::print(stderr, "  {} ({}): {}\n", RunLabel(report->config), RunId(report->config),
                 report->error);
    }
  }
  if (stopped) {
    fmt::print(stderr,
               "stopped; what was done is kept. To go on, give the same command again:\n"
               "  bazel run //experiments:{}\n",
               pool.argv);
    return kStopped;
  }
  if (!failed.empty()) {
    return kFailed;
  }
  const double taken =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const auto percent = [seconds](double part) { return seconds > 0 ? 100 * part / seconds : 0.0; };
  fmt::print(
      "trained {} runs in {}: up to {} a worker; {:.1f} % of the time for evaluations, {:.1f} % "
      "for snapshots and checkpoints\n",
      missing.size(), FormatDuration(taken), FormatBytes(memory), percent(evaluation),
      percent(storage));
  return 0;
}

void PrintHeader(const Experiment& experiment, const Flags& flags, const fs::path& folder,
                 const std::vector<RunConfig>& plan, size_t missing) {
  std::map<std::string, int64_t> parameters;
  for (const RunConfig& config : plan) {
    parameters[FormatValue(config.model)] = ParameterCount(ParameterSpecs(config));
  }
  fmt::print("{}: {}\n", experiment.name, experiment.caption);
  fmt::print("  profile    {}\n", flags.profile);
  if (!experiment.trains) {
    fmt::print("  runs       none: nothing is trained\n  results    {}\n", folder.string());
    return;
  }
  fmt::print("  runs       {}, of which {} stored\n", plan.size(), plan.size() - missing);
  for (const auto& [model, count] : parameters) {
    fmt::print("  model      {}, {} parameters, float32\n", model, count);
  }
  fmt::print("  device     {}, numerics {}, {} workers of one thread\n", flags.device,
             flags.numerics, flags.jobs);
  for (const std::string& assignment : flags.overrides) {
    fmt::print("  override   {}\n", assignment);
  }
  fmt::print("  results    {}\n", folder.string());
  std::fflush(stdout);
}

// The earliest start of `runs`.
std::string FirstStart(const std::vector<RunResult>& runs) {
  std::string first;
  for (const RunResult& run : runs) {
    if (first.empty() || run.provenance.start < first) {
      first = run.provenance.start;
    }
  }
  return first;
}

// The figure of `runs`, which are those of `planned`. `not_judged`: why no claim is; or "".
FigureData Assemble(const Experiment& experiment, const Flags& flags,
                    const std::vector<RunConfig>& planned, const RunSet& runs,
                    const std::string& not_judged) {
  Profile profile{};
  ParseValue(flags.profile, &profile);
  FigureData figure{.figure = experiment.name,
                    .caption = experiment.caption,
                    .profile = flags.profile,
                    .scale = std::string(ScaleName(profile)),
                    .not_judged = not_judged,
                    .overrides = flags.overrides};
  experiment.assemble(runs, &figure);
  if (experiment.claims) {
    for (const ClaimSpec& spec : experiment.claims()) {
      figure.claims.push_back(Measure(spec, runs));
      Judge(figure.not_judged, &figure.claims.back());
    }
  }
  figure.first_run_start = experiment.trains ? FirstStart(runs.all()) : "";
  MarkLateClaims(&figure);
  for (size_t i = 0; experiment.trains && i < planned.size(); ++i) {
    const RunResult& run = runs.all().at(i);
    figure.runs.push_back({.id = RunId(planned[i]),
                           .label = RunLabel(planned[i]),
                           .config_digest = ConfigDigest(planned[i]),
                           .data_digest = run.data_digest,
                           .parameters_digest = run.parameters_digest});
  }
  return figure;
}

// Writes the figure file, prints the claims and what to do next.
void Finish(const Experiment& experiment, const Flags& flags, const FigureData& figure,
            const fs::path& file) {
  WriteFigureFile(file, figure);
  if (!figure.claims.empty()) {
    fmt::print("\n{}",
               ClaimTable(figure.claims, figure.scale, static_cast<int>(TerminalWidth(stdout))));
  }
  fmt::print("\nwrote {}\n", file.string());
  std::string options = flags.profile == "default" ? "" : " --profile=" + flags.profile;
  if (!flags.results.empty()) {
    options += " --results=" + flags.results;
  }
  if (flags.unfinished) {
    options += " --unfinished";
  } else if (file.stem() != experiment.name) {
    options += " --custom";
  }
  fmt::print("next: bazel run //figures:{}{}\n", experiment.name,
             options.empty() ? "" : " --" + options);
}

// The figure of what there is of runs that are still being trained.
void DrawUnfinished(const Experiment& experiment, const Flags& flags, Profile profile,
                    const std::vector<RunConfig>& plan, const ResultsFolder& folder) {
  if (!experiment.trains) {
    throw Error(fmt::format("{} trains nothing: leave out --unfinished", experiment.name));
  }
  UnfinishedRuns unfinished = ReadUnfinished(plan, folder);
  fmt::print("{}: {}\n", experiment.name, experiment.caption);
  fmt::print("  profile    {}\n", flags.profile);
  fmt::print("  runs       {}, of which {} finished; {}\n", unfinished.runs.size(),
             unfinished.finished, unfinished.why_not_judged);
  if (!unfinished.missing.empty()) {
    fmt::print("  left out   all of {} {}: there is neither a run file nor a checkpoint of\n",
               unfinished.left_out.size() == 1 ? "seed" : "seeds",
               fmt::join(unfinished.left_out, ", "));
    for (const std::string& run : Split(Trim(unfinished.missing), '\n')) {
      fmt::print("             {}\n", run);
    }
  }
  fmt::print("  results    {}\n", folder.folder().string());
  std::fflush(stdout);
  const FigureData figure = Assemble(experiment, flags, unfinished.planned,
                                     RunSet(std::move(unfinished.runs)), unfinished.why_not_judged);
  Finish(experiment, flags, figure, folder.Figure(FigureName(experiment, flags, profile)));
}

int Run(const Experiment& experiment, const Flags& flags, const char* argv0,
        const std::string& command_line) {
  Profile profile{};
  ParseValue(flags.profile, &profile);
  if (flags.print_claims) {
    fmt::print("{}\n", RegistryText(experiment.name, experiment.claims ? experiment.claims()
                                                                       : std::vector<ClaimSpec>{}));
    return 0;
  }
  const DataFolders data = FindData(argv0);
  const std::vector<RunConfig> plan = MakePlan(experiment, flags, profile, data);
  if (flags.print_config) {
    PrintConfig(plan);
    return 0;
  }
  const fs::path root = fs::absolute(ResultsRoot(flags.results));
  const ResultsFolder folder(root, flags.profile);
  const PoolOptions pool = MakePoolOptions(flags, argv0, data, root, command_line);
  if (flags.dry_run && !experiment.trains) {
    fmt::print("{} trains nothing\n", experiment.name);
    return 0;
  }
  if (flags.list_runs) {
    ListRuns(experiment.trains ? plan : std::vector<RunConfig>{}, folder);
    return 0;
  }
  if (flags.measure_speed) {
    return experiment.trains ? PrintSpeed(plan.front(), pool) : 0;
  }
  if (flags.dry_run) {
    return DryRun(plan, folder, flags.no_measure, pool);
  }
  if (flags.unfinished) {
    DrawUnfinished(experiment, flags, profile, plan, folder);
    return 0;
  }
  std::vector<RunConfig> missing;
  for (const RunConfig& config : plan) {
    if (experiment.trains && !IsStored(config, flags, folder)) {
      missing.push_back(config);
    }
  }
  std::error_code status;
  fs::create_directories(folder.folder(), status);
  if (status) {
    throw Error(fmt::format("cannot make the results folder {}: {}", folder.folder().string(),
                            status.message()));
  }
  PrintHeader(experiment, flags, folder.folder(), plan, missing.size());
  for (const RunConfig& config : plan) {
    if (config.model == ModelKind::kGpt2) {
      CheckTextFiles(config.text, pool.data);
    }
  }
  if (!missing.empty()) {
    const int exit_status = TrainMissing(missing, pool);
    if (exit_status != 0) {
      return exit_status;
    }
  }
  std::vector<RunResult> results;
  for (const RunConfig& config : plan) {
    results.push_back(experiment.trains ? ReadRunFile(folder.Run(RunId(config)), config)
                                        : RunResult{.config = config, .profile = flags.profile});
  }
  const std::string not_judged =
      experiment.claims ? WhyNotJudged(profile, flags.overrides, Seeds(experiment, flags, profile))
                        : "";
  const FigureData figure =
      Assemble(experiment, flags, plan, RunSet(std::move(results)), not_judged);
  Finish(experiment, flags, figure, folder.Figure(FigureName(experiment, flags, profile)));
  return 0;
}

}  // namespace

std::string_view ScaleName(Profile profile) {
  switch (profile) {
    case Profile::kSmoke:
      return "smoke";
    case Profile::kDefault:
      return "reduced";
    case Profile::kExtended:
      return "extended";
    case Profile::kPaper:
      return "paper";
  }
  INITBIAS_CHECK(false && "unknown profile");
}

Claim Measure(const ClaimSpec& spec, const RunSet& runs) {
  Claim claim{.id = spec.id,
              .statement = spec.statement,
              .place = spec.place,
              .kind = spec.kind,
              .metric = spec.metric,
              .expected = spec.expected,
              .rule = spec.rule,
              .threshold_reason = spec.threshold_reason,
              .amended = spec.amended,
              .registration = spec.registration,
              .values = spec.measure(runs)};
  std::set<int64_t> seeds;
  for (const RunResult& run : runs.all()) {
    seeds.insert(run.config.seed);
  }
  claim.seeds.assign(seeds.begin(), seeds.end());
  for (const ClaimSpec::Gate& gate : spec.preconditions) {
    claim.preconditions.push_back(
        {gate.text, gate.expected, gate.measure(runs), gate.for_holds_only});
  }
  if (spec.reason) {
    claim.reason = spec.reason(runs);
  }
  return claim;
}

std::string RegistryText(const std::string& study, const std::vector<ClaimSpec>& claims) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const ClaimSpec& spec : claims) {
    nlohmann::ordered_json conditions = nlohmann::ordered_json::array();
    for (const ClaimSpec::Gate& gate : spec.preconditions) {
      conditions.push_back(
          fmt::format("{} {}{}", gate.text, IntervalText(gate.expected),
                      gate.for_holds_only ? " (without it the claim may still differ)" : ""));
    }
    std::vector<int64_t> seeds;
    for (int64_t i = 0; i < kJudgingSeeds; ++i) {
      seeds.push_back(kFirstJudgingSeed + i);
    }
    list.push_back({{"id", spec.id},
                    {"study", study},
                    {"registration", spec.registration},
                    {"statement", spec.statement},
                    {"place", spec.place},
                    {"kind", ClaimKindName(spec.kind)},
                    {"metric", spec.metric},
                    {"rule", ClaimRuleName(spec.rule)},
                    {"expected", IntervalText(spec.expected)},
                    {"threshold_reason", spec.threshold_reason},
                    {"preconditions", conditions},
                    {"seeds", seeds},
                    {"amended", spec.amended}});
  }
  return list.dump(1);
}

std::vector<int64_t> ParseSeeds(std::string_view text) {
  constexpr int64_t kLargest = 1'000'000;
  constexpr int64_t kMost = 1'000;
  const auto number = [&](std::string_view part) {
    const std::optional<int64_t> value = ParseInt(Trim(part));
    if (!value || *value < 1 || *value > kLargest) {
      throw Error(
          fmt::format("'{}' names no seeds: expected a number of seeds, a range as 4..8 or a "
                      "list as 1,7, of numbers from 1 to {}",
                      text, kLargest));
    }
    return *value;
  };
  std::set<int64_t> seeds;
  const size_t dots = text.find("..");
  if (dots != std::string_view::npos || text.find(',') == std::string_view::npos) {
    const bool range = dots != std::string_view::npos;
    const int64_t first = range ? number(text.substr(0, dots)) : kFirstJudgingSeed;
    const int64_t last = range ? number(text.substr(dots + 2)) : first - 1 + number(text);
    if (last < first || last - first >= kMost) {
      throw Error(fmt::format("'{}' names no or more than {} seeds", text, kMost));
    }
    for (int64_t seed = first; seed <= last; ++seed) {
      seeds.insert(seed);
    }
  } else {
    for (const std::string& part : Split(text, ',')) {
      seeds.insert(number(part));
    }
  }
  return {seeds.begin(), seeds.end()};
}

std::string WhyNotJudged(Profile profile, const std::vector<std::string>& overrides,
                         const std::vector<int64_t>& seeds) {
  if (profile == Profile::kSmoke) {
    return "the smoke profile is too small to tell anything";
  }
  for (const std::string& assignment : overrides) {
    if (std::ranges::find(kReadingFields, FieldOf(assignment)) == std::end(kReadingFields)) {
      return fmt::format("with {} these are not the runs that the claim is registered for",
                         Trim(assignment));
    }
  }
  for (int64_t i = 0; i < kJudgingSeeds; ++i) {
    if (std::ranges::find(seeds, kFirstJudgingSeed + i) == seeds.end()) {
      return fmt::format("seeds {} .. {} are registered to judge, these are {}", kFirstJudgingSeed,
                         kFirstJudgingSeed + kJudgingSeeds - 1, fmt::join(seeds, ", "));
    }
  }
  if (std::ranges::any_of(seeds, [](int64_t seed) { return seed < kFirstJudgingSeed; })) {
    return fmt::format("seeds below {} are the pilot, on which the metrics were found",
                       kFirstJudgingSeed);
  }
  return "";
}

int ExperimentMain(int argc, char** argv, const Experiment& experiment) {
  Flags flags;
  CLI::App app{experiment.caption};
  app.name("bazel run //experiments:" + experiment.name + " --");
  app.footer("Time: " + experiment.cost);
  Declare(app, experiment, flags);
  if (const std::optional<int> status = ParseCommandLine(app, argc, argv)) {
    return *status;
  }
  // As one would type it after "bazel run //experiments:".
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string command_line =
      words.empty() ? experiment.name
                    : fmt::format("{} -- {}", experiment.name, fmt::join(words, " "));
  try {
    return Run(experiment, flags, argv[0], command_line);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", experiment.name, error.what());
    return kFailed;
  }
}

}  // namespace initbias
