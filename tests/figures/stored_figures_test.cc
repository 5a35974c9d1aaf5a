#include "figures/stored_figures.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "lib/base/error.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class StoredFiguresTest : public testing::Test {
 protected:
  StoredFiguresTest() {
    fs::remove_all(root_);
    fs::create_directories(root_ / "paper");
  }
  void Write(const std::string& file) const {
    FigureData data{.figure = "fig3", .profile = "paper", .scale = "paper"};
    WriteFigureFile(root_ / "paper" / file, data);
  }

  fs::path root_ = fs::path(testing::TempDir()) / "my results";
};

TEST_F(StoredFiguresTest, TakesAFileOfOneModelAndSaysSo) {
  Write("fig3.emb_mlp.h5");
  StoredFigures figures(root_.string(), "paper");
  const auto figure = figures.Read("fig3");
  ASSERT_TRUE(figure.has_value());
  EXPECT_EQ(figure->file.filename(), "fig3.emb_mlp.h5");
  EXPECT_THAT(figures.partial(), ElementsAre("fig3 (but for emb_mlp)"));
  EXPECT_FALSE(figures.Read("fig4").has_value());
  EXPECT_THAT(figures.missing(), ElementsAre("fig4"));
  EXPECT_EQ(figures.made(), 1);
}

TEST_F(StoredFiguresTest, PrefersTheWhole) {
  Write("fig3.emb_mlp.h5");
  Write("fig3.h5");
  StoredFigures figures(root_.string(), "paper");
  EXPECT_EQ(figures.Read("fig3")->file.filename(), "fig3.h5");
  EXPECT_THAT(figures.partial(), IsEmpty());
}

TEST_F(StoredFiguresTest, ADamagedFileIsToldWithTheCommandThatMakesIt) {
  std::ofstream(root_ / "paper" / "fig3.h5") << "no figure";
  StoredFigures figures(root_.string(), "paper");
  EXPECT_FALSE(figures.Read("fig3").has_value());
  EXPECT_THAT(figures.missing(), IsEmpty());
  EXPECT_THAT(figures.errors(), HasSubstr("--profile=paper --results='" + root_.string() + "'"));
}

TEST_F(StoredFiguresTest, ADamagedFileOfOneModelIsMadeOfThatModelAgain) {
  std::ofstream(root_ / "paper" / "fig3.emb_mlp.h5") << "no figure";
  StoredFigures figures(root_.string(), "paper");
  EXPECT_FALSE(figures.Read("fig3").has_value());
  EXPECT_THAT(figures.errors(),
              HasSubstr("--profile=paper --results='" + root_.string() + "' --model=emb_mlp\n"));
}

TEST(HowMadeTest, IsOfTheFilesPlace) {
  EXPECT_EQ(HowMade("fig3", "/r/smoke/fig3.h5", ""),
            ":\n  bazel run //experiments:fig3 -- --profile=smoke");
  EXPECT_EQ(HowMade("fig3", "/my r/paper/fig3.transformer.unfinished.h5", "/my r"),
            ":\n  bazel run //experiments:fig3 -- --profile=paper --results='/my r' "
            "--model=transformer --unfinished");
  EXPECT_EQ(HowMade("fig3", "/r/default/fig3.custom.h5", ""),
            ", with --set or other --seeds:\n  bazel run //experiments:fig3 -- --profile=default");
  for (const char* const elsewhere : {"fig3.h5", "/tmp/fig3.h5", "/r/default/fig31.h5",
                                      "/r/default/copy.h5", "/r/default/fig3.old.h5"}) {
    EXPECT_EQ(HowMade("fig3", elsewhere, ""), "") << elsewhere;
  }
}

TEST_F(StoredFiguresTest, WithSmokeRunsAloneTheirProfileIsNamed) {
  const auto message = [this] {
    try {
      NoFigures("/a", root_.string(), "");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(message(), Not(HasSubstr("PROFILE=smoke")));
  std::filesystem::create_directories(root_ / "smoke");
  EXPECT_THAT(message(), HasSubstr("make claims PROFILE=smoke 'RESULTS=" + root_.string() + "')"));
}

TEST(NoFiguresTest, SaysHowTheyAreMadeAndWhereOthersAre) {
  try {
    NoFigures("/a", "", "smoke");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("make figures PROFILE=smoke"));
    EXPECT_THAT(error.what(), HasSubstr("--results=data/reference"));
  }
}

}  // namespace
}  // namespace initbias
