// Panels of what a model puts out for nested groups of labels (AddLabelGroups of
// lib/measure/label_groups.h). All groups are below /panels of a figure file.
#ifndef INITBIAS_FIGURES_PANELS_LABELS_H_
#define INITBIAS_FIGURES_PANELS_LABELS_H_

#include <string>

#include "figures/plot/figure.h"
#include "lib/store/figure_file.h"

namespace initbias {

// "group 1, 30 .. 49": the number and the labels of the index-th (from 0) of <group>'s groups.
std::string LabelGroupText(const FigureData& data, const std::string& group, int index);

// A dot for each label that is predicted at all for this group, in the group's look, between the
// ends of its range. Axes are shared by the panels of all groups.
plot::Panel LabelOutputsPanel(const FigureData& data, const std::string& group, int index);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_PANELS_LABELS_H_
