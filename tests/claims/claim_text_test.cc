// The tables and lines that show judged claims.
#include "lib/claims/claim_text.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <array>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/text.h"
#include "tests/claims/constructed_claims.h"
#include "tests/non_finite.h"

namespace initbias {
namespace {

using testing::HasSubstr;

// The words of a text, so that a test does not depend on where lines break.
std::string Unwrapped(const std::string& text) {
  std::istringstream in(text);
  std::string words;
  for (std::string word; in >> word;) {
    words += (words.empty() ? "" : " ") + word;
  }
  return words;
}

TEST(ClaimTableTest, At80Columns) {
  EXPECT_EQ(ClaimTable(SomeClaims(), "reduced", 80),
            R"(holds       fig3.A.same_rate  (reduced scale)
            memory and reasoning losses fall at nearly the same rate [Section
            4.1, figure 3A; text]
            measured 0.0141 (95 % interval -0.0729 .. 0.101), expected within
            -0.2 .. 0.2
            seeds 4, 5, 6: 0.0123, -0.02, 0.05
            metric: relative lead of D_rsn_train over D_mem
differs     fig3.A.reasoning_first  (reduced scale)
            memory and reasoning losses fall at nearly the same rate [Section
            4.1, figure 3A; picture]
            measured 0.25 (95 % interval -0.0605 .. 0.561), expected >= 0.9
            seeds 4, 5, 6: 0.25, 0.125, 0.375
            metric: relative lead of D_rsn_train over D_mem
            likely reason: the learning rate is fifty times the paper's, so that
            the model leaves the neighbourhood of its initialisation sooner
undecided   fig3.B.reasoning_first  (reduced scale)
            memory and reasoning losses fall at nearly the same rate [Section
            4.1, figure 3A; ours]
            measured 1, expected > 0 in every seed
            seeds 4: 1
            metric: relative lead of D_rsn_train over D_mem
            why: too few seeds: 1, of 5

text     1 claim: 1 holds, 0 differ, 0 undecided
picture  1 claim: 0 hold, 1 differs, 0 undecided
ours     1 claim: 0 hold, 0 differ, 1 undecided
)");
}

TEST(ClaimTableTest, MarksWhatWasRegisteredLateAndSaysWhatTheMarkMeans) {
  std::vector<Claim> claims = SomeClaims();
  claims[1].registered_late = true;
  claims[2].registered_late = true;
  claims[2].amended = "the metric had no unit";
  const std::string table = ClaimTable(claims, "reduced", 80);
  EXPECT_THAT(table, testing::StartsWith("holds       fig3.A.same_rate "));
  EXPECT_THAT(table, HasSubstr("\ndiffers*    fig3.A.reasoning_first  (reduced scale)\n"));
  EXPECT_THAT(table, HasSubstr("\nundecided*  fig3.B.reasoning_first  (reduced scale)\n"));
  EXPECT_THAT(table, HasSubstr("            metric: relative lead of D_rsn_train over D_mem\n"
                               "            amended: the metric had no unit\n"
                               "            why: too few seeds"));
  EXPECT_THAT(table, testing::EndsWith(R"(
ours     1 claim: 0 hold, 0 differ, 1 undecided
* 2 of them were registered after these seeds' runs began (or it is unknown
when): read them as exploratory until fresh seeds or another scale judge them
)"));
  claims[1].registered_late = false;
  EXPECT_THAT(Unwrapped(ClaimTotals(claims, 40)),
              HasSubstr("* 1 of them was registered after these seeds' runs began (or it is "
                        "unknown when): read it as exploratory"));
}

// They have no verdict that could be read as one.
TEST(ClaimTableTest, MarksNoneThatIsNotJudged) {
  std::vector<Claim> claims = {Judged(SomeClaims()[0], "smoke")};
  claims[0].registered_late = true;
  EXPECT_EQ(ClaimTable(claims, "smoke", 80).find('*'), std::string::npos);
  EXPECT_THAT(ClaimLine(claims[0], "smoke"), testing::StartsWith("not judged  fig3."));
}

TEST(ClaimTableTest, WithoutClaims) {
  EXPECT_EQ(ClaimRows({}, "paper", 80), "");
  EXPECT_EQ(ClaimTotals({}, 80), "");
}

TEST(ClaimTableTest, ANarrowTerminalIsTakenAs40Columns) {
  EXPECT_EQ(ClaimTable(SomeClaims(), "smoke", 0), ClaimTable(SomeClaims(), "smoke", 40));
  EXPECT_EQ(ClaimTable(SomeClaims(), "smoke", -5), ClaimTable(SomeClaims(), "smoke", 40));
}

TEST(ClaimTableTest, ShowsWhatIsNoNumber) {
  const std::string table = ClaimTable({Judged(ClaimOf(AtLeast(0.5), {kNan, 1}))}, "paper", 200);
  EXPECT_THAT(table, HasSubstr("measured nan, expected >= 0.5\n"));
  EXPECT_THAT(table, HasSubstr("seeds 4, 5: nan, 1\n"));
}

class ClaimTableWidthTest : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Widths, ClaimTableWidthTest, testing::Values(40, 41, 60, 80, 200),
                         testing::PrintToStringParamName());

TEST_P(ClaimTableWidthTest, NoLineIsWiderUnlessItIsOneWord) {
  std::vector<Claim> claims = SomeClaims();
  const std::string wide = "a_word_that_is_wider_by_itself_than_the_narrowest_terminal_there_is";
  claims[0].statement += " " + wide;
  claims[1].statement = wide + " " + claims[1].statement;
  const std::string table = ClaimRows(claims, "reduced", GetParam());
  ASSERT_TRUE(table.ends_with("\n"));
  for (const std::string& line : Split(std::string_view(table).substr(0, table.size() - 1), '\n')) {
    const bool one_word = Trim(line).find(' ') == std::string_view::npos;
    EXPECT_TRUE(static_cast<int>(line.size()) <= GetParam() || one_word)
        << line.size() << " columns: " << line;
    EXPECT_FALSE(Trim(line).empty()) << "an empty line in\n" << table;
  }
}

TEST_P(ClaimTableWidthTest, HasTheSameWordsAtEveryWidth) {
  EXPECT_EQ(Unwrapped(ClaimTable(SomeClaims(), "reduced", GetParam())),
            Unwrapped(ClaimTable(SomeClaims(), "reduced", 1000)));
  EXPECT_EQ(ClaimTable(SomeClaims(), "reduced", GetParam()).find("must not"), std::string::npos);
}

// With ten claims or more the line that counts them is the widest.
TEST_P(ClaimTableWidthTest, TheCountsOfManyClaimsFitToo) {
  std::vector<Claim> claims(12, SomeClaims()[0]);
  claims.resize(24, SomeClaims()[1]);
  claims.resize(36, Judged(SomeClaims()[0], "smoke"));
  claims[0].registered_late = true;
  for (const std::string& line : Split(ClaimTotals(claims, GetParam()), '\n')) {
    EXPECT_LE(static_cast<int>(line.size()), GetParam()) << line;
  }
}

TEST(ClaimLineTest, HasVerdictIdScaleMeanIntervalAndRegion) {
  const std::vector<Claim> claims = SomeClaims();
  EXPECT_EQ(ClaimLine(claims[1], "reduced"),
            "differs     fig3.A.reasoning_first                reduced  0.25 [-0.0605, 0.561], "
            ">= 0.9");
  EXPECT_EQ(ClaimLine(claims[2], "paper"),
            "undecided   fig3.B.reasoning_first                paper    1, > 0, every seed");
}

TEST(ClaimLineTest, TheMarkTakesNoPlaceOfTheColumns) {
  Claim claim = SomeClaims()[2];
  const std::string plain = ClaimLine(claim, "extended");
  claim.registered_late = true;
  EXPECT_EQ(ClaimLine(claim, "extended"), "undecided*  " + plain.substr(12));
}

TEST(ClaimLineTest, IsNeverWiderThan100Letters) {
  Claim claim = ClaimOf({.lo = -1.0 / 3, .hi = 1.0 / 3, .strict = true}, {-1.23e-105, -4.56e-105});
  claim.id = "appendix_learning_rate.a_claim_with_a_long_name_and_more";
  Judge("smoke", &claim);
  const std::string line = ClaimLine(claim, "reduced");
  EXPECT_LE(line.size(), size_t{kClaimLineWidth}) << line;
  EXPECT_TRUE(line.starts_with("not judged  ")) << line;
  claim.expected = Between(-0.25, 0.25);
  claim.values = {0.1, 0.2, 0.3};
  claim.id = "appendix_statements.separate_first";
  Judge("", &claim);
  EXPECT_THAT(ClaimLine(claim, "reduced"), HasSubstr(claim.id + " "));
  EXPECT_TRUE(ClaimLine(claim, "reduced").ends_with("0.2 [-0.0484, 0.448], in [-0.25, 0.25]"));
}

// SomeClaims at reduced scale; at extended scale the first alone, registered late; at paper scale
// the first differs, the second is not there, and there is one more.
std::array<std::vector<Claim>, kScales.size()> ThreeScales() {
  std::array<std::vector<Claim>, kScales.size()> scales = {
      SomeClaims(), {SomeClaims()[0]}, SomeClaims()};
  scales[1][0].registered_late = true;
  scales[2][0].values = {0.5, 0.51, 0.49};
  scales[2][0].reason = "it does";
  Judge("", &scales[2][0]);
  scales[2][1].id = "fig3.B.new";
  scales[2][1].registered_late = true;
  return scales;
}

TEST(MatchClaimsTest, SameIdsTogetherThenThoseOfALaterScaleAlone) {
  const auto scales = ThreeScales();
  const std::vector<ScaledClaim> matched = MatchClaims(scales);
  ASSERT_EQ(matched.size(), 4U);
  EXPECT_EQ(matched[0], (ScaledClaim{scales[0].data(), scales[1].data(), scales[2].data()}));
  EXPECT_EQ(matched[1], (ScaledClaim{&scales[0][1], nullptr, nullptr}));
  EXPECT_EQ(matched[2], (ScaledClaim{&scales[0][2], nullptr, &scales[2][2]}));
  EXPECT_EQ(matched[3], (ScaledClaim{nullptr, nullptr, &scales[2][1]}));
  EXPECT_TRUE(MatchClaims({}).empty());
}

TEST(MatchClaimsTest, AClaimOfTwoLaterScalesIsOne) {
  std::array<std::vector<Claim>, kScales.size()> scales;
  scales[1] = {SomeClaims()[1]};
  scales[2] = {SomeClaims()[1]};
  const std::vector<ScaledClaim> matched = MatchClaims(scales);
  ASSERT_EQ(matched.size(), 1U);
  EXPECT_EQ(matched[0], (ScaledClaim{nullptr, scales[1].data(), scales[2].data()}));
}

TEST(ScaledClaimRowsTest, At80Columns) {
  const auto scales = ThreeScales();
  const std::vector<ScaledClaim> matched = MatchClaims(scales);
  EXPECT_EQ(ClaimRows({matched[0], matched[3]}, 80),
            R"(holds | holds* | differs   fig3.A.same_rate
            memory and reasoning losses fall at nearly the same rate [Section
            4.1, figure 3A; text]
            metric: relative lead of D_rsn_train over D_mem
            reduced scale: measured 0.0141 (95 % interval -0.0729 .. 0.101),
            expected within -0.2 .. 0.2
            seeds 4, 5, 6: 0.0123, -0.02, 0.05
            extended scale: measured 0.0141 (95 % interval -0.0729 .. 0.101),
            expected within -0.2 .. 0.2
            seeds 4, 5, 6: 0.0123, -0.02, 0.05
            paper scale: measured 0.5 (95 % interval 0.475 .. 0.525), expected
            within -0.2 .. 0.2
            seeds 4, 5, 6: 0.5, 0.51, 0.49
            likely reason: it does
-     | -      | differs*  fig3.B.new
            memory and reasoning losses fall at nearly the same rate [Section
            4.1, figure 3A; picture]
            metric: relative lead of D_rsn_train over D_mem
            paper scale: measured 0.25 (95 % interval -0.0605 .. 0.561),
            expected >= 0.9
            seeds 4, 5, 6: 0.25, 0.125, 0.375
            likely reason: the learning rate is fifty times the paper's, so that
            the model leaves the neighbourhood of its initialisation sooner
)");
}

TEST(ScaledClaimRowsTest, TheIdHasALineOfItsOwnWhereThereIsNoRoom) {
  const auto scales = ThreeScales();
  const std::string rows = ClaimRows(MatchClaims(scales), 40);
  EXPECT_THAT(rows, testing::StartsWith("holds     | holds* | differs\n            fig3.A.same_"));
}

TEST(ScaledClaimRowsTest, SaysWhyOfEachScale) {
  auto scales = ThreeScales();
  Judge("unfinished", &scales[2][2]);
  const std::string rows = Unwrapped(ClaimRows(MatchClaims(scales), 100));
  EXPECT_THAT(rows, HasSubstr("differs | - | - fig3.A.reasoning_first"));
  EXPECT_THAT(rows, HasSubstr("undecided | - | not judged fig3.B.reasoning_first"));
  EXPECT_THAT(rows, HasSubstr("why: too few seeds: 1, of 5 paper scale"));
  EXPECT_THAT(rows, HasSubstr("why: unfinished"));
}

// Of a claim that was amended before the larger scale was trained, what was required at each.
TEST(ScaledClaimRowsTest, SaysWhatWasAskedAtAScaleWhereItIsAnother) {
  auto scales = ThreeScales();
  scales[2][0].metric = "the same in nats";
  scales[2][0].amended = "the unit was missing";
  scales[2][0].expected = AtLeast(0.25);
  const std::vector<ScaledClaim> matched = MatchClaims(scales);
  const std::string rows = Unwrapped(ClaimRows({matched[0]}, 100));
  EXPECT_THAT(rows, HasSubstr("figure 3A; text] metric: relative lead of D_rsn_train over D_mem "
                              "reduced scale: measured 0.0141"));
  EXPECT_THAT(rows, HasSubstr("expected >= 0.25 seeds 4, 5, 6: 0.5, 0.51, 0.49 metric: the same in "
                              "nats amended: the unit was missing likely reason"));
  EXPECT_THAT(ClaimLines({matched[0]}), testing::EndsWith("  0.0141 | 0.0141 | 0.5\n"))
      << "there is no single region";
}

TEST(ScaledClaimLinesTest, VerdictsAndIdsStandBelowEachOther) {
  const auto scales = ThreeScales();
  EXPECT_EQ(
      ClaimLines(MatchClaims(scales)),
      R"(holds     | holds* | differs    fig3.A.same_rate        0.0141 | 0.0141 | 0.5, in [-0.2, 0.2]
differs   | -      | -          fig3.A.reasoning_first  0.25 | - | -, >= 0.9
undecided | -      | undecided  fig3.B.reasoning_first  1 | - | 1, > 0, every seed
-         | -      | differs*   fig3.B.new              - | - | 0.25, >= 0.9
)");
  EXPECT_EQ(ClaimLines({}), "");
}

// The widest verdicts, values and regions that there can be.
TEST(ScaledClaimLinesTest, NoneIsWiderThan100LettersAndTheMeansAreWhole) {
  Claim wide = EverySeed({.lo = -1.0 / 3, .hi = 1.0 / 3, .strict = true}, {-0.0123});
  Judge("", &wide);
  ASSERT_EQ(wide.verdict, Verdict::kUndecided);
  wide.registered_late = true;
  for (const size_t letters : {5U, 24U, 36U, 60U}) {
    wide.id = std::string(letters, 'a');
    const std::string line = ClaimLines({ScaledClaim{&wide, &wide, &wide}});
    EXPECT_LE(line.size(), size_t{kClaimLineWidth} + 1) << line;
    EXPECT_THAT(line, testing::StartsWith("undecided* | undecided* | undecided*  a"));
    EXPECT_THAT(line, HasSubstr("  -0.0123 | -0.0123 | -0.0123"));
  }
}

// Where lines would wrap, what stands after the id gives way, and the id stays whole.
TEST(ScaledClaimLinesTest, InATerminalOf80ColumnsTheIdIsWhole) {
  Claim wide = EverySeed({.lo = -1.0 / 3, .hi = 1.0 / 3, .strict = true}, {-0.0123});
  Judge("", &wide);
  wide.registered_late = true;
  wide.id = "appendix_statements.separate_first";
  EXPECT_EQ(ClaimLines({ScaledClaim{&wide, &wide, &wide}}, 80),
            "undecided* | undecided* | undecided*  appendix_statements.separate_first\n");
  EXPECT_EQ(ClaimLines({ScaledClaim{&wide, nullptr, nullptr}}, 80),
            "undecided* | - | -  appendix_statements.separate_first  -0.0123 | - | -\n");
  EXPECT_EQ(ClaimLine(SomeClaims()[1], "reduced", 80),
            "differs     fig3.A.reasoning_first        reduced  0.25 [-0.0605, 0.561], >= 0.9");
  EXPECT_EQ(ClaimLine(wide, "reduced", 80),
            "undecided*  appendix_statements.separate_first    reduced  -0.0123");
}

TEST(ScaleNoteTest, NamesTheStudiesWithoutAFileAtThePapersScale) {
  const std::string first = "A verdict at reduced scale is evidence at that scale alone";
  EXPECT_THAT(ScaleNote({}, {}, 3, 80), HasSubstr(first));
  for (const std::string_view scale : kScales) {
    EXPECT_THAT(ScaleNote({}, {}, 3, 80), HasSubstr(std::string(scale) + " scale is "));
  }
  EXPECT_THAT(Unwrapped(ScaleNote({}, {}, 3, 80)), testing::EndsWith("own sizes and epochs."));
  EXPECT_THAT(Unwrapped(ScaleNote({"fig1", "fig7"}, {}, 3, 80)),
              testing::EndsWith("Without a file at the paper's scale: fig1, fig7."));
  EXPECT_THAT(Unwrapped(ScaleNote({"a", "b", "c"}, {}, 3, 80)),
              testing::EndsWith("None of these studies has a file at the paper's scale."));
  EXPECT_THAT(Unwrapped(ScaleNote({"fig1"}, {}, 1, 80)),
              testing::EndsWith("fig1 has no file at the paper's scale."));
  EXPECT_THAT(Unwrapped(ScaleNote({}, {"fig3 (but for emb_mlp)"}, 1, 80)),
              testing::EndsWith("Without a file at the paper's scale: fig3 (but for emb_mlp)."));
}

}  // namespace
}  // namespace initbias
