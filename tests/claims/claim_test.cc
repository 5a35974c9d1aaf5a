// A claim holds exactly where its interval says, and the table shows it.
#include "lib/claims/claim.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

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

TEST(VerdictTest, NamesGoBothWays) {
  EXPECT_EQ(VerdictName(Verdict::kHolds), "holds");
  EXPECT_EQ(VerdictName(Verdict::kDiffers), "differs");
  EXPECT_EQ(VerdictName(Verdict::kNotJudged), "not judged");
  for (const Verdict verdict : {Verdict::kHolds, Verdict::kDiffers, Verdict::kNotJudged}) {
    EXPECT_EQ(ParseVerdict(VerdictName(verdict)), verdict);
  }
}

TEST(VerdictTest, OtherNamesAreErrorsThatSayWhichThereAre) {
  for (const char* name : {"", "Holds", "hold", "not_judged"}) {
    try {
      ParseVerdict(name);
      ADD_FAILURE() << "took '" << name << "'";
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_NE(message.find("'" + std::string(name) + "'"), std::string::npos) << message;
      EXPECT_NE(message.find("holds, differs or not judged"), std::string::npos) << message;
    }
  }
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
  claim.statement = "memory and reasoning losses fall at nearly the same rate (figure 3A)";
  claim.metric = "relative lead of D_rsn_train over D_mem";
  claim.expected = expected;
  claim.values = std::move(values);
  return claim;
}

Verdict Judged(Claim claim, bool judged = true) {
  Judge(&claim, judged);
  return claim.verdict;
}

TEST(JudgeTest, TheMedianDecides) {
  EXPECT_EQ(Judged(ClaimOf(AtLeast(0.5), {0.1, 0.6, 0.9})), Verdict::kHolds);
  EXPECT_EQ(Judged(ClaimOf(AtLeast(0.5), {0.1, 0.4, 0.9})), Verdict::kDiffers);
  EXPECT_EQ(Judged(ClaimOf(AtLeast(0.5), {0.4, 0.6})), Verdict::kHolds) << "0.5 is the median";
  EXPECT_EQ(Judged(ClaimOf(Above(0.5), {0.4, 0.6})), Verdict::kDiffers);
}

TEST(JudgeTest, WithoutANumberNothingHolds) {
  EXPECT_EQ(Judged(ClaimOf({}, {})), Verdict::kDiffers);
  EXPECT_EQ(Judged(ClaimOf({}, {1, kNan, 2})), Verdict::kDiffers);
}

TEST(JudgeTest, NotJudgedReplacesAnyVerdict) {
  Claim claim = ClaimOf(AtLeast(0.5), {0.9});
  Judge(&claim, true);
  ASSERT_EQ(claim.verdict, Verdict::kHolds);
  Judge(&claim, false);
  EXPECT_EQ(claim.verdict, Verdict::kNotJudged);
}

TEST(ClaimTest, BeginsNotJudged) { EXPECT_EQ(Claim{}.verdict, Verdict::kNotJudged); }

std::vector<Claim> SomeClaims() {
  std::vector<Claim> claims = {
      ClaimOf(Between(-0.1, 0.1), {0.0123456, -0.02, 0.05}),
      ClaimOf(AtLeast(0.5), {0.25, 0.125, 0.375}),
      ClaimOf(Above(0), {1.0}),
  };
  claims[1].id = "fig3.A.reasoning_first";
  claims[1].reason =
      "the learning rate is fifty times the paper's, so that the model leaves the "
      "neighbourhood of its initialisation sooner";
  claims[2].id = "fig3.B.reasoning_first";
  claims[2].reason = "must not be shown";
  for (Claim& claim : claims) {
    Judge(&claim, true);
  }
  return claims;
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

class ClaimTableTest : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Widths, ClaimTableTest, testing::Values(40, 41, 60, 80, 200),
                         testing::PrintToStringParamName());

TEST_P(ClaimTableTest, NoLineIsWiderUnlessItIsOneWord) {
  std::vector<Claim> claims = SomeClaims();
  const std::string wide = "a_word_that_is_wider_by_itself_than_the_narrowest_terminal_there_is";
  claims[0].statement += " " + wide;
  claims[1].statement = wide + " " + claims[1].statement;
  const std::string table = ClaimTable(claims, GetParam());
  ASSERT_TRUE(table.ends_with("\n"));
  for (const std::string& line : Split(std::string_view(table).substr(0, table.size() - 1), '\n')) {
    const bool one_word = Trim(line).find(' ') == std::string_view::npos;
    EXPECT_TRUE(static_cast<int>(line.size()) <= GetParam() || one_word)
        << line.size() << " columns: " << line;
    EXPECT_FALSE(Trim(line).empty()) << "an empty line in\n" << table;
  }
}

// With ten claims or more the line that counts them is the widest.
TEST_P(ClaimTableTest, TheCountsOfManyClaimsFitToo) {
  std::vector<Claim> claims(12, SomeClaims()[0]);
  claims.resize(24, SomeClaims()[1]);
  for (const std::string& line : Split(ClaimTable(claims, GetParam()), '\n')) {
    EXPECT_LE(static_cast<int>(line.size()), GetParam()) << line;
  }
}

TEST_P(ClaimTableTest, ShowsEachClaimInFull) {
  const std::string table = Unwrapped(ClaimTable(SomeClaims(), GetParam()));
  for (const char* part :
       {"holds fig3.A.same_rate memory and reasoning losses fall at nearly the same rate (figure "
        "3A) measured 0.0123, expected within -0.1 .. 0.1 (per seed: 0.0123, -0.02, 0.05) metric: "
        "relative lead of D_rsn_train over D_mem differs fig3.A.reasoning_first",
        "measured 0.25, expected >= 0.5 (per seed: 0.25, 0.125, 0.375)",
        "likely reason: the learning rate is fifty times the paper's, so that the model leaves the "
        "neighbourhood of its initialisation sooner holds fig3.B.reasoning_first",
        "measured 1, expected > 0 (per seed: 1)"}) {
    EXPECT_NE(table.find(part), std::string::npos) << table << "\nwithout\n" << part;
  }
}

TEST_P(ClaimTableTest, GivesReasonsOnlyWhereAClaimDiffers) {
  EXPECT_EQ(ClaimTable(SomeClaims(), GetParam()).find("must not"), std::string::npos);
}

TEST_P(ClaimTableTest, EndsWithTheCounts) {
  std::vector<Claim> claims = SomeClaims();
  EXPECT_TRUE(Unwrapped(ClaimTable(claims, GetParam()))
                  .ends_with("3 claims: 2 hold, 1 differ, 0 not judged"));
  for (Claim& claim : claims) {
    Judge(&claim, false);
  }
  claims.pop_back();
  EXPECT_TRUE(Unwrapped(ClaimTable(claims, GetParam()))
                  .ends_with("2 claims: 0 hold, 0 differ, 2 not judged"));
  EXPECT_EQ(Unwrapped(ClaimTable({}, GetParam())), "0 claims: 0 hold, 0 differ, 0 not judged");
}

TEST(ClaimTableTest, ANarrowTerminalIsTakenAs40Columns) {
  EXPECT_EQ(ClaimTable(SomeClaims(), 0), ClaimTable(SomeClaims(), 40));
  EXPECT_EQ(ClaimTable(SomeClaims(), -5), ClaimTable(SomeClaims(), 40));
}

TEST(ClaimTableTest, ShowsWhatIsNoNumber) {
  Claim claim = ClaimOf(AtLeast(0.5), {kNan, 1});
  Judge(&claim, true);
  const std::string table = ClaimTable({claim}, 200);
  EXPECT_NE(table.find("measured nan, expected >= 0.5 (per seed: nan, 1)"), std::string::npos)
      << table;
}

}  // namespace
}  // namespace initbias
