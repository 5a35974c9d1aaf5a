// Panels of embeddings: matrices of cosines, means by distance, principal components and the rows
// of single anchors. All groups are below /panels of a figure file.
#ifndef INITBIAS_FIGURES_PANELS_EMBEDDINGS_H_
#define INITBIAS_FIGURES_PANELS_EMBEDDINGS_H_

#include <string>

#include "figures/plot/figure.h"
#include "lib/store/figure_file.h"

namespace initbias {

// The cosines <group>/cosine between <group>/tokens, from -1 to 1.
plot::HeatMap CosineMap(const FigureData& data, const std::string& group, bool bar);

// The two matrices <group>/memory and <group>/reasoning side by side from `column` on in `row`, and
// the mean cosine by distance in the next column.
struct AnchorPanels {
  std::string letter;   // of the first panel; "" for none
  std::string heading;  // over all of them
  std::string group;
  std::string when;  // "epoch 5", in the titles
  int row = 0;
  bool matrices_have_bar = true;
};
void AddAnchorPanels(const AnchorPanels& panels, const FigureData& data, plot::Figure* figure);

// The components of <group>/{other, keys, memory, reasoning}: keys coloured by their number,
// anchors marked.
plot::Panel ComponentPanel(const FigureData& data, const std::string& group);

// The cosines of one anchor, real and theoretical, at <group>/{token, real, theory}.
plot::Panel TheoryRowPanel(const FigureData& data, const std::string& group, int anchor);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_PANELS_EMBEDDINGS_H_
