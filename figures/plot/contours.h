// Lines of equal value through a table of numbers.
#ifndef INITBIAS_FIGURES_PLOT_CONTOURS_H_
#define INITBIAS_FIGURES_PLOT_CONTOURS_H_

#include <cstddef>
#include <vector>

#include "figures/plot/drawing.h"

namespace initbias::plot {

// A line on one level; two points at least, the first again at the end where it is closed. In
// cells from the upper left corner of the table: the number in row r and column c stands at
// x = c + 0.5, y = r + 0.5.
using ContourLine = std::vector<Point>;

// The lines on which the row-major [rows, columns] values are `level`, by marching squares:
// straight within a square of four neighbours, linear along its sides; where a square has two
// lines, its mean says which corners they part. A square with a value that is not finite has none.
// Values at the level count as above it.
std::vector<ContourLine> ContourLines(int rows, int columns, const std::vector<double>& values,
                                      double level);

// Multiples of 1, 2 or 5 times a power of ten between the smallest and the largest finite value,
// rising: of the finest step that gives no more than `most` of them, none for equal values.
std::vector<double> RoundLevels(const std::vector<double>& values, size_t most);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_CONTOURS_H_
