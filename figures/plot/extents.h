// What the data of a panel span, for its ranges and colours.
#ifndef INITBIAS_FIGURES_PLOT_EXTENTS_H_
#define INITBIAS_FIGURES_PLOT_EXTENTS_H_

#include "figures/plot/axis.h"
#include "figures/plot/figure.h"

namespace initbias::plot {

// What is drawn along both axes, what stands for colours, and by which part of their span (on both
// sides) the axes are to be widened.
struct Extents {
  Extent x;
  Extent y;
  Extent color;
  double x_padding = 0;
  double y_padding = 0;
};

// The extents of a panel's content and reference lines. Heat maps and token strips span nothing
// along their axes.
Extents PanelExtents(const Panel& panel);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_EXTENTS_H_
