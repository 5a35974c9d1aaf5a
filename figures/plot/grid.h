// Where the panels of a figure stand in its grid.
#ifndef INITBIAS_FIGURES_PLOT_GRID_H_
#define INITBIAS_FIGURES_PLOT_GRID_H_

#include <string>
#include <vector>

#include "figures/plot/figure.h"

namespace initbias::plot {

// A panel's row and columns, from 0, and the letter it belongs to.
struct Place {
  int row = 0;
  int column = 0;
  int column_span = 1;
  std::string letter;  // The panel's own, else that of the last panel before it that has one.

  bool operator==(const Place&) const = default;
};

// One place a panel, in order. Panels without a place get the first free one, in reading order,
// that holds their columns. Says nothing of overlaps between places that are given: CheckFigure
// does.
std::vector<Place> PlacePanels(const Figure& figure);

// Rows that the places reach; at least 1.
int CountRows(const std::vector<Place>& places);

// Whether two places have a cell of the grid in common.
bool Overlap(const Place& a, const Place& b);

// "panel A (row 1, column 2)", counted from 1, for messages.
std::string DescribePlace(const Place& place);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_GRID_H_
