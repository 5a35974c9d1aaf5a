#!/usr/bin/env python3
"""Writes font_widths.cc: the advance widths of DejaVu Sans that figures are laid out by.

    pip install fonttools
    python3 font_widths.py /usr/share/fonts/truetype/dejavu > font_widths.cc

Run by hand, should the font or the letters change; neither a build nor a test runs it. Widths are
those of the table hmtx, in 1/1000 em, rounded. Kerning is left out: it moves few pairs, and little.
"""

import sys

from fontTools.ttLib import TTFont

# First and last code point of each block. Others are estimated: see AdvanceWidth() in font_widths.h.
BLOCKS = [
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin of European languages, × ± · ½
    (0x0300, 0x036F),  # combining marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x045F),  # Cyrillic
    (0x2010, 0x203A),  # dashes, quotation marks, …
    (0x2070, 0x209C),  # super- and subscripts
    (0x2190, 0x2199),  # arrows
    (0x2200, 0x22FF),  # mathematical operators, −
]
FACES = [("kRegular", "DejaVuSans.ttf"), ("kBold", "DejaVuSans-Bold.ttf")]


def widths_of(folder, file):
    font = TTFont(f"{folder}/{file}")
    names = font.getBestCmap()
    widths = font["hmtx"]
    scale = 1000 / font["head"].unitsPerEm

    def width(code_point):
        if code_point in names:
            return round(widths[names[code_point]][0] * scale)
        return 0 if 0x0300 <= code_point <= 0x036F else -1

    version = font["name"].getDebugName(5)
    return version, [(first, [width(c) for c in range(first, last + 1)]) for first, last in BLOCKS]


def wrapped(numbers):
    lines, line = [], "   "
    for number in numbers:
        piece = f" {number},"
        if len(line + piece) > 100:
            lines.append(line)
            line = "   "
        line += piece
    return "\n".join(lines + [line])


def main():
    faces = [(name, *widths_of(sys.argv[1], file)) for name, file in FACES]
    print(f"""// Written by font_widths.py from DejaVu Sans ({faces[0][1]}); not edited by hand.
#include "figures/plot/font_widths.h"

#include <array>
#include <cstdint>
#include <span>

namespace initbias::plot {{
namespace {{

// Widths of consecutive code points from `first` on, in 1/1000 em; -1 where the face has none.
struct Block {{
  uint32_t first;
  std::span<const int16_t> widths;
}};

// clang-format off""")
    for name, _, blocks in faces:
        for first, widths in blocks:
            print(f"constexpr int16_t {name}{first:04X}[] = {{\n{wrapped(widths)}\n}};")
    print("// clang-format on\n")
    for name, _, blocks in faces:
        print(f"constexpr std::array<Block, {len(blocks)}> {name} = {{{{")
        for first, _ in blocks:
            print(f"    {{0x{first:04X}, {name}{first:04X}}},")
        print("}};\n")
    print("""constexpr double kUnknownWidth = 0.66;  // Near that of most letters.
constexpr double kWideWidth = 1.0;      // From U+1100 on: ideographs, symbols.

}  // namespace

double AdvanceWidth(uint32_t code_point, bool bold) {
  for (const Block& block : bold ? kBold : kRegular) {
    if (code_point >= block.first && code_point - block.first < block.widths.size()) {
      const int16_t width = block.widths[code_point - block.first];
      if (width >= 0) {
        return width / 1000.0;
      }
    }
  }
  return code_point >= 0x1100 ? kWideWidth : kUnknownWidth;
}

}  // namespace initbias::plot""")


main()
