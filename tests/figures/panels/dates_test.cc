#include "figures/panels/dates.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "figures/panels/table.h"
#include "lib/store/figure_file.h"
#include "tests/non_finite.h"

namespace initbias {
namespace {

// Two quantities, then two losses, of three seeds.
std::vector<DatedRate> TwoRates() {
  FigureData figure;
  AddDates("E/large", {{1, 1.5, 2}, {8, 9, 10}, {4, 4, 4}, {9, 10, kNan}}, &figure);
  AddDates("E/small", {{kNan, kNan, 1}, {100, 100, 100}, {1, 2, 3}, {kNan, kNan, kNan}}, &figure);
  return {{0.3, Dates(figure, "E/large")}, {0.8, Dates(figure, "E/small")}};
}

TEST(DatePanelsTest, DatesAreColouredByWhatIsSooner) {
  const std::vector<DatedRate> rates = TwoRates();
  EXPECT_EQ(DateText(rates[0].dates, 0), "1.50 (1.00–2.00)");
  EXPECT_EQ(DateText(rates[1].dates, 0), kNoCell);
  const plot::HeatMap table = DateTable(rates, {"one", "two", "loss", "other loss"}, 2);
  EXPECT_EQ(table.rows, 4);
  EXPECT_EQ(table.columns, 2);
  EXPECT_EQ(table.column_labels, (std::vector<std::string>{"γ = 0.3", "γ = 0.8"}));
  ASSERT_EQ(table.values.size(), 8);
  EXPECT_LT(table.values[0], -1) << "before the loss: 1.5 beside 4";
  EXPECT_EQ(table.values[1], 0) << "no date has no colour";
  EXPECT_GT(table.values[2], 1);
  EXPECT_EQ(table.values[3], 3) << "later by more than a factor of 8";
  EXPECT_EQ(table.values[4], 0) << "the loss itself";
  EXPECT_EQ(table.cell_labels[3], "100.00 (100.00–100.00)");
  EXPECT_EQ(table.cell_labels[7], kNoCell);
}

TEST(DatePanelsTest, OrderTellsTheLossesThatComeLater) {
  const plot::HeatMap table = OrderTable(TwoRates(), {"one", "two"}, {"R", "T"});
  EXPECT_EQ(table.rows, 2);
  EXPECT_EQ(table.row_labels, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(table.cell_labels, (std::vector<std::string>{"R, T", kNoCell, "T", "T"}));
  EXPECT_EQ(table.values, (std::vector<double>{-2, 0, -1, -1}));
}

}  // namespace
}  // namespace initbias
