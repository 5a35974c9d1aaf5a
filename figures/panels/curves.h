// Curves over seeds with their bands, and panels of them. All paths and groups are below /panels of
// a figure file.
#ifndef INITBIAS_FIGURES_PANELS_CURVES_H_
#define INITBIAS_FIGURES_PANELS_CURVES_H_

#include <string>
#include <string_view>
#include <vector>

#include "figures/plot/figure.h"
#include "figures/plot/style.h"
#include "lib/store/figure_file.h"

namespace initbias {

// The curve over seeds (BandOf of lib/store/figure_key.h) at `y_path` over the values at `x_path`,
// with its band. Throws NoSuchFigureData where the file has no such array.
plot::Series BandCurve(const FigureData& data, const std::string& x_path, const std::string& y_path,
                       const std::string& label, plot::Look look);

// The same of <group>/<name> over <group>/<x>.
plot::Series Curve(const FigureData& data, const std::string& group, const std::string& x,
                   const std::string& name, const std::string& label, plot::Look look);

// Of several groups that are drawn in one panel, one, with the label and look of its line.
struct Condition {
  std::string group;
  std::string label;
  plot::Look look;
};

// A condition for each initialisation rate that `panel` has.
std::vector<Condition> GammaConditions(const FigureData& data, std::string_view panel);
// The two corpora of GPT-2's text: <prefix>prontoqa and <prefix>tinystories.
std::vector<Condition> CorpusConditions(const std::string& prefix);
// The curves <group>/<name> of all of them over <group>/epoch, with their bands; `label` is the
// axis's.
plot::Panel CoursePanel(const FigureData& data, const std::vector<Condition>& conditions,
                        const std::string& name, const std::string& label);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_PANELS_CURVES_H_
