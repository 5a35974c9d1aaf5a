#include "figures/plot/csv.h"

#include <clocale>

#include "gtest/gtest.h"
#include "tests/non_finite.h"

namespace initbias::plot {
namespace {

constexpr char kHeader[] =
    "panel,row,column,title,kind,series,x,x_label,y,y_label,lo,hi,value,label\n";

TEST(CsvTest, EveryKindGolden) {
  const Figure figure{
      .columns = 2,
      .panels = {{.letter = "A",
                  .title = "γ = 0.3",
                  .references = {{.at = 0.5, .label = "half"}},
                  .content = LinePlot{.series = {{.label = "D_{mem}",
                                                  .x = {0, 1},
                                                  .y = {0.1, kNan},
                                                  .lo = {0, -kInfinity},
                                                  .hi = {1e-300, kInfinity}},
                                                 {.x = {0}, .y = {1.0 / 3}, .value = 2}}}},
                 {.content = HeatMap{.rows = 1,
                                     .columns = 2,
                                     .values = {0.25, kNan},
                                     .row_labels = {"r"},
                                     .column_start = 11}},
                 {.letter = "B",
                  .content = Scatter{.groups = {{.label = "g",
                                                 .x = {1},
                                                 .y = {2},
                                                 .point_labels = {"a, \"b\"\nc"},
                                                 .values = {3}}}}},
                 {.letter = "C",
                  .content = TokenStrip{.rows = {{.label = "t",
                                                  .boxes = {{.text = "64"}, {.text = "3"}},
                                                  .result = {.text = "51"}}}}}}};
  EXPECT_EQ(FigureCsv(figure), std::string(kHeader) +
                                   "A,1,1,γ = 0.3,line,D_{mem},0,,0.1,,0,1e-300,,\n"
                                   "A,1,1,γ = 0.3,line,D_{mem},1,,nan,,-inf,inf,,\n"
                                   "A,1,1,γ = 0.3,line,2,0,,0.3333333333333333,,,,2,\n"
                                   "A,1,1,γ = 0.3,reference,1,,,0.5,,,,,half\n"
                                   "A,1,2,,heatmap,1,11,,0,r,,,0.25,\n"
                                   "A,1,2,,heatmap,1,12,,0,r,,,nan,\n"
                                   "B,2,1,,scatter,g,1,,2,,,,3,\"a, \"\"b\"\"\nc\"\n"
                                   "C,2,2,,token,t,1,,1,,,,,64\n"
                                   "C,2,2,,token,t,2,,1,,,,,3\n"
                                   "C,2,2,,token,t,0,,1,,,,,51\n");
}

TEST(CsvTest, CellsAreLabelled) {
  const Figure figure{
      .panels = {{.content = HeatMap{.rows = 2,
                                     .columns = 2,
                                     .values = {1, 0, -1, kNan},
                                     .column_labels = {"c", "d"},
                                     .cell_labels = {"0.9, 1", "", "x_{1}", "–"}}}}};
  EXPECT_EQ(FigureCsv(figure), std::string(kHeader) +
                                   ",1,1,,heatmap,1,0,c,0,,,,1,\"0.9, 1\"\n"
                                   ",1,1,,heatmap,1,1,d,0,,,,0,\n"
                                   ",1,1,,heatmap,1,0,c,1,,,,-1,x_{1}\n"
                                   ",1,1,,heatmap,1,1,d,1,,,,nan,–\n");
}

TEST(CsvTest, ContoursAreWhatTheirLinesAreMadeOf) {
  const Figure figure{
      .panels = {{.content = HeatMap{.rows = 1,
                                     .columns = 2,
                                     .values = {1, 0},
                                     .column_labels = {"c", "d"},
                                     .contours = {.values = {0.5, kNan}, .levels = {0}}}}}};
  EXPECT_EQ(FigureCsv(figure), std::string(kHeader) +
                                   ",1,1,,heatmap,1,0,c,0,,,,1,\n"
                                   ",1,1,,heatmap,1,1,d,0,,,,0,\n"
                                   ",1,1,,contours,1,0,c,0,,,,0.5,\n"
                                   ",1,1,,contours,1,1,d,0,,,,nan,\n");
}

TEST(CsvTest, NumbersReadBackExactly) {
  const Figure figure{
      .panels = {{.content = LinePlot{.series = {{.x = {0.1 + 0.2, -0.0}, .y = {1e22, 5e-324}}}}}}};
  EXPECT_EQ(FigureCsv(figure), std::string(kHeader) +
                                   ",1,1,,line,1,0.30000000000000004,,1e+22,,,,,\n"
                                   ",1,1,,line,1,-0,,5e-324,,,,,\n");
}

TEST(CsvTest, NanHasNoSign) {
  const Figure figure{
      .panels = {{.content = LinePlot{.series = {{.x = {-kNan, 1}, .y = {1, 1}}}}}}};
  EXPECT_EQ(FigureCsv(figure).find("-nan"), std::string::npos);
}

TEST(CsvTest, LocaleDoesNotMatter) {
  const Figure figure{.panels = {{.content = LinePlot{.series = {{.x = {1.5}, .y = {2000.25}}}}}}};
  const std::string expected = FigureCsv(figure);
  // Where the system has it; elsewhere this repeats the default.
  std::setlocale(LC_ALL, "de_DE.UTF-8");
  EXPECT_EQ(FigureCsv(figure), expected);
  std::setlocale(LC_ALL, "C");
}

}  // namespace
}  // namespace initbias::plot
