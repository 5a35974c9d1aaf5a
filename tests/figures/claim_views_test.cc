#include "figures/claim_views.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

using testing::HasSubstr;

StoredFigure Example() {
  Claim claim{.id = "fig3.A.lead",
              .statement = "Small weights learn reasoning first.",
              .place = "Section 4",
              .metric = "lead",
              .expected = Above(0),
              .preconditions = {{.text = "accuracy", .expected = AtLeast(0.9), .values = {1, 0.8}}},
              .values = {1, 3},
              .seeds = {4, 5}};
  Judge("", &claim);
  StoredFigure figure{.file = "/r/default/fig3.h5"};
  figure.data.figure = "fig3";
  figure.data.profile = "default";
  figure.data.scale = "reduced";
  figure.data.claims = {claim};
  figure.data.runs = {{.id = "1234", .label = "transformer", .parameters_digest = "abcd"}};
  return figure;
}

TEST(ExplainClaimTest, SaysHowTheVerdictComesAbout) {
  const std::string page = ExplainClaim(Example(), "fig3.A.lead", "/my results", 200);
  EXPECT_THAT(page, HasSubstr("fig3.A.lead at reduced scale: undecided"));
  EXPECT_THAT(page, HasSubstr("measured 1, 0.8: not met"));
  EXPECT_THAT(page, HasSubstr("seed 5: 3"));
  // Of 1 and 3: mean 2, deviation sqrt(2), t of one degree of freedom 12.706.
  EXPECT_THAT(page, HasSubstr("mean 2, standard deviation 1.414"));
  EXPECT_THAT(page, HasSubstr("t = 12.71"));
  EXPECT_THAT(page, HasSubstr("-10.71 .. 14.71"));
  EXPECT_THAT(page, HasSubstr("the same verdict"));
  EXPECT_THAT(page, HasSubstr("These are all runs of fig3, of which this one uses some or all"));
  EXPECT_THAT(page, HasSubstr("1234  abcd  transformer"));
  EXPECT_THAT(page, HasSubstr("//experiments:fig3 -- --profile=default --results='/my results'"));
}

// Of a file of one model alone the commands are of that model.
TEST(ExplainClaimTest, TellsTheCommandsOfTheFile) {
  StoredFigure figure = Example();
  EXPECT_THAT(ExplainClaim(figure, "fig3.A.lead", "", 200), testing::Not(HasSubstr("--model")));
  figure.file = "/r/default/fig3.emb_mlp.h5";
  EXPECT_THAT(ExplainClaim(figure, "fig3.A.lead", "", 200),
              HasSubstr("--profile=default --model=emb_mlp --verify=all"));
}

// Of what is shipped nothing is trained in its place, and it is compared with what is shipped.
TEST(ExplainClaimTest, NothingIsTrainedIntoWhatIsShipped) {
  const std::filesystem::path workspace = std::filesystem::path(testing::TempDir()) / "explained";
  const std::filesystem::path reference = workspace / "data" / "reference";
  std::filesystem::create_directories(reference / "default");
  setenv("BUILD_WORKSPACE_DIRECTORY", workspace.c_str(), 1);
  StoredFigure figure = Example();
  figure.file = reference / "default" / "fig3.h5";
  const std::string page = ExplainClaim(figure, "fig3.A.lead", reference.string(), 300);
  unsetenv("BUILD_WORKSPACE_DIRECTORY");
  EXPECT_THAT(page, testing::Not(HasSubstr("--results=" + reference.string())));
  EXPECT_THAT(page, HasSubstr("//experiments:fig3 -- --profile=default\n"));
  EXPECT_THAT(page, HasSubstr("--profile=default --results=" + workspace.string() +
                              "/results/reference --verify=all\n"));
}

TEST(ExplainClaimTest, EqualSeedsHaveTheSameT) {
  StoredFigure figure = Example();
  figure.data.claims[0].values = {2, 2, 2, 2, 2};
  figure.data.claims[0].seeds = {4, 5, 6, 7, 8};
  Judge("", &figure.data.claims[0]);
  EXPECT_THAT(ExplainClaim(figure, "fig3.A.lead", "", 200), HasSubstr("t = 2.776"));
}

TEST(ExplainClaimTest, SeesAVerdictThatItsValuesDoNotGive) {
  StoredFigure figure = Example();
  figure.data.claims[0].verdict = Verdict::kHolds;
  EXPECT_THAT(ExplainClaim(figure, "fig3.A.lead", "", 80), HasSubstr("undecided, which is"));
}

TEST(ExplainClaimTest, FitsTheTerminal) {
  StoredFigure figure = Example();
  figure.data.claims[0].reason = std::string(50, 'a') + " " + std::string(50, 'b');
  const std::string page = ExplainClaim(figure, "fig3.A.lead", "", 80);
  EXPECT_THAT(page, HasSubstr("Likely reason  aaa"));
  EXPECT_THAT(page, HasSubstr("\n               bbb"));
}

TEST(ExplainClaimTest, TellsRunsOfOneLabelApart) {
  StoredFigure figure = Example();
  FigureRun& run = figure.data.runs[0];
  run.label = "transformer gamma=0.8 seed=4 lr=0.0005 layers=1 norm=none bias=none";
  run.config = "model = transformer\ntransformer.d_model = 200\n";
  run.parameters_digest = std::string(64, 'a');
  run.id = std::string(16, '1');
  figure.data.runs.push_back(run);
  figure.data.runs[1].config = "model = transformer\ntransformer.d_model = 50\n";
  const std::string page = ExplainClaim(figure, "fig3.A.lead", "", 80);
  EXPECT_THAT(page, HasSubstr(" transformer.d_model=200\n"));
  EXPECT_THAT(page, HasSubstr(" transformer.d_model=50\n"));
  for (const std::string& line : Split(page.substr(page.find("The file does")), '\n')) {
    if (!line.starts_with("  bazel run")) {
      EXPECT_LE(line.size(), 80U) << line;
    }
  }
}

// A file of an older program has labels alone.
TEST(ExplainClaimTest, SaysWhereRunsOfOneLabelAreToldApart) {
  StoredFigure figure = Example();
  constexpr char kCommand[] = "  bazel run //experiments:fig3 -- --profile=default --status\n";
  EXPECT_THAT(ExplainClaim(figure, "fig3.A.lead", "", 80), testing::Not(HasSubstr(kCommand)));
  figure.data.runs.push_back(figure.data.runs[0]);
  EXPECT_THAT(ExplainClaim(figure, "fig3.A.lead", "", 80), HasSubstr(kCommand));
}

TEST(ExplainClaimTest, AnotherClaimIsAnError) {
  EXPECT_THROW(ExplainClaim(Example(), "fig3.B", "", 80), Error);
}

TEST(ComparisonTableTest, TellsVerdictsValuesAndWhatIsMissing) {
  const auto claim = [](const std::string& id, Verdict verdict, double value) {
    return Claim{.id = id, .values = {value}, .seeds = {4}, .verdict = verdict, .mean = value};
  };
  const std::vector<Claim> theirs = {
      claim("same", Verdict::kHolds, 1), claim("values", Verdict::kHolds, 1),
      claim("other", Verdict::kHolds, 1), claim("gone", Verdict::kHolds, 1)};
  const std::vector<Claim> ours = {
      claim("new", Verdict::kHolds, 1), claim("other", Verdict::kDiffers, 1),
      claim("values", Verdict::kHolds, 2), claim("same", Verdict::kHolds, 1)};
  std::vector<ScaledComparison> claims;
  for (const ClaimComparison& one : CompareClaims(theirs, ours)) {
    claims.push_back({.scale = "reduced", .claim = one});
  }
  ASSERT_EQ(claims.size(), 5U);
  EXPECT_EQ(claims[3].claim.b, nullptr);
  EXPECT_EQ(claims[4].claim.a, nullptr);
  const std::string table = ComparisonTable(claims, "reference", "here", 160);
  EXPECT_THAT(table, HasSubstr("same    holds 1             holds 1             same\n"));
  EXPECT_THAT(table, HasSubstr("holds 1             differs 1           VERDICT\n"));
  const std::string narrow = ComparisonTable(claims, "reference", "here", 50);
  EXPECT_THAT(narrow, HasSubstr("same\n          holds 1             holds 1             same\n"));
  for (const std::string& line : Split(narrow, '\n')) {
    EXPECT_LE(line.size(), 57U);
  }
  EXPECT_THAT(table, HasSubstr("5 claims: 1 the same in all values, 1 with the same verdict and "
                               "other values, 1 with another verdict, 2 in one of both only"));
}

}  // namespace
}  // namespace initbias
