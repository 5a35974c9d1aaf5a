#include "lib/run/run_set.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/error.h"
#include "lib/claims/claim.h"

namespace initbias {
namespace {

void AddQuantity(const std::string& group, const std::string& name, const std::string& units,
                 const std::vector<std::vector<double>>& curves, FigureData* figure) {
  const Band band = MakeBand(curves);
  figure->Add(fmt::format("{}/{}", group, name), band.median, units);
  figure->Add(fmt::format("{}/{}_lo", group, name), band.lo, units);
  figure->Add(fmt::format("{}/{}_hi", group, name), band.hi, units);
  std::vector<double> rows;
  for (const std::vector<double>& curve : curves) {
    rows.insert(rows.end(), curve.begin(), curve.end());
  }
  figure->Add(fmt::format("{}/{}_seeds", group, name),
              {static_cast<int64_t>(curves.size()), static_cast<int64_t>(band.median.size())},
              std::move(rows), units);
}

}  // namespace

std::vector<const RunResult*> RunSet::Where(ModelKind model, double gamma) const {
  std::vector<const RunResult*> found;
  for (const RunResult& run : runs_) {
    if (run.config.model == model && run.config.init.gamma == gamma) {
      found.push_back(&run);
    }
  }
  if (found.empty()) {
    throw Error(fmt::format("the plan has no {} run at gamma = {}", FormatValue(model), gamma));
  }
  std::ranges::sort(found, {}, [](const RunResult* run) { return run->config.seed; });
  return found;
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

void AddSeries(const std::string& group, const std::vector<const RunResult*>& runs,
               FigureData* figure) {
  INITBIAS_CHECK(!runs.empty());
  for (const Series& first : runs[0]->series) {
    std::vector<std::vector<double>> losses;
    std::vector<std::vector<double>> accuracies;
    for (const RunResult* run : runs) {
      const Series& series = run->Get(first.group);
      losses.push_back(series.loss);
      accuracies.push_back(series.accuracy);
    }
    const std::string path = fmt::format("{}/{}", group, first.group);
    figure->Add(path + "/epoch", runs[0]->epoch, "epochs");
    AddQuantity(path, "loss", "nats", losses, figure);
    AddQuantity(path, "accuracy", "share of sequences", accuracies, figure);
    figure->plots.push_back({path, "loss", {"epoch"}});
  }
}

}  // namespace initbias
