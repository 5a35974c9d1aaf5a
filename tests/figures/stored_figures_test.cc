#include "figures/stored_figures.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <cstdlib>
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

// A folder that the system does not let us look into is told once: here by a name that is too long,
// which is refused to root, too.
TEST_F(StoredFiguresTest, AFolderThatIsRefusedIsToldOnce) {
  const std::string root = root_.string() + "/" + std::string(300, 'x');
  std::string errors;
  for (const char* const profile : {"default", "paper"}) {
    StoredFigures figures(root, profile);
    for (const char* const study : {"fig3", "fig4", "fig5"}) {
      EXPECT_FALSE(figures.Read(study).has_value());
    }
    EXPECT_EQ(figures.errors(), "cannot look into " + root + ": File name too long\n");
    EXPECT_THAT(figures.missing(), IsEmpty()) << "it is not known what is there";
    AddErrors(figures.errors(), &errors);
    EXPECT_EQ(errors, figures.errors());
  }
  AddErrors("another\n", &errors);
  EXPECT_THAT(errors, testing::EndsWith("too long\nanother\n"));
}

// Has data/reference of a workspace of its own.
class ShippedTest : public testing::Test {
 protected:
  ShippedTest() {
    fs::create_directories(reference_ / "default");
    setenv("BUILD_WORKSPACE_DIRECTORY", workspace_.c_str(), 1);
  }
  ~ShippedTest() override { unsetenv("BUILD_WORKSPACE_DIRECTORY"); }

  fs::path workspace_ = fs::path(testing::TempDir()) / "my workspace";
  fs::path reference_ = workspace_ / "data" / "reference";
};

// Whoever is to make one is told a command that leaves what is shipped alone.
TEST_F(ShippedTest, NothingIsToBeTrainedIntoWhatIsShipped) {
  const std::string results = reference_.string();
  const fs::path file = reference_ / "default" / "fig3.h5";
  EXPECT_EQ(HowMade("fig3", file, results),
            ":\n  bazel run //experiments:fig3 -- --profile=default");
  const std::string again = HowMadeAgain("fig3", file, results);
  EXPECT_THAT(again, testing::EndsWith("\n  git -C '" + workspace_.string() +
                                       "' checkout -- data/reference/default/fig3.h5"));
  EXPECT_THAT(again, Not(HasSubstr("experiments")));
  EXPECT_EQ(
      HowMadeAgain("fig3", "/r/default/fig3.h5", "/r"),
      "; to make it again:\n  bazel run //experiments:fig3 -- --profile=default --results=/r");
  EXPECT_EQ(HowMadeAgain("fig3", "/tmp/fig3.h5", ""), "");
  EXPECT_EQ(MakeSettings(results), " FROM=reference");
  EXPECT_EQ(MakeSettings("/my r"), " 'RESULTS=/my r'");
  EXPECT_EQ(MakeSettings(""), "");
  try {
    NoFigures(results + "/smoke", results, "smoke");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::EndsWith("\n  make figures PROFILE=smoke"));
  }
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

// The smoke profile is named where its figures have claims: not for those of run and sweep.
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
  fs::create_directories(root_ / "smoke" / "runs");
  EXPECT_THAT(message(), Not(HasSubstr("PROFILE=smoke")));
  FigureData data{.figure = "sweep", .profile = "smoke", .scale = "smoke"};
  WriteFigureFile(root_ / "smoke" / "sweep.h5", data);
  std::ofstream(root_ / "smoke" / "fig4.h5") << "no figure";
  EXPECT_THAT(message(), Not(HasSubstr("PROFILE=smoke")));
  data.figure = "fig3";
  data.claims = {{.id = "fig3.A"}};
  WriteFigureFile(root_ / "smoke" / "fig3.custom.h5", data);
  EXPECT_THAT(message(), Not(HasSubstr("PROFILE=smoke")));
  WriteFigureFile(root_ / "smoke" / "fig3.emb_mlp.h5", data);
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
