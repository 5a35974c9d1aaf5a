// Curves over what was varied: a few places, each with a marker. All paths and groups are below
// /panels of a figure file.
#ifndef INITBIAS_FIGURES_PANELS_MARKED_CURVES_H_
#define INITBIAS_FIGURES_PANELS_MARKED_CURVES_H_

#include <string>

#include "figures/plot/figure.h"
#include "lib/store/figure_file.h"

namespace initbias {

// A curve a rate of those that `panel` has groups of, over the values at `x_path`: the band at
// Key(panel, rate, name), or Key(panel, rate) where `name` is "".
plot::LinePlot RateCurves(const FigureData& data, const std::string& x_path,
                          const std::string& panel, const std::string& name = "");

// A curve of memory and one of reasoning, <group>/memory and <group>/reasoning over <group>/<x>:
// "memory anchors", `of` being "anchors".
plot::LinePlot KindCurves(const FigureData& data, const std::string& group, const std::string& x,
                          const std::string& of);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_PANELS_MARKED_CURVES_H_
