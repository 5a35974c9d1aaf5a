// Pieces of HTML.
#ifndef INITBIAS_FIGURES_REPORT_HTML_H_
#define INITBIAS_FIGURES_REPORT_HTML_H_

#include <string>
#include <string_view>
#include <vector>

namespace initbias {

// `text` for the content of an element or a quoted attribute.
std::string Escaped(std::string_view text);

// `text` as the value of an id attribute: letters, digits, '-', '_' and '.', all else as '-'.
std::string HtmlId(std::string_view text);

// An SVG file's picture as an element of a page: without the XML declaration, as wide as there is
// room, its ids (and what refers to them) begun with `prefix`, so that many fit in one page, and
// `alt` as what it is for those who do not see it. Throws Error where there is no <svg> in it.
std::string InlineSvg(std::string_view file, std::string_view prefix, std::string_view alt);

// The text that an SVG file has for those who do not see it, its <desc>; "" where there is none.
std::string PictureText(std::string_view file);

// A curve of points (x, y); values that are not finite are left out.
struct SmallCurve {
  std::string label;
  std::vector<double> x;
  std::vector<double> y;
};

// The curves over one pair of axes, from 0 upwards, as a small SVG of its own: at most kSmallPoints
// points a curve, the smallest and largest numbers at the axes, `alt` as what it is.
inline constexpr size_t kSmallPoints = 80;
std::string SmallPlot(const std::vector<SmallCurve>& curves, std::string_view alt);

// The colour of the n-th curve of a SmallPlot, "#rrggbb".
std::string_view SmallColour(size_t n);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_REPORT_HTML_H_
