#include "figures/plot/text.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace initbias::plot {
namespace {

using Level = TextRun::Level;
using Runs = std::vector<TextRun>;
using TextLines = std::vector<std::string>;

TEST(TextTest, MarkupIsTwoFormsAndNothingElse) {
  EXPECT_EQ(ParseMarkup("D_{rsn,train} at 10^{−3}"), (Runs{{"D", Level::kBase},
                                                           {"rsn,train", Level::kSub},
                                                           {" at 10", Level::kBase},
                                                           {"−3", Level::kSuper}}));
  for (const std::string plain :
       {"a_b", "^", "_", "{x}", "a_ {b}", "_{open", "\\n", "@x &y ~z", "x}"}) {
    EXPECT_EQ(ParseMarkup(plain), (Runs{{plain, Level::kBase}})) << plain;
  }
  EXPECT_TRUE(ParseMarkup("").empty());
  EXPECT_EQ(ParseMarkup("a_{}b"), (Runs{{"ab", Level::kBase}}));
}

TEST(TextTest, LiteralComesBackAsItIs) {
  for (const std::string text :
       {"_{x}", "\\_{x}", "\\\\_{x}", "a^{b}_{c}", "^{", "plain", "\\", "_", ""}) {
    const Runs runs = ParseMarkup(Literal(text));
    std::string back;
    for (const TextRun& run : runs) {
      EXPECT_EQ(run.level, Level::kBase) << text;
      back += run.text;
    }
    EXPECT_EQ(back, text);
  }
}

TEST(TextTest, CleanTextIsValidUtf8WithoutControls) {
  EXPECT_EQ(CleanText("a\tb\x01\x7f\n\r"), "a b  \n ");
  EXPECT_EQ(CleanText("γ é 数 \U0001F600"), "γ é 数 \U0001F600");
  EXPECT_EQ(CleanText("\xff"), "\uFFFD");
  EXPECT_EQ(CleanText("\xce"), "\uFFFD");                      // Ends too early.
  EXPECT_EQ(CleanText("\xc0\xaf"), "\uFFFD\uFFFD");            // An overlong "/".
  EXPECT_EQ(CleanText("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");  // A surrogate.
  EXPECT_EQ(CleanText("\xef\xbf\xbf"), "\uFFFD\uFFFD\uFFFD");  // U+FFFF: not for XML.
  EXPECT_EQ(CleanText("\xf4\x90\x80\x80"), std::string("\uFFFD\uFFFD\uFFFD\uFFFD"));
  EXPECT_EQ(CleanText("\xc2\x80"), " ");  // A C1 control.
}

TEST(TextTest, WidthsOfDejaVuSans) {
  // hmtx: "m" 974, "i" 278, space 318 thousandths of an em.
  EXPECT_DOUBLE_EQ(TextWidth("mi ", 10, false), 15.70);
  EXPECT_DOUBLE_EQ(TextWidth("m_{m}", 10, true), 9.74 * 1.8);
  EXPECT_GT(TextWidth("m_{m}", 10, false), TextWidth("m_{m}", 10, true));
  // "×", "±" and "−" are 838, "γ" 592; a combining mark takes no room; bold "A" is 774.
  EXPECT_DOUBLE_EQ(TextWidth("×±−γ", 10, false), 3 * 8.38 + 5.92);
  EXPECT_DOUBLE_EQ(TextWidth("w\u0303", 10, false), TextWidth("w", 10, false));
  EXPECT_DOUBLE_EQ(TextWidth("A", 10, true, true), 7.74);
  // Estimated: not in the table.
  EXPECT_DOUBLE_EQ(TextWidth("数", 10, false), 10);
  EXPECT_DOUBLE_EQ(TextWidth("\u0531", 10, false), 6.6);
  EXPECT_EQ(TextWidth("", 10, true), 0);
}

TEST(TextTest, BreaksAtSpacesAndNewLines) {
  EXPECT_EQ(BreakLines("one two three", 1e9, 7, true), (TextLines{"one two three"}));
  EXPECT_EQ(BreakLines("one two three", 30, 7, true), (TextLines{"one two", "three"}));
  EXPECT_EQ(BreakLines("a title of five words", 65, 7, true),
            (TextLines{"a title of", "five words"}))
      << "and not \"words\" alone";
  EXPECT_EQ(BreakLines("a title, of five words", 65, 7, true),
            (TextLines{"a title,", "of five words"}));
  EXPECT_EQ(BreakLines("one two\nthree", 1e9, 7, true), (TextLines{"one two", "three"}));
  EXPECT_EQ(BreakLines("incomprehensibilities", 10, 7, true), (TextLines{"incomprehensibilities"}));
  EXPECT_EQ(BreakLines("", 10, 7, true), (TextLines{""}));
  EXPECT_EQ(BreakLines("a_{b c} d", 1, 7, true), (TextLines{"a_{b c}", "d"}));
  EXPECT_EQ(BreakLines("a_{b c", 1, 7, true), (TextLines{"a_{b", "c"}));
}

}  // namespace
}  // namespace initbias::plot
