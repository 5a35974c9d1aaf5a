#include "lib/measure/stages.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "lib/analysis/learning_events.h"
#include "lib/base/error.h"
#include "lib/base/nan.h"
#include "lib/measure/learning.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

struct NamedStage {
  Stage stage;
  const char* name;
};
constexpr NamedStage kStages[] = {{Stage::kStart, "start"},
                                  {Stage::kEarly, "early"},
                                  {Stage::kPlateau, "plateau"},
                                  {Stage::kHalf, "half"},
                                  {Stage::kEnd, "end"}};

const LearningCurve& DatingCurve(const RunResult& run) {
  for (const LearningCurve& curve : run.curves) {
    if (curve.group == kReasoningTrainSet) {
      return curve;
    }
  }
  return run.curves.front();
}

}  // namespace

std::string StageText(Stage stage) {
  switch (stage) {
    case Stage::kStart:
      return "at initialisation";
    case Stage::kEarly:
      return fmt::format(
          "early in training (the last snapshot before the reasoning training loss is below {} of "
          "its first value)",
          kPlateauEnds);
    case Stage::kPlateau:
      return fmt::format(
          "at the end of the plateau (the last snapshot before the reasoning training loss is below "
          "{} of its guess level, the entropy of its labels)",
          kPlateauEnds);
    case Stage::kHalf:
      return "when the reasoning training loss is half of its guess level, the entropy of its labels "
             "(the first snapshot then)";
    case Stage::kEnd:
      return "at the end of training";
  }
  INITBIAS_CHECK(false && "unknown stage");
}

double StageShare(const RunResult& run, Stage stage) {
  const std::vector<int64_t>& snapshots = run.config.probe.steps;
  INITBIAS_CHECK(!snapshots.empty());
  const auto share = [&run](int64_t step) { return ShareAt(run.config, step); };
  const LearningCurve& curve = DatingCurve(run);
  const std::vector<double>& loss = curve.loss;
  if (stage == Stage::kStart) {
    return share(snapshots.front());
  }
  if (stage == Stage::kEnd) {
    return share(snapshots.back());
  }
  // Half of the first loss would not do: large weights begin far above the guess level.
  const double level =
      (stage == Stage::kHalf ? kHalfLearned : kPlateauEnds) *
      (stage == Stage::kEarly ? loss.front() : GuessLevel(run.config.task, curve.group));
  const double reached = StepsTo(loss, run.step, level);
  if (std::isnan(reached)) {
    return kNan;
  }
  double found = kNan;
  for (const int64_t step : snapshots) {
    const auto at = static_cast<double>(step);
    if (stage != Stage::kHalf && (at < reached || step == snapshots.front())) {
      found = share(step);
    }
    if (stage == Stage::kHalf && at >= reached && std::isnan(found)) {
      found = share(step);
    }
  }
  return found;
}

double DrawnShare(const RunResult& run, Stage stage) {
  const double share = StageShare(run, stage);
  return std::isnan(share) ? StageShare(run, Stage::kEnd) : share;
}

ShareOf AtShare(double share) {
  return [share](const RunResult&) { return share; };
}

ShareOf AtStage(Stage stage) {
  return [stage](const RunResult& run) { return DrawnShare(run, stage); };
}

void AddStages(const std::string& group, const std::string& name, const Runs& runs,
               double (*metric)(const RunResult& run, double share), FigureData* figure) {
  INITBIAS_CHECK(!runs.empty());
  std::vector<double> values;
  std::vector<double> epochs;
  for (const RunResult* run : runs) {
    for (const NamedStage& named : kStages) {
      const double share = StageShare(*run, named.stage);
      values.push_back(std::isnan(share) ? kNan : metric(*run, share));
      epochs.push_back(EpochAt(*run, share));
    }
  }
  const std::vector<int64_t> shape = {static_cast<int64_t>(runs.size()), std::ssize(kStages)};
  figure->Add(Below(group, name), shape, std::move(values), "1");
  if (!figure->Has(Below(group, kEpochName))) {
    figure->Add(Below(group, kEpochName), shape, std::move(epochs), "epochs");
    std::vector<std::string> names;
    for (const NamedStage& named : kStages) {
      names.emplace_back(named.name);
    }
    figure->texts.push_back({Below(group, "stage"), names});
  }
}

double EpochAt(const RunResult& run, double share) {
  return share * static_cast<double>(TotalSteps(run.config)) /
         static_cast<double>(StepsPerEpoch(run.config));
}

}  // namespace initbias
