#include "figures/report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <regex>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

// Okabe and Ito's, which the figures have, too.
constexpr std::array<std::string_view, 6> kColours = {"#0072b2", "#d55e00", "#009e73",
                                                      "#cc79a7", "#e69f00", "#56b4e9"};
constexpr double kWidth = 260;
constexpr double kHeight = 130;
constexpr double kLeft = 34;
constexpr double kBottom = 18;

void ReplaceAll(std::string* text, std::string_view from, std::string_view to) {
  for (size_t at = text->find(from); at != std::string::npos; at = text->find(from, at)) {
    text->replace(at, from.size(), to);
    at += to.size();
  }
}

}  // namespace

std::string Escaped(std::string_view text) {
  std::string escaped = XmlEscape(text);
  ReplaceAll(&escaped, "'", "&#39;");
  return escaped;
}

std::string HtmlId(std::string_view text) {
  std::string id(text);
  std::ranges::replace_if(
      id,
      [](char c) {
        return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' &&
               c != '_' && c != '-';
      },
      '-');
  return id;
}

std::string InlineSvg(std::string_view file, std::string_view prefix, std::string_view alt) {
  const size_t begin = file.find("<svg");
  const size_t end = begin == std::string_view::npos ? begin : file.find('>', begin);
  if (end == std::string_view::npos) {
    throw Error("there is no <svg> element in the picture");
  }
  const std::string head(file.substr(begin, end - begin));
  std::smatch box;
  const bool boxed = std::regex_search(head, box, std::regex("viewBox=\"([-0-9. ]+)\""));
  std::string body(file.substr(end + 1));
  // The whole picture has one text; the file's own would be read aloud beside it.
  for (const char* element : {"title", "desc"}) {
    const size_t from = body.find(fmt::format("<{}", element));
    const std::string close = fmt::format("</{}>", element);
    const size_t to = from == std::string::npos ? from : body.find(close, from);
    if (to != std::string::npos) {
      body.erase(from, to + close.size() - from);
    }
  }
  const std::string id = HtmlId(prefix);
  ReplaceAll(&body, " id=\"", " id=\"" + id);
  ReplaceAll(&body, "url(#", "url(#" + id);
  ReplaceAll(&body, "href=\"#", "href=\"#" + id);
  // A small picture is not blown up to the width of the page.
  constexpr double kLargest = 1.7;  // pixels a point of the picture
  std::string shape;
  if (boxed) {
    shape = fmt::format(" viewBox=\"{}\"", box[1].str());
    const std::vector<std::string> sides = Split(box[1].str(), ' ');
    if (const std::optional<double> width =
            sides.size() == 4 ? ParseDouble(sides[2]) : std::nullopt) {
      shape += fmt::format(" style=\"max-width:{:.0f}px\"", kLargest * *width);
    }
  }
  return fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg"{} role="img" aria-label="{}">)",
                     shape, Escaped(alt)) +
         body;
}

std::string PictureText(std::string_view file) {
  const size_t begin = file.find("<desc");
  const size_t from = begin == std::string_view::npos ? begin : file.find('>', begin);
  const size_t end = from == std::string_view::npos ? from : file.find("</desc>", from);
  if (end == std::string_view::npos) {
    return "";
  }
  std::string text(file.substr(from + 1, end - from - 1));
  for (const auto& [escape, letter] : {std::pair("&lt;", "<"), std::pair("&gt;", ">"),
                                       std::pair("&quot;", "\""), std::pair("&amp;", "&")}) {
    ReplaceAll(&text, escape, letter);
  }
  return text;
}

std::string_view SmallColour(size_t n) { return kColours[n % kColours.size()]; }

std::string SmallPlot(const std::vector<SmallCurve>& curves, std::string_view alt) {
  double x_max = 0;
  double y_max = 0;
  for (const SmallCurve& curve : curves) {
    INITBIAS_CHECK(curve.x.size() == curve.y.size());
    for (size_t i = 0; i < curve.x.size(); ++i) {
      if (std::isfinite(curve.x[i]) && std::isfinite(curve.y[i])) {
        x_max = std::max(x_max, curve.x[i]);
        y_max = std::max(y_max, curve.y[i]);
      }
    }
  }
  const auto place_x = [&](double x) {
    return kLeft + (x_max > 0 ? x / x_max : 0) * (kWidth - kLeft - 4);
  };
  const auto place_y = [&](double y) {
    return kHeight - kBottom - (y_max > 0 ? std::max(y, 0.0) / y_max : 0) * (kHeight - kBottom - 6);
  };
  std::string svg = fmt::format(
      R"(<svg class="small" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" aria-label="{}">)"
      R"(<path class="axis" d="M{} 4V{}H{}"/>)",
      kWidth, kHeight, Escaped(alt), kLeft, kHeight - kBottom, kWidth - 4);
  svg += fmt::format(
      R"(<text x="{0}" y="12" text-anchor="end">{1:.3g}</text><text x="{0}" y="{2}" text-anchor="end">0</text>)"
      R"(<text x="{3}" y="{4}" text-anchor="end">{5:.4g}</text>)",
      kLeft - 3, y_max, kHeight - kBottom, kWidth - 4, kHeight - 4, x_max);
  for (size_t n = 0; n < curves.size(); ++n) {
    const SmallCurve& curve = curves[n];
    const size_t stride = curve.x.size() / kSmallPoints + 1;
    std::string path;
    for (size_t i = 0; i < curve.x.size(); ++i) {
      const bool kept = i % stride == 0 || i + 1 == curve.x.size();
      if (kept && std::isfinite(curve.x[i]) && std::isfinite(curve.y[i])) {
        path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", place_x(curve.x[i]),
                            place_y(curve.y[i]));
      }
    }
    svg += fmt::format(R"(<path class="curve" stroke="{}" d="{}"><title>{}</title></path>)",
                       SmallColour(n), path, Escaped(curve.label));
  }
  return svg + "</svg>";
}

}  // namespace initbias
