#include "lib/plot/render.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "lib/base/atomic_file.h"
#include "lib/base/error.h"
#include "lib/plot/check.h"
#include "lib/plot/child.h"
#include "lib/plot/compose.h"
#include "lib/plot/csv.h"
#include "lib/plot/drawing.h"
#include "lib/plot/finish.h"
#include "lib/plot/script.h"

namespace initbias::plot {
namespace {

// PDF and PNG are made from the SVG and not by gnuplot's own terminals: the three are one drawing
// then, and rsvg-convert takes its date from SOURCE_DATE_EPOCH, while gnuplot's PDF holds the time
// of writing (with cairo 1.18 inside a compressed stream, where it cannot be mended).
std::string Convert(const std::string& svg, const std::vector<std::string>& arguments) {
  return RunFilter("rsvg-convert", arguments, svg, "librsvg2-bin");
}

std::string Pixels(double points) {
  return fmt::format("{:.0f}", std::round(points / 72 * kPngDpi));
}

}  // namespace

void Render(const Figure& figure, const std::filesystem::path& stem) {
  const std::string name = stem.filename().string();
  CheckFigure(name, figure);
  const std::string csv = FigureCsv(figure);
  std::string svg;
  std::string pdf;
  std::string png;
  try {
    const Drawing drawing = Compose(figure);
    svg = FinishSvg(RunFilter("gnuplot", {"-d"}, GnuplotScript(drawing), "gnuplot-nox"),
                    drawing.width, drawing.height, figure.title, figure.caption);
    pdf = Convert(svg, {"--format=pdf"});
    png = FinishPng(Convert(svg, {"--format=png", "--width=" + Pixels(drawing.width),
                                  "--height=" + Pixels(drawing.height)}));
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", name, error.what()));
  }
  const auto write = [&](const char* extension, const std::string& bytes) {
    std::filesystem::path path = stem;
    WriteTextAtomically(path += extension, bytes);
  };
  write(".svg", svg);
  write(".pdf", pdf);
  write(".png", png);
  write(".csv", csv);
}

}  // namespace initbias::plot
