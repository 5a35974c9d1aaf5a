// The geometry of a figure: how large it is, where the axes of every panel stand, what their
// ranges, ticks and titles are.
//
// Axes are aligned over the grid: a column leaves as much room to the left (right) of its axes as
// the widest labels of its panels need, a row likewise above and below, and what remains is shared
// out equally. Nothing is drawn here.
#ifndef INITBIAS_FIGURES_PLOT_LAYOUT_H_
#define INITBIAS_FIGURES_PLOT_LAYOUT_H_

#include <optional>
#include <string>
#include <vector>

#include "figures/plot/axis.h"
#include "figures/plot/color_scale.h"
#include "figures/plot/drawing.h"
#include "figures/plot/figure.h"
#include "figures/plot/grid.h"
#include "figures/plot/legend.h"

namespace initbias::plot {

// One axis of a panel as it will be drawn.
struct AxisLayout {
  AxisRange range;
  std::vector<Tick> ticks;
  bool labelled = true;            // false: the neighbour that shares the axis has the labels.
  bool upright = false;            // x only: tick labels are turned: too wide to lie, or asked for.
  std::vector<std::string> title;  // Lines; empty: no title.
  double label_extent = 0;         // Points that tick labels take across the axis.
};

// One panel. Heat maps have ranges in cells (y from the bottom).
struct PanelLayout {
  Place place;
  AxisLayout x;
  AxisLayout y;
  std::vector<std::string> title;
  std::optional<ColorRange> colors;  // Where colours stand for values.
  bool color_bar = false;
  std::vector<Tick> bar_ticks;
  std::vector<std::vector<LegendEntry>> legend_below;  // Lines of the panel's own legend.
  std::vector<LegendEntry> legend_right;
  Box axes;               // The axes' (or the diagram's) box on the page.
  double outer_left = 0;  // Of all that belongs to the panel.
  double outer_right = 0;
  double title_y = 0;      // Middle of the first line of the title,
  double x_title_y = 0;    // of the x axis' title,
  double y_title_x = 0;    // of the y axis' title.
  double legend_y = 0;     // Middle of the first line of legend_below.
  double bar_left = 0;     // Of the colour bar.
  double legend_left = 0;  // Of legend_right.
  Point letter;            // Left end of letter and heading.
};

struct FigureLayout {
  double width = 0;  // Of the page, points; whole numbers.
  double height = 0;
  std::vector<PanelLayout> panels;               // As in the figure.
  std::vector<std::vector<LegendEntry>> legend;  // Lines of the figure's legend.
  double legend_y = 0;                           // Middle of its first line.
  std::vector<std::string> note;                 // Lines, below the legend.
  double note_y = 0;                             // Middle of its first line.
};

// Distances that the layout and the drawing share, points.
inline constexpr double kLinePt = 8.6;          // From line to line of a text.
inline constexpr double kTickGapPt = 1.6;       // Between a tick and its label.
inline constexpr double kYTitleGapPt = 3.5;     // Between tick labels and an upright title.
inline constexpr double kReferenceGapPt = 3.0;  // Between a reference line's end and its label.
inline constexpr double kColorBarPt = 5.5;      // Width of a colour bar.

// The geometry of a checked figure. Throws Error where the width does not hold the panels.
FigureLayout LayOut(const Figure& figure);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_LAYOUT_H_
