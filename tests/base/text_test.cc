// Texts into numbers and back, and the nearest name.
#include "lib/base/text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace initbias {
namespace {

// What no number parser may take: it would read a part, or depend on the locale.
const char* const kNoNumbers[] = {"",     " ",   " 1",  "1 ",    "\t1", "1\n", "+1",
                                  "--1",  "1-",  "-",   "- 1",   "abc", "1a",  "a1",
                                  "0x10", "1,5", "1_0", "1'000", "1 2", "\xb2"};

TEST(ParseIntTest, TakesDecimalNumbers) {
  EXPECT_EQ(ParseInt("0"), 0);
  EXPECT_EQ(ParseInt("-0"), 0);
  EXPECT_EQ(ParseInt("007"), 7);
  EXPECT_EQ(ParseInt("-12"), -12);
  EXPECT_EQ(ParseInt("9223372036854775807"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(ParseInt("-9223372036854775808"), std::numeric_limits<int64_t>::min());
}

TEST(ParseIntTest, TakesNothingElse) {
  for (const char* text : kNoNumbers) {
    EXPECT_EQ(ParseInt(text), std::nullopt) << "'" << text << "'";
  }
  for (const char* text : {"9223372036854775808", "-9223372036854775809", "99999999999999999999999",
                           "1.0", "1e3", "inf", "nan", "1."}) {
    EXPECT_EQ(ParseInt(text), std::nullopt) << "'" << text << "'";
  }
  EXPECT_EQ(ParseInt(std::string_view("1\0", 2)), std::nullopt);
  EXPECT_EQ(ParseInt(std::string_view("\0", 1)), std::nullopt);
}

// A string_view need not end in a NUL: what comes after it does not count.
TEST(ParseIntTest, StopsAtTheEndOfItsText) {
  EXPECT_EQ(ParseInt(std::string_view("12345").substr(1, 3)), 234);
  EXPECT_EQ(ParseDouble(std::string_view("1.2345").substr(0, 4)), 1.23);
}

TEST(ParseDoubleTest, TakesDecimalNumbers) {
  EXPECT_EQ(ParseDouble("0.8"), 0.8);
  EXPECT_EQ(ParseDouble("1e-05"), 1e-5);
  EXPECT_EQ(ParseDouble("1E5"), 1e5);
  EXPECT_EQ(ParseDouble("-2.5e+3"), -2500.0);
  EXPECT_EQ(ParseDouble("3"), 3.0);
  EXPECT_EQ(ParseDouble(".5"), 0.5);
  EXPECT_EQ(ParseDouble("5."), 5.0);
  EXPECT_EQ(ParseDouble("0.1000000000000000055511151231257827"), 0.1);
  EXPECT_EQ(ParseDouble("1.7976931348623157e308"), std::numeric_limits<double>::max());
  EXPECT_EQ(ParseDouble("5e-324"), std::numeric_limits<double>::denorm_min());
  ASSERT_TRUE(ParseDouble("-0").has_value());
  EXPECT_TRUE(std::signbit(*ParseDouble("-0")));
}

// So that an infinite clip_norm, which means none, survives the canonical form.
TEST(ParseDoubleTest, TakesInfinityAndNan) {
  EXPECT_EQ(ParseDouble("inf"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(ParseDouble("-inf"), -std::numeric_limits<double>::infinity());
  ASSERT_TRUE(ParseDouble("nan").has_value());
  EXPECT_TRUE(std::isnan(*ParseDouble("nan")));
}

TEST(ParseDoubleTest, TakesNothingElse) {
  for (const char* text : kNoNumbers) {
    EXPECT_EQ(ParseDouble(text), std::nullopt) << "'" << text << "'";
  }
  for (const char* text :
       {"1e", "e5", ".", "1e400", "-1e400", "1e-400", "1.2.3", "infinit", "nano"}) {
    EXPECT_EQ(ParseDouble(text), std::nullopt) << "'" << text << "'";
  }
  EXPECT_EQ(ParseDouble(std::string_view("1\0", 2)), std::nullopt);
}

TEST(TrimTest, TakesWhiteSpaceFromBothEnds) {
  EXPECT_EQ(Trim(""), "");
  EXPECT_EQ(Trim("  \t\r\n "), "");
  EXPECT_EQ(Trim("a"), "a");
  EXPECT_EQ(Trim("\t a b\n c \r\n"), "a b\n c");
}

TEST(SplitTest, KeepsEmptyParts) {
  using Parts = std::vector<std::string>;
  EXPECT_EQ(Split("", ','), (Parts{""}));
  EXPECT_EQ(Split("a", ','), (Parts{"a"}));
  EXPECT_EQ(Split("a,,b", ','), (Parts{"a", "", "b"}));
  EXPECT_EQ(Split(",a,", ','), (Parts{"", "a", ""}));
  EXPECT_EQ(Split(",", ','), (Parts{"", ""}));
  EXPECT_EQ(Split("a b,c", ' '), (Parts{"a", "b,c"}));
}

TEST(OrListTest, JoinsNames) {
  const std::string_view names[] = {"a", "b", "c"};
  EXPECT_EQ(OrList(names), "a, b or c");
  EXPECT_EQ(OrList(std::span(names).first(2)), "a or b");
  EXPECT_EQ(OrList(std::span(names).first(1)), "a");
  EXPECT_EQ(OrList({}), "");
}

TEST(NearestNameTest, FindsTheFewestEdits) {
  const std::vector<std::string> names = {"optimizer.beta1", "transformer.d_ff",
                                          "transformer.d_head", "init.gamma", "seed"};
  EXPECT_EQ(NearestName("transformer.d_ff", names), "transformer.d_ff");
  EXPECT_EQ(NearestName("trasformer.d_ff", names), "transformer.d_ff");       // a letter is missing
  EXPECT_EQ(NearestName("transsformer.d_ff", names), "transformer.d_ff");     // one too many
  EXPECT_EQ(NearestName("transformer.d-ff", names), "transformer.d_ff");      // one differs
  EXPECT_EQ(NearestName("tarnsformer.d_head", names), "transformer.d_head");  // two swapped
  EXPECT_EQ(NearestName("sed", names), "seed");
  EXPECT_EQ(NearestName("SEED", std::vector<std::string>{"SEEK", "DEED", "SED"}), "SEEK");
}

TEST(NearestNameTest, FindsNothingThatIsFar) {
  const std::vector<std::string> names = {"optimizer.beta1", "init.gamma", "seed"};
  EXPECT_EQ(NearestName("figure", names), "");
  EXPECT_EQ(NearestName("transformer.d_ff", names), "");
  EXPECT_EQ(NearestName("", names), "");
  EXPECT_EQ(NearestName("seed", std::vector<std::string>{}), "");
}

// "abcdef" with 3 of its 6 letters wrong is still near, with 4 it is not.
TEST(NearestNameTest, DrawsTheLineAtHalfTheLetters) {
  const std::vector<std::string> names = {"abcdef"};
  EXPECT_EQ(NearestName("abcxyz", names), "abcdef");
  EXPECT_EQ(NearestName("abwxyz", names), "");
}

TEST(DidYouMeanTest, IsTheEndOfAMessage) {
  const std::vector<std::string> names = {"seed", "init.gamma", "transformer.norm",
                                          "masked_accuracy", "memory_loss"};
  EXPECT_EQ(DidYouMean("sed", names), "; did you mean seed?");
  EXPECT_EQ(DidYouMean("norm", names), "; did you mean transformer.norm?");   // behind a dot
  EXPECT_EQ(DidYouMean("gama", names), "; did you mean init.gamma?");         // likewise, nearly
  EXPECT_EQ(DidYouMean("masked", names), "; did you mean masked_accuracy?");  // its beginning
  EXPECT_EQ(DidYouMean("loss", names), "; did you mean memory_loss?");        // its end
}

TEST(DidYouMeanTest, KnowsShortNames) {
  const std::vector<std::string> names = {"optimizer.learning_rate", "optimizer.floor",
                                          "optimizer.weight_decay",  "optimizer.epsilon",
                                          "train.batch_size",        "transformer.d_ff"};
  const auto meant = [&names](std::string_view name) { return DidYouMean(name, names); };
  for (const char* name : {"lr", "optimizer.lr", "train.lr", "optimizer.rate", "learning"}) {
    EXPECT_EQ(meant(name), "; did you mean optimizer.learning_rate?") << name;
  }
  for (const char* name : {"wd", "optimizer.wd", "optimizer.decay", "optimizer.weight"}) {
    EXPECT_EQ(meant(name), "; did you mean optimizer.weight_decay?") << name;
  }
  for (const char* name : {"bs", "train.bs", "batch", "train.batch"}) {
    EXPECT_EQ(meant(name), "; did you mean train.batch_size?") << name;
  }
  EXPECT_EQ(meant("eps"), "; did you mean optimizer.epsilon?");
  EXPECT_EQ(meant("optimizer.eps"), "; did you mean optimizer.epsilon?");
  EXPECT_EQ(meant("transformer.dff"), "; did you mean transformer.d_ff?");  // the nearest
  EXPECT_EQ(meant("zz"), "");
}

TEST(DidYouMeanTest, SaysNothingOfNamesThatAreFar) {
  const std::vector<std::string> names = {"init.gamma", "masked_accuracy"};
  for (const char* name : {"", "x", ".", "_", "mask_", "entirely_different_thing"}) {
    EXPECT_EQ(DidYouMean(name, names), "") << name;
  }
  EXPECT_EQ(DidYouMean("gamma", std::vector<std::string>{}), "");
}

TEST(PointForCommaTest, IsTheNumberThatIsMeant) {
  EXPECT_EQ(PointForComma("0,3"), "; did you mean 0.3?");
  EXPECT_EQ(PointForComma("-1,5e-3"), "; did you mean -1.5e-3?");
  for (const char* text : {"", "3", "0.3", "a,b", "0,3,5", "0.1,3", "1,"}) {
    EXPECT_EQ(PointForComma(text), "") << text;
  }
}

TEST(CountedTest, OneIsOne) {
  EXPECT_EQ(Counted(1, "run"), "1 run");
  EXPECT_EQ(Counted(size_t{0}, "run"), "0 runs");
  EXPECT_EQ(Counted(size_t{2}, "file of runs", "files of runs"), "2 files of runs");
  EXPECT_EQ(Counted(1, "holds", "hold"), "1 holds");
}

TEST(NearestNameTest, TakesTheFirstOfEqualOnes) {
  EXPECT_EQ(NearestName("beta", std::vector<std::string>{"beta1", "beta2"}), "beta1");
  EXPECT_EQ(NearestName("beta", std::vector<std::string>{"beta2", "beta1"}), "beta2");
}

TEST(FormatDurationTest, PicksTwoUnits) {
  EXPECT_EQ(FormatDuration(0), "0.0 s");
  EXPECT_EQ(FormatDuration(4.24), "4.2 s");
  EXPECT_EQ(FormatDuration(10), "10 s");
  EXPECT_EQ(FormatDuration(59.4), "59 s");
  EXPECT_EQ(FormatDuration(59.6), "1 min 0 s");
  EXPECT_EQ(FormatDuration(200), "3 min 20 s");
  EXPECT_EQ(FormatDuration(3599.4), "59 min 59 s");
  EXPECT_EQ(FormatDuration(3599.6), "1 h 0 min");
  EXPECT_EQ(FormatDuration(39'900), "11 h 5 min");
  EXPECT_EQ(FormatDuration(86'399.6), "1 d 0 h");
  EXPECT_EQ(FormatDuration(2 * 86'400 + 3 * 3600 + 59), "2 d 3 h");
}

// Estimates divide by speeds that may be zero.
TEST(FormatDurationTest, SaysWhereThereIsNone) {
  EXPECT_EQ(FormatDuration(-1), "unknown");
  EXPECT_EQ(FormatDuration(std::numeric_limits<double>::infinity()), "unknown");
  EXPECT_EQ(FormatDuration(std::numeric_limits<double>::quiet_NaN()), "unknown");
}

// More seconds than an int64 holds must not come out as a negative number of them.
TEST(FormatDurationTest, StandsHugeDurations) {
  for (const double seconds : {1e18, 1e19, 1e300}) {
    EXPECT_EQ(FormatDuration(seconds).find('-'), std::string::npos) << FormatDuration(seconds);
  }
}

TEST(FormatBytesTest, PicksAUnit) {
  EXPECT_EQ(FormatBytes(0), "0 B");
  EXPECT_EQ(FormatBytes(999), "999 B");
  EXPECT_EQ(FormatBytes(1000), "1.0 kB");
  EXPECT_EQ(FormatBytes(812'300), "812 kB");
  EXPECT_EQ(FormatBytes(9'940'000), "9.9 MB");
  EXPECT_EQ(FormatBytes(1.44e9), "1.4 GB");
  EXPECT_EQ(FormatBytes(2e12), "2.0 TB");
  EXPECT_EQ(FormatBytes(5e15), "5000 TB");
}

// 999,999 bytes are a megabyte, not "1000 kB".
TEST(FormatBytesTest, RoundsIntoTheNextUnit) {
  EXPECT_EQ(FormatBytes(999'499), "999 kB");
  EXPECT_EQ(FormatBytes(999'999), "1.0 MB");
  EXPECT_EQ(FormatBytes(999'999'999), "1.0 GB");
}

TEST(TextTest, XmlEscapeGolden) {
  EXPECT_EQ(XmlEscape("<a & \"b\">"), "&lt;a &amp; &quot;b&quot;&gt;");
}

TEST(WrappedCommandTest, CanBePasted) {
  EXPECT_EQ(WrappedCommand("next: ", "a --b=1", 13), "next: a --b=1");
  EXPECT_EQ(WrappedCommand("next: ", "a --b=1", 12), "next: a \\\n    --b=1");
  EXPECT_EQ(WrappedCommand("  ", "a --b --c --d", 10), "  a --b \\\n      --c \\\n      --d");
  EXPECT_EQ(WrappedCommand("", "a --b --c", 6), "a \\\n    --b \\\n    --c")
      << "a line's end has room for what says that it goes on";
  // A word is not broken, whatever is in its quotes.
  EXPECT_EQ(WrappedCommand("", "a --b='c d e' f\\ g 'h'\\''i j'", 8),
            "a \\\n    --b='c d e' \\\n    f\\ g \\\n    'h'\\''i j'");
  EXPECT_EQ(WrappedCommand("", "abcdef", 3), "abcdef");
  EXPECT_EQ(WrappedCommand("  ", "", 1), "  ");
}

TEST(WrappedLinesTest, LeavesWhatBeginsWithABlankWholeButForCommands) {
  EXPECT_EQ(WrappedLines("there is none of it; these are:\n  one two three four five\nor so", 16),
            "there is none of\nit; these are:\n  one two three four five\nor so");
  EXPECT_EQ(WrappedLines("to make it:\n  bazel run //a:b -- --c=1 --d=2\nor do it", 22),
            "to make it:\n  bazel run //a:b -- \\\n      --c=1 --d=2\nor do it");
  EXPECT_EQ(WrappedLines("to make it:\n  make fig3 PROFILE=smoke", 18),
            "to make it:\n  make fig3 \\\n      PROFILE=smoke");
  EXPECT_EQ(WrappedLines("one two\n\nthree\n", 5), "one\ntwo\n\nthree\n");
  EXPECT_EQ(WrappedLines("", 5), "");
}

}  // namespace
}  // namespace initbias
