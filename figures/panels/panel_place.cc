#include "figures/panels/panel_place.h"

#include <utility>

namespace initbias {

using plot::Figure;
using plot::Panel;

void AddPanel(Panel panel, const std::string& letter, const std::string& title, PanelPlace place,
              Figure* figure) {
  panel.letter = letter;
  panel.title = title.empty() ? panel.title : title;
  panel.row = place.row;
  panel.column = place.column;
  panel.column_span = place.span;
  figure->panels.push_back(std::move(panel));
}

}  // namespace initbias
