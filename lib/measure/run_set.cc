#include "lib/measure/run_set.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {

Runs RunSet::All() const {
  Runs all;
  for (const RunResult& run : runs_) {
    all.push_back(&run);
  }
  return all;
}

bool RunSet::Has(ModelKind model) const {
  return std::ranges::any_of(runs_,
                             [model](const RunResult& run) { return run.config.model == model; });
}

Runs RunSet::Where(ModelKind model, double gamma) const {
  return Select(
      fmt::format("of {} at gamma = {}", FormatValue(model), gamma),
      [&](const RunConfig& config) { return config.model == model && config.init.gamma == gamma; });
}

Runs RunSet::Select(const std::string& what,
                    const std::function<bool(const RunConfig&)>& wanted) const {
  Runs found;
  for (const RunResult& run : runs_) {
    if (wanted(run.config)) {
      found.push_back(&run);
    }
  }
  if (found.empty()) {
    throw NoSuchRun("the plan has no run " + what);
  }
  std::ranges::sort(found, {}, [](const RunResult* run) { return run->config.seed; });
  return found;
}

std::vector<double> PerSeed(const Runs& runs,
                            const std::function<double(const RunResult&)>& metric) {
  std::vector<double> values;
  for (const RunResult* run : runs) {
    values.push_back(metric(*run));
  }
  return values;
}

std::vector<double> PerSeedDifference(const Runs& runs, const Runs& others,
                                      const std::function<double(const RunResult&)>& metric) {
  INITBIAS_CHECK(runs.size() == others.size());
  std::vector<double> differences = PerSeed(runs, metric);
  for (size_t i = 0; i < others.size(); ++i) {
    differences[i] -= metric(*others[i]);
  }
  return differences;
}

void AddBand(const std::string& path, const std::string& units,
             const std::vector<std::vector<double>>& curves, FigureData* figure) {
  const Band band = MakeBand(curves);
  const BandKeys keys = BandOf(path);
  figure->Add(keys.median, band.median, units);
  figure->Add(keys.lo, band.lo, units);
  figure->Add(keys.hi, band.hi, units);
  std::vector<double> rows;
  for (const std::vector<double>& curve : curves) {
    rows.insert(rows.end(), curve.begin(), curve.end());
  }
  figure->Add(keys.seeds,
              {static_cast<int64_t>(curves.size()), static_cast<int64_t>(band.median.size())},
              std::move(rows), units);
}

Band MakeBand(const std::vector<std::vector<double>>& curves) {
  INITBIAS_CHECK(!curves.empty());
  Band band;
  for (size_t i = 0; i < curves[0].size(); ++i) {
    std::vector<double> values;
    for (const std::vector<double>& curve : curves) {
      INITBIAS_CHECK(curve.size() == curves[0].size());
      values.push_back(curve[i]);
    }
    const auto [lo, hi] = std::ranges::minmax(values);
    band.lo.push_back(lo);
    band.hi.push_back(hi);
    band.median.push_back(Median(std::move(values)));
  }
  return band;
}

std::vector<std::vector<double>> BySeed(const std::vector<Runs>& places,
                                        const std::function<double(const RunResult&)>& metric) {
  INITBIAS_CHECK(!places.empty());
  std::vector<std::vector<double>> curves(places.front().size());
  for (const Runs& runs : places) {
    INITBIAS_CHECK(runs.size() == curves.size());
    for (size_t seed = 0; seed < runs.size(); ++seed) {
      curves[seed].push_back(metric(*runs[seed]));
    }
  }
  return curves;
}

void AddBandOver(const std::string& path, const std::string& units, const std::vector<Runs>& places,
                 const std::function<double(const RunResult&)>& metric, FigureData* figure) {
  AddBand(path, units, BySeed(places, metric), figure);
}

void AddLearningCurves(const std::string& group, const Runs& runs, FigureData* figure) {
  INITBIAS_CHECK(!runs.empty());
  for (const LearningCurve& first : runs[0]->curves) {
    std::vector<std::vector<double>> losses;
    std::vector<std::vector<double>> accuracies;
    for (const RunResult* run : runs) {
      const LearningCurve& curve = run->Get(first.group);
      losses.push_back(curve.loss);
      accuracies.push_back(curve.accuracy);
    }
    const std::string path = Below(group, first.group);
    figure->Add(Below(path, kEpochName), runs[0]->epoch, "epochs");
    AddBand(Below(path, kLossName), "nats", losses, figure);
    AddBand(Below(path, kAccuracyName), AccuracyUnits(runs.front()->config), accuracies, figure);
    figure->plots.push_back({path, kLossName, {kEpochName}});
  }
}

}  // namespace initbias
