#include "lib/plot/drawing.h"

#include <algorithm>

#include "lib/plot/text.h"

namespace initbias::plot {
namespace {

// Heights over and under the middle of a line, in font sizes: capitals, and the descenders.
constexpr double kAscent = 0.44;
constexpr double kDescent = 0.52;

}  // namespace

Box TextBox(const Text& text) {
  const double width = TextWidth(text.text, text.size, text.markup, text.bold);
  const double before = text.align == Text::Align::kLeft     ? 0
                        : text.align == Text::Align::kCenter ? width / 2
                                                             : width;
  const double up = kAscent * text.size;
  const double down = kDescent * text.size;
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
