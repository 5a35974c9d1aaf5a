#include "figures/panels/marked_curves.h"

#include <fmt/format.h>

#include <utility>

#include "figures/look.h"
#include "figures/panels/curves.h"
#include "figures/panels/values.h"
#include "lib/store/figure_key.h"

namespace initbias {

plot::LinePlot RateCurves(const FigureData& data, const std::string& x_path,
                          const std::string& panel, const std::string& name) {
  plot::LinePlot lines;
  for (const double gamma : GammasOf(data, panel)) {
    plot::Series series =
        BandCurve(data, x_path, name.empty() ? Key(panel, gamma) : Key(panel, gamma, name),
                  fmt::format("γ = {}", gamma), GammaLook(gamma));
    series.markers = true;
    lines.series.push_back(std::move(series));
  }
  return lines;
}

plot::LinePlot KindCurves(const FigureData& data, const std::string& group, const std::string& x,
                          const std::string& of) {
  plot::LinePlot lines;
  for (const auto& [kind, role] : kAnchorRoles) {
    plot::Series series =
        Curve(data, group, x, kind, fmt::format("{} {}", kind, of), RoleLook(role));
    series.markers = true;
    lines.series.push_back(std::move(series));
  }
  return lines;
}

}  // namespace initbias
