#include "lib/measure/label_groups.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lib/analysis/learning_events.h"
#include "lib/analysis/share_in_range.h"
#include "lib/base/nan.h"
#include "lib/config/set_names.h"
#include "lib/config/token_range.h"
#include "lib/data/anchor/anchor_task.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kArgmaxProbe[] = "outputs.argmax";
constexpr char kProbabilityProbe[] = "outputs.probability";

TokenRange RangeOf(const AnchorTaskConfig& task, int64_t index) {
  return MemoryLabelRange(task, index, /*key=*/0, /*anchor_sum=*/0);
}

// The largest accuracy of a group at the evaluation nearest to `step`.
double LargestAccuracy(const RunResult& run, int64_t step) {
  const auto nearest = std::ranges::min_element(
      run.step, {}, [step](int64_t evaluated) { return std::abs(evaluated - step); });
  const auto at = static_cast<size_t>(nearest - run.step.begin());
  double largest = 0;
  for (int64_t i = 0; i < run.config.task.memory_groups; ++i) {
    largest = std::max(largest, run.Get(MemoryGroupSet(i)).accuracy[at]);
  }
  return largest;
}

// The share of the outputs for group `index` that lie above the range of group `limit`.
double ShareAbove(const AnchorTaskConfig& task, const Snapshot& probe, int64_t index,
                  int64_t limit) {
  return ShareInRange(GroupOutputs(probe, index), RangeOf(task, limit).last + 1,
                      task.vocabulary - 1);
}

}  // namespace

std::vector<double> GroupOutputs(const Snapshot& probe, int64_t index) {
  const int64_t vocabulary = probe.array.shape[1];
  const auto begin = probe.array.values.begin() + index * vocabulary;
  return {begin, begin + vocabulary};
}

double ShareInOwnRange(const AnchorTaskConfig& task, const Snapshot& probe, int64_t index) {
  const TokenRange range = RangeOf(task, index);
  return ShareInRange(GroupOutputs(probe, index), range.first, range.last);
}

double GroupLabelEntropy(const AnchorTaskConfig& task) {
  std::vector<double> shares(static_cast<size_t>(task.vocabulary), 0.0);
  for (int64_t i = 0; i < task.memory_groups; ++i) {
    const TokenRange range = RangeOf(task, i);
    for (int64_t label = range.first; label <= range.last; ++label) {
      shares[static_cast<size_t>(label)] +=
          1.0 / static_cast<double>((range.last - range.first + 1) * task.memory_groups);
    }
  }
  double entropy = 0;
  for (const double p : shares) {
    entropy -= p > 0 ? p * std::log(p) : 0;
  }
  return entropy;
}

std::vector<const Snapshot*> LowStage(const RunResult& run, double low) {
  const double entropy = GroupLabelEntropy(run.config.task);
  std::vector<const Snapshot*> stage;
  for (const Snapshot* probe : run.Probes(kArgmaxProbe)) {
    if (LargestAccuracy(run, probe->step) > low) {
      break;
    }
    double loss = 0;
    for (int64_t i = 0; i < run.config.task.memory_groups; ++i) {
      loss +=
          Interpolated(run.Get(MemoryGroupSet(i)).loss, run.step, static_cast<double>(probe->step));
    }
    const double mean = loss / static_cast<double>(run.config.task.memory_groups);
    if (probe->step > 0 && (!stage.empty() || mean < entropy)) {
      stage.push_back(probe);
    }
  }
  return stage;
}

double SmallestInRange(const AnchorTaskConfig& task, const std::vector<const Snapshot*>& stage) {
  double smallest = stage.empty() ? kNan : 1;
  for (const Snapshot* probe : stage) {
    for (int64_t i = 0; i < task.memory_groups; ++i) {
      smallest = std::min(smallest, ShareInOwnRange(task, *probe, i));
    }
  }
  return smallest;
}

double SmallestDistinction(const AnchorTaskConfig& task,
                           const std::vector<const Snapshot*>& stage) {
  if (stage.empty()) {
    return kNan;
  }
  const Snapshot& probe = *stage.back();
  double smallest = 1;
  for (int64_t i = 1; i < task.memory_groups; ++i) {
    smallest = std::min(smallest,
                        ShareAbove(task, probe, i, i - 1) - ShareAbove(task, probe, i - 1, i - 1));
  }
  return smallest;
}

double InRangeOverExchanged(const AnchorTaskConfig& task,
                            const std::vector<const Snapshot*>& stage) {
  if (stage.empty()) {
    return kNan;
  }
  const Snapshot& probe = *stage.front();
  const int64_t groups = task.memory_groups;
  double sum = 0;
  for (int64_t i = 0; i + 1 < groups; ++i) {
    const TokenRange range = RangeOf(task, i);
    double others = 0;
    for (int64_t j = 0; j < groups; ++j) {
      others += j == i ? 0 : ShareInRange(GroupOutputs(probe, j), range.first, range.last);
    }
    sum += ShareInOwnRange(task, probe, i) - others / static_cast<double>(groups - 1);
  }
  // The shares are of single precision: what is less than a millionth is their rounding.
  constexpr double kParts = 1e6;
  return std::round(sum / static_cast<double>(groups - 1) * kParts) / kParts + 0.0;  // no -0
}

void AddLabelGroups(const std::string& curves, const std::string& outputs, const Runs& runs,
                    const Snapshot& (*shown)(const RunResult& run), FigureData* figure) {
  const RunResult& first = *runs.front();
  const AnchorTaskConfig& task = first.config.task;
  std::vector<double> epochs;
  for (const Snapshot* probe : first.Probes(kArgmaxProbe)) {
    epochs.push_back(EpochOf(first.config, probe->step));
  }
  figure->Add(Below(curves, kProbeEpochName), epochs, "epochs");
  figure->Add(Below(curves, kStepsPerEpochName), {static_cast<double>(StepsPerEpoch(first.config))},
              "1");
  const Snapshot& at = shown(first);
  figure->Add(Below(outputs, kEpochName), {EpochOf(first.config, at.step)}, "epochs");
  figure->Add(Below(outputs, kGroupsName), {static_cast<double>(task.memory_groups)}, "1");
  for (int64_t i = 0; i < task.memory_groups; ++i) {
    const std::string set = MemoryGroupSet(i);
    for (const auto& [probes, name] : {std::pair(kArgmaxProbe, kArgmaxInRangeName),
                                       std::pair(kProbabilityProbe, kProbabilityInRangeName)}) {
      std::vector<std::vector<double>> shares;
      for (const RunResult* run : runs) {
        std::vector<double>& curve = shares.emplace_back();
        for (const Snapshot* probe : run->Probes(probes)) {
          curve.push_back(ShareInOwnRange(run->config.task, *probe, i));
        }
      }
      AddBand(Below(Below(curves, set), name), "share of outputs", shares, figure);
    }
    const TokenRange range = RangeOf(task, i);
    const std::string group = Below(outputs, set);
    figure->Add(Below(group, kRangeName),
                {static_cast<double>(range.first), static_cast<double>(range.last)}, "label");
    figure->Add(Below(group, kOutputsName), GroupOutputs(at, i), "share of sequences");
  }
}

}  // namespace initbias
