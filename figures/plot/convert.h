// SVG to PDF and PNG, by rsvg-convert (package librsvg2-bin).
#ifndef INITBIAS_FIGURES_PLOT_CONVERT_H_
#define INITBIAS_FIGURES_PLOT_CONVERT_H_

#include <string>

namespace initbias::plot {

// Resolution of PNG files, dots per inch.
inline constexpr int kPngDpi = 300;

// The bytes of a PDF page of the SVG's size, dated to 1970. Throws Error when rsvg-convert is
// missing or fails, so does SvgToPng.
std::string SvgToPdf(const std::string& svg);

// The bytes of a PNG of a page of `width` x `height` points at kPngDpi, which it declares, so that
// it is included at paper width.
std::string SvgToPng(const std::string& svg, double width, double height);

// What is wrong with the font that rsvg-convert will take for kFontFace, a line: "warning: .."
// where none is installed, or it is another one; "note: .." where rsvg-convert is there and
// fc-match (package fontconfig), which would tell, is not; "" where nothing is wrong.
std::string FontWarning();

// `png` with kPngDpi declared. Throws Error when it is not a PNG.
std::string WithResolution(std::string png);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_CONVERT_H_
