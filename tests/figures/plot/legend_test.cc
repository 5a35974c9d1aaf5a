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

TEST(LegendTest, OneLookForTwoThingsIsTold) {
  const Look look = IndexLook(0);
  Look dashed = look;
  dashed.dash = Dash::kDashed;
  Look wide = look;
  wide.width_pt = 3;
  EXPECT_TRUE(SharedLooks({.panels = {PanelWith("a", look), PanelWith("b", dashed)}}).empty());
  const std::vector<std::string> pair = {"\"a\" and \"b\""};
  EXPECT_EQ(SharedLooks({.panels = {PanelWith("a", look), PanelWith("b", wide, true)}}), pair);
  // A panel's own legend beside the figure's; not beside that of another panel.
  Panel own = PanelWith("b", look);
  own.legend = LegendPlace::kBelow;
  Panel other = PanelWith("c", look);
  other.legend = LegendPlace::kRight;
  EXPECT_EQ(SharedLooks({.panels = {PanelWith("a", look), own}}), pair);
  EXPECT_TRUE(SharedLooks({.panels = {own, other}}).empty());
  EXPECT_EQ(SharedLooks({.panels = {PanelWith("a", look), PanelWith("", look)}}).size(), 1U);
  // Markers tell lines apart, and points from lines.
  Panel marked = PanelWith("b", look);
  std::get<LinePlot>(marked.content).series[0].markers = true;
  const Panel points{.content =
                         Scatter{.groups = {{.label = "c", .x = {1}, .y = {1}, .look = look}}}};
  EXPECT_TRUE(SharedLooks({.panels = {PanelWith("a", look), marked, points}}).empty());
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
