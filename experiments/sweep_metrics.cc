#include "experiments/sweep_metrics.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/measure/learning.h"
#include "lib/measure/text.h"

namespace initbias {
namespace {

constexpr SweepMetric kMetrics[] = {
    {.name = kMaskedAccuracyName,
     .label = "masked accuracy",
     .unit = "",
     .measure = MaskedAccuracy,
     .min = 0.0,
     .max = 1.0},
    {.name = "reasoning_accuracy",
     .label = "reasoning accuracy",
     .unit = "",
     .measure = [](const RunResult& run) { return FinalAccuracy(run, kReasoningTrainSet); },
     .min = 0.0,
     .max = 1.0},
    {.name = "memory_accuracy",
     .label = "memory accuracy",
     .unit = "",
     .measure = [](const RunResult& run) { return FinalAccuracy(run, kMemorySet); },
     .min = 0.0,
     .max = 1.0},
    {.name = "masked_loss",
     .label = "masked loss",
     .unit = "nats",
     .measure = [](const RunResult& run) { return FinalLoss(run, kReasoningTestSet); }},
    {.name = "reasoning_loss",
     .label = "reasoning loss",
     .unit = "nats",
     .measure = [](const RunResult& run) { return FinalLoss(run, kReasoningTrainSet); }},
    {.name = "memory_loss",
     .label = "memory loss",
     .unit = "nats",
     .measure = [](const RunResult& run) { return FinalLoss(run, kMemorySet); }},
    {.name = kLeadName,
     .label = "lead of masked over memory",
     .unit = "",
     .measure = TestLead,
     .about_zero = true},
    {.name = kSpeedRatioName,
     .label = "log_{2} of step ratio",
     .unit = "",
     .measure = TrainSpeedRatio,
     .about_zero = true},
    {.name = "area",
     .label = "memory - masked, mean loss",
     .unit = "nats",
     .measure = AreaBetween,
     .about_zero = true},
    {.name = kPlateauName, .label = "plateau", .unit = "steps", .measure = PlateauLength},
    {.name = "masked_steps_50",
     .label = "masked, to 50 %",
     .unit = "steps",
     .measure = [](const RunResult& run) { return StepsToAccuracy(run, kReasoningTestSet, 0.5); }},
    {.name = "masked_steps_90",
     .label = "masked, to 90 %",
     .unit = "steps",
     .measure = [](const RunResult& run) { return StepsToAccuracy(run, kReasoningTestSet, 0.9); }},
    {.name = "reasoning_steps_50",
     .label = "reasoning, to 50 %",
     .unit = "steps",
     .measure = [](const RunResult& run) { return StepsToAccuracy(run, kReasoningTrainSet, 0.5); }},
    {.name = "reasoning_steps_90",
     .label = "reasoning, to 90 %",
     .unit = "steps",
     .measure = [](const RunResult& run) { return StepsToAccuracy(run, kReasoningTrainSet, 0.9); }},
    {.name = "memory_steps_50",
     .label = "memory, to 50 %",
     .unit = "steps",
     .measure = [](const RunResult& run) { return StepsToAccuracy(run, kMemorySet, 0.5); }},
    {.name = "memory_steps_90",
     .label = "memory, to 90 %",
     .unit = "steps",
     .measure = [](const RunResult& run) { return StepsToAccuracy(run, kMemorySet, 0.9); }},
    {.name = "prontoqa_loss",
     .label = "PrOntoQA loss",
     .unit = "nats",
     .of_text = true,
     .measure = [](const RunResult& run) { return FinalLoss(run, kProntoQa); }},
    {.name = "tinystories_loss",
     .label = "TinyStories loss",
     .unit = "nats",
     .of_text = true,
     .measure = [](const RunResult& run) { return FinalLoss(run, kTinyStories); }},
    {.name = "text_lead",
     .label = "lead of PrOntoQA",
     .unit = "",
     .of_text = true,
     .measure = LeadByEntropy,
     .about_zero = true},
};

}  // namespace

const SweepMetric& FindSweepMetric(std::string_view name) {
  for (const SweepMetric& metric : kMetrics) {
    if (metric.name == name) {
      return metric;
    }
  }
  std::vector<std::string> names;
  for (const SweepMetric& metric : kMetrics) {
    names.emplace_back(metric.name);
  }
  throw Error(fmt::format("there is no metric '{}'; of the anchor task: {}; of text: {}{}", name,
                          SweepMetricNames(false), SweepMetricNames(true),
                          DidYouMean(name, names)));
}

std::string MetricsPath(const std::string& group) { return group + "/metrics"; }

std::string CellsPath(const std::string& group, const std::string& metric) {
  return fmt::format("{}/cells/{}", group, metric);
}

void AddCells(const std::string& path, const SweepMetric& metric, std::vector<int64_t> shape,
              std::vector<double> values, FigureData* figure) {
  figure->Add(path, std::move(shape), std::move(values),
              metric.unit.empty() ? "1" : std::string(metric.unit));
}

std::string SweepMetricNames(bool of_text) {
  std::string names;
  for (const SweepMetric& metric : kMetrics) {
    if (metric.of_text == of_text) {
      names += (names.empty() ? "" : ", ") + std::string(metric.name);
    }
  }
  return names;
}

}  // namespace initbias
