// How near measured numbers come to those of a theory: distances, fits, tests of distributions.
// Pure functions. All abort where two lists have different lengths.
#ifndef INITBIAS_LIB_ANALYSIS_SHAPE_H_
#define INITBIAS_LIB_ANALYSIS_SHAPE_H_

#include <span>

namespace initbias {

// The root of the mean of (a_i - b_i)^2, in the unit of a and b. NaN for empty lists and where an
// entry is NaN.
double RootMeanSquareError(std::span<const double> a, std::span<const double> b);

// The largest |a_i - scale b_i|, in the unit of a; 0 for empty lists. Entries that give NaN are
// passed over.
double LargestDistance(std::span<const double> a, double scale, std::span<const double> b);

// The smallest LargestDistance over all scales >= 0, within rounding: it is convex in the scale,
// and found by golden section. The largest |a_i| where all b are 0.
double SmallestDistance(std::span<const double> a, std::span<const double> b);

// The least-squares slope through the origin: sum x y / sum x^2. NaN where all x are 0.
double Slope(std::span<const double> x, std::span<const double> y);

// slope x + intercept.
struct StraightLine {
  double slope = 0;
  double intercept = 0;
};
// The least-squares line. NaN where x has fewer than two different values.
StraightLine LinearFit(std::span<const double> x, std::span<const double> y);

// Root mean square errors, in the unit of what is measured.
struct ShapeFit {
  double theory = 0;  // against the theory, which has no free parameter
  double line = 0;    // against the best straight line, which has two
};
// Of values at the distances d, d + 1, ..: the theory is the better account where its error is
// smaller than that of the line in distance. line is NaN for fewer than two values, and 0 for two.
ShapeFit CompareShapes(std::span<const double> measured_by_distance,
                       std::span<const double> theory_by_distance);

}  // namespace initbias

#endif  // INITBIAS_LIB_ANALYSIS_SHAPE_H_
