// A drawing as a gnuplot script that writes SVG to standard output.
//
// gnuplot is a pen here: it gets shapes at places in points, clips them and writes SVG; nothing is
// left to its defaults for axes, ticks, colours or text. All text is in single quotes, where
// gnuplot neither runs nor expands anything, and plain unless it has sub- or superscripts.
#ifndef INITBIAS_LIB_PLOT_SCRIPT_H_
#define INITBIAS_LIB_PLOT_SCRIPT_H_

#include <string>

#include "lib/plot/drawing.h"

namespace initbias::plot {

// One unit of the SVG is one point.
std::string GnuplotScript(const Drawing& drawing);

}  // namespace initbias::plot

#endif  // INITBIAS_LIB_PLOT_SCRIPT_H_
