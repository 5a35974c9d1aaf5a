// The look of every figure: colours, dashes, markers and sizes, which survive colour blindness and
// grey-scale print.
//
// Colours are of Okabe and Ito's eight ("Color Universal Design", 2008). Wherever two lines may
// meet in one panel they also differ in dash or marker. No layout here.
#ifndef INITBIAS_FIGURES_PLOT_STYLE_H_
#define INITBIAS_FIGURES_PLOT_STYLE_H_

#include <cstdint>
#include <span>

namespace initbias::plot {

// An sRGB colour, 8 bits a channel.
struct Rgb {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;

  bool operator==(const Rgb&) const = default;
};

// Okabe and Ito's palette but its yellow, which nothing has, and a neutral grey.
enum class Hue { kBlack, kOrange, kSkyBlue, kGreen, kBlue, kVermillion, kPurple, kGrey };

enum class Dash { kSolid, kDashed, kDotted, kDashDot };

enum class Marker { kNone, kCircle, kSquare, kTriangle, kDiamond, kOpenCircle, kCross };

// How a series or a scatter group looks.
struct Look {
  Hue hue = Hue::kBlack;
  Dash dash = Dash::kSolid;
  Marker marker = Marker::kNone;  // A scatter draws kNone as kCircle.
  double width_pt = 1.1;          // Line width, points.

  bool operator==(const Look&) const = default;
};

// The look of the index-th of several things; 0 <= index. Looks repeat after 28.
Look IndexLook(int index);

// The colour of `hue`.
Rgb HueColor(Hue hue);

// `color` mixed with white; amount 0 is `color`, 1 is white.
Rgb Lighten(Rgb color, double amount);

enum class ColorMap {
  kSequential,  // viridis (dark blue to yellow): lightness rises evenly
  kDiverging,  // blue - white - red: lightness falls evenly and equally to both sides of the middle
};

// The colour of `position` in 0..1 (clamped; not NaN) of `map`.
Rgb MapColor(ColorMap map, double position);

// As MapColor, for lines and points on white: the sequential map ends before its light yellow.
Rgb MapInkColor(ColorMap map, double position);

// Colours of what is not data.
inline constexpr Rgb kTextColor{0x1a, 0x1a, 0x1a};
inline constexpr Rgb kAxisColor{0x4d, 0x4d, 0x4d};
inline constexpr Rgb kNoteColor{0x66, 0x66, 0x66};
inline constexpr Rgb kReferenceColor{0x80, 0x80, 0x80};
inline constexpr Rgb kMissingColor{0xd9, 0xd9, 0xd9};  // A heat map's NaN.

// All text has one size; panel letters are bold and one step larger. Points (1/72 inch).
inline constexpr double kFontSizePt = 7.0;
inline constexpr double kLetterSizePt = 9.0;
inline constexpr double kAxisWidthPt = 0.5;
inline constexpr double kReferenceWidthPt = 0.6;
inline constexpr double kTickLengthPt = 2.2;
inline constexpr double kMarkerSizePt = 3.6;  // Diameter.
inline constexpr double kBandOpacity = 0.2;

// Width of a figure across a page of two columns, inches.
inline constexpr double kTextWidthIn = 6.75;

// The face all text is set in, whose widths font_widths.h knows (fonts-dejavu-core on Debian and
// Ubuntu). On a machine without it fontconfig takes another face: what is drawn is still right
// there, but texts may touch, and the bytes of PDF and PNG differ from ours.
inline constexpr const char* kFontFace = "DejaVu Sans";

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_STYLE_H_
