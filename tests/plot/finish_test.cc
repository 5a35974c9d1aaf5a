#include "lib/plot/finish.h"

#include <string>

#include "gtest/gtest.h"
#include "lib/base/error.h"

namespace initbias::plot {
namespace {

// What gnuplot writes, shortened.
constexpr char kSvg[] =
    "<?xml version=\"1.0\"?>\n<svg \n width=\"486\" height=\"144\"\n viewBox=\"0 0 486 144\">\n"
    "<title>Gnuplot</title>\n<desc>Produced by GNUPLOT 5.4 patchlevel 4 </desc>\n"
    "<g id=\"gnuplot_plot_1\" ><title>gnuplot_plot_1</title>\n"
    "<g stroke='none' shape-rendering='crispEdges'>\n"
    "<g font-family=\"DejaVu Sans\"><text>font-family=\"DejaVu Sans\" ]]></text></g>\n"
    "</svg>\n\n";

TEST(FinishTest, SvgGolden) {
  EXPECT_EQ(FinishSvg(kSvg, 486, 144, "A & B", "<c>"),
            "<?xml version=\"1.0\"?>\n<svg \n width=\"6.7500in\" height=\"2.0000in\"\n"
            " viewBox=\"0 0 486 144\">\n"
            "<title>A &amp; B</title>\n<desc>&lt;c&gt;</desc>\n"
            "<g id=\"gnuplot_plot_1\" >\n"
            "<g stroke='none'>\n"
            "<g font-family=\"DejaVu Sans, Verdana, sans-serif\">"
            "<text xml:space=\"preserve\">font-family=\"DejaVu Sans\" ]]&gt;</text></g>\n"
            "</svg>\n\n");
}

TEST(FinishTest, OtherSvgIsRefused) {
  EXPECT_THROW(FinishSvg("", 1, 1, "", ""), Error);
  EXPECT_THROW(FinishSvg("<svg width=\"1\" height=\"1\"></svg>\n\n", 1, 1, "", ""), Error);
  const std::string cut = std::string(kSvg).substr(0, sizeof(kSvg) - 5);
  EXPECT_THROW(FinishSvg(cut, 1, 1, "", ""), Error);
}

TEST(FinishTest, PngDeclaresItsResolution) {
  const std::string start("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0crc!",
                          33);
  const std::string png = FinishPng(start + "rest");
  EXPECT_EQ(png.substr(0, 33), start);
  // 0x2e23 = 11811 pixels a metre = 300 an inch.
  EXPECT_EQ(png.substr(33, 17), std::string("\0\0\0\x09pHYs\0\0\x2e\x23\0\0\x2e\x23\x01", 17));
  EXPECT_EQ(png.substr(33 + 21), "rest");
  EXPECT_THROW(FinishPng("GIF89a"), Error);
  EXPECT_THROW(FinishPng(""), Error);
}

}  // namespace
}  // namespace initbias::plot
