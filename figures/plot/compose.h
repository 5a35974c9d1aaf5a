// From a figure to a finished drawing.
#ifndef INITBIAS_FIGURES_PLOT_COMPOSE_H_
#define INITBIAS_FIGURES_PLOT_COMPOSE_H_

#include "figures/plot/drawing.h"
#include "figures/plot/figure.h"

namespace initbias::plot {

// The drawing of a figure that CheckFigure accepts. Throws Error where the texts do not fit in, as
// LayOut does.
Drawing Compose(const Figure& figure);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_COMPOSE_H_
