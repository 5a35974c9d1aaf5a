// Legends: which entries, in how many lines, and how they are drawn. Where they stand is the
// layout's affair.
#ifndef INITBIAS_FIGURES_PLOT_LEGEND_H_
#define INITBIAS_FIGURES_PLOT_LEGEND_H_

#include <string>
#include <vector>

#include "figures/plot/drawing.h"
#include "figures/plot/figure.h"

namespace initbias::plot {

// One line of a legend: a sample and its label.
struct LegendEntry {
  enum class Kind { kLine, kMarkers };
  std::string label;
  Kind kind = Kind::kLine;
  Look look;
  bool markers = false;  // kLine with markers.
  bool band = false;     // kLine with a band.

  bool operator==(const LegendEntry&) const = default;
};

// The labelled series of `panel` in their order. Series that are coloured by value are explained by
// the colour bar and have no entry.
std::vector<LegendEntry> PanelEntries(const Panel& panel);

// The entries of all panels with LegendPlace::kFigure, each label once. Throws Error when one label
// has two looks. A band in any of them is drawn for all.
std::vector<LegendEntry> FigureEntries(const Figure& figure);

// What one look stands for where a reader meets both: in one legend, or in the figure's and that of
// a panel; or in the figure's and a curve without a label. Pairs as text: "\"a\" and \"b\"".
std::vector<std::string> SharedLooks(const Figure& figure);

// Entries side by side, line by line, so that no line is wider than `width` (unless one entry is).
std::vector<std::vector<LegendEntry>> FlowEntries(const std::vector<LegendEntry>& entries,
                                                  double width);

// Width of entries side by side, points.
double EntriesWidth(const std::vector<LegendEntry>& entries);

// Height of one line of entries, points.
inline constexpr double kLegendLinePt = 10.0;

// Draws entries side by side, from `left`, the middle of their height at `y`.
void DrawEntries(const std::vector<LegendEntry>& entries, double left, double y, Layer& layer,
                 std::vector<Text>& texts);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_LEGEND_H_
