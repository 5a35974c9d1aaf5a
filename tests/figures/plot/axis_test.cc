#include "figures/plot/axis.h"

#include <cmath>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/non_finite.h"

namespace initbias::plot {
namespace {

using Labels = std::vector<std::string>;

Extent ExtentOf(const std::vector<double>& values) {
  Extent extent;
  extent.Add(values);
  return extent;
}

Labels MajorLabels(const std::vector<Tick>& ticks) {
  Labels labels;
  for (const Tick& tick : ticks) {
    if (!tick.minor) {
      labels.push_back(tick.label);
    }
  }
  return labels;
}

TEST(AxisTest, ExtentSkipsGaps) {
  const Extent extent = ExtentOf({kNan, 3, -1, kInfinity, -kInfinity});
  EXPECT_EQ(extent.min, -1.0);
  EXPECT_EQ(extent.max, 3.0);
  EXPECT_FALSE(ExtentOf({kNan}).min.has_value());
}

TEST(AxisTest, RangesFollowDataAndLimits) {
  EXPECT_EQ(ResolveRange({}, ExtentOf({0, 1000}), 0), (AxisRange{0, 1000, false}));
  EXPECT_EQ(ResolveRange({}, ExtentOf({-1, 1}), 0.05), (AxisRange{-1.1, 1.1, false}));
  EXPECT_EQ(ResolveRange({}, ExtentOf({0.1, 4.1}), 0.05), (AxisRange{0, 4.1 + 0.2, false}))
      << "padding does not cross 0";
  EXPECT_EQ(ResolveRange({.min = 0.0, .max = 1.0}, ExtentOf({-5, 5}), 0.05),
            (AxisRange{0, 1, false}));
  EXPECT_EQ(ResolveRange({.min = 2.0}, ExtentOf({0, 10}), 0), (AxisRange{2, 10, false}));
}

TEST(AxisTest, RangesAlwaysHaveAWidth) {
  for (const std::vector<double>& values :
       {std::vector<double>{}, {0}, {5}, {-5}, {1e-300}, {3, 3 + 1e-12}}) {
    for (const Axis& axis : {Axis{}, Axis{.min = 7.0}, Axis{.max = -7.0}, Axis{.min = 0.0}}) {
      const AxisRange range = ResolveRange(axis, ExtentOf(values), 0.05);
      EXPECT_LT(range.min, range.max);
      EXPECT_GE(MakeTicks(range, 5).size(), 2U);
    }
  }
  const AxisRange log = ResolveRange({.log = true}, ExtentOf({5}), 0.05);
  EXPECT_LT(log.min, 5);
  EXPECT_GT(log.max, 5);
}

TEST(AxisTest, PositionIsLinearOrLogarithmic) {
  EXPECT_DOUBLE_EQ(Position({0, 10, false}, 2.5), 0.25);
  EXPECT_DOUBLE_EQ(Position({1, 100, true}, 10), 0.5);
  EXPECT_TRUE(std::isnan(Position({0, 10, false}, kNan)));
}

TEST(AxisTest, TicksAreRoundAndFew) {
  EXPECT_EQ(MajorLabels(MakeTicks({0, 1000, false}, 3)), (Labels{"0", "500", "1000"}));
  EXPECT_EQ(MajorLabels(MakeTicks({0, 1, false}, 6)),
            (Labels{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
  EXPECT_EQ(MajorLabels(MakeTicks({-0.012, 0.012, false}, 3)), (Labels{"−0.01", "0.00", "0.01"}));
  EXPECT_EQ(MajorLabels(MakeTicks({0, 20000, false}, 5)), (Labels{"0", "5k", "10k", "15k", "20k"}));
  EXPECT_EQ(MajorLabels(MakeTicks({0, 2.5e-5, false}, 3)), (Labels{"0", "1×10^{−5}", "2×10^{−5}"}));
}

TEST(AxisTest, TicksAreInsideAndBounded) {
  for (const double span : {1e-12, 3e-4, 0.7, 1.0, 17.0, 999.0, 1e6, 3.3e11}) {
    for (const double start : {-1.0, 0.0, 0.37}) {
      for (int count = 2; count <= 9; ++count) {
        const AxisRange range{start * span, start * span + span, false};
        const std::vector<Tick> ticks = MakeTicks(range, count);
        EXPECT_GE(ticks.size(), 2U);
        // One more than asked for only where fewer would leave a single one.
        EXPECT_LE(ticks.size(), static_cast<size_t>(std::max(count, 6))) << span << " " << count;
        for (const Tick& tick : ticks) {
          EXPECT_GT(Position(range, tick.at), -1e-6);
          EXPECT_LT(Position(range, tick.at), 1 + 1e-6);
        }
      }
    }
  }
}

TEST(AxisTest, TicksAreTheNearestDoubles) {
  const std::vector<Tick> ticks = MakeTicks({0, 1, false}, 11);
  ASSERT_EQ(ticks.size(), 11U);
  EXPECT_EQ(ticks[3].at, 0.3);
  EXPECT_EQ(ticks[7].at, 0.7);
}

TEST(AxisTest, LogTicksAreDecades) {
  EXPECT_EQ(MajorLabels(MakeTicks({0.05, 200, true}, 9)), (Labels{"0.1", "1", "10", "100"}));
  EXPECT_EQ(MajorLabels(MakeTicks({1e-6, 1e-3, true}, 9)),
            (Labels{"10^{−6}", "10^{−5}", "10^{−4}", "10^{−3}"}));
  EXPECT_EQ(MajorLabels(MakeTicks({1, 1e8, true}, 4)), (Labels{"10^{0}", "10^{3}", "10^{6}"}));
  EXPECT_EQ(MajorLabels(MakeTicks({2, 8, true}, 4)), (Labels{"2", "4", "6", "8"}))
      << "less than a decade";
  int minor = 0;
  for (const Tick& tick : MakeTicks({1, 100, true}, 4)) {
    minor += tick.minor ? 1 : 0;
  }
  EXPECT_EQ(minor, 16);
}

TEST(AxisTest, NumbersThatStandTogetherLookAlike) {
  EXPECT_EQ(FormatNumbers({0, 0.25, 0.5}), (Labels{"0.00", "0.25", "0.50"}));
  EXPECT_EQ(FormatNumbers({-1, 0, 1}), (Labels{"−1", "0", "1"}));
  EXPECT_EQ(FormatNumbers({-0.0, 0.1}), (Labels{"0.0", "0.1"}));
  EXPECT_EQ(FormatNumbers({9000}), (Labels{"9000"}));
  EXPECT_EQ(FormatNumbers({12500, 15000}), (Labels{"12.5k", "15.0k"}));
  EXPECT_EQ(FormatNumbers({10001, 10003}), (Labels{"10001", "10003"}));
  EXPECT_EQ(FormatNumbers({0, 2e6}), (Labels{"0", "2M"}));
  EXPECT_EQ(FormatNumbers({1e9, 2e9}), (Labels{"1×10^{9}", "2×10^{9}"}));
  EXPECT_EQ(FormatNumbers({}), Labels{});
}

TEST(AxisTest, TitleHasTheUnit) {
  EXPECT_EQ(AxisTitle({.label = "time"}), "time");
  EXPECT_EQ(AxisTitle({.label = "time", .unit = "s"}), "time (s)");
}

}  // namespace
}  // namespace initbias::plot
