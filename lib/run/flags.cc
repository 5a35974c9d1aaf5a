#include "lib/run/flags.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/numerics.h"
#include "lib/base/text.h"
#include "lib/claims/claim.h"

namespace initbias {
namespace {

// For Option::Check: "" for a number above 0.
std::string CheckPositive(const std::string& text) {
  const std::optional<double> value = ParseDouble(text);
  return value && *value > 0 ? "" : fmt::format("'{}' is not a number above 0", text);
}

// A first look is no judge: it leaves the judging seeds alone.
constexpr int64_t kSmokeSeed = 1;

// Fields of which the paper leaves open what they are: a claim is judged under any reading.
constexpr std::string_view kReadingFields[] = {
    "transformer.norm",        "transformer.bias",   "optimizer.schedule",
    "optimizer.warmup_epochs", "optimizer.floor",    "optimizer.warmup_multiplier",
    "init.output_scale",       "init.embedding_std", "text.padded_length",
    "text.padding_labels",
};

// The model that an assignment is for; "" for all.
std::string_view AimOf(const Assignment& assignment, std::string_view only) {
  return assignment.model.empty() ? only : assignment.model;
}

// Who trains what of the plan.
void DeclareTrainers(CommandLine& app, ExperimentFlags& flags) {
  constexpr int kMostJobs = 1024;
  flags.jobs = std::min<int64_t>(UsableCores(), kMostJobs);
  app.Add("--jobs", flags.jobs, "worker processes at a time")
      .Between(1, kMostJobs)
      .LastCounts()  // a task's command adds its own
      .ShowDefault();
  app.Add("--executor", flags.executor,
          "who trains: local (workers here), slurm (a cluster) or none (fails where runs are "
          "missing)")
      .OneOf({"local", "slurm", "none"})
      .LastCounts()
      .ShowDefault();
  app.Add("--runs", flags.runs,
          "ids of --list-runs, with commas between them: these runs alone, and no figure")
      .Separator(',')
      .EachAddsOne();
  app.Add("--ahead", flags.ahead,
          "a file of --list-configs of other studies: their runs are begun where a worker "
          "would be idle, and stop with checkpoints when this study's are done");
}

// What stands in the name of a file, after "sweep.", and is not taken for another kind of figure.
std::string CheckFigureName(const std::string& name) {
  constexpr char kLetters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  constexpr size_t kLongest = 60;
  if (name == "custom" || name == "unfinished") {
    return name + " is what other figures are called";
  }
  return name.size() <= kLongest && name.find_first_not_of(kLetters) == std::string::npos
             ? ""
             : fmt::format("'{}' is not of letters, digits, - and _, {} at most", name, kLongest);
}

// What is changed of the plan.
void DeclareOverrides(CommandLine& app, const Experiment& experiment, ExperimentFlags& flags) {
  CommandLine::Option set =
      app.Add("--set", flags.overrides,
              "override a config field, name=value, or model:name=value for the runs of a "
              "model alone; may be repeated")
          .EachAddsOne();
  app.Add("--only", flags.only, "a model, which alone --set is for")
      .OneOf(EnumNames<ModelKind>::kNames)
      .Needs(set);
  if (experiment.declare) {
    app.Add("--name", flags.name,
            fmt::format("the figure is {}.NAME, and no other takes its place", experiment.name))
        .Check(CheckFigureName);
  }
  if (experiment.by_model) {
    app.Add("--model", flags.model,
            "the runs, panels and claims of this model alone: emb_mlp or transformer")
        .OneOf({"emb_mlp", "transformer"});
  }
}

// What is done in place of training.
void DeclareModes(CommandLine& app, ExperimentFlags& flags) {
  const char* const modes = "In place of training; one of these";
  CommandLine::Option dry_run =
      app.AddFlag("--dry-run", flags.dry_run, "print the runs and an estimate");
  CommandLine::Option no_measure = app.AddFlag("--no-measure", flags.no_measure,
                                               "with --dry-run: at once, without time and memory");
  no_measure.Needs(dry_run).Group(modes);
  const CommandLine::Option status =
      app.AddFlag("--status", flags.status,
                  "a line a run: stored, damaged, running, queued, failed; where, how far");
  const CommandLine::Option print_config =
      app.AddFlag("--print-config", flags.print_config, "print the resolved configs");
  const CommandLine::Option list_runs =
      app.AddFlag("--list-runs", flags.list_runs,
                  "a line a run: its id, its GFLOP, whether it is stored, its model");
  const CommandLine::Option list_configs =
      app.AddFlag("--list-configs", flags.list_configs,
                  "the configs of runs that are not stored, as --ahead reads them");
  const CommandLine::Option print_summary =
      app.AddFlag("--print-summary", flags.print_summary,
                  "print caption and cost of each profile's runs (JSON)");
  const CommandLine::Option print_claims = app.AddFlag(
      "--print-claims", flags.print_claims, "print the claims as they are registered (JSON)");
  const CommandLine::Option measure_speed =
      app.AddFlag("--measure-speed", flags.measure_speed,
                  "GFLOP a second of a few steps of the plan's first run on --jobs workers, all "
                  "together");
  const CommandLine::Option unfinished =
      app.AddFlag("--unfinished", flags.unfinished,
                  "a figure file of the runs as far as they are trained, of their checkpoints; "
                  "nothing is judged");
  CommandLine::Option verify =
      app.Add("--verify", flags.verify,
              "sample or all: train the cheapest run of each model, or all runs, once more and "
              "compare the bits with the stored figure file, or with the shipped one where there "
              "is none; nothing stored is touched; the exit status is 0 where they are the same, "
              "3 where all verdicts are, 4 where what is stored is of a former revision, else 1");
  verify.OneOf({"sample", "all"});
  CommandLine::OnlyOne({dry_run, status, print_config, list_runs, list_configs, print_summary,
                        print_claims, measure_speed, unfinished, verify},
                       modes);
}

// How Slurm is to train: CheckSlurmFlags.
void DeclareSlurmFlags(CommandLine& app, SlurmOptions& slurm) {
  const char* const group = "With --executor=slurm (docs/slurm.md)";
  app.Add("--slurm-partition", slurm.partition, "partition").Group(group);
  app.Add("--slurm-time", slurm.time, "time limit of a task, as sbatch reads it").Group(group);
  app.Add("--slurm-memory", slurm.memory, "memory of a task: 4G").Group(group);
  app.Add("--slurm-throttle", slurm.throttle, "tasks at a time (all)")
      .Check(CheckPositive)
      .Group(group);
  app.Add("--slurm-pack", slurm.pack, "runs a task, up to --jobs of them at a time")
      .Between(1, 1024)
      .ShowDefault()
      .Group(group);
  app.Add("--slurm-notice", slurm.notice,
          "seconds before the time limit at which a task writes checkpoints")
      .Between(1, 3600)
      .ShowDefault()
      .Group(group);
  app.Add("--slurm-args", slurm.args, "more flags of sbatch: '--gres=gpu:1 --account=x'")
      .Check([](const std::string& text) {
        return text.find('\n') == std::string::npos ? "" : "more than one line";
      })
      .Group(group);
}

}  // namespace

void CheckSlurmFlags(const std::vector<std::string>& arguments) {
  std::string of_slurm;  // the first
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--executor=slurm" ||
        (argument == "slurm" && i > 0 && arguments[i - 1] == "--executor")) {
      return;
    }
    if (of_slurm.empty() && argument.starts_with("--slurm-")) {
      of_slurm = argument.substr(0, argument.find('='));
    }
  }
  if (!of_slurm.empty()) {
    throw UsageError(fmt::format(
        "{} is for runs that Slurm trains: add --executor=slurm, or leave it out", of_slurm));
  }
}

Assignment ParseAssignment(std::string_view text) {
  Assignment assignment{.text = Trim(text)};
  const std::string_view left = text.substr(0, text.find('='));
  const size_t colon = left.find(':');
  if (colon != std::string_view::npos) {
    assignment.model = Trim(text.substr(0, colon));
    assignment.text = Trim(text.substr(colon + 1));
  }
  assignment.field = Trim(assignment.text.substr(0, assignment.text.find('=')));
  return assignment;
}

std::string WithoutPath(std::string_view text) {
  const std::string_view trimmed = Trim(text);
  const std::string_view field = ParseAssignment(text).field;
  const size_t equals = trimmed.find('=');
  if ((field != "text.prontoqa" && field != "text.tinystories") ||
      equals == std::string_view::npos) {
    return std::string(trimmed);
  }
  const std::string value(Trim(trimmed.substr(equals + 1)));
  const bool path = field == "text.prontoqa" ? NamesExampleFile({.prontoqa = value})
                                             : NamesStoryFile({.tinystories = value});
  return std::string(trimmed.substr(0, equals + 1)) + (path ? kSomeFile : value);
}

bool IsFor(const Assignment& assignment, const std::string& only, std::string_view model) {
  const std::string_view aim = AimOf(assignment, only);
  return aim.empty() || aim == model;
}

void CheckConflicts(const std::vector<std::string>& overrides, const std::string& only) {
  std::map<std::string_view, std::vector<const std::string*>> by_field;
  for (const std::string& text : overrides) {
    const Assignment one = ParseAssignment(text);
    ModelKind model{};
    if (!one.model.empty()) {
      ParseValue(one.model, &model);  // throws for one that there is not
    }
    const std::string_view aim = AimOf(one, only);
    for (const std::string* earlier : by_field[one.field]) {
      if (aim.empty() || IsFor(ParseAssignment(*earlier), only, aim)) {
        throw Error(fmt::format("--set {} and --set {} set the same field", *earlier, text));
      }
    }
    by_field[one.field].push_back(&text);
  }
}

void DeclareFlags(CommandLine& app, const Experiment& experiment, ExperimentFlags& flags) {
  app.Add("--profile", flags.profile, "how large: " + OrList(EnumNames<Profile>::kNames))
      .OneOf(EnumNames<Profile>::kNames)
      .ShowDefault();
  app.Add("--seeds", flags.seeds,
          fmt::format("N: as many from {} on; 1..3, 1,7: these ({}; smoke: {})", kFirstJudgingSeed,
                      fmt::join(experiment.seeds, ","), kSmokeSeed))
      .Check([](const std::string& text) {
        try {
          ParseSeeds(text);
          return std::string();
        } catch (const Error& error) {
          return std::string(error.what());
        }
      });
  DeclareTrainers(app, flags);
  app.Add("--device", flags.device, "auto, cpu or cuda")
      .OneOf({"auto", "cpu", "cuda"})
      .ShowDefault();
  app.Add("--numerics", flags.numerics,
          "pinned (same bits on every machine), native, or flush: numbers below 2^-126 are 0, for "
          "networks of LibTorch's at large weights on Intel's processors; other bits")
      .OneOf(kNumericsNames)
      .ShowDefault();
  app.Add("--results", flags.results, "results folder (default: the workspace's results/)");
  DeclareOverrides(app, experiment, flags);
  app.Add("--checkpoint-seconds", flags.checkpoint_seconds, "seconds between checkpoints")
      .Check(CheckPositive)
      .ShowDefault();
  app.Add("--silence-minutes", flags.silence_minutes,
          "minutes without a word from a worker, until it is told whether it computes, waits "
          "or is stopped")
      .Check(CheckPositive)
      .ShowDefault();
  app.Add("--log", flags.log,
          "jsonl: append what happens to the runs (started, losses, finished, ..) to "
          "log.jsonl in the results folder, a line of JSON each")
      .OneOf({"jsonl"});
  DeclareModes(app, flags);
  app.AddFlag("--no-draw", flags.no_draw, "leave out the picture");
  DeclareSlurmFlags(app, flags.slurm);
}

bool Overrides(const ExperimentFlags& flags, std::string_view field) {
  return std::ranges::any_of(flags.overrides, [field](const std::string& assignment) {
    return ParseAssignment(assignment).field == field;
  });
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
    if (last < first) {
      throw Error(fmt::format("'{}' names no seeds: a range goes upwards", text));
    }
    if (last - first >= kMost) {
      throw Error(fmt::format("'{}' names no seeds: more than {}", text, kMost));
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

std::vector<int64_t> Seeds(const Experiment& experiment, const ExperimentFlags& flags,
                           Profile profile) {
  if (!flags.seeds.empty()) {
    return ParseSeeds(flags.seeds);
  }
  return profile == Profile::kSmoke ? std::vector<int64_t>{kSmokeSeed} : experiment.seeds;
}

std::string FigureName(const Experiment& experiment, const ExperimentFlags& flags,
                       Profile profile) {
  const std::string name = experiment.name + (flags.name.empty() ? "" : "." + flags.name) +
                           (flags.model.empty() ? "" : "." + flags.model);
  if (flags.unfinished) {
    return name + ".unfinished";
  }
  // Of a study whose command line says what it is about there are no runs that are the profile's
  // own.
  const bool own = experiment.declare ||
                   (flags.overrides.empty() &&
                    Seeds(experiment, flags, profile) ==
                        Seeds(experiment, ExperimentFlags{.profile = flags.profile}, profile));
  return own ? name : name + ".custom";
}

std::string WhyNotJudged(Profile profile, const std::vector<std::string>& overrides,
                         const std::vector<int64_t>& seeds,
                         const std::vector<int64_t>& registered) {
  if (profile == Profile::kSmoke) {
    return "the smoke profile is too small to tell anything";
  }
  for (const std::string& assignment : overrides) {
    if (std::ranges::find(kReadingFields, ParseAssignment(assignment).field) ==
        std::end(kReadingFields)) {
      return fmt::format("with {} these are not the runs that the claim is registered for",
                         WithoutPath(assignment));
    }
  }
  for (const int64_t seed : registered) {
    if (std::ranges::find(seeds, seed) == seeds.end()) {
      return fmt::format("seeds {} are registered to judge, these are {}",
                         fmt::join(registered, ", "), fmt::join(seeds, ", "));
    }
  }
  if (std::ranges::any_of(seeds, [](int64_t seed) { return seed < kFirstJudgingSeed; })) {
    return fmt::format("seeds below {} are the pilot, on which the metrics were found",
                       kFirstJudgingSeed);
  }
  return "";
}

}  // namespace initbias
