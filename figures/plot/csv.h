// The numbers that a figure shows, as a table.
//
// Tidy: one row an observation, the same 14 columns for every kind of panel; what does not apply is
// empty. RFC 4180 with '\n' line ends. Numbers are the shortest that read back to the same double;
// gaps are nan, inf and -inf. Texts stand as in the figure, markup and all.
//
//   panel     letter of the panel ("A"), or of the last one before it that has one
//   row       place in the grid, from 1
//   column
//   title     of the panel
//   kind      line | heatmap | contours | scatter | token | reference
//   series    label of the series or group (its number, from 1, where it has none); of a token, the
//             row's label
//   x         line, scatter: as drawn. heatmap: the column's number on its axis. token: the box's
//             number, from 1, 0 for the result
//   x_label   heatmap: the column's label
//   y         line, scatter: as drawn. heatmap: the row's number on its axis. token: the row's
//             number, from 1
//   y_label   heatmap: the row's label
//   lo, hi    ends of the band
//   value     heatmap: the cell. line, scatter: what the colour stands for
//   label     scatter: of the point. token: its text. reference: of the line
#ifndef INITBIAS_FIGURES_PLOT_CSV_H_
#define INITBIAS_FIGURES_PLOT_CSV_H_

#include <string>

#include "figures/plot/figure.h"

namespace initbias::plot {

// The table of a checked figure, with its header line.
std::string FigureCsv(const Figure& figure);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_CSV_H_
