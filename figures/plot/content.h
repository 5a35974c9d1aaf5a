// The data of a panel as shapes on the page: curves, cells, points, tokens. Without axes.
#ifndef INITBIAS_FIGURES_PLOT_CONTENT_H_
#define INITBIAS_FIGURES_PLOT_CONTENT_H_

#include "figures/plot/drawing.h"
#include "figures/plot/figure.h"
#include "figures/plot/layout.h"

namespace initbias::plot {

// Adds the content of `panel` to `drawing`, in `layout`'s box; with its reference lines behind it.
void DrawContent(const Panel& panel, const PanelLayout& layout, Drawing& drawing);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_CONTENT_H_
