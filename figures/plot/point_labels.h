// Where the labels of points go, so that they cover neither points nor each other.
#ifndef INITBIAS_FIGURES_PLOT_POINT_LABELS_H_
#define INITBIAS_FIGURES_PLOT_POINT_LABELS_H_

#include <string>
#include <vector>

#include "figures/plot/drawing.h"

namespace initbias::plot {

// A label for the dot at `at`.
struct PointLabel {
  Point at;
  std::string text;
};

// Places for `labels` inside of `bounds`, clear of `dots` (all dots of the panel, the labels' own
// too) where there is room: each beside its dot, or further off at the end of a thin line, which is
// added to `leaders`. A greedy search with a fixed order: equal input gives equal output. Labels
// where nothing is clear stand where they cover least.
std::vector<Text> PlacePointLabels(const std::vector<PointLabel>& labels,
                                   const std::vector<Point>& dots, double dot_size,
                                   const Box& bounds, std::vector<Polyline>& leaders);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_POINT_LABELS_H_
