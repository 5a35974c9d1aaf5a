#include "lib/store/figure_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "lib/base/error.h"
#include "tests/error_of.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::filesystem::path Temporary(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) / name;
}

TEST(FigureFileTest, RoundTrip) {
  const FigureData written = SampleFigure();
  WriteFigureFile(Temporary("figure.h5"), written);
  const FigureData read = ReadFigureFile(Temporary("figure.h5"));
  EXPECT_EQ(read.figure, written.figure);
  EXPECT_EQ(read.caption, written.caption);
  EXPECT_EQ(read.profile, written.profile);
  EXPECT_EQ(read.overrides, written.overrides);
  ASSERT_EQ(read.arrays.size(), written.arrays.size());
  for (const FigureArray& array : written.arrays) {
    EXPECT_EQ(read.Get(array.path).shape, array.shape);
    EXPECT_EQ(read.Get(array.path).values, array.values);
    EXPECT_EQ(read.Get(array.path).units, array.units);
  }
  ASSERT_EQ(read.texts.size(), written.texts.size());
  for (const FigureTexts& texts : written.texts) {
    EXPECT_EQ(read.Texts(texts.path), texts.values);
  }
  EXPECT_THAT(read.Texts("B/rows"), ElementsAre("W^q", "", "γ = 0.3"));
  ASSERT_EQ(read.claims.size(), written.claims.size());
  for (size_t i = 0; i < read.claims.size(); ++i) {
    EXPECT_EQ(read.claims[i].id, written.claims[i].id);  // in the experiment's order
    EXPECT_EQ(read.claims[i].statement, written.claims[i].statement);
    EXPECT_EQ(read.claims[i].metric, written.claims[i].metric);
    EXPECT_EQ(read.claims[i].values, written.claims[i].values);
    EXPECT_EQ(read.claims[i].reason, written.claims[i].reason);
    EXPECT_EQ(read.claims[i].verdict, written.claims[i].verdict);
    EXPECT_EQ(read.claims[i].expected.lo, written.claims[i].expected.lo);
    EXPECT_EQ(read.claims[i].expected.hi, written.claims[i].expected.hi);
    EXPECT_EQ(read.claims[i].expected.strict, written.claims[i].expected.strict);
  }
  ASSERT_EQ(read.runs.size(), 1u);
  EXPECT_EQ(read.runs[0].id, "0123456789abcdef");
  EXPECT_EQ(read.runs[0].label, "transformer gamma=0.3 seed=1");
  EXPECT_THAT((std::vector{read.runs[0].config_digest, read.runs[0].data_digest,
                           read.runs[0].parameters_digest}),
              ElementsAre("c", "d", "p"));
}

// Figures of the theory alone have no runs.
TEST(FigureFileTest, NoRunsRoundTrip) {
  FigureData written = SampleFigure();
  written.runs = {};
  WriteFigureFile(Temporary("no_runs.h5"), written);
  const FigureData read = ReadFigureFile(Temporary("no_runs.h5"));
  EXPECT_TRUE(read.runs.empty());
  EXPECT_EQ(read.arrays.size(), written.arrays.size());
  EXPECT_EQ(read.claims.size(), written.claims.size());
}

TEST(FigureFileTest, SameFigureSameBytes) {
  WriteFigureFile(Temporary("one.h5"), SampleFigure());
  WriteFigureFile(Temporary("two.h5"), SampleFigure());
  const auto bytes = [](const std::string& name) {
    std::ifstream file(Temporary(name), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(bytes("one.h5"), bytes("two.h5"));
}

TEST(FigureFileTest, MissingDataNamesTheCommandThatMakesIt) {
  const FigureData figure = SampleFigure();
  EXPECT_TRUE(figure.Has("B/matrix"));
  EXPECT_FALSE(figure.Has("C/matrix"));
  const std::string command = "bazel run //experiments:fig9 -- --profile=smoke";
  EXPECT_THAT(ErrorOf([&] { (void)figure.Get("C/matrix"); }),
              AllOf(HasSubstr("/panels/C/matrix"), HasSubstr(command)));
  EXPECT_THAT(ErrorOf([&] { (void)figure.Texts("C/rows"); }),
              AllOf(HasSubstr("/panels/C/rows"), HasSubstr(command)));
}

// An array is no list of texts, nor the reverse.
TEST(FigureFileTest, ArraysAndTextsAreApart) {
  const FigureData figure = SampleFigure();
  EXPECT_THROW((void)figure.Texts("B/matrix"), Error);
  EXPECT_THROW((void)figure.Get("B/rows"), Error);
}

}  // namespace
}  // namespace initbias
