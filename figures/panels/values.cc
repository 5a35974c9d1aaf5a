#include "figures/panels/values.h"

#include <fmt/format.h>

#include <set>

#include "lib/config/run_config.h"

namespace initbias {

std::vector<std::string> WholeNumbers(const FigureData& data, const std::string& path) {
  std::vector<std::string> texts;
  for (const double value : data.Get(path).values) {
    texts.push_back(fmt::format("{:.0f}", value));
  }
  return texts;
}

double Value(const FigureData& data, const std::string& path) {
  return data.Get(path).values.at(0);
}

std::string EpochText(const FigureData& data, const std::string& path, size_t index) {
  // A no-break space: a title never breaks between the word and its number.
  return fmt::format("epoch\u00a0{:.3g}", data.Get(path).values.at(index));
}

std::string RateText(const FigureData& data) {
  // The runs' configs are not in files of older programs.
  const std::string rate = data.runs.empty() ? "" : RateOfLabel(data.runs.front().label);
  if (rate.empty()) {
    throw NoSuchFigureData(
        fmt::format("{} ({} profile) has no run with a rate", data.figure, data.profile));
  }
  return "γ = " + rate;
}

std::vector<double> GammasOf(const FigureData& data, const std::string& prefix) {
  std::set<double> gammas;
  for (const FigureArray& array : data.arrays) {
    if (array.path.starts_with(prefix)) {
      gammas.insert(std::stod(array.path.substr(prefix.size())));
    }
  }
  return {gammas.begin(), gammas.end()};
}

double GammaAt(const FigureData& data, const std::string& prefix, size_t index) {
  const std::vector<double> gammas = GammasOf(data, prefix);
  if (index >= gammas.size()) {
    throw NoSuchFigureData(fmt::format("{} ({} profile) has {} groups /panels/{}..", data.figure,
                                       data.profile, gammas.size(), prefix));
  }
  return gammas[index];
}

double LargestGamma(const FigureData& data, const std::string& prefix) {
  const size_t count = GammasOf(data, prefix).size();
  return GammaAt(data, prefix, count == 0 ? 0 : count - 1);
}

}  // namespace initbias
