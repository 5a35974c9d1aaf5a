#include "figures/plot/render.h"

#include <fmt/format.h>

#include <string>

#include "figures/plot/check.h"
#include "figures/plot/compose.h"
#include "figures/plot/convert.h"
#include "figures/plot/csv.h"
#include "figures/plot/drawing.h"
#include "figures/plot/svg.h"
#include "lib/base/atomic_file.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/process/subprocess.h"

namespace initbias::plot {

std::string Render(const Figure& figure, const std::filesystem::path& stem) {
  const std::string name = stem.filename().string();
  CheckFigure(name, figure);
  const std::string csv = FigureCsv(figure);
  std::string svg;
  std::string pdf;
  std::string png;
  std::string left_out;
  try {
    const Drawing drawing = Compose(figure);
    svg = WriteSvg(drawing, figure.title, figure.caption);
    pdf = SvgToPdf(svg);
    png = SvgToPng(svg, drawing.width, drawing.height);
  } catch (const ProgramNotFound& error) {
    left_out = fmt::format("{}.pdf and {}.png are left out: {}", name, name, error.what());
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", name, error.what()));
  }
  const auto write = [&](const char* extension, const std::string& bytes) {
    std::filesystem::path path = stem;
    WriteTextAtomically(path += extension, bytes);
  };
  write(".svg", svg);
  if (left_out.empty()) {
    write(".pdf", pdf);
    write(".png", png);
  } else {
    RemoveFile(stem.string() + ".pdf");
    RemoveFile(stem.string() + ".png");
  }
  write(".csv", csv);
  return left_out;
}

}  // namespace initbias::plot
