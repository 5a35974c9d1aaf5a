// Ticks for axes of a known length: as many as fit.
#ifndef INITBIAS_FIGURES_PLOT_PANEL_TICKS_H_
#define INITBIAS_FIGURES_PLOT_PANEL_TICKS_H_

#include <string>
#include <vector>

#include "figures/plot/axis.h"
#include "figures/plot/figure.h"

namespace initbias::plot {

// Least distance between tick labels that stand side by side, points.
inline constexpr double kLabelDistancePt = 4.5;

// Width in points of the widest label.
double WidestLabel(const std::vector<Tick>& ticks);

// Whether the labels, side by side on `width` points, leave room between each other.
bool LabelsFit(const std::vector<Tick>& ticks, const AxisRange& range, double width);

// The ticks of an x axis `width` points long.
std::vector<Tick> FittingXTicks(const AxisRange& range, double width);

// One side of a heat map: what its rows or columns are called.
struct CellAxis {
  std::vector<std::string> labels;  // Markup; one a row or column.
  std::vector<double> numbers;      // What the labels stand for; empty where they are names.
};

// `labels` where there are some, else `count` numbers from `start` on.
CellAxis MakeCellAxis(const std::vector<std::string>& labels, int count, int start);

// Ticks in cells (the middle of the first is 0.5): at most one every `distance` points, cells being
// `cell` points wide. Of numbers, multiples of the stride where there are such.
std::vector<Tick> CellTicks(const CellAxis& axis, double cell, double distance);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_PANEL_TICKS_H_
