// Sample figures of every kind of panel, with made-up numbers: what the tests draw, and what to
// look at after a change of the style (bazel run //tests/figures/plot:draw_gallery).
#ifndef INITBIAS_TESTS_FIGURES_PLOT_GALLERY_H_
#define INITBIAS_TESTS_FIGURES_PLOT_GALLERY_H_

#include <string>
#include <vector>

#include "figures/plot/figure.h"

namespace initbias::plot {

struct Sample {
  std::string name;  // A file's stem.
  Figure figure;
};

std::vector<Sample> Gallery();

}  // namespace initbias::plot

#endif  // INITBIAS_TESTS_FIGURES_PLOT_GALLERY_H_
