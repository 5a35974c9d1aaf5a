#include "lib/measure/theory_arrays.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <utility>

#include "lib/config/run_config.h"
#include "lib/config/token_range.h"
#include "lib/measure/embeddings.h"
#include "lib/measure/theory.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {

void AddAgreement(const std::string& group, const RunResult& run, FigureData* figure) {
  std::vector<double> steps;
  for (const Snapshot* table : run.Probes("parameter.embedding.token")) {
    steps.push_back(static_cast<double>(table->step));
  }
  figure->Add(Below(group, kStepName), steps, "optimiser steps");
  for (const auto& [kind, tokens] : AnchorKinds(run.config.task)) {
    std::vector<double> gradients;
    std::vector<double> ours;
    std::vector<double> changes;
    for (size_t i = 0; i < steps.size(); ++i) {
      const VelocityAgreement agreement = CompareVelocity(run, i, tokens, PathFormula::kPaper);
      gradients.insert(gradients.end(), agreement.gradient.begin(), agreement.gradient.end());
      changes.insert(changes.end(), agreement.step.begin(), agreement.step.end());
      const std::vector<double> other =
          CompareVelocity(run, i, tokens, PathFormula::kOurs).gradient;
      ours.insert(ours.end(), other.begin(), other.end());
    }
    const int64_t count = TokenCount(tokens);
    const auto rows = static_cast<int64_t>(steps.size());
    const std::string path = Below(group, kind);
    figure->Add(Below(path, kTokenName), TokenIds(tokens), "token");
    figure->Add(Below(path, kGradientName), {rows, count}, gradients, "1");
    figure->Add(Below(path, kChangeName), {rows - 1, count}, changes, "1");
    if (run.config.model == ModelKind::kTransformer) {
      figure->Add(Below(path, kOursName), {rows, count}, ours, "1");
    }
  }
}

void AddSizes(const std::string& group, const RunResult& run, int64_t last_step,
              FigureData* figure) {
  for (const auto& [kind, tokens] : AnchorKinds(run.config.task)) {
    const VelocitySizes sizes = SizesOf(run, tokens, last_step);
    const std::string path = Below(group, kind);
    figure->Add(Below(path, kPredictedName), sizes.predicted, "norm of the velocity");
    figure->Add(Below(path, kMeasuredName), sizes.measured, "norm of the gradient");
  }
}

void AddRatios(const std::string& group, const RunsByValue& by, const RunMeasure& ratio,
               FigureData* figure) {
  figure->Add(Below(group, by.name), by.values, by.unit);
  AddBandOver(Below(group, kRatioName), "1", by.runs, ratio, figure);
  FigureTexts noise{.path = Below(group, kNoiseName)};
  for (size_t i = 0; i < by.runs.size(); ++i) {
    for (const RunResult* run : by.runs[i]) {
      noise.values.push_back(
          fmt::format("{} = {}: {}", by.unit, by.values.at(i), NoiseText(run->config)));
    }
  }
  figure->texts.push_back(std::move(noise));
}

std::vector<double> RatioSlopes(const RunsByValue& by, const RunMeasure& ratio) {
  std::vector<double> logs;
  for (const double value : by.values) {
    logs.push_back(std::log(value));
  }
  return SlopesBySeed(logs,
                      BySeed(by.runs, [&](const RunResult& run) { return std::log(ratio(run)); }));
}

}  // namespace initbias
