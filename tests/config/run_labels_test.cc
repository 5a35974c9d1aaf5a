// Labels that tell the runs of a list apart.
#include "lib/config/run_labels.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include "lib/config/run_config.h"

namespace initbias {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(DistinctLabelsTest, OthersKeepTheirLabels) {
  RunConfig other;
  other.seed = 2;
  EXPECT_THAT(DistinctLabels(std::vector<RunConfig>{RunConfig{}, other}),
              ElementsAre("transformer gamma=0.5 seed=1", "transformer gamma=0.5 seed=2"));
}

TEST(DistinctLabelsTest, NamesTheFieldThatDiffers) {
  RunConfig narrow;
  narrow.transformer.d_model = 50;
  EXPECT_THAT(DistinctLabels(std::vector<RunConfig>{RunConfig{}, narrow}),
              ElementsAre("transformer gamma=0.5 seed=1 transformer.d_model=200",
                          "transformer gamma=0.5 seed=1 transformer.d_model=50"));
}

// What goes with another field is not said as well, nor what is measured.
TEST(DistinctLabelsTest, NamesNoMoreFieldsThanItTakes) {
  RunConfig narrow;
  narrow.transformer.d_model = 50;
  narrow.transformer.d_ff = 99;
  narrow.train.eval_every = 1;
  EXPECT_THAT(DistinctLabels(std::vector<RunConfig>{RunConfig{}, narrow})[1],
              testing::EndsWith(" transformer.d_model=50"));
  RunConfig watched;
  watched.train.eval_every = 1;
  EXPECT_THAT(DistinctLabels(std::vector<RunConfig>{RunConfig{}, watched})[1],
              testing::EndsWith(" train.eval_every=1"));
}

TEST(DistinctLabelsTest, TwoFieldsWhereOneDoesNotTellAll) {
  RunConfig narrow;
  narrow.transformer.d_model = 50;
  RunConfig both = narrow;
  both.transformer.d_ff = 99;
  EXPECT_THAT(DistinctLabels(std::vector<RunConfig>{RunConfig{}, narrow, both})[2],
              testing::EndsWith(" transformer.d_model=50 transformer.d_ff=99"));
}

TEST(DistinctLabelsTest, OfALongValueItSaysWhereItDiffers) {
  RunConfig a;
  a.task.masked = {};
  for (int i = 11; i <= 20; ++i) {
    a.task.masked.push_back("11-" + std::to_string(i));
  }
  RunConfig b = a;
  b.task.masked.back() = "12-20";
  const std::vector<std::string> labels = DistinctLabels(std::vector<RunConfig>{a, b});
  EXPECT_NE(labels[0], labels[1]);
  for (const std::string& label : labels) {
    EXPECT_THAT(label, HasSubstr(" task.masked=.."));
    EXPECT_LE(label.size(), 80U);
  }
}

// Of files of older programs.
TEST(DistinctLabelsTest, WithoutConfigsThereIsNothingToSay) {
  EXPECT_THAT(DistinctLabels(std::vector<ListedRun>{{.label = "a"}, {.label = "a"}}),
              ElementsAre("a", "a"));
}

}  // namespace
}  // namespace initbias
