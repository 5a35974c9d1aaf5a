#include "lib/plot/text.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace initbias::plot {
namespace {

using Level = TextRun::Level;
using Runs = std::vector<TextRun>;
using Lines = std::vector<std::string>;

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
  EXPECT_DOUBLE_EQ(TextWidth("γγ", 10, false), TextWidth("αβ", 10, false));
  EXPECT_GT(TextWidth("A", 10, true, true), TextWidth("A", 10, true));
  EXPECT_EQ(TextWidth("", 10, true), 0);
}

TEST(TextTest, BreaksAtSpacesAndNewLines) {
  EXPECT_EQ(BreakLines("one two three", 1e9, 7, true), (Lines{"one two three"}));
  EXPECT_EQ(BreakLines("one two three", 30, 7, true), (Lines{"one two", "three"}));
  EXPECT_EQ(BreakLines("one two\nthree", 1e9, 7, true), (Lines{"one two", "three"}));
  EXPECT_EQ(BreakLines("incomprehensibilities", 10, 7, true), (Lines{"incomprehensibilities"}));
  EXPECT_EQ(BreakLines("", 10, 7, true), (Lines{""}));
  EXPECT_EQ(BreakLines("a_{b c} d", 1, 7, true), (Lines{"a_{b c}", "d"}));
  EXPECT_EQ(BreakLines("a_{b c", 1, 7, true), (Lines{"a_{b", "c"}));
}

TEST(TextTest, GnuplotQuoteGolden) {
  EXPECT_EQ(GnuplotQuote("plain"), "'plain'");
  EXPECT_EQ(GnuplotQuote("`date` \"x\" \\n $v @m"), "'`date` \"x\" \\n $v @m'");
  EXPECT_EQ(GnuplotQuote("it's"), "'it'.\"\\047\".'s'");
  EXPECT_EQ(GnuplotQuote("a\nb"), "'a b'");
}

TEST(TextTest, GnuplotEnhancedGolden) {
  EXPECT_EQ(GnuplotEnhanced(ParseMarkup("D_{mem}^{2}"), false), "D_{mem}^{2}");
  EXPECT_EQ(GnuplotEnhanced(ParseMarkup("a_b {c} @d &e ~f ^g \\h_{i}"), false),
            "a\\_b \\{c\\} \\@d \\&e \\~f \\^g \\\\h_{i}");
  EXPECT_EQ(GnuplotEnhanced({{"a\\b", Level::kBase}}, false), "a\\\\b");
  EXPECT_EQ(GnuplotEnhanced({{"\\U+0041 U+0041", Level::kBase}}, false), "\\\\U{}+0041 U+0041");
  EXPECT_EQ(GnuplotEnhanced({{"A", Level::kBase}}, true), "{/:Bold A}");
}

TEST(TextTest, XmlEscapeGolden) {
  EXPECT_EQ(XmlEscape("<a & \"b\">"), "&lt;a &amp; &quot;b&quot;&gt;");
}

}  // namespace
}  // namespace initbias::plot
