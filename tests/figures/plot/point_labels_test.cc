#include "figures/plot/point_labels.h"

#include <vector>

#include "gtest/gtest.h"

namespace initbias::plot {
namespace {

constexpr Box kBounds{0, 0, 200, 100};

TEST(PointLabelsTest, ALoneLabelStandsToTheRight) {
  std::vector<Polyline> leaders;
  const std::vector<Text> texts =
      PlacePointLabels({{{100, 50}, "a"}}, {{100, 50}}, 3, kBounds, leaders);
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_TRUE(leaders.empty());
  EXPECT_EQ(texts[0].at.y, 50);
  EXPECT_GT(TextBox(texts[0]).left, 101.5);
}

TEST(PointLabelsTest, StaysInsideOfTheAxes) {
  std::vector<Polyline> leaders;
  const std::vector<Text> texts =
      PlacePointLabels({{{199, 99}, "corner"}}, {{199, 99}}, 3, kBounds, leaders);
  const Box box = TextBox(texts[0]);
  EXPECT_LE(box.right, 200);
  EXPECT_LE(box.top, 100);
}

TEST(PointLabelsTest, CrowdsGetLeaders) {
  std::vector<PointLabel> labels;
  std::vector<Point> dots;
  for (int i = 0; i < 14; ++i) {
    dots.push_back({100 + 0.5 * i, 50});
    labels.push_back({dots.back(), "label"});
  }
  std::vector<Polyline> leaders;
  const std::vector<Text> texts = PlacePointLabels(labels, dots, 3, kBounds, leaders);
  EXPECT_FALSE(leaders.empty());
  int overlaps = 0;
  for (size_t i = 0; i < texts.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      overlaps += Overlap(TextBox(texts[i]), TextBox(texts[j])) ? 1 : 0;
    }
  }
  EXPECT_EQ(overlaps, 0);
}

TEST(PointLabelsTest, NothingToPlace) {
  std::vector<Polyline> leaders;
  EXPECT_TRUE(PlacePointLabels({}, {{1, 1}}, 3, kBounds, leaders).empty());
}

}  // namespace
}  // namespace initbias::plot
