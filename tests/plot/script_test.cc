#include "lib/plot/script.h"

#include <string>

#include "gtest/gtest.h"

namespace initbias::plot {
namespace {

TEST(ScriptTest, Golden) {
  const Drawing drawing{
      .width = 100,
      .height = 50,
      .layers = {{.clip = Box{10, 10, 90, 40},
                  .shapes = {Rect{{10, 10, 20, 20}, {255, 0, 0}},
                             Rect{{20, 10, 30, 20}, {0, 255, 0}},
                             Polyline{{{10, 10}, {20, 40}}, {0, 0, 255}, 1.1, Dash::kDashed},
                             Polygon{{{1, 1}, {2, 2}, {3, 1}}, {16, 32, 48}, 0.2}}},
                 {}},
      .texts = {{.text = "it's `x`", .at = {50, 45}},
                {.text = "D_{mem}", .at = {5, 25}, .vertical = true},
                {.text = "A", .at = {0, 50}, .align = Text::Align::kLeft, .bold = true, .size = 9},
                {.text = ""}}};
  EXPECT_EQ(GnuplotScript(drawing),
            R"(set encoding utf8
set terminal svg size 100,50 fixed enhanced font 'DejaVu Sans,7' linewidth 1 rounded background '#ffffff'
set output
unset key
unset border
unset tics
set clip one
set clip two
set multiplot
$d0 << EOD
10.000 10.000 20.000 20.000 16711680
20.000 10.000 30.000 20.000 65280
EOD
$d1 << EOD
10.000 10.000
20.000 40.000

EOD
$d2 << EOD
1.000 1.000
2.000 2.000
3.000 1.000
EOD
set lmargin at screen 0.10000000
set rmargin at screen 0.90000000
set bmargin at screen 0.20000000
set tmargin at screen 0.80000000
set xrange [10.000:90.000]
set yrange [10.000:40.000]
plot $d0 using 1:2:1:3:2:4:5 with boxxyerror lc rgb variable fs solid noborder, \
  $d1 using 1:2 with lines lc rgb '#0000ff' lw 1.1 dt (6.4,5.2), \
  $d2 using 1:2 with filledcurves closed lc rgb '#cc102030' fs solid noborder
set label 1 'it'."\047".'s `x`' at 50.000,45.000 center noenhanced font 'DejaVu Sans,7' tc rgb '#1a1a1a' front
set label 2 'D_{mem}' at 5.000,25.000 center rotate by 90 enhanced font 'DejaVu Sans,7' tc rgb '#1a1a1a' front
set label 3 '{/:Bold A}' at 0.000,50.000 left enhanced font 'DejaVu Sans,9' tc rgb '#1a1a1a' front
$d3 << EOD
-2.000 -2.000
-1.000 -1.000

EOD
set lmargin at screen 0.00000000
set rmargin at screen 1.00000000
set bmargin at screen 0.00000000
set tmargin at screen 1.00000000
set xrange [0.000:100.000]
set yrange [0.000:50.000]
plot $d3 using 1:2 with lines lc rgb '#000000' lw 1 dt solid
unset multiplot
)");
}

TEST(ScriptTest, LiteralTextKnowsNoMarkup) {
  const Drawing drawing{.width = 10, .height = 10, .texts = {{.text = "x_{1}", .markup = false}}};
  EXPECT_NE(GnuplotScript(drawing).find("set label 1 'x_{1}' at 0.000,0.000 center noenhanced"),
            std::string::npos);
}

}  // namespace
}  // namespace initbias::plot
