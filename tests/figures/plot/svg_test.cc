#include "figures/plot/svg.h"

#include <algorithm>
#include <clocale>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace initbias::plot {
namespace {

TEST(SvgTest, Golden) {
  const Drawing drawing{
      .width = 100,
      .height = 50,
      .layers = {{.clip = Box{10, 10, 90, 40},
                  .shapes = {Rect{{10, 10, 20, 20}, {255, 0, 0}},
                             Rect{{20, 10, 30, 20}, {255, 0, 0}},
                             Polyline{{{10, 10}, {20, 40}}, {0, 0, 255}, 1.1, Dash::kDashed},
                             Polygon{{{11, 11}, {12, 12}, {13, 11}}, {16, 32, 48}, 0.2}}},
                 {}},
      .texts = {{.text = "it's <x>", .at = {50, 45}},
                {.text = "D_{mem}^{2} of", .at = {5, 25}, .vertical = true},
                {.text = "A",
                 .at = {0, 40.001},
                 .align = Text::Align::kLeft,
                 .bold = true,
                 .size = 9,
                 .color = {0, 0, 0}},
                {.text = ""}}};
  EXPECT_EQ(WriteSvg(drawing, "A & B", "<c>"),
            R"svg(<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="1.3889in" height="0.6944in" viewBox="0 0 100 50" role="img" aria-labelledby="title desc">
<title id="title">A &amp; B</title>
<desc id="desc">&lt;c&gt;</desc>
<path fill="#ffffff" d="M0 0H100V50H0z"/>
<g fill="none" stroke-linecap="round" stroke-linejoin="round">
<g id="layer1">
<path fill="#ff0000" d="M10 30H20V40H10z
M20 30H30V40H20z"/>
<path stroke="#0000ff" stroke-width="1.1" stroke-dasharray="3.52 2.86" d="M10 40L20 10"/>
<path fill="#102030" fill-opacity="0.2" d="M11 39L12 38 13 39z"/>
</g>
</g>
<g id="text" font-family="DejaVu Sans, Verdana, sans-serif" font-size="7" fill="#1a1a1a" text-anchor="middle" xml:space="preserve">
<text x="50" y="7.52">it's &lt;x&gt;</text>
<text transform="translate(7.52 25) rotate(-90)">D<tspan dy="1.75" font-size="5.6">mem</tspan><tspan dy="-4.69" font-size="5.6">2</tspan><tspan dy="2.94"> of</tspan></text>
<text x="0" y="13.24" text-anchor="start" font-size="9" font-weight="bold" fill="#000000">A</text>
</g>
</svg>
)svg");
}

std::string LayerSvg(const Layer& layer) {
  return WriteSvg({.width = 100, .height = 100, .layers = {layer}}, "", "");
}

bool Has(const std::string& svg, const std::string& part) {
  return svg.find(part) != std::string::npos;
}

TEST(SvgTest, OnlyWhatReachesOutIsClipped) {
  const Polyline inside{.points = {{10, 10}, {90, 90}}};
  const Polyline outside{.points = {{10, 10}, {90, 95}}};
  const Layer layer{.clip = Box{10, 10, 90, 90}, .shapes = {inside}};
  EXPECT_FALSE(Has(LayerSvg(layer), "clip"));
  Layer clipped = layer;
  clipped.shapes = {inside, outside, outside, Polygon{.points = {{0, 0}, {20, 20}, {20, 0}}}};
  const std::string svg = LayerSvg(clipped);
  EXPECT_TRUE(Has(svg,
                  "<g id=\"layer1\">\n"
                  "<clipPath id=\"layer1lines\"><path d=\"M9.4 9.4H90.6V90.6H9.4z\"/></clipPath>\n"
                  "<clipPath id=\"layer1areas\"><path d=\"M10 10H90V90H10z\"/></clipPath>\n"))
      << svg;
  EXPECT_TRUE(Has(svg,
                  "<path stroke=\"#000000\" stroke-width=\"1\" d=\"M10 90L90 10\"/>\n"
                  "<path stroke=\"#000000\" stroke-width=\"1\" clip-path=\"url(#layer1lines)\""
                  " d=\"M10 90L90 5\nM10 90L90 5\"/>\n"
                  "<path fill=\"#000000\" clip-path=\"url(#layer1areas)\" d=\"M0 100L20 80 20"
                  " 100z\"/>\n"))
      << svg;
}

TEST(SvgTest, DotsAreWholeOrLeftOut) {
  const auto dot = [](double x) { return Dot{.at = {x, 50}, .size = 4}; };
  const Layer layer{.clip = Box{10, 10, 90, 90}, .shapes = {dot(90), dot(90.1)}};
  EXPECT_TRUE(Has(LayerSvg(layer),
                  "<g id=\"layer1\">\n"
                  "<path fill=\"#000000\" d=\"M88 50a2 2 0 1 0 4 0a2 2 0 1 0 -4 0z\"/>\n"
                  "</g>"))
      << LayerSvg(layer);
}

TEST(SvgTest, EveryMarkerHasItsShape) {
  std::vector<std::string> seen;
  for (const Marker marker : {Marker::kCircle, Marker::kSquare, Marker::kTriangle, Marker::kDiamond,
                              Marker::kOpenCircle, Marker::kCross}) {
    const std::string svg = LayerSvg({.shapes = {Dot{.at = {50, 50}, .marker = marker}}});
    EXPECT_EQ(std::count(seen.begin(), seen.end(), svg), 0);
    EXPECT_EQ(Has(svg, "stroke-width"), marker == Marker::kOpenCircle || marker == Marker::kCross);
    seen.push_back(svg);
  }
}

TEST(SvgTest, LiteralTextKnowsNoMarkup) {
  const Drawing drawing{.width = 10, .height = 10, .texts = {{.text = "x_{1}", .markup = false}}};
  EXPECT_TRUE(Has(WriteSvg(drawing, "", ""), ">x_{1}</text>"));
}

TEST(SvgTest, LocaleDoesNotMatter) {
  const Layer layer{.shapes = {Polyline{.points = {{0.5, 0.25}, {1234.5, -0.001}}}}};
  const std::string expected = LayerSvg(layer);
  EXPECT_TRUE(Has(expected, "M0.5 99.75L1234.5 100")) << expected;
  // Where the system has it; elsewhere this repeats the default.
  std::setlocale(LC_ALL, "de_DE.UTF-8");
  EXPECT_EQ(LayerSvg(layer), expected);
  std::setlocale(LC_ALL, "C");
}

}  // namespace
}  // namespace initbias::plot
