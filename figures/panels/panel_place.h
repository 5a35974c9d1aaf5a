// Where a panel stands in its figure.
#ifndef INITBIAS_FIGURES_PANELS_PANEL_PLACE_H_
#define INITBIAS_FIGURES_PANELS_PANEL_PLACE_H_

#include <string>

#include "figures/plot/figure.h"

namespace initbias {

// Adds `panel` to the figure at a place of its grid, under `letter` ("": with the panel before it)
// and, where it is not "", `title`.
struct PanelPlace {
  int row = 0;
  int column = 0;
  int span = 1;  // columns
};
void AddPanel(plot::Panel panel, const std::string& letter, const std::string& title,
              PanelPlace place, plot::Figure* figure);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_PANELS_PANEL_PLACE_H_
