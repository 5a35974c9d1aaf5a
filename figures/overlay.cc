#include "figures/overlay.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "figures/plot/style.h"
#include "lib/base/error.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr int kColumns = 3;

// The index of `name` in `names`, to which it is added where it is new.
int IndexOf(const std::string& name, std::vector<std::string>* names) {
  const auto found = std::ranges::find(*names, name);
  const auto index = static_cast<int>(found - names->begin());
  if (found == names->end()) {
    names->push_back(name);
  }
  return index;
}

// "A/gamma=0.3/memory/loss" as "A/gamma=0.3/memory" and "loss".
struct Place {
  std::string_view folder;
  std::string_view name;
};

Place Part(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? Place{"", path}
                                         : Place{path.substr(0, slash), path.substr(slash + 1)};
}

}  // namespace

std::vector<OverlayCurve> CurvesOf(const RunResult& run) {
  std::vector<OverlayCurve> curves;
  for (const LearningCurve& curve : run.curves) {
    curves.push_back({kLossName, curve.group, "nats", run.epoch, curve.loss});
  }
  for (const LearningCurve& curve : run.curves) {
    curves.push_back({kAccuracyName, curve.group, "", run.epoch, curve.accuracy});
  }
  return curves;
}

std::vector<OverlayCurve> CurvesOf(const FigureData& figure) {
  std::vector<OverlayCurve> curves;
  for (const FigureArray& array : figure.arrays) {
    const auto [folder, name] = Part(array.path);
    const std::string epoch = Below(folder, kEpochName);
    if (name == kEpochName || IsBesideMedian(name) || !figure.Has(epoch) ||
        array.shape != figure.Get(epoch).shape || array.shape.size() != 1) {
      continue;
    }
    const auto [above, series] = Part(folder);
    curves.push_back({fmt::format("{}{}{}", above, above.empty() ? "" : ", ", name),
                      std::string(series), array.units, figure.Get(epoch).values, array.values});
  }
  return curves;
}

plot::Figure OverlayFigure(const std::vector<OverlayCurve>& a, const std::vector<OverlayCurve>& b) {
  std::vector<std::string> titles;
  std::vector<std::string> series;
  plot::Figure figure{.title = "Two files, overlaid", .caption = "A solid, B dashed"};
  for (const bool second : {false, true}) {
    for (const OverlayCurve& curve : second ? b : a) {
      const auto index = static_cast<size_t>(IndexOf(curve.panel, &titles));
      if (index == figure.panels.size()) {
        figure.panels.push_back({.title = curve.panel,
                                 .x_axis = {.label = "epoch"},
                                 .y_axis = {.unit = curve.unit},
                                 .content = plot::LinePlot{}});
      }
      plot::Look look{.hue = plot::IndexLook(IndexOf(curve.series, &series)).hue,
                      .dash = second ? plot::Dash::kDashed : plot::Dash::kSolid};
      std::get<plot::LinePlot>(figure.panels[index].content)
          .series.push_back({.label = fmt::format("{}, {}", curve.series, second ? "B" : "A"),
                             .x = curve.epoch,
                             .y = curve.values,
                             .look = look});
    }
  }
  if (figure.panels.empty()) {
    throw Error("neither file has curves over epochs to draw");
  }
  figure.columns = std::min(kColumns, static_cast<int>(figure.panels.size()));
  return figure;
}

}  // namespace initbias
