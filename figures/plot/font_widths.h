// How wide the letters of DejaVu Sans are, the face that figures are set in (kFontFace).
#ifndef INITBIAS_FIGURES_PLOT_FONT_WIDTHS_H_
#define INITBIAS_FIGURES_PLOT_FONT_WIDTHS_H_

#include <cstdint>

namespace initbias::plot {

// Advance width of a code point in font sizes, without kerning. European letters, digits,
// punctuation and mathematical signs have their true width. Others are estimated: an ideograph at
// 1, the rest at 0.66; whether the face, or another that fontconfig falls back on, has them at all
// is not known here.
double AdvanceWidth(uint32_t code_point, bool bold);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_FONT_WIDTHS_H_
