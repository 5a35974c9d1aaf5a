#include "figures/plot/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "figures/plot/grid.h"
#include "lib/base/error.h"

namespace initbias::plot {
namespace {

// Limits nearer to each other than this part of them leave no room for ticks.
constexpr double kSmallestSpan = 1e-9;

// Finite numbers beyond these overflow on their way to the page.
constexpr double kLargest = 1e100;
constexpr double kSmallestLog = 1e-100;

// A cell of a larger map is no more than a dot or two of print, and its files are dozens of MB.
constexpr size_t kMostCells = 65536;  // = 256 x 256

std::string Describe(std::string_view kind, size_t index, std::string_view label) {
  return label.empty() ? fmt::format("{} {}", kind, index + 1)
                       : fmt::format("{} {} \"{}\"", kind, index + 1, label);
}

// Checks of one panel; `where_` opens every message.
class PanelChecker {
 public:
  PanelChecker(std::string where, const Panel& panel) : where_(std::move(where)), panel_(panel) {}

  void Check() const {
    std::visit([this](const auto& content) { CheckContent(content); }, panel_.content);
  }

 private:
  [[noreturn]] void Fail(std::string_view what) const {
    throw Error(fmt::format("{}: {}", where_, what));
  }

  void Require(bool condition, std::string_view what) const {
    if (!condition) {
      Fail(what);
    }
  }

  void RequireLength(std::string_view part, std::string_view what, size_t length,
                     size_t expected) const {
    if (length != expected) {
      Fail(fmt::format("{}: {} has {} values, expected {}", part, what, length, expected));
    }
  }

  // `values` may hold gaps, but no numbers out of all proportion, and on a log axis none that have
  // no logarithm.
  void RequireOnAxis(std::string_view part, std::string_view what, bool log,
                     const std::vector<double>& values) const {
    for (size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i])) {
        continue;
      }
      if (log && values[i] < kSmallestLog) {
        Fail(fmt::format("{}: {}[{}] = {} on a log axis, expected a positive number", part, what, i,
                         values[i]));
      }
      if (std::abs(values[i]) > kLargest) {
        Fail(fmt::format("{}: {}[{}] = {} is too large to be drawn", part, what, i, values[i]));
      }
    }
  }

  static bool AnyFinite(const std::vector<double>& values) {
    return std::any_of(values.begin(), values.end(),
                       [](double value) { return std::isfinite(value); });
  }

  void RequireBand(std::string_view part, const std::vector<double>& lo,
                   const std::vector<double>& hi, size_t expected) const {
    if (lo.empty() && hi.empty()) {
      return;
    }
    RequireLength(part, "lo", lo.size(), expected);
    RequireLength(part, "hi", hi.size(), expected);
    for (size_t i = 0; i < expected; ++i) {
      if (lo[i] > hi[i]) {
        Fail(fmt::format("{}: lo[{}] = {} is above hi[{}] = {}", part, i, lo[i], i, hi[i]));
      }
    }
  }

  void RequireLimits(std::string_view what, const std::optional<double>& min,
                     const std::optional<double>& max) const {
    for (const auto& limit : {min, max}) {
      if (limit && !std::isfinite(*limit)) {
        Fail(fmt::format("{}: a limit is {}, expected a finite number", what, *limit));
      }
    }
    if (min && max && !(*max - *min > kSmallestSpan * std::max(std::abs(*min), std::abs(*max)))) {
      Fail(fmt::format("{}: min = {} and max = {} leave no range, expected min < max", what, *min,
                       *max));
    }
  }

  void CheckAxis(std::string_view what, const Axis& axis) const {
    RequireLimits(what, axis.min, axis.max);
    for (const auto& limit : {axis.min, axis.max}) {
      RequireOnAxis(what, "limit", axis.log, {limit.value_or(1)});
    }
  }

  void CheckAxes() const {
    CheckAxis("x axis", panel_.x_axis);
    CheckAxis("y axis", panel_.y_axis);
    for (const ReferenceLine& line : panel_.references) {
      const bool horizontal = line.direction == ReferenceLine::Direction::kHorizontal;
      Require(std::isfinite(line.at), "a reference line stands at no finite number");
      RequireOnAxis("reference line", "at", (horizontal ? panel_.y_axis : panel_.x_axis).log,
                    {line.at});
    }
  }

  // A diagram or a matrix has no numbers on axes of their own.
  void RequireBareAxes(std::string_view kind) const {
    for (const Axis* axis : {&panel_.x_axis, &panel_.y_axis}) {
      Require(!axis->log && !axis->min && !axis->max,
              fmt::format("{} takes no limits or logarithm from its axes", kind));
    }
    Require(panel_.references.empty(), fmt::format("{} takes no reference lines", kind));
  }

  void CheckContent(const LinePlot& plot) const {
    CheckAxes();
    Require(!plot.series.empty(), "a line plot without series");
    RequireLimits("colour scale", plot.scale.min, plot.scale.max);
    for (size_t i = 0; i < plot.series.size(); ++i) {
      const Series& series = plot.series[i];
      const std::string part = Describe("series", i, series.label);
      Require(!series.x.empty(), fmt::format("{}: no values", part));
      RequireLength(part, "y", series.y.size(), series.x.size());
      RequireBand(part, series.lo, series.hi, series.y.size());
      RequireFinitePoint(part, series.x, series.y);
      RequireOnAxis(part, "x", panel_.x_axis.log, series.x);
      RequireOnAxis(part, "y", panel_.y_axis.log, series.y);
      RequireOnAxis(part, "lo", panel_.y_axis.log, series.lo);
      RequireOnAxis(part, "hi", panel_.y_axis.log, series.hi);
      if (series.value) {
        Require(std::isfinite(*series.value),
                fmt::format("{}: value is not a finite number", part));
        RequireOnAxis(part, "value", false, {*series.value});
      }
    }
  }

  void CheckContent(const HeatMap& map) const {
    RequireBareAxes("a heat map");
    if (map.rows < 1 || map.columns < 1) {
      Fail(fmt::format("a heat map of {} rows and {} columns", map.rows, map.columns));
    }
    const auto cells = static_cast<size_t>(map.rows) * static_cast<size_t>(map.columns);
    if (cells > kMostCells) {
      Fail(fmt::format(
          "a heat map of {} x {} cells, expected at most {}: average or sample it first", map.rows,
          map.columns, kMostCells));
    }
    RequireLength(fmt::format("heat map of {} x {}", map.rows, map.columns), "values",
                  map.values.size(), cells);
    if (!map.row_labels.empty()) {
      RequireLength("heat map", "row_labels", map.row_labels.size(), static_cast<size_t>(map.rows));
    }
    if (!map.column_labels.empty()) {
      RequireLength("heat map", "column_labels", map.column_labels.size(),
                    static_cast<size_t>(map.columns));
    }
    if (!map.cell_labels.empty()) {
      RequireLength(fmt::format("heat map of {} x {}", map.rows, map.columns), "cell_labels",
                    map.cell_labels.size(), cells);
    }
    if (!map.contours.values.empty()) {
      RequireLength(fmt::format("heat map of {} x {}", map.rows, map.columns), "contours.values",
                    map.contours.values.size(), cells);
    }
    for (const double level : map.contours.levels) {
      Require(std::isfinite(level), "heat map: a level of its contours is not a finite number");
    }
    Require(AnyFinite(map.values), "heat map: no finite value");
    RequireOnAxis("heat map", "values", false, map.values);
    RequireLimits("colour scale", map.scale.min, map.scale.max);
  }

  void CheckContent(const Scatter& scatter) const {
    CheckAxes();
    Require(!scatter.groups.empty(), "a scatter without groups");
    RequireLimits("colour scale", scatter.scale.min, scatter.scale.max);
    for (size_t i = 0; i < scatter.groups.size(); ++i) {
      const ScatterGroup& group = scatter.groups[i];
      const std::string part = Describe("group", i, group.label);
      Require(!group.x.empty(), fmt::format("{}: no values", part));
      RequireLength(part, "y", group.y.size(), group.x.size());
      if (!group.point_labels.empty()) {
        RequireLength(part, "point_labels", group.point_labels.size(), group.x.size());
      }
      if (!group.values.empty()) {
        RequireLength(part, "values", group.values.size(), group.x.size());
        Require(AnyFinite(group.values), fmt::format("{}: no finite value", part));
        RequireOnAxis(part, "values", false, group.values);
      }
      RequireFinitePoint(part, group.x, group.y);
      RequireOnAxis(part, "x", panel_.x_axis.log, group.x);
      RequireOnAxis(part, "y", panel_.y_axis.log, group.y);
    }
  }

  void CheckContent(const TokenStrip& strip) const {
    RequireBareAxes("a token strip");
    Require(!strip.rows.empty(), "a token strip without rows");
    for (size_t i = 0; i < strip.rows.size(); ++i) {
      const TokenRow& row = strip.rows[i];
      const std::string part = Describe("row", i, row.label);
      Require(!row.boxes.empty(), fmt::format("{}: no boxes", part));
      for (const TokenGroup& group : row.groups) {
        if (group.first < 0 || group.last < group.first ||
            std::cmp_greater_equal(group.last, row.boxes.size())) {
          Fail(fmt::format("{}: group \"{}\" over boxes {} to {}, expected 0 <= first <= last < {}",
                           part, group.text, group.first, group.last, row.boxes.size()));
        }
      }
    }
  }

  void RequireFinitePoint(std::string_view part, const std::vector<double>& x,
                          const std::vector<double>& y) const {
    for (size_t i = 0; i < x.size(); ++i) {
      if (std::isfinite(x[i]) && std::isfinite(y[i])) {
        return;
      }
    }
    Fail(fmt::format("{}: none of {} points is finite", part, x.size()));
  }

  std::string where_;
  const Panel& panel_;
};

void CheckGrid(std::string_view name, const Figure& figure, const std::vector<Place>& places) {
  for (size_t i = 0; i < places.size(); ++i) {
    const Place& place = places[i];
    if (place.row < 0 || place.column < 0 || place.column_span < 1 ||
        place.column + place.column_span > figure.columns) {
      throw Error(fmt::format("{}: {} spans {} columns: outside of a grid of {} columns", name,
                              DescribePlace(place), place.column_span, figure.columns));
    }
    for (size_t j = 0; j < i; ++j) {
      const Place& other = places[j];
      if (Overlap(place, other)) {
        throw Error(
            fmt::format("{}: {} overlaps {}", name, DescribePlace(place), DescribePlace(other)));
      }
    }
  }
}

// What panels that share an axis must have in common, as text: an axis of numbers, or of cells with
// their names.
std::string AxisKind(const Panel& panel, bool x) {
  const Axis& axis = x ? panel.x_axis : panel.y_axis;
  if (const auto* map = std::get_if<HeatMap>(&panel.content)) {
    return x ? fmt::format("{} columns from {}, \"{}\"", map->columns, map->column_start,
                           fmt::join(map->column_labels, "\", \""))
             : fmt::format("{} rows from {}, \"{}\"", map->rows, map->row_start,
                           fmt::join(map->row_labels, "\", \""));
  }
  const auto limit = [](const std::optional<double>& value) {
    return value ? fmt::format("{}", *value) : "unset";
  };
  return fmt::format("log = {}, min {}, max {}", axis.log, limit(axis.min), limit(axis.max));
}

void CheckShares(std::string_view name, const Figure& figure, const std::vector<Place>& places) {
  for (const bool x : {true, false}) {
    std::map<std::string, size_t> first;
    for (size_t i = 0; i < figure.panels.size(); ++i) {
      const Panel& panel = figure.panels[i];
      const std::string& share = x ? panel.x_axis.share : panel.y_axis.share;
      if (share.empty()) {
        continue;
      }
      const size_t other = first.emplace(share, i).first->second;
      const std::string kind = AxisKind(panel, x);
      const std::string expected = AxisKind(figure.panels[other], x);
      if (kind != expected) {
        throw Error(
            fmt::format("{}: {} shares the {} axis \"{}\" with {}, but they differ: {} here, "
                        "{} there",
                        name, DescribePlace(places[i]), x ? "x" : "y", share,
                        DescribePlace(places[other]), kind, expected));
      }
    }
  }
}

}  // namespace

void CheckFigure(std::string_view name, const Figure& figure) {
  if (figure.panels.empty()) {
    throw Error(fmt::format("{}: a figure without panels", name));
  }
  if (figure.columns < 1) {
    throw Error(fmt::format("{}: columns = {}, expected at least 1", name, figure.columns));
  }
  if (!(figure.width_in >= 1 && figure.width_in <= 50)) {
    throw Error(fmt::format("{}: width_in = {}, expected 1 to 50 inches", name, figure.width_in));
  }
  const std::vector<Place> places = PlacePanels(figure);
  CheckGrid(name, figure, places);
  CheckShares(name, figure, places);
  const std::vector<double>& heights = figure.row_heights_in;
  const int rows = CountRows(places);
  if (!heights.empty() && std::cmp_not_equal(heights.size(), rows)) {
    throw Error(fmt::format("{}: row_heights_in has {} values, expected {} or none", name,
                            heights.size(), rows));
  }
  for (const double height : heights) {
    if (!(height >= 0 && height < 100)) {
      throw Error(fmt::format("{}: row_heights_in holds {}, expected a number from 0 to 100", name,
                              height));
    }
  }
  for (size_t i = 0; i < figure.panels.size(); ++i) {
    PanelChecker(fmt::format("{}: {}", name, DescribePlace(places[i])), figure.panels[i]).Check();
  }
}

}  // namespace initbias::plot
