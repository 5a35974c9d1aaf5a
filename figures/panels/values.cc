#include "figures/panels/values.h"

#include <fmt/format.h>

#include <set>

#include "lib/config/run_config.h"
#include "lib/store/figure_key.h"

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

std::string GammaText(double gamma) { return fmt::format("γ = {}", gamma); }

std::vector<double> GammasOf(const FigureData& data, std::string_view panel) {
  const std::string prefix = RateKeys(panel);
  std::set<double> gammas;
  for (const FigureArray& array : data.arrays) {
    if (array.path.starts_with(prefix)) {
      gammas.insert(std::stod(array.path.substr(prefix.size())));
    }
  }
  return {gammas.begin(), gammas.end()};
}

double GammaAt(const FigureData& data, std::string_view panel, size_t index) {
  const std::vector<double> gammas = GammasOf(data, panel);
  if (index >= gammas.size()) {
    throw NoSuchFigureData(fmt::format("{} ({} profile) has {} groups /panels/{}..", data.figure,
                                       data.profile, gammas.size(), RateKeys(panel)));
  }
  return gammas[index];
}

double LargestGamma(const FigureData& data, std::string_view panel) {
  const size_t count = GammasOf(data, panel).size();
  return GammaAt(data, panel, count == 0 ? 0 : count - 1);
}

}  // namespace initbias
