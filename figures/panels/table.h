// Tables of numbers, as heat maps with texts in their cells.
#ifndef INITBIAS_FIGURES_PANELS_TABLE_H_
#define INITBIAS_FIGURES_PANELS_TABLE_H_

#include <functional>
#include <string>
#include <vector>

#include "figures/plot/figure.h"

namespace initbias {

// A table with these columns and no rows yet. Cells of values from -reach to reach are pale enough
// for the texts in them: blue below 0, red above.
plot::HeatMap PaleTable(std::vector<std::string> columns, double reach);

// Median and range for a narrow cell, "0.52 (0.41–0.60)" or, where a dash would stand beside a
// minus, "-0.17 (-0.19..-0.15)", each number as `number` writes it, of the values that are there
// (PresentSeeds); kNoCell where there are none.
inline constexpr char kNoCell[] = "–";
std::string RangeCell(const std::vector<double>& present,
                      const std::function<std::string(double value)>& number);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_PANELS_TABLE_H_
