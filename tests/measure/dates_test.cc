// When several quantities came half of their way, in a figure file.
#include "lib/measure/dates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "lib/store/figure_file.h"
#include "tests/non_finite.h"

namespace initbias {
namespace {

TEST(DatesTest, AnEpochIsThatOfAStepIfThereIsOne) {
  RunConfig config{.model = ModelKind::kTransformer};
  config.task.samples = 8;
  config.task.masked = {};
  config.train.batch_size = 2;
  ASSERT_EQ(StepsPerEpoch(config), 4);
  EXPECT_EQ(EpochOrNan(config, 6), 1.5);
  EXPECT_TRUE(std::isnan(EpochOrNan(config, kNan)));
  EXPECT_TRUE(std::isnan(EpochOrNan(config, kInfinity))) << "a loss that never falls";
}

TEST(DatesTest, ARowADateAndAColumnASeed) {
  FigureData figure{.figure = "fig", .profile = "default"};
  AddDates("E/dates", {{1, 2, 3}, {4, kNan, 6}, {kNan, kNan, 9}}, &figure);
  EXPECT_EQ(figure.Get("E/dates").shape, (std::vector<int64_t>{3, 3}));
  EXPECT_EQ(figure.Get("E/dates").units, "epochs");
  const Dates dates(figure, "E/dates");
  EXPECT_EQ(dates.Seeds(0), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(dates.Median(0), 2);
  EXPECT_EQ(dates.Median(1), 5) << "of the two that are there";
  EXPECT_TRUE(std::isnan(dates.Median(2))) << "one of three is too few";
  EXPECT_THROW(Dates(figure, "F/dates"), NoSuchFigureData);
}

TEST(DatesTest, BeforeIsInEverySeedAlsoWhereTheOtherNeverComes) {
  FigureData figure;
  AddDates("dates", {{1, 2}, {2, 2}, {3, kNan}, {kNan, 1}}, &figure);
  const Dates dates(figure, "dates");
  EXPECT_FALSE(dates.Before(0, 1)) << "equal in the second seed";
  EXPECT_FALSE(dates.Before(1, 0));
  EXPECT_TRUE(dates.Before(0, 2));
  EXPECT_TRUE(dates.Before(1, 2));
  EXPECT_FALSE(dates.Before(3, 2)) << "not dated in the first seed";
}

}  // namespace
}  // namespace initbias
