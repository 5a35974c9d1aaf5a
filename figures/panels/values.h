// What figures read of their figure file as they draw: single values, texts of them, and the
// initialisation rates that it has groups of. All paths are below /panels.
#ifndef INITBIAS_FIGURES_PANELS_VALUES_H_
#define INITBIAS_FIGURES_PANELS_VALUES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "lib/store/figure_file.h"

namespace initbias {

// The values of `path` as the texts of whole numbers.
std::vector<std::string> WholeNumbers(const FigureData& data, const std::string& path);

// The only value at `path`.
double Value(const FigureData& data, const std::string& path);

// "epoch 4.5": the value at `path`.
std::string EpochText(const FigureData& data, const std::string& path, size_t index = 0);

// "γ = 0.8": the initialisation rate of the runs that the figure was made of, where all have the
// same, as the label of the first says it. Throws NoSuchFigureData where there is none.
std::string RateText(const FigureData& data);

// "γ = 0.8": an initialisation rate, for titles and legends.
std::string GammaText(double gamma);

// The initialisation rates of which `panel` has groups (Key of lib/store/figure_key.h), rising.
std::vector<double> GammasOf(const FigureData& data, std::string_view panel);
// The index-th of them, and the last, that of the smallest weights. Throw NoSuchFigureData where
// there is none.
double GammaAt(const FigureData& data, std::string_view panel, size_t index);
double LargestGamma(const FigureData& data, std::string_view panel);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_PANELS_VALUES_H_
