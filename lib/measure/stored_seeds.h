// Values by seed out of the arrays of a figure file; NaN where a seed has none.
#ifndef INITBIAS_LIB_MEASURE_STORED_SEEDS_H_
#define INITBIAS_LIB_MEASURE_STORED_SEEDS_H_

#include <cstddef>
#include <vector>

#include "lib/store/figure_file.h"

namespace initbias {

// Row `row` of an array whose last dimension is the seeds: of a sweep's or a table's cells.
std::vector<double> SeedsOfRow(const FigureArray& array, size_t row);

// Column `column` of an array whose rows are the seeds: of a band's <path>_seeds.
std::vector<double> SeedsOfColumn(const FigureArray& array, size_t column);

// The values that are there; none where half or more are missing.
std::vector<double> PresentSeeds(const std::vector<double>& values);

// Their median; NaN where there are none.
double MedianOfSeeds(const std::vector<double>& values);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_STORED_SEEDS_H_
