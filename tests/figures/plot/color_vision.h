// How colours look to readers who see fewer of them, and in grey.
#ifndef INITBIAS_TESTS_FIGURES_PLOT_COLOR_VISION_H_
#define INITBIAS_TESTS_FIGURES_PLOT_COLOR_VISION_H_

#include <vector>

#include "figures/plot/style.h"

namespace initbias::plot {

// A difference in CIELAB of 2.3 is just noticeable side by side; thin lines need far more.
inline constexpr double kClearlyApart = 15;

// The smallest distance in CIELAB between any two of `hues` as seen with full vision and by full
// protanopes, deuteranopes and tritanopes.
double SmallestDistance(const std::vector<Hue>& hues);

// CIELAB's L, 0 to 100.
double Lightness(Rgb color);

}  // namespace initbias::plot

#endif  // INITBIAS_TESTS_FIGURES_PLOT_COLOR_VISION_H_
