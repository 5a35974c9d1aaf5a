#include "figures/plot/panel_ticks.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace initbias::plot {
namespace {

using Labels = std::vector<std::string>;

Labels LabelsOf(const std::vector<Tick>& ticks) {
  Labels labels;
  for (const Tick& tick : ticks) {
    labels.push_back(tick.label);
  }
  return labels;
}

TEST(PanelTicksTest, AsManyAsFitSideBySide) {
  const AxisRange epochs{0, 1000, false};
  EXPECT_EQ(LabelsOf(FittingXTicks(epochs, 70)), (Labels{"0", "500", "1000"}));
  EXPECT_EQ(FittingXTicks(epochs, 400).size(), 11U);
  for (double width = 20; width < 300; width += 7) {
    const std::vector<Tick> ticks = FittingXTicks(epochs, width);
    EXPECT_TRUE(ticks.size() == 2 || LabelsFit(ticks, epochs, width)) << width;
  }
}

TEST(PanelTicksTest, CellsAreNumberedByRoundNumbers) {
  const CellAxis from_one = MakeCellAxis({}, 20, 1);
  const std::vector<Tick> ticks = CellTicks(from_one, 4, 13);
  EXPECT_EQ(LabelsOf(ticks), (Labels{"5", "10", "15", "20"}));
  EXPECT_EQ(ticks[0].at, 4.5) << "the middle of the fifth cell";
  EXPECT_EQ(LabelsOf(CellTicks(from_one, 20, 13)).size(), 20U);
  EXPECT_EQ(LabelsOf(CellTicks(MakeCellAxis({}, 1, 7), 10, 15)), (Labels{"7"}));
}

TEST(PanelTicksTest, NamesAreLiteralAndThinnedOut) {
  const CellAxis names = MakeCellAxis({"a_{1}", "b", "c", "d"}, 4, 0);
  EXPECT_EQ(LabelsOf(CellTicks(names, 8, 8)), (Labels{"a\\_{1}", "b", "c", "d"}));
  EXPECT_EQ(LabelsOf(CellTicks(names, 8, 9)), (Labels{"a\\_{1}", "c"}));
}

}  // namespace
}  // namespace initbias::plot
