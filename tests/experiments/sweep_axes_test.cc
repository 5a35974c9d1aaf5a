// Axes of a sweep as one writes them, and the runs they make.
#include "experiments/sweep_axes.h"

#include <gtest/gtest.h>

#include "tests/error_of.h"

namespace initbias {
namespace {

using Texts = std::vector<std::string>;

TEST(ParseAxisTest, TakesListsAndRanges) {
  EXPECT_EQ(ParseAxis("gamma=0.5,0.3, 0.50").field, "init.gamma");
  EXPECT_EQ(ParseAxis("gamma=0.5,0.3, 0.50").values, (Texts{"0.5", "0.3"}));
  // The numbers that one would write: 0.1 * 3 is another than 0.3.
  EXPECT_EQ(ParseAxis("init.gamma=0.1:0.4:0.1").values, (Texts{"0.1", "0.2", "0.3", "0.4"}));
  EXPECT_EQ(ParseAxis("optimizer.weight_decay=0,1e-2,1").values, (Texts{"0", "0.01", "1"}));
  EXPECT_EQ(ParseAxis("transformer.layers=1:3:1,5").values, (Texts{"1", "2", "3", "5"}));
  EXPECT_EQ(ParseAxis("transformer.norm=pre,post").values, (Texts{"pre", "post"}));
  EXPECT_EQ(ParseAxis("task.masked=11-13;11-13,13-11").values, (Texts{"11-13", "11-13,13-11"}));
}

TEST(ParseAxisTest, RefusesWhatIsNone) {
  const auto message = [](const char* text) { return ErrorOf([text] { ParseAxis(text); }); };
  EXPECT_NE(message("gamma").find("expected field=values"), std::string::npos);
  EXPECT_NE(message("gamma=").find("init.gamma"), std::string::npos);
  EXPECT_NE(message("gamma=0.3,").find("init.gamma"), std::string::npos);
  EXPECT_NE(message("gamma=0.3:0.5").find("no range"), std::string::npos);
  EXPECT_NE(message("gamma=0.5:0.3:0.1").find("ends below its start"), std::string::npos);
  EXPECT_NE(message("gamma=0:1:0.001").find("more than 100"), std::string::npos);
  EXPECT_NE(message("transformer.layers=1.5").find("transformer.layers"), std::string::npos);
  EXPECT_NE(message("transformer.norm=1:3:1").find("transformer.norm"), std::string::npos);
  EXPECT_NE(message("nothing=1").find("nothing"), std::string::npos);
  EXPECT_NE(message("gama=0.3").find("no field 'gama'; did you mean gamma?"), std::string::npos);
  EXPECT_NE(message("weight_decay=0,1").find("did you mean optimizer.weight_decay?"),
            std::string::npos);
  EXPECT_NE(message("lr=1e-4").find("did you mean optimizer.learning_rate?"), std::string::npos);
  EXPECT_NE(message("seed=1,2").find("--seeds"), std::string::npos);
  EXPECT_NE(message("model=gpt2").find("--base"), std::string::npos);
  EXPECT_NE(message("probe.steps=0").find("no axis"), std::string::npos);
  EXPECT_EQ(CheckAxis("gamma=0.3"), "");
  EXPECT_EQ(CheckAxis("gamma"), message("gamma"));
}

TEST(ParseAxisTest, RefusesDecimalCommasOfRealNumbersAlone) {
  const auto message = [](const char* text) { return ErrorOf([text] { ParseAxis(text); }); };
  EXPECT_NE(
      message("gamma=0,3").find("--axis gamma=0.3 for 0.3, or --axis gamma=0.0,3.0 for 0 and 3"),
      std::string::npos);
  EXPECT_NE(message("optimizer.weight_decay=0,01").find("--axis optimizer.weight_decay=0.01"),
            std::string::npos);
  EXPECT_NE(message("gamma=0,3;0,5").find("'0,3' is not a number; did you mean 0.3?"),
            std::string::npos);
  EXPECT_EQ(ParseAxis("optimizer.weight_decay=0,0.01,0.1,1").values,
            (Texts{"0", "0.01", "0.1", "1"}));
  EXPECT_EQ(ParseAxis("gamma=0.0,3.0").values, (Texts{"0", "3"}));
  EXPECT_EQ(ParseAxis("text.padded_length=0,64").values, (Texts{"0", "64"}));
}

TEST(GammaAxisTest, IsTheAxisThatOneWouldWrite) {
  const double gammas[] = {0.3, 0.1 * 8, 1};  // as sums have them
  const SweepAxis axis = GammaAxis(gammas);
  EXPECT_EQ(axis.field, "init.gamma");
  EXPECT_EQ(axis.values, ParseAxis("gamma=0.3,0.8,1").values);
}

TEST(AxisTextTest, NamesFieldAndValues) {
  EXPECT_EQ(AxisText(ParseAxis("gamma=0.3:0.5:0.1")), "init.gamma = 0.3, 0.4, 0.5");
  EXPECT_EQ(AxisText(ParseAxis("task.masked=11-13;11-13,13-11")),
            "task.masked = 11-13; 11-13,13-11");
}

TEST(SweepRunsTest, HasEachCombinationOnceAndFindsItsPlace) {
  RunConfig base{.seed = 7};
  const std::vector<SweepAxis> axes = {ParseAxis("gamma=0.3,0.8"),
                                       ParseAxis("optimizer.weight_decay=0,0.1,1")};
  const std::vector<RunConfig> runs = SweepRuns(base, axes);
  ASSERT_EQ(runs.size(), 6);
  for (size_t i = 0; i < runs.size(); ++i) {
    EXPECT_EQ(runs[i].seed, 7);
    EXPECT_EQ(PlaceOnAxes(runs[i], axes), (std::vector<size_t>{i / 3, i % 3}));
  }
  EXPECT_EQ(runs[4].init.gamma, 0.8);
  EXPECT_EQ(runs[4].optimizer.weight_decay, 0.1);
  RunConfig other = runs[4];
  other.optimizer.weight_decay = 0.5;
  EXPECT_TRUE(PlaceOnAxes(other, axes).empty());
}

TEST(SweepRunsTest, RefusesAxesThatChangeNothing) {
  const RunConfig base;  // a Transformer
  const auto message = [&base](const std::vector<SweepAxis>& axes) {
    return ErrorOf([&] { SweepRuns(base, axes); });
  };
  EXPECT_NE(message({ParseAxis("emb_mlp.d_ff=8,16")}).find("no run of transformer uses it"),
            std::string::npos);
  EXPECT_NE(message({ParseAxis("gamma=0.3"), ParseAxis("gamma=0.5")}).find("twice"),
            std::string::npos);
  // A warm-up has an effect where another axis gives it one.
  EXPECT_EQ(SweepRuns(base, {ParseAxis("optimizer.schedule=constant,warmup_cosine"),
                             ParseAxis("optimizer.floor=1e-6,1e-5")})
                .size(),
            4);
}

TEST(AxisNumbersTest, AreAllOrNone) {
  EXPECT_EQ(AxisNumbers({"0.5", "1"}), (std::vector<double>{0.5, 1}));
  EXPECT_TRUE(AxisNumbers({"0.5", "pre"}).empty());
}

}  // namespace
}  // namespace initbias
