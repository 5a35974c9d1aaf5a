#include "figures/panels/labels.h"

#include <gtest/gtest.h>

#include <variant>
#include <vector>

namespace initbias {
namespace {

TEST(LabelPanelsTest, ADotForEachLabelThatIsPredictedBetweenTheEndsOfTheRange) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("C/memory_group1/range", {1, 2}, "label");
  data.Add("C/memory_group1/outputs", {0, 0.25, 0, 0.75}, "share of sequences");
  EXPECT_EQ(LabelGroupText(data, "C", 0), "group 1, 1 .. 2");
  const plot::Panel panel = LabelOutputsPanel(data, "C", 0);
  const auto& groups = std::get<plot::Scatter>(panel.content).groups;
  ASSERT_EQ(groups.size(), 1);
  EXPECT_EQ(groups[0].x, (std::vector<double>{1, 3}));
  EXPECT_EQ(groups[0].y, (std::vector<double>{0.25, 0.75}));
  EXPECT_EQ(groups[0].look, plot::IndexLook(0));
  EXPECT_EQ(panel.x_axis.max, 4) << "the whole vocabulary";
  ASSERT_EQ(panel.references.size(), 2);
  EXPECT_EQ(panel.references[0].at, 1);
  EXPECT_EQ(panel.references[1].at, 2);
  EXPECT_EQ(panel.references[1].direction, plot::ReferenceLine::Direction::kVertical);
  EXPECT_THROW(LabelOutputsPanel(data, "C", 1), NoSuchFigureData);
}

}  // namespace
}  // namespace initbias
