#include "experiments/structure_panels.h"

#include "experiments/anchor_structure.h"
#include "experiments/stages.h"
#include "figures/panels/embeddings.h"
#include "figures/panels/values.h"
#include "lib/measure/embedding_arrays.h"
#include "lib/measure/embeddings.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

std::string EpochPath(const StructureGroups& groups) { return Below(groups.cosines, kEpochName); }
std::string AnchorPath(const StructureGroups& groups) { return groups.row + "/anchor"; }

}  // namespace

void AddStructure(const StructureGroups& groups, const Runs& runs, FigureData* figure) {
  const RunResult& first = *runs.front();
  const AnchorTaskConfig& task = first.config.task;
  const double drawn = DrawnShare(first, kStructureStage);
  AddAnchorCosines(groups.cosines, runs, AtStage(kStructureStage), figure);
  figure->Add(EpochPath(groups), {EpochAt(first, drawn)}, "epochs");
  const TokenRange all = {0, task.vocabulary - 1};
  AddComponents(groups.components, task, Embeddings(first, drawn, all), all, figure);
  const int64_t anchor = ShownAnchor(task);
  figure->Add(AnchorPath(groups), {static_cast<double>(anchor)}, "token");
  AddTheoryRow(groups.row, runs, AtStage(kStructureStage), anchor, figure);
}

std::string StructureEpoch(const StructureGroups& groups, const FigureData& data) {
  return EpochText(data, EpochPath(groups));
}

plot::Panel StructureRowPanel(const StructureGroups& groups, const FigureData& data) {
  return TheoryRowPanel(data, groups.row, static_cast<int>(Value(data, AnchorPath(groups))));
}

}  // namespace initbias
