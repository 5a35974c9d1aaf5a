// Sentences made of numbers.
#include "experiments/findings.h"

#include <gtest/gtest.h>

#include "tests/non_finite.h"

namespace initbias {
namespace {

TEST(FindingsTest, ANameThatIsNotThereIsSaid) {
  EXPECT_EQ(PlaceOf({"a", "b"}, "b"), 1);
  EXPECT_THROW(PlaceOf({"a", "b"}, "c"), NoSuchFigureData);
}

TEST(FindingsTest, RangesTellWhatIsMissing) {
  EXPECT_EQ(RangeText({0.5, 0.25, 1}), "0.50 (0.25 .. 1.00)");
  EXPECT_EQ(RangeText({0.5, kNan, 1}), "0.75 (0.50 .. 1.00, 2 of 3 seeds)");
  EXPECT_EQ(RangeText({kNan, kNan, 1}), "no value");
  EXPECT_EQ(RangeText({}), "no value");
  EXPECT_EQ(RangeText({1200, 900, 2400.4}), "1200 (900 .. 2400)");
}

TEST(FindingsTest, TheEndsOfWhatWasVaried) {
  const FigureArray seeds{.path = "A_seeds", .shape = {2, 3}, .values = {1, 9, 4, 2, 0, 5}};
  EXPECT_EQ(EndsText(seeds, "the last", "the first"),
            CompareText({"the last", {4, 5}}, {"the first", {1, 2}}));
}

TEST(FindingsTest, ComparisonsTurnWithTheNumbers) {
  const SeedList high{"A", {0.8, 0.9, 0.7}};
  const SeedList low{"B", {0.1, 0.2, 0.75}};
  EXPECT_EQ(CompareText(high, low),
            "A lies above B: 0.80 (0.70 .. 0.90) beside 0.20 (0.10 .. 0.75), in 2 of 3 seeds");
  EXPECT_EQ(CompareText(low, high),
            "B lies below A: 0.20 (0.10 .. 0.75) beside 0.80 (0.70 .. 0.90), in 2 of 3 seeds");
  EXPECT_EQ(CompareText({"A", {1, 1}}, {"B", {1, 1}}),
            "A is as B: 1.00 (1.00 .. 1.00) beside 1.00 (1.00 .. 1.00), in 2 of 2 seeds");
  EXPECT_EQ(CompareText(high, {"B", {kNan, kNan, 1}}),
            "A cannot be compared with B: 0.80 (0.70 .. 0.90) beside no value");
}

TEST(FindingsTest, ExtremesTurnWithTheNumbers) {
  EXPECT_EQ(ExtremesText({{"a", {1}}, {"b", {3}}, {"c", {2}}}),
            "largest with b, 3.00 (3.00 .. 3.00), and smallest with a, 1.00 (1.00 .. 1.00)");
  EXPECT_EQ(ExtremesText({{"a", {3}}, {"b", {1}}, {"c", {kNan}}}),
            "largest with a, 3.00 (3.00 .. 3.00), and smallest with b, 1.00 (1.00 .. 1.00), "
            "without a value with c");
  EXPECT_EQ(ExtremesText({{"a", {kNan}}}), "measured nowhere");
  EXPECT_EQ(ExtremesText({}), "measured nowhere");
}

TEST(FindingsTest, EverySeedMustLieAbove) {
  const std::vector<SeedList> places = {{"a", {2, 2}}, {"b", {2, 0}}, {"c", {2, kNan}}};
  EXPECT_EQ(EverywhereAbove(places, {{1, 1}, {1, 1}, {1, 1}}), "a (1 of 3); without all values: c");
  EXPECT_EQ(EverywhereAbove({places[0], places[1]}, {{1, 1}, {-1, -1}}), "a, b (2 of 2)");
  EXPECT_EQ(EverywhereAbove({places[0], places[1]}, {{2, 1}, {3, 3}}), "none of 2");
}

}  // namespace
}  // namespace initbias
