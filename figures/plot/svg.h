// A drawing as an SVG file.
#ifndef INITBIAS_FIGURES_PLOT_SVG_H_
#define INITBIAS_FIGURES_PLOT_SVG_H_

#include <string>
#include <string_view>

#include "figures/plot/drawing.h"

namespace initbias::plot {

// SVG 1.1 with nothing but paths, clip paths and texts, so that every viewer and editor reads it.
// One unit is one point; numbers have at most two digits after the point. `title` and `caption` are
// for screen readers and file managers, and not drawn. Equal arguments give equal bytes.
std::string WriteSvg(const Drawing& drawing, std::string_view title, std::string_view caption);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_SVG_H_
