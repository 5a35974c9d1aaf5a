// Panels of Section 5 beside training (lib/measure/theory_arrays.h). All groups are below /panels
// of a figure file.
#ifndef INITBIAS_FIGURES_PANELS_THEORY_H_
#define INITBIAS_FIGURES_PANELS_THEORY_H_

#include <string>
#include <vector>

#include "figures/plot/figure.h"
#include "lib/store/figure_file.h"

namespace initbias {

// A row of panels, one a rate, of the agreement in direction over training at Key(panel, rate): of
// each kind of anchors the cosine by the paper's formula, median and range over the anchors, and,
// dashed, the median of another.
struct AgreementRow {
  std::string panel;         // also the letter
  std::string heading;       // over all of them
  std::string dashed;        // the name of what the dashed lines show
  std::string dashed_label;  // "our W"
  bool markers = false;      // on them: one dash alone would stand for two things
  int row = 0;
  std::vector<double> gammas;  // a panel each, from the first column on
};
void AddAgreementRow(const AgreementRow& row, const FigureData& data, plot::Figure* figure);

// The norms <group>/<kind>/measured of the gradients of anchors over <group>/<kind>/predicted.
plot::Panel SizePanel(const FigureData& data, const std::string& group);

// Theorem 1's deviation over its order, <group>/ratio over <group>/<x>, which is called `label`.
plot::Panel RatioPanel(const FigureData& data, const std::string& group, const std::string& x,
                       const std::string& label, bool log);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_PANELS_THEORY_H_
