// The main function of all figures: a figure file in, pictures out. Knows nothing of models or
// training, so that every picture can be drawn again from stored numbers.
#ifndef INITBIAS_FIGURES_FIGURE_MAIN_H_
#define INITBIAS_FIGURES_FIGURE_MAIN_H_

#include <string>

#include "figures/draw.h"

namespace initbias {

// Draws the figure `name` as its command line says; returns the process's exit status: 0 done,
// 1 failed, 2 wrong usage.
int FigureMain(int argc, char** argv, const std::string& name, const DescribeFigure& describe,
               const TellFindings& findings);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_FIGURE_MAIN_H_
