#include "figures/plot/style.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "lib/base/error.h"

namespace initbias::plot {
namespace {

// The 20-colour sampling of viridis (matplotlib, CC0).
constexpr std::array<Rgb, 20> kViridis = {{
    {0x44, 0x01, 0x54}, {0x48, 0x15, 0x67}, {0x48, 0x26, 0x77}, {0x45, 0x37, 0x81},
    {0x40, 0x47, 0x88}, {0x39, 0x56, 0x8c}, {0x33, 0x63, 0x8d}, {0x2d, 0x70, 0x8e},
    {0x28, 0x7d, 0x8e}, {0x23, 0x8a, 0x8d}, {0x1f, 0x96, 0x8b}, {0x20, 0xa3, 0x87},
    {0x29, 0xaf, 0x7f}, {0x3c, 0xbb, 0x75}, {0x55, 0xc6, 0x67}, {0x73, 0xd0, 0x55},
    {0x95, 0xd8, 0x40}, {0xb8, 0xde, 0x29}, {0xdc, 0xe3, 0x19}, {0xfd, 0xe7, 0x25},
}};

// Where MapInkColor ends: lighter colours of viridis are lost on white.
constexpr double kInkEnd = 0.85;

// CIELAB under D65.
struct Lab {
  double l;
  double a;
  double b;
};

// Ends and middle of the diverging map. Both ends have the same lightness, so that it carries the
// distance from the middle alone and grey-scale print keeps it.
constexpr Lab kBlueEnd{38.0, 10.0, -46.0};
constexpr Lab kMiddle{97.0, 0.0, 0.0};
constexpr Lab kRedEnd{38.0, 56.0, 36.0};

double Mix(double from, double to, double amount) { return from + (to - from) * amount; }

uint8_t ToByte(double channel) {
  return static_cast<uint8_t>(std::lround(255.0 * std::clamp(channel, 0.0, 1.0)));
}

// The sRGB transfer function (IEC 61966-2-1).
double Encode(double linear) {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1.0 / 2.4) - 0.055;
}

Rgb FromLab(const Lab& lab) {
  const auto inverse = [](double t) {
    return t > 6.0 / 29.0 ? t * t * t : 3.0 * (6.0 / 29.0) * (6.0 / 29.0) * (t - 4.0 / 29.0);
  };
  const double fy = (lab.l + 16.0) / 116.0;
  const double x = 0.95047 * inverse(fy + lab.a / 500.0);
  const double y = inverse(fy);
  const double z = 1.08883 * inverse(fy - lab.b / 200.0);
  return {ToByte(Encode(3.2404542 * x - 1.5371385 * y - 0.4985314 * z)),
          ToByte(Encode(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z)),
          ToByte(Encode(0.0556434 * x - 0.2040259 * y + 1.0572252 * z))};
}

Rgb Viridis(double position) {
  const double place = position * static_cast<double>(kViridis.size() - 1);
  const size_t below = std::min(static_cast<size_t>(place), kViridis.size() - 2);
  const double amount = place - static_cast<double>(below);
  const auto mix = [amount](uint8_t from, uint8_t to) {
    return static_cast<uint8_t>(std::lround(Mix(from, to, amount)));
  };
  const Rgb& a = kViridis[below];
  const Rgb& b = kViridis[below + 1];
  return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}

Rgb BlueWhiteRed(double position) {
  const double distance = std::abs(2.0 * position - 1.0);
  const Lab& end = position < 0.5 ? kBlueEnd : kRedEnd;
  return FromLab({Mix(kMiddle.l, end.l, distance), Mix(kMiddle.a, end.a, distance),
                  Mix(kMiddle.b, end.b, distance)});
}

}  // namespace

Look IndexLook(int index) {
  constexpr std::array kHues = {Hue::kBlue,   Hue::kVermillion, Hue::kGreen, Hue::kOrange,
                                Hue::kPurple, Hue::kSkyBlue,    Hue::kBlack};
  constexpr std::array kDashes = {Dash::kSolid, Dash::kDashed, Dash::kDashDot, Dash::kDotted};
  constexpr std::array kMarkers = {Marker::kCircle,  Marker::kSquare, Marker::kTriangle,
                                   Marker::kDiamond, Marker::kCross,  Marker::kOpenCircle};
  INITBIAS_CHECK(index >= 0);
  const auto i = static_cast<size_t>(index);
  // 7 hues and 4 dashes have no common factor: 28 different pairs before one returns.
  return {.hue = kHues[i % kHues.size()],
          .dash = kDashes[i % kDashes.size()],
          .marker = kMarkers[i % kMarkers.size()]};
}

Rgb HueColor(Hue hue) {
  switch (hue) {
    case Hue::kBlack:
      return {0x00, 0x00, 0x00};
    case Hue::kOrange:
      return {0xe6, 0x9f, 0x00};
    case Hue::kSkyBlue:
      return {0x56, 0xb4, 0xe9};
    case Hue::kGreen:
      return {0x00, 0x9e, 0x73};
    case Hue::kBlue:
      return {0x00, 0x72, 0xb2};
    case Hue::kVermillion:
      return {0xd5, 0x5e, 0x00};
    case Hue::kPurple:
      return {0xcc, 0x79, 0xa7};
    case Hue::kGrey:
      return {0x80, 0x80, 0x80};
  }
  return {};
}

Rgb Lighten(Rgb color, double amount) {
  const auto mix = [amount](uint8_t channel) {
    return static_cast<uint8_t>(std::lround(Mix(channel, 255.0, std::clamp(amount, 0.0, 1.0))));
  };
  return {mix(color.red), mix(color.green), mix(color.blue)};
}

Rgb MapColor(ColorMap map, double position) {
  position = std::clamp(position, 0.0, 1.0);
  return map == ColorMap::kSequential ? Viridis(position) : BlueWhiteRed(position);
}

Rgb MapInkColor(ColorMap map, double position) {
  position = std::clamp(position, 0.0, 1.0);
  return MapColor(map, map == ColorMap::kSequential ? kInkEnd * position : position);
}

}  // namespace initbias::plot
