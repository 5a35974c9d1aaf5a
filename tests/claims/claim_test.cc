// The rule by which claims are judged, on constructed values, and the table that shows it.
// Intervals are held to t values from a printed table (Abramowitz and Stegun, table 26.10).
#include "lib/claims/claim.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/text.h"
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
  EXPECT_FALSE(RegisteredLate(1, "paper", times, "2026-01-02T03:04:06Z"));
  EXPECT_TRUE(RegisteredLate(1, "paper", times, "2026-01-02T03:04:05Z")) << "not earlier";
  EXPECT_TRUE(RegisteredLate(1, "paper", times, "2026-01-02T03:04:04Z"));
  EXPECT_TRUE(RegisteredLate(2, "paper", times, "2026-01-02T03:04:06Z"));
  EXPECT_FALSE(RegisteredLate(2, "paper", times, "2026-11-01T00:00:00Z"));
}

TEST(RegisteredLateTest, SeedsThatWereSeenAreNotMadeFreshByTrainingThemAgain) {
  const std::vector<std::string> times = {"2026-01-02T03:04:05Z", "2026-02-01T00:00:00Z"};
  EXPECT_TRUE(RegisteredLate(2, "reduced", times, "2027-01-01T00:00:00Z"));
  EXPECT_FALSE(RegisteredLate(1, "reduced", times, "2027-01-01T00:00:00Z"));
  EXPECT_FALSE(RegisteredLate(2, "extended", times, "2027-01-01T00:00:00Z"));
}

TEST(RegisteredLateTest, AnUnknownTimeIsLateAndWithoutRunsNothingIs) {
  const std::vector<std::string> times = {"2026-01-02T03:04:05Z", "unknown", ""};
  const std::string start = "2027-01-01T00:00:00Z";
  EXPECT_TRUE(RegisteredLate(2, "paper", times, start));
  EXPECT_TRUE(RegisteredLate(3, "paper", times, start));
  EXPECT_TRUE(RegisteredLate(4, "paper", times, start)) << "there is no such registration";
  EXPECT_TRUE(RegisteredLate(0, "paper", times, start));
  EXPECT_TRUE(RegisteredLate(1, "paper", {}, start));
  EXPECT_FALSE(RegisteredLate(1, "paper", times, start));
  for (const int64_t registration : {1, 2, 3, 4}) {
    EXPECT_FALSE(RegisteredLate(registration, "paper", times, ""));
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
  EXPECT_THAT(ScaleNote({}, 3, 80), HasSubstr(first));
  for (const std::string_view scale : kScales) {
    EXPECT_THAT(ScaleNote({}, 3, 80), HasSubstr(std::string(scale) + " scale is "));
  }
  EXPECT_THAT(Unwrapped(ScaleNote({}, 3, 80)), testing::EndsWith("own sizes and epochs."));
  EXPECT_THAT(Unwrapped(ScaleNote({"fig1", "fig7"}, 3, 80)),
              testing::EndsWith("Without a file at the paper's scale: fig1, fig7."));
  EXPECT_THAT(Unwrapped(ScaleNote({"a", "b", "c"}, 3, 80)),
              testing::EndsWith("No study has a file at the paper's scale."));
}

}  // namespace
}  // namespace initbias
