// That texts are as wide as the layout believes: what rsvg-convert draws is compared with
// TextWidth. Needs rsvg-convert and DejaVu Sans.
#include <string>
#include <vector>

#include "figures/plot/convert.h"
#include "figures/plot/drawing.h"
#include "figures/plot/svg.h"
#include "figures/plot/text.h"
#include "gtest/gtest.h"

namespace initbias::plot {
namespace {

constexpr double kSize = 40;
constexpr double kTolerance = 0.02;

// A picture of what `text` leaves to the right of `x`, from its left end on. Drawn with a bar
// (U+2015) behind it, whose ink goes from end to end of its width.
std::string RightOf(Text text, double x) {
  text.text += text.text.empty() ? "" : "―";
  text.align = Text::Align::kLeft;
  text.size = kSize;
  text.at = {-x, kSize};
  const Drawing drawing{.width = 3 * kSize, .height = 2 * kSize, .texts = {text}};
  return SvgToPng(WriteSvg(drawing, "", ""), drawing.width, drawing.height);
}

TEST(TextWidthTest, IsThatOfThePicture) {
  const std::string blank = RightOf({}, 0);
  std::vector<Text> texts;
  for (const char* text : {"reasoning anchors", "1×2", "z ± Σ a", "−0.5", "2×10^{−5}", "γ = 0.3",
                           "ΔL", "|s_{i} − s_{j}|", "P_{s}(i) − 1/d_{vob}", "w̃_{s}",
                           "epoch\u00a02.25", "½ · ü é Ł", "“quoted”, it’s …", "x → ∞ ≤ ∂",
                           "ABCDEFGH", "0123456789 %", "iiiiiiii", "mmmmmmmm", "a₁ x²"}) {
    texts.push_back({.text = text});
  }
  texts.push_back({.text = "A bold heading", .bold = true});
  texts.push_back({.text = "d_{vob}", .markup = false});
  for (const Text& text : texts) {
    const double bar = TextWidth("―", kSize, true, text.bold);
    const double width = TextWidth(text.text, kSize, text.markup, text.bold);
    const double slack = kTolerance * width;
    EXPECT_TRUE(RightOf(text, width + bar - slack) != blank) << text.text << " is narrower";
    EXPECT_TRUE(RightOf(text, width + bar + slack) == blank) << text.text << " is wider";
  }
}

}  // namespace
}  // namespace initbias::plot
