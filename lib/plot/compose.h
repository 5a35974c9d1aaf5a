// From a figure to a finished drawing.
#ifndef INITBIAS_LIB_PLOT_COMPOSE_H_
#define INITBIAS_LIB_PLOT_COMPOSE_H_

#include "lib/plot/drawing.h"
#include "lib/plot/figure.h"

namespace initbias::plot {

// The drawing of a figure that CheckFigure accepts. Throws Error where the texts do not fit in, as
// LayOut does.
Drawing Compose(const Figure& figure);

}  // namespace initbias::plot

#endif  // INITBIAS_LIB_PLOT_COMPOSE_H_
