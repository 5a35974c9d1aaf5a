#include "figures/plot/legend.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "lib/base/error.h"

namespace initbias::plot {
namespace {

Panel PanelWith(const std::string& label, const Look& look, bool band = false) {
  Series series{.label = label, .x = {1, 2}, .y = {1, 2}, .look = look};
  if (band) {
    series.lo = series.y;
    series.hi = series.y;
  }
  return {.content = LinePlot{.series = {series}}};
}

TEST(LegendTest, EqualEntriesAppearOnce) {
  const Look memory = IndexLook(0);
  Panel own = PanelWith("own", memory);
  own.legend = LegendPlace::kBelow;
  const Figure figure{.panels = {PanelWith("m", memory), PanelWith("m", memory, true),
                                 PanelWith("t", IndexLook(1)), own, PanelWith("", memory)}};
  const std::vector<LegendEntry> entries = FigureEntries(figure);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].label, "m");
  EXPECT_TRUE(entries[0].band);
  EXPECT_EQ(entries[1].label, "t");
}

TEST(LegendTest, OneLabelWithTwoLooksIsRefused) {
  const Figure figure{.panels = {PanelWith("m", IndexLook(0)), PanelWith("m", IndexLook(1))}};
  try {
    FigureEntries(figure);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("\"m\" with two looks"), std::string::npos);
  }
}

TEST(LegendTest, SeriesColouredByValueHaveTheColourBar) {
  EXPECT_TRUE(
      PanelEntries({.content = LinePlot{.series = {{.label = "s", .value = 1.0}}}}).empty());
}

TEST(LegendTest, FlowsIntoLines) {
  const std::vector<LegendEntry> entries(5, {.label = "label"});
  EXPECT_EQ(FlowEntries(entries, 1e9).size(), 1U);
  EXPECT_EQ(FlowEntries(entries, 0).size(), 5U);
  EXPECT_TRUE(FlowEntries({}, 100).empty());
  for (const std::vector<LegendEntry>& line : FlowEntries(entries, 120)) {
    EXPECT_LE(EntriesWidth(line), 120);
  }
}

}  // namespace
}  // namespace initbias::plot
