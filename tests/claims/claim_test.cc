// The rule by which claims are judged, on constructed values.
// Intervals are held to t values from a printed table (Abramowitz and Stegun, table 26.10).
#include "lib/claims/claim.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tests/claims/constructed_claims.h"
#include "tests/error_of.h"
#include "tests/non_finite.h"

namespace initbias {
namespace {

using testing::HasSubstr;

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
        Case{"NoValue", ClaimOf({}, {}), Verdict::kNotJudged, "no run of this profile measures it"},
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

// A claim that cannot hold before what it is about has happened in every seed, and whose values can
// only move away from its region until then.
Precondition NotYet(std::vector<double> values) {
  return {"happened", AtLeast(1), std::move(values), /*for_holds_only=*/true};
}

constexpr char kNotYet[] = "precondition failed: happened >= 1 (measured 1, 0, 1, 1, 0)";
const Precondition kHalf = NotYet({1, 0, 1, 1, 0});
const Precondition kAll = NotYet({1, 1, 1, 1, 1});

INSTANTIATE_TEST_SUITE_P(
    WithPreconditionsForHoldsOnly, JudgeTest,
    testing::Values(
        Case{"Met", Gated(ClaimOf(AtMost(2), {1, 1, 1, 1, 1}), {kAll}), Verdict::kHolds, ""},
        Case{"CannotHold", Gated(ClaimOf(AtMost(2), {1, 1, 1, 1, 1}), {kHalf}), Verdict::kUndecided,
             kNotYet},
        Case{"CannotHoldInEverySeed", Gated(EverySeed(AtMost(2), {1, 1, 1, 1, 1}), {kHalf}),
             Verdict::kUndecided, kNotYet},
        Case{"Differs", Gated(ClaimOf(AtMost(2), {3, 3, 3, 3, 3}), {kHalf}), Verdict::kDiffers,
             "it differs all the same; precondition failed: happened >= 1"},
        Case{"DiffersInEverySeed", Gated(EverySeed(AtMost(2), {3, 9, 3, 3, 3}), {kLearned, kHalf}),
             Verdict::kDiffers, "it differs all the same; precondition failed: happened"},
        Case{"DiffersWhereItIsMet", Gated(ClaimOf(AtMost(2), {3, 3, 3, 3, 3}), {kAll}),
             Verdict::kDiffers, ""},
        Case{"Straddles", Gated(ClaimOf(AtMost(2), {1, 3, 1, 3, 1}), {kHalf}), Verdict::kUndecided,
             kNotYet},
        Case{"OneSeedInside", Gated(EverySeed(AtMost(2), {3, 3, 3, 3, 1}), {kHalf}),
             Verdict::kUndecided, kNotYet},
        Case{"Nan", Gated(ClaimOf(AtMost(2), {3, kNan, 3, 3, 3}), {kHalf}), Verdict::kUndecided,
             kNotYet},
        Case{"NanWhereItIsMet", Gated(ClaimOf(AtMost(2), {3, kNan, 3, 3, 3}), {kAll}),
             Verdict::kUndecided, "a value is NaN"},
        Case{"TooFewSeeds", Gated(ClaimOf(AtMost(2), {3}), {NotYet({0})}), Verdict::kUndecided,
             "precondition failed: happened >= 1 (measured 0)"},
        Case{"AnotherPreconditionFails",
             Gated(ClaimOf(AtMost(2), {3, 3, 3, 3, 3}), {kHalf, {"p", Above(0), {1, 1, 0, 1, 1}}}),
             Verdict::kUndecided, kNotYet}),
    CaseName);

INSTANTIATE_TEST_SUITE_P(
    InfiniteForHoldsOnly, JudgeTest,
    testing::Values(
        Case{"AllOutside", Gated(ClaimOf(AtMost(2), {3, kInfinity, 4, 3, kInfinity}), {kHalf}),
             Verdict::kDiffers, "it differs all the same"},
        Case{"AllInfinite", Gated(ClaimOf(AtMost(2), std::vector<double>(5, kInfinity)), {kHalf}),
             Verdict::kDiffers, "it differs all the same"},
        Case{"AllBelow", Gated(ClaimOf(Above(-2), {-3, -kInfinity, -2, -3, -kInfinity}), {kHalf}),
             Verdict::kDiffers, "it differs all the same"},
        Case{"AllOutsideWhereItIsMet",
             Gated(ClaimOf(AtMost(2), {3, kInfinity, 4, 3, kInfinity}), {kAll}), Verdict::kDiffers,
             ""},
        Case{"OneInside", Gated(ClaimOf(AtMost(2), {1, kInfinity, 4, 3, kInfinity}), {kHalf}),
             Verdict::kUndecided, kNotYet},
        Case{"OneInsideWhereItIsMet",
             Gated(ClaimOf(AtMost(2), {1, kInfinity, 4, 3, kInfinity}), {kAll}),
             Verdict::kUndecided, "a value is infinite"},
        Case{"OnBothSides",
             Gated(ClaimOf(Between(0, 1), {kInfinity, -kInfinity, 3, 3, 3}), {kHalf}),
             Verdict::kUndecided, kNotYet},
        Case{"NotBeyondABoundThatThereIsNot",
             Gated(ClaimOf(Above(2), std::vector<double>(5, kInfinity)), {kAll}),
             Verdict::kUndecided, "a value is infinite"},
        Case{"Nan", Gated(ClaimOf(AtMost(2), {kNan, kInfinity, 4, 3, kInfinity}), {kHalf}),
             Verdict::kUndecided, kNotYet},
        Case{"FourSeeds", Gated(ClaimOf(AtMost(2), {3, kInfinity, 4, 3}), {NotYet({0, 0, 0, 0})}),
             Verdict::kUndecided, "precondition failed"},
        Case{"OrdinaryPreconditionsAlone",
             Gated(ClaimOf(AtMost(2), {3, kInfinity, 4, 3, 3}), {kLearned}), Verdict::kUndecided,
             "a value is infinite"}),
    CaseName);

TEST(RegisteredLateTest, ComparesTheClaimsOwnRegistrationWithTheFirstRun) {
  const std::vector<std::string> times = {"2026-01-02T03:04:05Z", "2026-02-01T00:00:00Z"};
  EXPECT_FALSE(RegisteredLate("fig3", 1, "paper", times, "2026-01-02T03:04:06Z"));
  EXPECT_TRUE(RegisteredLate("fig3", 1, "paper", times, "2026-01-02T03:04:05Z")) << "not earlier";
  EXPECT_TRUE(RegisteredLate("fig3", 1, "paper", times, "2026-01-02T03:04:04Z"));
  EXPECT_TRUE(RegisteredLate("fig3", 2, "paper", times, "2026-01-02T03:04:06Z"));
  EXPECT_FALSE(RegisteredLate("fig3", 2, "paper", times, "2026-11-01T00:00:00Z"));
}

TEST(RegisteredLateTest, SeedsThatWereSeenAreNotMadeFreshByTrainingThemAgain) {
  const std::vector<std::string> times = {"2026-01-02T03:04:05Z", "2026-02-01T00:00:00Z"};
  EXPECT_TRUE(RegisteredLate("fig3", 2, "reduced", times, "2027-01-01T00:00:00Z"));
  EXPECT_FALSE(RegisteredLate("fig3", 1, "reduced", times, "2027-01-01T00:00:00Z"));
  EXPECT_FALSE(RegisteredLate("fig3", 2, "extended", times, "2027-01-01T00:00:00Z"));
  // Of some studies those at the paper's scale, too.
  EXPECT_TRUE(RegisteredLate("fig8", 2, "paper", times, "2027-01-01T00:00:00Z"));
  EXPECT_FALSE(RegisteredLate("fig8", 1, "paper", times, "2027-01-01T00:00:00Z"));
  EXPECT_FALSE(RegisteredLate("fig3", 2, "paper", times, "2027-01-01T00:00:00Z"));
}

TEST(RegisteredLateTest, AnUnknownTimeIsLateAndWithoutRunsNothingIs) {
  const std::vector<std::string> times = {"2026-01-02T03:04:05Z", "unknown", ""};
  const std::string start = "2027-01-01T00:00:00Z";
  EXPECT_TRUE(RegisteredLate("fig3", 2, "paper", times, start));
  EXPECT_TRUE(RegisteredLate("fig3", 3, "paper", times, start));
  EXPECT_TRUE(RegisteredLate("fig3", 4, "paper", times, start)) << "there is no such registration";
  EXPECT_TRUE(RegisteredLate("fig3", 0, "paper", times, start));
  EXPECT_TRUE(RegisteredLate("fig3", 1, "paper", {}, start));
  EXPECT_FALSE(RegisteredLate("fig3", 1, "paper", times, start));
  for (const int64_t registration : {1, 2, 3, 4}) {
    EXPECT_FALSE(RegisteredLate("fig3", registration, "paper", times, ""));
  }
}

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

// On pilot seeds.
TEST(PilotVerdictTest, AsksForEverySeedOrNone) {
  EXPECT_EQ(PilotVerdict(ClaimOf(Above(0), {1, 2, 3})), Verdict::kHolds);
  EXPECT_EQ(PilotVerdict(ClaimOf(Above(0), {1})), Verdict::kHolds) << "one seed is enough";
  EXPECT_EQ(PilotVerdict(ClaimOf(Above(0), {0, -1})), Verdict::kDiffers);
  EXPECT_EQ(PilotVerdict(ClaimOf(Above(0), {1, -1, 1})), Verdict::kUndecided);
  EXPECT_EQ(PilotVerdict(ClaimOf(Above(0), {-1, kNan})), Verdict::kUndecided);
  EXPECT_EQ(PilotVerdict(ClaimOf(Above(0), {})), Verdict::kUndecided);
}

TEST(PilotVerdictTest, AFailedPreconditionLeavesItUndecided) {
  for (const double value : {1.0, -1.0}) {
    Claim claim = ClaimOf(Above(0), {value, value});
    claim.preconditions = {{.text = "p", .expected = AtLeast(0), .values = {1, 1}},
                           {.text = "q", .expected = AtLeast(0), .values = {1, 0}}};
    EXPECT_EQ(PilotVerdict(claim), value > 0 ? Verdict::kHolds : Verdict::kDiffers);
    claim.preconditions[1].values = {1, -1};
    EXPECT_EQ(PilotVerdict(claim), Verdict::kUndecided) << value;
    claim.preconditions[1].values = {1, kNan};
    EXPECT_EQ(PilotVerdict(claim), Verdict::kUndecided) << value;
    claim.preconditions[1].for_holds_only = true;
    EXPECT_EQ(PilotVerdict(claim), value > 0 ? Verdict::kUndecided : Verdict::kDiffers);
  }
}

}  // namespace
}  // namespace initbias
