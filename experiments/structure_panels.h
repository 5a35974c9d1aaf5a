// Figure 5's panels of one initialisation rate, which appendix C has of the others, too.
#ifndef INITBIAS_EXPERIMENTS_STRUCTURE_PANELS_H_
#define INITBIAS_EXPERIMENTS_STRUCTURE_PANELS_H_

#include <string>

#include "figures/plot/figure.h"
#include "lib/measure/run_set.h"
#include "lib/store/figure_file.h"

namespace initbias {

// Where they stand in the figure file.
struct StructureGroups {
  std::string cosines;     // of anchors (AddAnchorCosines), and their date, <cosines>/epoch
  std::string components;  // of all embeddings (AddComponents)
  std::string
      row;  // cosines of ShownAnchor beside theory (AddTheoryRow), the anchor at <row>/anchor
};

// Adds them at kStructureStage of each of `runs`, all of one rate; the date is the first run's.
void AddStructure(const StructureGroups& groups, const Runs& runs, FigureData* figure);

// "epoch 4.5": that date. Throws NoSuchFigureData where the file has none.
std::string StructureEpoch(const StructureGroups& groups, const FigureData& data);

// The panel of <row>. Throws NoSuchFigureData where the file has none.
plot::Panel StructureRowPanel(const StructureGroups& groups, const FigureData& data);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_STRUCTURE_PANELS_H_
