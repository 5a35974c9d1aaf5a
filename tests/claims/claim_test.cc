// The rule by which claims are judged, on constructed values, and the table that shows it.
// Intervals are held to t values from a printed table (Abramowitz and Stegun, table 26.10).
#include "lib/claims/claim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/text.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

using testing::HasSubstr;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kTiny = 1e-12;

TEST(IntervalTest, AtLeastTakesItsBound) {
  EXPECT_TRUE(Contains(AtLeast(0.5), 0.5));
  EXPECT_TRUE(Contains(AtLeast(0.5), 1e300));
  EXPECT_TRUE(Contains(AtLeast(0.5), kInfinity));
  EXPECT_FALSE(Contains(AtLeast(0.5), 0.5 - kTiny));
  EXPECT_FALSE(Contains(AtLeast(0.5), -kInfinity));
}

TEST(IntervalTest, AtMostTakesItsBound) {
  EXPECT_TRUE(Contains(AtMost(-0.5), -0.5));
  EXPECT_TRUE(Contains(AtMost(-0.5), -1e300));
  EXPECT_FALSE(Contains(AtMost(-0.5), -0.5 + kTiny));
}

TEST(IntervalTest, BetweenTakesBothBounds) {
  EXPECT_TRUE(Contains(Between(-0.1, 0.1), -0.1));
  EXPECT_TRUE(Contains(Between(-0.1, 0.1), 0.0));
  EXPECT_TRUE(Contains(Between(-0.1, 0.1), 0.1));
  EXPECT_FALSE(Contains(Between(-0.1, 0.1), -0.1 - kTiny));
  EXPECT_FALSE(Contains(Between(-0.1, 0.1), 0.1 + kTiny));
  EXPECT_TRUE(Contains(Between(1, 1), 1));
  EXPECT_FALSE(Contains(Between(1, -1), 0)) << "upside down is empty";
}

TEST(IntervalTest, StrictBoundsAreOutside) {
  EXPECT_FALSE(Contains(Above(0), 0.0));
  EXPECT_FALSE(Contains(Above(0), -0.0));
  EXPECT_TRUE(Contains(Above(0), std::numeric_limits<double>::denorm_min()));
  const Interval open = {.lo = 0, .hi = 1, .strict = true};
  EXPECT_FALSE(Contains(open, 0.0));
  EXPECT_TRUE(Contains(open, 0.5));
  EXPECT_FALSE(Contains(open, 1.0));
}

TEST(IntervalTest, NanIsNowhere) {
  for (const Interval& interval :
       {Interval{}, AtLeast(0), AtMost(0), Between(-1, 1), Above(0), AtLeast(-kInfinity)}) {
    EXPECT_FALSE(Contains(interval, kNan)) << IntervalText(interval);
  }
}

TEST(IntervalTextTest, ReadsAsAConditionOnTheMetric) {
  EXPECT_EQ(IntervalText(AtLeast(0.5)), ">= 0.5");
  EXPECT_EQ(IntervalText(AtMost(-0.25)), "<= -0.25");
  EXPECT_EQ(IntervalText(Above(0)), "> 0");
  EXPECT_EQ(IntervalText({.hi = 2, .strict = true}), "< 2");
  EXPECT_EQ(IntervalText(Between(-0.1, 0.1)), "within -0.1 .. 0.1");
  EXPECT_EQ(IntervalText({.lo = 0, .hi = 1, .strict = true}), "strictly within 0 .. 1");
  EXPECT_EQ(IntervalText({}), "any");
}

// Every name of `all` parses to its value, and others are refused with the names that there are.
template <typename Enum>
void ExpectNames(const std::vector<std::pair<Enum, std::string>>& all,
                 std::string_view (*name)(Enum), Enum (*parse)(std::string_view)) {
  for (const auto& [value, text] : all) {
    EXPECT_EQ(name(value), text);
    EXPECT_EQ(parse(text), value);
  }
  for (const std::string wrong : {"", "Holds", "hold", "not_judged", "any"}) {
    const std::string message = ErrorOf([&] { parse(wrong); });
    EXPECT_THAT(message, HasSubstr("'" + wrong + "'"));
    for (const auto& [value, text] : all) {
      EXPECT_THAT(message, HasSubstr(text));
    }
  }
}

TEST(NamesTest, GoBothWays) {
  ExpectNames<Verdict>({{Verdict::kHolds, "holds"},
                        {Verdict::kDiffers, "differs"},
                        {Verdict::kUndecided, "undecided"},
                        {Verdict::kNotJudged, "not judged"}},
                       VerdictName, ParseVerdict);
  ExpectNames<ClaimKind>({{ClaimKind::kText, "text"},
                          {ClaimKind::kPicture, "picture"},
                          {ClaimKind::kDerived, "derived"},
                          {ClaimKind::kOurs, "ours"}},
                         ClaimKindName, ParseClaimKind);
  ExpectNames<ClaimRule>(
      {{ClaimRule::kMean, "mean over seeds"}, {ClaimRule::kEverySeed, "every seed"}}, ClaimRuleName,
      ParseClaimRule);
}

TEST(MedianTest, IsTheMiddleOrTheMeanOfTheTwoMiddleValues) {
  EXPECT_EQ(Median({3}), 3);
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({5, 1, 4, 2, 3}), 3);
  EXPECT_EQ(Median({4, 1}), 2.5);
  EXPECT_EQ(Median({10, 1, 3, 2}), 2.5);
  EXPECT_EQ(Median({7, 7, 7, 1}), 7);
  EXPECT_EQ(Median({-1, -3, -2}), -2);
  EXPECT_EQ(Median({kInfinity, 1, 2}), 2);
}

TEST(MedianTest, IsNanForNothingOrWithNan) {
  EXPECT_TRUE(std::isnan(Median({})));
  EXPECT_TRUE(std::isnan(Median({kNan})));
  EXPECT_TRUE(std::isnan(Median({1, kNan, 3})));
  EXPECT_TRUE(std::isnan(Median({kNan, 1, 2, 3, 4})));
  EXPECT_TRUE(std::isnan(Median({1, 2, 3, 4, kNan})));
}

Claim ClaimOf(const Interval& expected, std::vector<double> values) {
  Claim claim;
  claim.id = "fig3.A.same_rate";
  claim.statement = "memory and reasoning losses fall at nearly the same rate";
  claim.place = "Section 4.1, figure 3A";
  claim.metric = "relative lead of D_rsn_train over D_mem";
  claim.expected = expected;
  claim.values = std::move(values);
  for (size_t i = 0; i < claim.values.size(); ++i) {
    claim.seeds.push_back(kFirstJudgingSeed + static_cast<int64_t>(i));
  }
  return claim;
}

Claim EverySeed(const Interval& expected, std::vector<double> values) {
  Claim claim = ClaimOf(expected, std::move(values));
  claim.rule = ClaimRule::kEverySeed;
  return claim;
}

Claim Judged(Claim claim, const std::string& not_judged = "") {
  Judge(not_judged, &claim);
  return claim;
}

TEST(ClaimTest, BeginsNotJudged) { EXPECT_EQ(Claim{}.verdict, Verdict::kNotJudged); }

// t of 0.975 with 1, 2 and 4 degrees of freedom.
constexpr double kT1 = 12.706204736;
constexpr double kT2 = 4.302652730;
constexpr double kT4 = 2.776445105;

TEST(IntervalOfMeanTest, IsStudentsOf95Percent) {
  const auto expect = [](const std::vector<double>& values, double mean, double half) {
    const Claim claim = Judged(ClaimOf({}, values));
    EXPECT_DOUBLE_EQ(claim.mean, mean);
    EXPECT_NEAR(claim.lo, mean - half, 1e-8);
    EXPECT_NEAR(claim.hi, mean + half, 1e-8);
  };
  expect({0, 2}, 1, kT1);                            // s = sqrt 2
  expect({1, 2, 3}, 2, kT2 / std::sqrt(3.0));        // s = 1
  expect({5, 1, 3, 2, 4}, 3, kT4 * std::sqrt(0.5));  // s^2 = 2.5
}

TEST(IntervalOfMeanTest, IsWideOfOneValueAndNoneWithoutNumbers) {
  const Claim one = Judged(ClaimOf({}, {0.5}));
  EXPECT_EQ(one.mean, 0.5);
  EXPECT_EQ(one.lo, -kInfinity);
  EXPECT_EQ(one.hi, kInfinity);
  for (const std::vector<double>& values : {std::vector<double>{}, {1, kNan, 2}}) {
    const Claim claim = Judged(ClaimOf({}, values));
    EXPECT_TRUE(std::isnan(claim.mean));
    EXPECT_TRUE(std::isnan(claim.lo));
    EXPECT_TRUE(std::isnan(claim.hi));
  }
}

struct Case {
  std::string name;
  Claim claim;
  Verdict verdict;
  std::string why;  // a part of it; "": there is none
};

class JudgeTest : public testing::TestWithParam<Case> {};

TEST_P(JudgeTest, VerdictAndWhy) {
  const Claim claim = Judged(GetParam().claim);
  EXPECT_EQ(VerdictName(claim.verdict), VerdictName(GetParam().verdict));
  if (GetParam().why.empty()) {
    EXPECT_EQ(claim.why, "");
  } else {
    EXPECT_THAT(claim.why, HasSubstr(GetParam().why));
  }
}

std::string CaseName(const testing::TestParamInfo<Case>& info) { return info.param.name; }

constexpr char kEdge[] = "both sides of the region's edge";

// The mean of 1, 2, 3, whose interval is -0.484 .. 4.484.
INSTANTIATE_TEST_SUITE_P(
    OfTheMean, JudgeTest,
    testing::Values(
        Case{"ThreeInside", ClaimOf(AtLeast(-0.485), {1, 2, 3}), Verdict::kHolds, ""},
        Case{"ThreeInsideOfTwoBounds", ClaimOf(Between(-0.5, 4.5), {1, 2, 3}), Verdict::kHolds, ""},
        Case{"ThreeStraddleBelow", ClaimOf(AtLeast(-0.484), {1, 2, 3}), Verdict::kUndecided, kEdge},
        Case{"ThreeStraddleAbove", ClaimOf(AtMost(4.484), {1, 2, 3}), Verdict::kUndecided, kEdge},
        Case{"ThreeAroundTheRegion", ClaimOf(Between(1, 3), {1, 2, 3}), Verdict::kUndecided, kEdge},
        Case{"ThreeOutside", ClaimOf(AtLeast(4.485), {1, 2, 3}), Verdict::kDiffers, ""},
        Case{"ThreeOutsideBelow", ClaimOf(AtMost(-0.485), {1, 2, 3}), Verdict::kDiffers, ""},
        Case{"AllValuesInsideAreNotEnough", ClaimOf(Above(0), {1, 2, 3}), Verdict::kUndecided,
             kEdge},
        Case{"FiveInside", ClaimOf(Above(1.03), {1, 2, 3, 4, 5}), Verdict::kHolds, ""},
        Case{"FiveStraddle", ClaimOf(Above(1.04), {1, 2, 3, 4, 5}), Verdict::kUndecided, kEdge},
        Case{"FiveOutside", ClaimOf(Above(4.97), {1, 2, 3, 4, 5}), Verdict::kDiffers, ""}),
    CaseName);

INSTANTIATE_TEST_SUITE_P(
    OfEqualValues, JudgeTest,
    testing::Values(
        Case{"Inside", ClaimOf(AtLeast(1), {1.1, 1.1, 1.1}), Verdict::kHolds, ""},
        Case{"Outside", ClaimOf(AtLeast(1), {0.9, 0.9, 0.9}), Verdict::kDiffers, ""},
        Case{"OnAnEdge", ClaimOf(AtLeast(0.1), {0.1, 0.1, 0.1}), Verdict::kHolds, ""},
        Case{"OnAnUpperEdge", ClaimOf(AtMost(0.1), {0.1, 0.1, 0.1}), Verdict::kHolds, ""},
        Case{"OnAStrictEdge", ClaimOf(Above(0.1), {0.1, 0.1, 0.1}), Verdict::kDiffers, ""},
        Case{"OnAnUpperStrictEdge", ClaimOf(Below(0.1), {0.1, 0.1, 0.1}), Verdict::kDiffers, ""}),
    CaseName);

INSTANTIATE_TEST_SUITE_P(
    WithoutAnInterval, JudgeTest,
    testing::Values(
        Case{"OneValue", ClaimOf(AtLeast(0), {1}), Verdict::kUndecided, "too few seeds: 1"},
        Case{"OneValueOutside", ClaimOf(AtLeast(0), {-1}), Verdict::kUndecided, "too few seeds: 1"},
        Case{"NoValue", ClaimOf({}, {}), Verdict::kUndecided, "too few seeds: 0"},
        Case{"Nan", ClaimOf({}, {1, kNan, 2}), Verdict::kUndecided, "a value is NaN"},
        Case{"NanAlone", ClaimOf({}, {kNan}), Verdict::kUndecided, "a value is NaN"},
        Case{"Infinite", ClaimOf(AtLeast(0), {1, kInfinity, 2}), Verdict::kUndecided,
             "a value is infinite"},
        Case{"BothInfinities", ClaimOf({}, {-kInfinity, kInfinity}), Verdict::kUndecided,
             "a value is infinite"}),
    CaseName);

INSTANTIATE_TEST_SUITE_P(
    OfEverySeed, JudgeTest,
    testing::Values(
        Case{"FourInside", EverySeed(AtLeast(0), {1, 1, 1, 1}), Verdict::kUndecided,
             "too few seeds: 4, of 5"},
        Case{"FourOutside", EverySeed(AtLeast(0), {-1, -1, -1, -1}), Verdict::kUndecided,
             "too few seeds: 4, of 5"},
        Case{"FiveInside", EverySeed(AtLeast(0), {0, 1, 2, 3, 100}), Verdict::kHolds, ""},
        Case{"FiveOnAStrictEdge", EverySeed(Above(0), {0, 0, 0, 0, 0}), Verdict::kDiffers, ""},
        Case{"FiveOutside", EverySeed(AtLeast(0), {-1, -2, -3, -1, -100}), Verdict::kDiffers, ""},
        Case{"FourOfFive", EverySeed(AtLeast(0), {1, 1, 1, 1, -1e-9}), Verdict::kUndecided,
             "4 of 5 seeds bear it out"},
        Case{"OneOfFive", EverySeed(AtLeast(0), {-1, -1, -1, -1, 0}), Verdict::kUndecided,
             "1 of 5 seeds bear it out"},
        Case{"SixInside", EverySeed(AtLeast(0), {1, 1, 1, 1, 1, 1}), Verdict::kHolds, ""},
        Case{"Infinite", EverySeed(AtLeast(0), {1, 1, 1, 1, kInfinity}), Verdict::kHolds, ""},
        Case{"Nan", EverySeed({}, {1, 1, 1, 1, kNan}), Verdict::kUndecided, "a value is NaN"}),
    CaseName);

Claim Gated(const Claim& claim, std::vector<Precondition> preconditions) {
  Claim gated = claim;
  gated.preconditions = std::move(preconditions);
  return gated;
}

const std::vector<double> kWell = {0.9, 0.95, 1, 1, 0.9};
const Precondition kLearned = {"accuracy at the end", AtLeast(0.9), kWell};

INSTANTIATE_TEST_SUITE_P(
    WithPreconditions, JudgeTest,
    testing::Values(
        Case{"Met", Gated(ClaimOf(AtLeast(0), {1, 1, 1, 1, 1}), {kLearned}), Verdict::kHolds, ""},
        Case{"OneSeedFails",
             Gated(ClaimOf(AtLeast(0), {1, 1, 1, 1, 1}),
                   {kLearned, {"accuracy at the end", AtLeast(0.9), {0.9, 0.9, 0.25, 1, 1}}}),
             Verdict::kUndecided,
             "precondition failed: accuracy at the end >= 0.9 (measured 0.9, 0.9, 0.25, 1, 1)"},
        Case{"WhereItWouldDiffer",
             Gated(ClaimOf(AtLeast(2), {1, 1, 1, 1, 1}), {{"p", Above(0), {1, 1, 0, 1, 1}}}),
             Verdict::kUndecided, "precondition failed: p > 0"},
        Case{"OfEverySeed",
             Gated(EverySeed(AtLeast(0), {1, 1, 1, 1, 1}), {{"p", Above(0), {1, 1, 0, 1, 1}}}),
             Verdict::kUndecided, "precondition failed: p > 0"},
        Case{"NothingMeasured", Gated(ClaimOf(AtLeast(0), {1, 1}), {{"p", AtLeast(0), {}}}),
             Verdict::kUndecided, "precondition failed: p >= 0 (measured )"},
        Case{"Nan", Gated(ClaimOf(AtLeast(0), {1, 1}), {{"p", {}, {1, kNan}}}), Verdict::kUndecided,
             "precondition failed: p any (measured 1, nan)"},
        Case{"BeforeNanOfTheClaim",
             Gated(ClaimOf(AtLeast(0), {1, kNan}), {{"p", AtLeast(0), {-1, 1}}}),
             Verdict::kUndecided, "precondition failed"}),
    CaseName);

TEST(NotJudgedTest, GivesItsReasonAndMeasuresAllTheSame) {
  for (const Claim& claim : {ClaimOf(AtLeast(0), {1, 2, 3}), EverySeed(AtLeast(9), {1, 2, 3}),
                             Gated(ClaimOf({}, {1, 2, 3}), {{"p", AtLeast(0), {}}})}) {
    const Claim judged = Judged(claim, "the smoke profile is too small to tell anything");
    EXPECT_EQ(judged.verdict, Verdict::kNotJudged);
    EXPECT_EQ(judged.why, "the smoke profile is too small to tell anything");
    EXPECT_EQ(judged.mean, 2);
    EXPECT_NEAR(judged.hi, 4.484138, 1e-6);
  }
}

TEST(NotJudgedTest, ReplacesAndIsReplacedByAnyVerdict) {
  Claim claim = ClaimOf(AtLeast(0.5), {0.9, 0.9});
  Judge("", &claim);
  ASSERT_EQ(claim.verdict, Verdict::kHolds);
  Judge("seeds", &claim);
  EXPECT_EQ(claim.verdict, Verdict::kNotJudged);
  Judge("", &claim);
  EXPECT_EQ(claim.verdict, Verdict::kHolds);
  EXPECT_EQ(claim.why, "");
}

// One that holds, one that differs, one of our own that is undecided.
std::vector<Claim> SomeClaims() {
  std::vector<Claim> claims = {
      ClaimOf(Between(-0.2, 0.2), {0.0123456, -0.02, 0.05}),
      ClaimOf(AtLeast(0.9), {0.25, 0.125, 0.375}),
      EverySeed(Above(0), {1.0}),
  };
  claims[1].id = "fig3.A.reasoning_first";
  claims[1].kind = ClaimKind::kPicture;
  claims[1].reason =
      "the learning rate is fifty times the paper's, so that the model leaves the "
      "neighbourhood of its initialisation sooner";
  claims[2].id = "fig3.B.reasoning_first";
  claims[2].kind = ClaimKind::kOurs;
  claims[0].reason = "must not be shown";
  for (Claim& claim : claims) {
    Judge("", &claim);
  }
  return claims;
}

TEST(CountsTest, KindsAreCountedApart) {
  const std::vector<Claim> claims = SomeClaims();
  EXPECT_EQ(CountsText(CountClaims(claims)), "3 claims: 1 holds, 1 differs, 1 undecided");
  EXPECT_EQ(CountsText(CountClaims(claims, ClaimKind::kText)),
            "1 claim: 1 holds, 0 differ, 0 undecided");
  EXPECT_EQ(CountsText(CountClaims(claims, ClaimKind::kPicture)),
            "1 claim: 0 hold, 1 differs, 0 undecided");
  EXPECT_EQ(CountClaims(claims, ClaimKind::kDerived).all, 0);
  EXPECT_EQ(CountsText(CountClaims(claims, ClaimKind::kOurs)),
            "1 claim: 0 hold, 0 differ, 1 undecided");
}

TEST(CountsTest, NotJudgedAreNamedWhereThereAreSuch) {
  std::vector<Claim> claims = SomeClaims();
  Judge("why", &claims[0]);
  EXPECT_EQ(CountsText(CountClaims(claims)),
            "3 claims: 0 hold, 1 differs, 1 undecided, 1 not judged");
  EXPECT_EQ(CountsText(CountClaims({})), "0 claims: 0 hold, 0 differ, 0 undecided");
}

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

TEST(ClaimLineTest, IsNeverWiderThan100Letters) {
  Claim claim = ClaimOf({.lo = -1.0 / 3, .hi = 1.0 / 3, .strict = true}, {-1.23e-105, -4.56e-105});
  claim.id = "appendix_learning_rate.a_claim_with_a_long_name_and_more";
  Judge("smoke", &claim);
  const std::string line = ClaimLine(claim, "reduced");
  EXPECT_LE(line.size(), kClaimLineWidth) << line;
  EXPECT_TRUE(line.starts_with("not judged  ")) << line;
  claim.expected = Between(-0.25, 0.25);
  claim.values = {0.1, 0.2, 0.3};
  claim.id = "appendix_statements.separate_first";
  Judge("", &claim);
  EXPECT_THAT(ClaimLine(claim, "reduced"), HasSubstr(claim.id + " "));
  EXPECT_TRUE(ClaimLine(claim, "reduced").ends_with("0.2 [-0.0484, 0.448], in [-0.25, 0.25]"));
}

// SomeClaims at reduced scale; at paper scale the first differs, the second is not there, and there
// is one more.
struct BothScales {
  BothScales() : reduced(SomeClaims()), paper(SomeClaims()) {
    paper[0].values = {0.5, 0.51, 0.49};
    paper[0].reason = "it does";
    Judge("", &paper[0]);
    paper[1].id = "fig3.B.new";
  }
  std::vector<Claim> reduced;
  std::vector<Claim> paper;
};

TEST(PairClaimsTest, SameIdsTogetherThenThoseOfThePaperAlone) {
  const BothScales both;
  const std::vector<ScaledClaim> pairs = PairClaims(both.reduced, both.paper);
  ASSERT_EQ(pairs.size(), 4u);
  EXPECT_EQ(pairs[0].reduced, &both.reduced[0]);
  EXPECT_EQ(pairs[0].paper, &both.paper[0]);
  EXPECT_EQ(pairs[1].reduced, &both.reduced[1]);
  EXPECT_EQ(pairs[1].paper, nullptr);
  EXPECT_EQ(pairs[2].paper, &both.paper[2]);
  EXPECT_EQ(pairs[3].reduced, nullptr);
  EXPECT_EQ(pairs[3].paper, &both.paper[1]);
  EXPECT_TRUE(PairClaims({}, {}).empty());
}

TEST(ScaledClaimRowsTest, At80Columns) {
  const BothScales both;
  const std::vector<ScaledClaim> pairs = PairClaims(both.reduced, both.paper);
  EXPECT_EQ(ClaimRows({pairs[0], pairs[3]}, 80),
            R"(holds / differs         fig3.A.same_rate  (reduced / paper scale)
            memory and reasoning losses fall at nearly the same rate [Section
            4.1, figure 3A; text]
            metric: relative lead of D_rsn_train over D_mem
            reduced scale: measured 0.0141 (95 % interval -0.0729 .. 0.101),
            expected within -0.2 .. 0.2
            seeds 4, 5, 6: 0.0123, -0.02, 0.05
            paper scale: measured 0.5 (95 % interval 0.475 .. 0.525), expected
            within -0.2 .. 0.2
            seeds 4, 5, 6: 0.5, 0.51, 0.49
            likely reason: it does
not made / differs      fig3.B.new  (reduced / paper scale)
            memory and reasoning losses fall at nearly the same rate [Section
            4.1, figure 3A; picture]
            metric: relative lead of D_rsn_train over D_mem
            reduced scale: not made
            paper scale: measured 0.25 (95 % interval -0.0605 .. 0.561),
            expected >= 0.9
            seeds 4, 5, 6: 0.25, 0.125, 0.375
            likely reason: the learning rate is fifty times the paper's, so that
            the model leaves the neighbourhood of its initialisation sooner
)");
}

TEST(ScaledClaimRowsTest, SaysWhyOfEachScaleAndWhatIsNotMade) {
  BothScales both;
  Judge("unfinished", &both.paper[2]);
  const std::vector<ScaledClaim> pairs = PairClaims(both.reduced, both.paper);
  const std::string rows = Unwrapped(ClaimRows(pairs, 100));
  EXPECT_THAT(rows, HasSubstr("differs / not made fig3.A.reasoning_first (reduced / paper scale)"));
  EXPECT_THAT(rows, HasSubstr("paper scale: not made"));
  EXPECT_THAT(rows, HasSubstr("undecided / not judged fig3.B.reasoning_first"));
  EXPECT_THAT(rows, HasSubstr("why: too few seeds: 1, of 5 paper scale"));
  EXPECT_THAT(rows, HasSubstr("why: unfinished"));
}

TEST(ScaledClaimLineTest, HasBothVerdictsAndMeans) {
  const BothScales both;
  const std::vector<ScaledClaim> pairs = PairClaims(both.reduced, both.paper);
  EXPECT_EQ(ClaimLine(pairs[0]),
            "holds / differs         fig3.A.same_rate                      0.0141 / 0.5, in [-0.2, "
            "0.2]");
  EXPECT_EQ(ClaimLine(pairs[1]),
            "differs / not made      fig3.A.reasoning_first                0.25 / -, >= 0.9");
  EXPECT_EQ(ClaimLine(pairs[3]),
            "not made / differs      fig3.B.new                            - / 0.25, >= 0.9");
  Claim wide = both.reduced[0];
  wide.id = std::string(60, 'a');
  EXPECT_EQ(ClaimLine(ScaledClaim{&wide, &wide}).size(), kClaimLineWidth);
}

TEST(ScaleNoteTest, NamesTheStudiesWithoutAFileAtThePapersScale) {
  const std::string first = "A verdict at reduced scale is evidence at that scale alone";
  EXPECT_THAT(ScaleNote({}, 3, 80), HasSubstr(first));
  EXPECT_THAT(Unwrapped(ScaleNote({}, 3, 80)), testing::EndsWith("at its own."));
  EXPECT_THAT(Unwrapped(ScaleNote({"fig1", "fig7"}, 3, 80)),
              testing::EndsWith("Without a file at the paper's scale: fig1, fig7."));
  EXPECT_THAT(Unwrapped(ScaleNote({"a", "b", "c"}, 3, 80)),
              testing::EndsWith("No study has a file at the paper's scale."));
}

}  // namespace
}  // namespace initbias
