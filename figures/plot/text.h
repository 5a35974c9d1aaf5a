// Text in figures: what is markup, how wide a line is, where it is broken.
//
// Widths are those of font_widths.h, so that the layout of a figure is computed and the same
// everywhere. No drawing here.
#ifndef INITBIAS_FIGURES_PLOT_TEXT_H_
#define INITBIAS_FIGURES_PLOT_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

namespace initbias::plot {

// A piece of a line: on the base line, or set lower or higher and smaller.
struct TextRun {
  enum class Level { kBase, kSub, kSuper };
  std::string text;
  Level level = Level::kBase;

  bool operator==(const TextRun&) const = default;
};

// How sub- and superscripts are set: size, and place of their base line under and over the line's,
// in sizes of the text.
inline constexpr double kScriptScale = 0.8;
inline constexpr double kSubDrop = 0.25;
inline constexpr double kSuperRise = 0.42;

// `text` as valid UTF-8 that SVG may hold: a tab or another control character (but '\n') becomes a
// space, bytes that are not UTF-8 become U+FFFD.
std::string CleanText(std::string_view text);

// `text` such that ParseMarkup gives it back as it is: for data in a field that knows markup.
std::string Literal(std::string_view text);

// The runs of one line. `_{...}` and `^{...}` make a run below or above; a backslash just before
// one of them makes it plain text and is not drawn. An opening without "}" is plain text.
std::vector<TextRun> ParseMarkup(std::string_view line);

// Width of one line in points at `size` points. `markup` as in ParseMarkup, otherwise literal.
double TextWidth(std::string_view line, double size, bool markup, bool bold = false);

// `text` at its '\n' and, where a line is wider than `width` points at `size` points, at spaces
// that are not in markup; the lines are as equally wide as their number allows. A word that is
// wider stays whole. Never empty.
std::vector<std::string> BreakLines(std::string_view text, double width, double size, bool markup);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_TEXT_H_
