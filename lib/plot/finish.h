// The last touches to picture files, so that they are self-contained, sized and free of traces of
// the tools.
#ifndef INITBIAS_LIB_PLOT_FINISH_H_
#define INITBIAS_LIB_PLOT_FINISH_H_

#include <string>
#include <string_view>

namespace initbias::plot {

// Resolution of PNG files, dots per inch.
inline constexpr int kPngDpi = 300;

// gnuplot's SVG with its size in inches, the figure's title and caption for screen readers in place
// of gnuplot's name, families to fall back on where the viewer lacks kFontFace, spaces that all
// viewers keep, and smooth edges. Width and height are points. Throws Error when `svg` does not
// begin and end as gnuplot's does.
std::string FinishSvg(std::string svg, double width, double height, std::string_view title,
                      std::string_view caption);

// `png` with its resolution (kPngDpi) declared, so that it is included at paper width. Throws Error
// when it is not a PNG.
std::string FinishPng(std::string png);

}  // namespace initbias::plot

#endif  // INITBIAS_LIB_PLOT_FINISH_H_
