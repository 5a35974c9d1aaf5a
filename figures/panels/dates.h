// Tables of when each of several quantities has come half of its way (lib/measure/dates.h), a
// column a rate.
#ifndef INITBIAS_FIGURES_PANELS_DATES_H_
#define INITBIAS_FIGURES_PANELS_DATES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "figures/plot/figure.h"
#include "lib/measure/dates.h"

namespace initbias {

// The dates at a rate.
struct DatedRate {
  double gamma = 0;
  Dates dates;
};

// "1.23 (1.10–1.40)"; kNoCell (table.h) where there is no median.
std::string DateText(const Dates& dates, size_t date);

// A row a date, of these labels: medians and ranges, coloured by how much sooner (blue) or later
// (red) than the date `reference` it is.
plot::HeatMap DateTable(const std::vector<DatedRate>& rates, const std::vector<std::string>& labels,
                        size_t reference);

// A row each of the first dates, of these labels: which of those behind them, by their letters, it
// is before in every seed.
plot::HeatMap OrderTable(const std::vector<DatedRate>& rates,
                         const std::vector<std::string>& labels,
                         const std::vector<std::string>& letters);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_PANELS_DATES_H_
