// From a panel's colour scale and values to colours.
#ifndef INITBIAS_FIGURES_PLOT_COLOR_SCALE_H_
#define INITBIAS_FIGURES_PLOT_COLOR_SCALE_H_

#include "figures/plot/axis.h"
#include "figures/plot/figure.h"

namespace initbias::plot {

// A colour scale with its limits; min < max.
struct ColorRange {
  ColorMap map = ColorMap::kSequential;
  double min = 0;
  double max = 1;
};

// The colour scale of a panel; null for the kinds that have none.
const ColorScale* ScaleOf(const Panel& panel);

// The limits of `scale` for values of `extent`: its own, else those of the values, widened for a
// diverging scale to be symmetric about 0.
ColorRange ResolveScale(const ColorScale& scale, const Extent& extent);

// The colour of a cell; kMissingColor for NaN.
Rgb CellColor(const ColorRange& range, double value);

// The colour of a line or point on white; kMissingColor for NaN.
Rgb InkColor(const ColorRange& range, double value);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_COLOR_SCALE_H_
