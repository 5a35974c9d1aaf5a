// What a figure shows, in words made from its numbers: for screen readers.
#ifndef INITBIAS_FIGURES_REPORT_ALT_TEXT_H_
#define INITBIAS_FIGURES_REPORT_ALT_TEXT_H_

#include <string>

#include "lib/store/figure_file.h"

namespace initbias {

// The caption, then of each plot of the file (at most kAltPlots) how its signal goes: "A gamma=0.3
// memory: loss falls from 4.61 to 2.7 nats"; of a matrix, or where numbers lie elsewhere, their
// smallest and largest.
inline constexpr size_t kAltPlots = 16;
std::string AltText(const FigureData& data);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_REPORT_ALT_TEXT_H_
