#include "tests/figures/plot/color_vision.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace initbias::plot {
namespace {

using Vec3 = std::array<double, 3>;
using Mat3 = std::array<Vec3, 3>;

Vec3 Multiply(const Mat3& m, const Vec3& v) {
  Vec3 out{};
  for (size_t i = 0; i < 3; ++i) {
    out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
  }
  return out;
}

Vec3 Linear(Rgb color) {
  const auto decode = [](uint8_t channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return {decode(color.red), decode(color.green), decode(color.blue)};
}

// CIELAB under D65 of linear RGB.
Vec3 Lab(Vec3 rgb) {
  for (double& channel : rgb) {
    channel = std::max(channel, 0.0);
  }
  constexpr Mat3 kToXyz = {{{0.4124564, 0.3575761, 0.1804375},
                            {0.2126729, 0.7151522, 0.0721750},
                            {0.0193339, 0.1191920, 0.9503041}}};
  const Vec3 xyz = Multiply(kToXyz, rgb);
  const auto f = [](double t) {
    return t > 216.0 / 24389.0 ? std::cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
  };
  const double x = f(xyz[0] / 0.95047);
  const double y = f(xyz[1]);
  const double z = f(xyz[2] / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double Distance(const Vec3& a, const Vec3& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

// Linear RGB as seen with full vision and by full protanopes, deuteranopes and tritanopes
// (Machado, Oliveira and Fernandes 2009, severity 1).
constexpr std::array<Mat3, 4> kVisions = {{
    {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {{{0.152286, 1.052583, -0.204868},
      {0.114503, 0.786281, 0.099216},
      {-0.003882, -0.048116, 1.051998}}},
    {{{0.367322, 0.860646, -0.227968},
      {0.280085, 0.672501, 0.047413},
      {-0.011820, 0.042940, 0.968881}}},
    {{{1.255528, -0.076749, -0.178779},
      {-0.078411, 0.930809, 0.147602},
      {0.004733, 0.691367, 0.303900}}},
}};

}  // namespace

double SmallestDistance(const std::vector<Hue>& hues) {
  double smallest = 1e9;
  for (const Mat3& vision : kVisions) {
    for (size_t i = 0; i < hues.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        const Vec3 a = Lab(Multiply(vision, Linear(HueColor(hues[i]))));
        const Vec3 b = Lab(Multiply(vision, Linear(HueColor(hues[j]))));
        smallest = std::min(smallest, Distance(a, b));
      }
    }
  }
  return smallest;
}

double Lightness(Rgb color) { return Lab(Linear(color))[0]; }

}  // namespace initbias::plot
