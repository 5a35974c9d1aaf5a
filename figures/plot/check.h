// Whether a figure can be drawn: everything that can be wrong in a description, found before any
// file is touched.
#ifndef INITBIAS_FIGURES_PLOT_CHECK_H_
#define INITBIAS_FIGURES_PLOT_CHECK_H_

#include <string_view>

#include "figures/plot/figure.h"

namespace initbias::plot {

// Throws Error at the first thing in `figure` that cannot be drawn: no panels, places that overlap
// or leave the grid, lengths that differ, series without one finite value, values <= 0 on a log
// axis, limits the wrong way round and so on. The message names the figure (`name`), the panel, the
// series and the numbers: "fig3: panel A (row 1, column 2), series 1 \"loss\": ...".
void CheckFigure(std::string_view name, const Figure& figure);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_CHECK_H_
