#include "lib/plot/finish.h"

#include <fmt/format.h>

#include <cstddef>

#include "lib/base/error.h"
#include "lib/plot/style.h"
#include "lib/plot/text.h"

namespace initbias::plot {
namespace {

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

// Replaces from the first `begin` to the end of the `end` after it; false when they are not there.
bool ReplaceSpan(std::string& text, std::string_view begin, std::string_view end,
                 std::string_view to) {
  const size_t first = text.find(begin);
  const size_t last = first == std::string::npos ? first : text.find(end, first + begin.size());
  if (last == std::string::npos) {
    return false;
  }
  text.replace(first, last + end.size() - first, to);
  return true;
}

// `svg` with `change` applied to every tag, and to nothing between them.
template <typename Change>
std::string WithTags(std::string_view svg, const Change& change) {
  std::string changed;
  for (size_t at = 0; at < svg.size();) {
    const size_t open = svg.find('<', at);
    const size_t close = open == std::string_view::npos ? open : svg.find('>', open);
    if (close == std::string_view::npos) {
      return changed.append(svg.substr(at));
    }
    changed.append(svg.substr(at, open - at));
    changed.append(change(std::string(svg.substr(open, close + 1 - open))));
    at = close + 1;
  }
  return changed;
}

}  // namespace

std::string FinishSvg(std::string svg, double width, double height, std::string_view title,
                      std::string_view caption) {
  // A text with "]]>" would end XML that it is not in; gnuplot leaves ">" as it is.
  ReplaceAll(svg, "]]>", "]]&gt;");
  // Names of plots, which browsers show when the pointer rests on a curve.
  while (ReplaceSpan(svg, "<title>gnuplot_plot_", "</title>", "")) {
  }
  const bool known =
      ReplaceSpan(svg, " width=\"", "\" height=\"",
                  fmt::format(" width=\"{:.4f}in\" height=\"", width / 72)) &&
      ReplaceSpan(svg, "\" height=\"", "\"", fmt::format("\" height=\"{:.4f}in\"", height / 72)) &&
      ReplaceSpan(svg, "<title>", "</title>",
                  fmt::format("<title>{}</title>", XmlEscape(CleanText(title)))) &&
      ReplaceSpan(svg, "<desc>", "</desc>",
                  fmt::format("<desc>{}</desc>", XmlEscape(CleanText(caption)))) &&
      svg.ends_with("</svg>\n\n");
  if (!known) {
    throw Error("gnuplot wrote an SVG that is not as 5.4 or 6.0 write it: another version?");
  }
  return WithTags(svg, [](std::string tag) {
    ReplaceAll(tag, "<text>", "<text xml:space=\"preserve\">");
    ReplaceAll(tag, fmt::format("font-family=\"{}\"", kFontFace),
               fmt::format("font-family=\"{}, Verdana, sans-serif\"", kFontFace));
    ReplaceAll(tag, " shape-rendering='crispEdges'", "");
    return tag;
  });
}

std::string FinishPng(std::string png) {
  // Signature, and the chunk IHDR with length, name, 13 bytes and check sum.
  constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
  constexpr size_t kHeaderEnd = kSignature.size() + 4 + 4 + 13 + 4;
  if (!std::string_view(png).starts_with(kSignature) || png.size() < kHeaderEnd) {
    throw Error("rsvg-convert wrote something that is not a PNG");
  }
  // pHYs: 11811 pixels a metre (300 an inch) in both directions; with its check sum it is constant.
  static_assert(kPngDpi == 300);
  constexpr std::string_view kPhysical(
      "\x00\x00\x00\x09pHYs\x00\x00\x2e\x23\x00\x00\x2e\x23\x01\x78\xa5\x3f\x76", 21);
  return png.insert(kHeaderEnd, kPhysical);
}

}  // namespace initbias::plot
