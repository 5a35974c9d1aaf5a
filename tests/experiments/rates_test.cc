// Initialisation rates as one writes them.
#include "experiments/rates.h"

#include <gtest/gtest.h>

#include "lib/config/run_config.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

TEST(ParseRatesTest, TakesListsAndRangesInOrderEachOnce) {
  EXPECT_EQ(ParseRates("0.65,0.3"), (std::vector<double>{0.3, 0.65}));
  EXPECT_EQ(ParseRates("0.3, 0.30,3e-1"), (std::vector<double>{0.3}));
  // The very numbers that one would write: 0.2 + 0.1 is another than 0.3.
  EXPECT_EQ(ParseRates("0.2:0.8:0.1"), (std::vector<double>{0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8}));
  EXPECT_EQ(ParseRates("0:1:0.4,1"), (std::vector<double>{0, 0.4, 0.8, 1}));
}

TEST(ParseRatesTest, RefusesWhatNamesNoRates) {
  for (const char* text : {"", "a", "0.3,", "0.3:0.5", "0.5:0.3:0.1", "0:1:0", "0:1:0.001", "-1",
                           "5.1", "nan", "inf", "0.3;0.5"}) {
    EXPECT_NE(CheckRates(text), "") << text;
    EXPECT_NE(ErrorOf([text] { ParseRates(text); }), "") << text;
  }
  EXPECT_EQ(CheckRates("0.3,0.65"), "");
  EXPECT_EQ(CheckRates("5"), "");
}

// As 0.3 is written in many countries.
TEST(ParseRatesTest, RefusesDecimalCommasWithBothMeanings) {
  EXPECT_EQ(CheckRates("0,3"),
            "'0,3' is read as the numbers 0 and 3, for commas stand between numbers: write "
            "--gamma=0.3 for 0.3, or --gamma=0.0,3.0 for 0 and 3");
  EXPECT_NE(CheckRates("0,65").find("--gamma=0.65 for 0.65, or --gamma=0.0,65.0"),
            std::string::npos);
  EXPECT_NE(
      CheckRates("0,3,0,8").find("--gamma=0.3,0.8 for 0.3 and 0.8, or --gamma=0.0,3.0,0.0,8.0"),
      std::string::npos);
  EXPECT_EQ(ParseRates("0.0,3.0"), (std::vector<double>{0, 3}));
  for (const char* text :
       {"0", "0,0.3", "0,3.0", "0, 3", "1,3", "0,1,2", "0,1,2,3", "0,3e-1", "3,0"}) {
    EXPECT_EQ(CheckRates(text), "") << text;
  }
}

TEST(RoundedRateTest, ARateIsOneRunHoweverItWasComputed) {
  EXPECT_NE(0.1 * 3, 0.3);
  EXPECT_EQ(RoundedRate(0.1 * 3), 0.3);
  EXPECT_EQ(RoundedRate(0.8), 0.8);
  RunConfig one;
  RunConfig other;
  one.init.gamma = RoundedRate(0.1 + 0.2);
  other.init.gamma = 0.3;
  EXPECT_EQ(RunId(one), RunId(other));
}

TEST(ParseRatesTest, SaysWhatIsWrongWithARange) {
  const auto message = [](const char* text) { return ErrorOf([text] { ParseRates(text); }); };
  EXPECT_NE(message("1.2:0.2:0.1").find("ends below its start"), std::string::npos);
  EXPECT_NE(message("0.2:1.2:0").find("step of a range is to be above 0"), std::string::npos);
  EXPECT_NE(message("0.1:1.2:0.001").find("more than"), std::string::npos);
}

}  // namespace
}  // namespace initbias
