// Panels of learning curves: loss and accuracy of memory, reasoning and masked sequences over
// epochs, the median over seeds as a line and the range over seeds as a band.
#ifndef INITBIAS_FIGURES_PANELS_LEARNING_CURVES_H_
#define INITBIAS_FIGURES_PANELS_LEARNING_CURVES_H_

#include <string>
#include <vector>

#include "figures/plot/figure.h"
#include "lib/store/figure_file.h"

namespace initbias {

// Where a row of learning-curve panels stands in the grid and what it shows.
struct CurveRow {
  std::string letter;    // of the row's first panel; "" for none
  std::string heading;   // after the letter
  std::string panel;     // "A": the group below /panels
  std::string quantity;  // kLossName or kAccuracyName (lib/store/panel_names.h)
  int row = 0;
  std::vector<double> gammas;  // a panel each, from the first column on
  bool titles = false;         // "γ = 0.3" over the panels
  double max = 0;              // of the loss axis; 0: from the data
};

// The curves of `quantity` of all sequences at <group>/<series>, of panels below /panels.
plot::Panel CurvePanel(const FigureData& data, const std::string& group,
                       const std::string& quantity);

// Appends the panels of `row` to `figure`.
void AddCurveRow(const CurveRow& row, const FigureData& data, plot::Figure* figure);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_PANELS_LEARNING_CURVES_H_
