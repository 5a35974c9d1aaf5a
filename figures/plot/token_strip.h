// The diagram of token sequences: its size, and its drawing.
#ifndef INITBIAS_FIGURES_PLOT_TOKEN_STRIP_H_
#define INITBIAS_FIGURES_PLOT_TOKEN_STRIP_H_

#include <vector>

#include "figures/plot/drawing.h"
#include "figures/plot/figure.h"

namespace initbias::plot {

// Size of the diagram in points: what its texts need.
double TokenStripWidth(const TokenStrip& strip);
double TokenStripHeight(const TokenStrip& strip);

// Draws `strip` centred in `box`, its boxes wider where there is room, from the top.
void DrawTokenStrip(const TokenStrip& strip, const Box& box, Layer& layer,
                    std::vector<Text>& texts);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_TOKEN_STRIP_H_
