#include "lib/measure/seed_values.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "lib/analysis/shape.h"
#include "lib/base/error.h"

namespace initbias {

ChooseRuns RunsAt(ModelKind model, double gamma) {
  return [=](const RunSet& runs) { return runs.Where(model, gamma); };
}

SeedValues SmallerStep(const ChooseRuns& large, const ChooseRuns& usual, const ChooseRuns& small,
                       const RunMeasure& metric) {
  return [=](const RunSet& runs) {
    std::vector<double> first = PerSeedDifference(usual(runs), large(runs), metric);
    const std::vector<double> second = PerSeedDifference(small(runs), usual(runs), metric);
    for (size_t i = 0; i < first.size(); ++i) {
      // Not std::min, which would lose a NaN.
      first[i] = std::isnan(second.at(i)) || second[i] < first[i] ? second[i] : first[i];
    }
    return first;
  };
}

SeedValues OfRuns(const ChooseRuns& runs, const RunMeasure& metric) {
  return [=](const RunSet& set) { return PerSeed(runs(set), metric); };
}

SeedValues DifferenceOfRuns(const ChooseRuns& a, const ChooseRuns& b, const RunMeasure& metric) {
  return [=](const RunSet& set) { return PerSeedDifference(a(set), b(set), metric); };
}

SeedValues SmallestDifference(const ChooseRuns& runs, double gamma, double other,
                              const RunMeasure& metric) {
  return [=](const RunSet& set) {
    const Runs some = runs(set);
    std::vector<double> smallest;
    int64_t seed = -1;
    for (const RunResult* run : some) {
      if (run->config.init.gamma != gamma) {
        continue;
      }
      for (const RunResult* reference : some) {
        RunConfig same = reference->config;
        same.init.gamma = gamma;
        if (reference->config.init.gamma != other || RunId(same) != RunId(run->config)) {
          continue;
        }
        const double difference = metric(*run) - metric(*reference);
        if (run->config.seed != seed) {
          seed = run->config.seed;
          smallest.push_back(difference);
        }
        smallest.back() = std::min(smallest.back(), difference);
      }
    }
    return smallest;
  };
}

RunMeasure MeasureAt(const ShareOf& share, std::function<double(const RunResult&, double)> metric) {
  return [share, metric = std::move(metric)](const RunResult& run) {
    const double at = share(run);
    return std::isnan(at) ? at : metric(run, at);
  };
}

SeedValues LargestOf(const std::vector<ChooseRuns>& groups, const RunMeasure& metric) {
  return [=](const RunSet& set) {
    INITBIAS_CHECK(!groups.empty());
    std::vector<double> largest = PerSeed(groups.front()(set), metric);
    for (const ChooseRuns& runs : groups) {
      const std::vector<double> values = PerSeed(runs(set), metric);
      INITBIAS_CHECK(values.size() == largest.size());
      for (size_t i = 0; i < values.size(); ++i) {
        // Not std::max, which would lose a NaN.
        largest[i] = std::isnan(values[i]) || values[i] > largest[i] ? values[i] : largest[i];
      }
    }
    return largest;
  };
}

std::vector<double> SlopesBySeed(std::span<const double> x,
                                 const std::vector<std::vector<double>>& curves) {
  std::vector<double> slopes;
  for (const std::vector<double>& curve : curves) {
    slopes.push_back(LinearFit(x, curve).slope);
  }
  return slopes;
}

SeedValues AtShares(const ChooseRuns& runs, const ShareOf& share,
                    std::function<double(const RunResult&, double)> metric) {
  return OfRuns(runs, MeasureAt(share, std::move(metric)));
}

ShareOf JudgedAt(Stage stage) {
  return [stage](const RunResult& run) { return StageShare(run, stage); };
}

SeedValues DifferenceAtStage(const ChooseRuns& a, const ChooseRuns& b, Stage stage,
                             double (*metric)(const RunResult&, double)) {
  return DifferenceOfRuns(a, b, MeasureAt(JudgedAt(stage), metric));
}

}  // namespace initbias
