#include "lib/run/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/data/text/text_corpus.h"
#include "lib/model/spec/probe_names.h"
#include "lib/run/cost.h"
#include "lib/run/stored_runs.h"

namespace initbias {
namespace {

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

// The figure file keeps the assignments in a table whose rows are as long as the longest.
void CheckLength(const std::vector<std::string>& overrides) {
  constexpr size_t kMostBytes = 16'000'000;
  size_t longest = 0;
  for (const std::string& text : overrides) {
    longest = std::max(longest, text.size());
  }
  if (longest * overrides.size() > kMostBytes) {
    throw Error(
        fmt::format("{} times --set, the longest of {} bytes: together they are more than a figure "
                    "file keeps ({} bytes)",
                    overrides.size(), longest, kMostBytes));
  }
}

// That a text is not what a run needs: a file may be at fault, and no option.
class TextRefused : public Error {
 public:
  using Error::Error;
};

// Does `check` of `config`. Throws its Error, if it is no FileRefused, under the label of the run.
void NamingRun(const RunConfig& config, const std::function<void()>& check) {
  try {
    check();
  } catch (const FileRefused&) {
    throw;
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", RunLabel(config), error.what()));
  }
}

// The texts of a plan's runs, each looked at once.
class TextChecks {
 public:
  // `overridden`: the configs are not the study's own.
  TextChecks(const DataFolders& data, bool asks, bool overridden)
      : data_(data), asks_(asks), overridden_(overridden) {}

  // Sets the digests of the files that the config names.
  void SetDigests(TextConfig* text) { SetTextDigests(data_, &digests_, text); }

  // Throws FileRefused or TextRefused where a file is missing or wrong; another Error where the
  // texts are shipped ones, and the config asks too much of them.
  void Check(const RunConfig& config) {
    try {
      CheckAll(config);
    } catch (const FileRefused&) {
      throw;
    } catch (const Error& error) {
      const bool shipped =
          config.text.prontoqa == "generated" && config.text.tinystories == "excerpt";
      if (shipped && overridden_) {
        throw;
      }
      throw TextRefused(error.what());
    }
  }

 private:
  void CheckAll(const RunConfig& config) {
    const TextConfig& text = config.text;
    if (checked_
            .emplace(text.prontoqa, text.tinystories, text.hops, text.prontoqa_sequences,
                     text.answer_samples)
            .second) {
      CheckNamedTexts(text, data_, asks_);
    }
    // All that the texts of a run depend on.
    RunConfig texts{.model = ModelKind::kGpt2, .seed = config.seed, .text = text};
    texts.gpt2.vocabulary = config.gpt2.vocabulary;
    texts.gpt2.context = config.gpt2.context;
    if (made_.insert(CanonicalForm(texts)).second) {
      NamingRun(config, [&] { CheckTexts(texts, data_); });
    }
  }

  DataFolders data_;
  bool asks_;
  bool overridden_;
  FileDigests digests_;
  // Files, and how much of them is needed.
  std::set<std::tuple<std::string, std::string, std::vector<int64_t>, int64_t, int64_t>> checked_;
  std::set<std::string> made_;
};

// Whether `field` is not a field itself, but sets some of a run of this model.
bool Sets(std::string_view field, ModelKind model) {
  return field == "gpt2.size" && model == ModelKind::kGpt2;
}

// Sets what --set says of the run's model; `used` becomes true of what did.
void ApplyOverrides(const ExperimentFlags& flags, RunConfig* config, std::vector<bool>* used) {
  const std::string model = FormatValue(config->model);
  for (const std::string& text : flags.overrides) {
    if (const Assignment assignment = ParseAssignment(text); IsFor(assignment, flags.only, model)) {
      ApplyOverride(*config, assignment.text);
    }
  }
  std::set<std::string, std::less<>> fields;
  for (const Field& field : Fields(*config)) {
    fields.insert(field.name);
  }
  for (size_t i = 0; i < used->size(); ++i) {
    const Assignment assignment = ParseAssignment(flags.overrides[i]);
    (*used)[i] = (*used)[i] ||
                 (IsFor(assignment, flags.only, model) &&
                  (Sets(assignment.field, config->model) || fields.contains(assignment.field)));
  }
}

// As MakePlan, with Error for UsageError.
std::vector<RunConfig> UncheckedPlan(const Experiment& experiment, const ExperimentFlags& flags,
                                     Profile profile, const DataFolders& data) {
  std::vector<std::string> own = experiment.varies;
  own.insert(own.end(), {"model", "seed", kGammaField});
  if (experiment.varied) {
    std::ranges::copy(experiment.varied(), std::back_inserter(own));
  }
  CheckConflicts(flags.overrides, flags.only);
  CheckLength(flags.overrides);
  for (const std::string& text : flags.overrides) {
    const std::string name(ParseAssignment(text).field);
    if (std::ranges::find(own, name) == own.end()) {
      continue;
    }
    const std::string hint =
        name == "model" || name == kGammaField || name == "seed"
            ? "; any model at any rate: bazel run //experiments:run -- --model=transformer "
              "--gamma=0.3,0.65"
            : "";
    throw Error(
        fmt::format("--set {}: the experiment sets {} for each run itself{}", text, name, hint));
  }
  std::vector<bool> used(flags.overrides.size(), false);
  std::vector<RunConfig> plan;
  std::vector<std::string> ids;
  TextChecks texts(data, experiment.asks, !flags.overrides.empty());
  for (const int64_t seed : Seeds(experiment, flags, profile)) {
    for (RunConfig config : experiment.plan(profile, seed)) {
      if (!flags.model.empty() && FormatValue(config.model) != flags.model) {
        continue;
      }
      const int64_t planned_steps = TotalSteps(config);
      config.init.gamma = RoundedRate(config.init.gamma);
      ApplyOverrides(flags, &config, &used);
      if (config.model == ModelKind::kGpt2) {
        texts.SetDigests(&config.text);
      }
      NamingRun(config, [&] {
        if (!Overrides(flags, "probe.steps")) {
          ScaleProbeSteps(planned_steps, &config);
        }
        Validate(config);
        CheckProbeNames(config);
        if (experiment.check) {
          experiment.check(config);
        }
      });
      if (config.model == ModelKind::kGpt2) {
        texts.Check(config);
      }
      const std::string id = RunId(config);
      if (std::ranges::find(ids, id) == ids.end()) {
        ids.push_back(id);
        plan.push_back(std::move(config));
      }
    }
  }
  for (size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) {
      throw Error(fmt::format("--set {}: no run of this plan uses it", flags.overrides[i]));
    }
  }
  return plan;
}

}  // namespace

std::vector<RunConfig> MakePlan(const Experiment& experiment, const ExperimentFlags& flags,
                                Profile profile, const DataFolders& data) {
  try {
    return UncheckedPlan(experiment, flags, profile, data);
  } catch (const FileRefused&) {
    throw;
  } catch (const TextRefused&) {
    throw;
  } catch (const Error& error) {
    throw UsageError(error.what());  // of options alone
  }
}

std::string BatchNote(const std::vector<RunConfig>& plan) {
  const auto larger = std::ranges::find_if(plan, [](const RunConfig& config) {
    return config.train.batch_size > TrainingSamples(config);
  });
  return larger == plan.end()
             ? ""
             : fmt::format(
                   "note: {}: train.batch_size = {} is more than the {} training sequences: each "
                   "step takes all of them, an epoch is one step",
                   RunLabel(*larger), larger->train.batch_size, TrainingSamples(*larger));
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

void ListRuns(const std::vector<RunConfig>& plan, const ResultsFolder& folder) {
  const StoredRuns stored(plan, folder);
  for (const RunConfig& config : plan) {
    const StoredRun& run = stored.Of(config);
    fmt::print("{} {:.0f} {} {}\n", RunId(config), RunFlops(config) / 1e9,
               run.ToTrain()                             ? "to-train"
               : run.state == StoredRun::State::kRefused ? "unreadable"
                                                         : "stored",
               FormatValue(config.model));
  }
}

}  // namespace initbias
