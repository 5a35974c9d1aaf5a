// Figure description in, picture files out: SVG, PDF, PNG and the drawn numbers as CSV.
//
// PDF and PNG are made from the SVG by rsvg-convert, so that the three are one drawing. On one
// machine the same description gives the same bytes in all four files, at any time and in any
// folder: no dates, no paths, no locale. SVG and CSV depend on no tool.
#ifndef INITBIAS_FIGURES_PLOT_RENDER_H_
#define INITBIAS_FIGURES_PLOT_RENDER_H_

#include <filesystem>
#include <string>

#include "figures/plot/figure.h"

namespace initbias::plot {

// Writes stem.svg, stem.pdf, stem.png (300 dpi) and stem.csv (schema: csv.h); makes the folder
// where missing and replaces older files. `stem` is a path without extension; ".svg" and so on are
// added to it as they are ("out/fig3" -> "out/fig3.svg"). Each file appears whole or not at all,
// and all four only after all four are made.
//
// Where rsvg-convert is missing, as on a node of a cluster, only SVG and CSV are written, older
// others are removed, and a sentence is returned that says so; else "".
//
// Throws Error when the description is not drawable (names the figure, the panel and the series),
// when rsvg-convert fails (its message is passed on), or when a file cannot be written. Thread-safe
// for different stems.
std::string Render(const Figure& figure, const std::filesystem::path& stem);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_RENDER_H_
