// The learning curves of two files of the store in one picture: A's solid, B's dashed.
#ifndef INITBIAS_FIGURES_OVERLAY_H_
#define INITBIAS_FIGURES_OVERLAY_H_

#include <filesystem>
#include <string>
#include <vector>

#include "figures/plot/figure.h"
#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"

namespace initbias {

// A learning curve, an entry an evaluation.
struct OverlayCurve {
  std::string panel;   // the title of the panel in which it is drawn
  std::string series;  // "memory"
  std::string unit;    // of the values
  std::vector<double> epoch;
  std::vector<double> values;
};

// The losses and accuracies of a run or a checkpoint.
std::vector<OverlayCurve> CurvesOf(const RunResult& run);

// Of a figure file all medians over seeds that are given by epoch; empty where there are none.
std::vector<OverlayCurve> CurvesOf(const FigureData& figure);

// A panel for each panel title of `a` or `b`, in the order of `a`. Throws Error where there is
// nothing to draw.
plot::Figure OverlayFigure(const std::vector<OverlayCurve>& a, const std::vector<OverlayCurve>& b);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_OVERLAY_H_
