// Panels of attention: its matrix, and the values and directions of W_V. All paths and groups are
// below /panels of a figure file.
#ifndef INITBIAS_FIGURES_PANELS_ATTENTION_H_
#define INITBIAS_FIGURES_PANELS_ATTENTION_H_

#include <string>

#include "figures/plot/figure.h"
#include "lib/store/figure_file.h"

namespace initbias {

// The attention matrix at `path` from 0 to 1; what lies above the diagonal is left out.
plot::Panel AttentionPanel(const FigureData& data, const std::string& path, bool bar);

// Lines of <group>/{memory, reasoning}: the cosine with each anchor.
plot::Panel AlignmentPanel(const FigureData& data, const std::string& group);

// The singular values of <group>/singular_value.
plot::Panel SingularValuePanel(const FigureData& data, const std::string& group);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_PANELS_ATTENTION_H_
