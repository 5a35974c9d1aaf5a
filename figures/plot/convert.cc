#include "figures/plot/convert.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

#include "figures/plot/child.h"
#include "figures/plot/style.h"
#include "lib/base/error.h"
#include "lib/process/subprocess.h"

namespace initbias::plot {
namespace {

std::string Convert(const std::string& svg, const std::vector<std::string>& arguments) {
  return RunFilter("rsvg-convert", arguments, svg, "librsvg2-bin");
}

std::string Pixels(double points) {
  return fmt::format("{:.0f}", std::round(points / 72 * kPngDpi));
}

// Whether the program is in PATH.
bool IsThere(const std::string& program) {
  try {
    RunFilter(program, {"--version"}, "", program);
  } catch (const ProgramNotFound&) {
    return false;
  } catch (const Error&) {
    // It is there, and does not know the option.
  }
  return true;
}

}  // namespace

std::string SvgToPdf(const std::string& svg) { return Convert(svg, {"--format=pdf"}); }

std::string SvgToPng(const std::string& svg, double width, double height) {
  return WithResolution(
      Convert(svg, {"--format=png", "--width=" + Pixels(width), "--height=" + Pixels(height)}));
}

std::string FontWarning() {
  std::string found;
  try {
    found = RunFilter("fc-match", {"--format=%{family[0]}", kFontFace}, "", "fontconfig");
  } catch (const ProgramNotFound&) {
    return IsThere("rsvg-convert")  // else there are no such pictures
               ? "note: the fonts could not be looked up (fc-match is not installed); on Debian or "
                 "Ubuntu: sudo apt-get install fontconfig"
               : "";
  } catch (const Error&) {
    return "";
  }
  if (found == kFontFace) {
    return "";
  }
  return fmt::format(
      "warning: the font {} is not installed: the PDF and PNG pictures are set in {}; on Debian or Ubuntu: "
      "sudo apt-get install fonts-dejavu-core",
      kFontFace, found.empty() ? "none, and have no text" : found);
}

std::string WithResolution(std::string png) {
  // Signature, and the chunk IHDR with length, name, 13 bytes and check sum.
  constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
  constexpr size_t kHeaderEnd = kSignature.size() + 4 + 4 + 13 + 4;
  if (!std::string_view(png).starts_with(kSignature) || png.size() < kHeaderEnd) {
    throw Error("rsvg-convert wrote something that is not a PNG");
  }
  // pHYs: 11811 pixels a metre (300 an inch) in both directions; with its check sum it is constant.
  static_assert(kPngDpi == 300);
  constexpr std::string_view kPhysical(
      "\x00\x00\x00\x09pHYs\x00\x00\x2e\x23\x00\x00\x2e\x23\x01\x78\xa5\x3f\x76", 21);
  return png.insert(kHeaderEnd, kPhysical);
}

}  // namespace initbias::plot
