#include "lib/measure/dates.h"

#include <cmath>
#include <iterator>
#include <utility>

#include "lib/base/nan.h"
#include "lib/measure/stored_seeds.h"

namespace initbias {

double EpochOrNan(const RunConfig& config, double step) {
  return std::isfinite(step) ? step / static_cast<double>(StepsPerEpoch(config)) : kNan;
}

void AddDates(const std::string& path, const std::vector<std::vector<double>>& dates,
              FigureData* figure) {
  std::vector<double> values;
  for (const std::vector<double>& seeds : dates) {
    values.insert(values.end(), seeds.begin(), seeds.end());
  }
  figure->Add(path, {std::ssize(dates), std::ssize(dates.front())}, std::move(values), "epochs");
}

Dates::Dates(const FigureData& data, const std::string& path) : array_(data.Get(path)) {}

std::vector<double> Dates::Seeds(size_t date) const { return SeedsOfRow(array_, date); }

double Dates::Median(size_t date) const { return MedianOfSeeds(Seeds(date)); }

bool Dates::Before(size_t date, size_t other) const {
  const std::vector<double> mine = Seeds(date);
  const std::vector<double> others = Seeds(other);
  for (size_t seed = 0; seed < mine.size(); ++seed) {
    if (std::isnan(mine[seed]) || mine[seed] >= others[seed]) {
      return false;
    }
  }
  return true;
}

}  // namespace initbias
