#include "figures/plot/drawing.h"

#include <algorithm>
#include <vector>

#include "figures/plot/text.h"

namespace initbias::plot {
namespace {

// How far DejaVu Sans reaches over and under its base line, in font sizes: as "d" and "g" do.
constexpr double kAscent = 0.76;
constexpr double kDescent = 0.24;

}  // namespace

Box TextBox(const Text& text) {
  const double width = TextWidth(text.text, text.size, text.markup, text.bold);
  const double before = text.align == Text::Align::kLeft     ? 0
                        : text.align == Text::Align::kCenter ? width / 2
                                                             : width;
  double up = kAscent - kBaseline;
  double down = kDescent + kBaseline;
  for (const TextRun& run : text.markup ? ParseMarkup(text.text) : std::vector<TextRun>{}) {
    if (run.level == TextRun::Level::kSuper) {
      up = std::max(up, kSuperRise + kScriptScale * kAscent - kBaseline);
    } else if (run.level == TextRun::Level::kSub) {
      down = std::max(down, kSubDrop + kScriptScale * kDescent + kBaseline);
    }
  }
  up *= text.size;
  down *= text.size;
  if (text.vertical) {
    return {.left = text.at.x - up,
            .bottom = text.at.y - before,
            .right = text.at.x + down,
            .top = text.at.y - before + width};
  }
  return {.left = text.at.x - before,
          .bottom = text.at.y - down,
          .right = text.at.x - before + width,
          .top = text.at.y + up};
}

bool Overlap(const Box& a, const Box& b) {
  return std::min(a.right, b.right) > std::max(a.left, b.left) &&
         std::min(a.top, b.top) > std::max(a.bottom, b.bottom);
}

}  // namespace initbias::plot
