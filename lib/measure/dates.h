// When each of several quantities of a run came half of its way (course.h), in the figure file.
#ifndef INITBIAS_LIB_MEASURE_DATES_H_
#define INITBIAS_LIB_MEASURE_DATES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/store/figure_file.h"

namespace initbias {

// The epoch of a step between two; NaN where that is none (NaN or infinite).
double EpochOrNan(const RunConfig& config, double step);

// Adds the epochs at which each of several quantities has a date, a value a seed, as `path` [date,
// seed].
void AddDates(const std::string& path, const std::vector<std::vector<double>>& dates,
              FigureData* figure);

// These as the file has them, by the place of a quantity.
class Dates {
 public:
  // Throws NoSuchFigureData where the file has no such array.
  Dates(const FigureData& data, const std::string& path);

  // NaN where a seed has no date.
  std::vector<double> Seeds(size_t date) const;

  // NaN where half of the seeds or more have none.
  double Median(size_t date) const;

  // Whether `date` is there in every seed, and before `other` where that is.
  bool Before(size_t date, size_t other) const;

 private:
  FigureArray array_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_DATES_H_
