// The data of a panel as shapes on the page: curves, cells, points, tokens. Without axes.
#ifndef INITBIAS_LIB_PLOT_CONTENT_H_
#define INITBIAS_LIB_PLOT_CONTENT_H_

#include "lib/plot/drawing.h"
#include "lib/plot/figure.h"
#include "lib/plot/layout.h"

namespace initbias::plot {

// Adds the content of `panel` to `drawing`, in `layout`'s box; with its reference lines behind it.
void DrawContent(const Panel& panel, const PanelLayout& layout, Drawing& drawing);

}  // namespace initbias::plot

#endif  // INITBIAS_LIB_PLOT_CONTENT_H_
