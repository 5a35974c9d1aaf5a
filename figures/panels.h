// Pieces that several figures draw: matrices of cosines, curves with bands, components of
// embeddings. All read a figure file's data at a path below /panels.
#ifndef INITBIAS_FIGURES_PANELS_H_
#define INITBIAS_FIGURES_PANELS_H_

#include <string>
#include <vector>

#include "figures/plot/figure.h"
#include "lib/store/figure_file.h"

namespace initbias {

// The values of `path` as the texts of whole numbers.
std::vector<std::string> WholeNumbers(const FigureData& data, const std::string& path);

// The only value at `path`.
double Value(const FigureData& data, const std::string& path);

// "epoch 4.5": the value at `path`.
std::string EpochText(const FigureData& data, const std::string& path, size_t index = 0);

// "γ = 0.8": the initialisation rate of the runs that the figure was made of, where all have the
// same, as the label of the first says it. Throws NoSuchFigureData where there is none.
std::string RateText(const FigureData& data);

// Adds `panel` to the figure at a place of its grid, under `letter` ("": with the panel before it)
// and, where it is not "", `title`.
struct PanelPlace {
  int row = 0;
  int column = 0;
  int span = 1;  // columns
};
void AddPanel(plot::Panel panel, const std::string& letter, const std::string& title,
              PanelPlace place, plot::Figure* figure);

// The cosines <group>/cosine between <group>/tokens, from -1 to 1.
plot::HeatMap CosineMap(const FigureData& data, const std::string& group, bool bar);

// The curve over seeds (BandOf of lib/store/figure_key.h) at `y_path` over the values at `x_path`,
// with its band. Throws NoSuchFigureData where the file has no such array.
plot::Series BandCurve(const FigureData& data, const std::string& x_path, const std::string& y_path,
                       const std::string& label, plot::Look look);

// The same of <group>/<name> over <group>/<x>.
plot::Series Curve(const FigureData& data, const std::string& group, const std::string& x,
                   const std::string& name, const std::string& label, plot::Look look);

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

// The attention matrix at `path` from 0 to 1; what lies above the diagonal is left out.
plot::Panel AttentionPanel(const FigureData& data, const std::string& path, bool bar);

// Lines of <group>/{memory, reasoning}: the cosine with each anchor.
plot::Panel AlignmentPanel(const FigureData& data, const std::string& group);

// The singular values of <group>/singular_value.
plot::Panel SingularValuePanel(const FigureData& data, const std::string& group);

// Of several groups that are drawn in one panel, one, with the label and look of its line.
struct Condition {
  std::string group;
  std::string label;
  plot::Look look;
};
// The initialisation rates of which the file has groups <prefix><rate>, rising.
std::vector<double> GammasOf(const FigureData& data, const std::string& prefix);
// The index-th of them, and the last, that of the smallest weights. Throw NoSuchFigureData where
// there is none.
double GammaAt(const FigureData& data, const std::string& prefix, size_t index);
double LargestGamma(const FigureData& data, const std::string& prefix);
// A condition for each of them.
std::vector<Condition> GammaConditions(const FigureData& data, const std::string& prefix);
// The two corpora of GPT-2's text: <prefix>prontoqa and <prefix>tinystories.
std::vector<Condition> CorpusConditions(const std::string& prefix);
// The curves <group>/<name> of all of them over <group>/epoch, with their bands; `label` is the
// axis's.
plot::Panel CoursePanel(const FigureData& data, const std::vector<Condition>& conditions,
                        const std::string& name, const std::string& label);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_PANELS_H_
