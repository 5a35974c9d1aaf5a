#include "lib/measure/stored_seeds.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/non_finite.h"

namespace initbias {
namespace {

TEST(StoredSeedsTest, SeedsOfRowsAndColumns) {
  const FigureArray cells{
      .path = "A", .shape = {2, 2, 3}, .values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  EXPECT_EQ(SeedsOfRow(cells, 0), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(SeedsOfRow(cells, 3), (std::vector<double>{10, 11, 12}));
  const FigureArray band{.path = "A", .shape = {2, 3}, .values = {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(SeedsOfColumn(band, 2), (std::vector<double>{3, 6}));
}

TEST(StoredSeedsTest, HalfOfTheSeedsAreTooFewForAMedian) {
  EXPECT_EQ(PresentSeeds({3, kNan, 1}), (std::vector<double>{3, 1}));
  EXPECT_EQ(MedianOfSeeds({3, kNan, 1}), 2);
  EXPECT_TRUE(PresentSeeds({3, kNan}).empty());
  EXPECT_TRUE(std::isnan(MedianOfSeeds({3, kNan})));
}

}  // namespace
}  // namespace initbias
