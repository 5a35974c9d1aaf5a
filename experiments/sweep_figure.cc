#include "experiments/sweep_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>
#include <utility>
#include <variant>

#include "figures/panels/panel_place.h"
#include "figures/panels/values.h"
#include "figures/plot/contours.h"
#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/base/nan.h"
#include "lib/measure/stored_seeds.h"

namespace initbias {
namespace {

constexpr int kMostColumns = 3;
constexpr double kRowHeightIn = 1.7;

// The number of a place in row-major order.
size_t CellIndex(const std::vector<size_t>& place, const std::vector<size_t>& lengths) {
  size_t cell = 0;
  for (size_t axis = 0; axis < lengths.size(); ++axis) {
    cell = cell * lengths[axis] + place[axis];
  }
  return cell;
}

// The values of a metric at all places and seeds.
struct Cells {
  std::vector<size_t> lengths;  // of the axes
  FigureArray array;            // row-major [axis 1, axis 2, .., seed]

  // PresentSeeds of one place.
  std::vector<double> At(const std::vector<size_t>& place) const {
    return AtCell(CellIndex(place, lengths));
  }

  std::vector<double> AtCell(size_t cell) const { return PresentSeeds(SeedsOfRow(array, cell)); }

  size_t Count() const {
    return std::accumulate(lengths.begin(), lengths.end(), size_t{1}, std::multiplies<>());
  }
};

// The colours of a metric: one scale for all places, also where they stand in several panels.
plot::ColorScale ScaleOf(const SweepMetric& metric, const Cells& cells) {
  plot::ColorScale scale{.min = metric.min, .max = metric.max};
  if (metric.min) {
    return scale;
  }
  std::vector<double> medians;
  for (size_t cell = 0; cell < cells.Count(); ++cell) {
    if (const double median = Median(cells.AtCell(cell)); !std::isnan(median)) {
      medians.push_back(median);
    }
  }
  if (medians.empty()) {
    return scale;
  }
  const auto [lo, hi] = std::ranges::minmax(medians);
  if (metric.about_zero) {
    const double most = std::max({std::abs(lo), std::abs(hi), 1e-6});
    return {.map = plot::ColorMap::kDiverging, .min = -most, .max = most};
  }
  if (hi - lo > 1e-6 * std::max(std::abs(lo), std::abs(hi))) {  // less is no range
    scale.min = lo;
    scale.max = hi;
  }
  return scale;
}

// Where the file has the fields of the axes, the values of one, and whether curves are asked for.
std::string AxesPath(const std::string& group) { return group + "/axes"; }
std::string LinesPath(const std::string& group) { return group + "/lines"; }
std::string AxisPath(const std::string& group, size_t axis) {
  return fmt::format("{}/axis{}", group, axis + 1);
}

// "gamma" for init.gamma: what stands at an axis.
std::string AxisLabel(const std::string& field) {
  return field == kGammaField                 ? "γ"
         : field == "optimizer.learning_rate" ? "learning rate"
         : field == "optimizer.weight_decay"  ? "weight decay"
                                              : field;
}

std::string ContoursPath(const std::string& group, const std::string& metric) {
  return fmt::format("{}/contours/{}", group, metric);
}

constexpr size_t kMostContours = 5;

// All of it as the file has it.
struct Stored {
  std::vector<std::string> fields;
  std::vector<std::vector<std::string>> values;
  std::vector<std::string> metrics;
  bool lines = false;
  std::string contours;  // the metric that the file has them of, or ""

  Stored(const std::string& group, const FigureData& data)
      : fields(data.Texts(AxesPath(group))),
        metrics(data.Texts(MetricsPath(group))),
        lines(Value(data, LinesPath(group)) != 0) {
    for (size_t i = 0; i < fields.size(); ++i) {
      values.push_back(data.Texts(AxisPath(group, i)));
    }
    const std::string prefix = ContoursPath(group, "");
    for (const FigureArray& array : data.arrays) {
      if (array.path.starts_with(prefix)) {
        contours = array.path.substr(prefix.size());
      }
    }
  }

  // Those of the array at `path`.
  Cells CellsAt(const std::string& path, const FigureData& data) const {
    Cells cells{.array = data.Get(path)};
    for (const std::vector<std::string>& some : values) {
      cells.lengths.push_back(some.size());
    }
    return cells;
  }

  // Whether the first axis is one of numbers.
  bool Numbers() const { return !AxisNumbers(values[0]).empty(); }
  bool Curves() const { return Numbers() && (fields.size() == 1 || lines); }
};

// Whether numbers stand better on a logarithmic axis: none is 0, and they span a factor of 20.
bool IsLog(const std::vector<double>& numbers) {
  const auto [lo, hi] = std::ranges::minmax(numbers);
  return lo > 0 && hi > 20 * lo;
}

// The curve of a metric along the first axis, at these places of the others.
plot::Series CurveAlong(const Cells& cells, std::vector<size_t> place,
                        const std::vector<double>& x) {
  plot::Series series{.markers = true};
  for (size_t i = 0; i < x.size(); ++i) {
    place[0] = i;
    const std::vector<double> some = cells.At(place);
    series.x.push_back(x[i]);
    series.y.push_back(Median(some));
    series.lo.push_back(some.empty() ? kNan : std::ranges::min(some));
    series.hi.push_back(some.empty() ? kNan : std::ranges::max(some));
  }
  return series;
}

plot::Panel CurvesPanel(const Stored& stored, const SweepMetric& metric, const Cells& cells,
                        std::vector<size_t> place) {
  const std::vector<double> x = AxisNumbers(stored.values[0]);
  plot::LinePlot lines;
  const size_t count = stored.fields.size() > 1 ? stored.values[1].size() : 1;
  for (size_t i = 0; i < count; ++i) {
    if (stored.fields.size() > 1) {
      place[1] = i;
    }
    plot::Series series = CurveAlong(cells, place, x);
    series.look = plot::IndexLook(static_cast<int>(i));
    if (series.look.marker == plot::Marker::kNone) {
      series.look.marker = plot::Marker::kCircle;
    }
    if (stored.fields.size() > 1) {
      series.label = fmt::format("{} = {}", AxisLabel(stored.fields[1]), stored.values[1][i]);
    }
    if (!std::ranges::all_of(series.y, [](double y) { return std::isnan(y); })) {
      lines.series.push_back(std::move(series));
    }
  }
  return {.x_axis = {.label = AxisLabel(stored.fields[0]), .log = IsLog(x)},
          .y_axis = {.label = std::string(metric.label), .unit = std::string(metric.unit)},
          .content = std::move(lines)};
}

// The medians as a heat map has them: the first axis to the right, the second, if any, upwards.
std::vector<double> MedianMap(const Stored& stored, const Cells& cells, std::vector<size_t> place) {
  const size_t rows = stored.fields.size() > 1 ? stored.values[1].size() : 1;
  std::vector<double> medians;
  for (size_t row = rows; row-- > 0;) {
    if (stored.fields.size() > 1) {
      place[1] = row;
    }
    for (size_t column = 0; column < stored.values[0].size(); ++column) {
      place[0] = column;
      medians.push_back(Median(cells.At(place)));
    }
  }
  return medians;
}

plot::Panel MapPanel(const Stored& stored, const SweepMetric& metric, const Cells& cells,
                     const std::vector<size_t>& place) {
  const size_t rows = stored.fields.size() > 1 ? stored.values[1].size() : 1;
  plot::HeatMap map{.rows = static_cast<int>(rows),
                    .columns = static_cast<int>(stored.values[0].size()),
                    .values = MedianMap(stored, cells, place),
                    .column_labels = stored.values[0],
                    .scale = ScaleOf(metric, cells),
                    .square = false};
  if (stored.fields.size() > 1) {
    map.row_labels.assign(stored.values[1].rbegin(), stored.values[1].rend());
  }
  if (stored.fields.size() == 1) {
    map.row_labels = {""};
  }
  plot::Panel panel{.x_axis = {.label = AxisLabel(stored.fields[0])}, .content = std::move(map)};
  if (stored.fields.size() > 1) {
    panel.y_axis.label = AxisLabel(stored.fields[1]);
  }
  return panel;
}

// Stands where no run has a value.
plot::Panel NothingPanel() {
  return {.content = plot::TokenStrip{
              .rows = {{.label = "no run comes so far", .boxes = {{.text = "–"}}}}}};
}

bool NoValue(const Cells& cells, std::vector<size_t> place, size_t axes) {
  for (size_t i = 0; i < cells.lengths[0]; ++i) {
    place[0] = i;
    for (size_t j = 0; j < (axes > 1 ? cells.lengths[1] : 1); ++j) {
      if (axes > 1) {
        place[1] = j;
      }
      if (!cells.At(place).empty()) {
        return false;
      }
    }
  }
  return true;
}

std::string MetricTitle(const SweepMetric& metric) {
  return metric.unit.empty() ? std::string(metric.label)
                             : fmt::format("{} ({})", metric.label, metric.unit);
}

}  // namespace

void AddSweep(const std::string& group, const Sweep& sweep, const Runs& runs, FigureData* figure) {
  INITBIAS_CHECK(!sweep.axes.empty() && sweep.axes.size() <= 3);
  std::vector<std::string> fields;
  std::vector<int64_t> shape;
  std::vector<size_t> lengths;
  size_t places = 1;
  for (size_t i = 0; i < sweep.axes.size(); ++i) {
    const SweepAxis& axis = sweep.axes[i];
    fields.push_back(axis.field);
    shape.push_back(static_cast<int64_t>(axis.values.size()));
    lengths.push_back(axis.values.size());
    places *= axis.values.size();
    figure->texts.push_back({.path = AxisPath(group, i), .values = axis.values});
  }
  std::set<int64_t> seeds;
  for (const RunResult* run : runs) {
    seeds.insert(run->config.seed);
  }
  shape.push_back(static_cast<int64_t>(seeds.size()));
  figure->texts.push_back({.path = AxesPath(group), .values = fields});
  figure->texts.push_back({.path = MetricsPath(group), .values = sweep.metrics});
  figure->Add(LinesPath(group), {sweep.lines ? 1.0 : 0.0}, "1");
  std::vector<size_t> entries;  // of each run, in the values of a metric
  for (const RunResult* run : runs) {
    const std::vector<size_t> place = PlaceOnAxes(run->config, sweep.axes);
    INITBIAS_CHECK(!place.empty());
    const auto seed =
        static_cast<size_t>(std::distance(seeds.begin(), seeds.find(run->config.seed)));
    entries.push_back(CellIndex(place, lengths) * seeds.size() + seed);
  }
  const auto add = [&](const std::string& path, const std::string& name) {
    const SweepMetric& metric = FindSweepMetric(name);
    std::vector<double> values(places * seeds.size(), kNan);
    for (size_t i = 0; i < runs.size(); ++i) {
      values[entries[i]] = metric.measure(*runs[i]);
    }
    AddCells(path, metric, shape, std::move(values), figure);
  };
  for (const std::string& name : sweep.metrics) {
    add(CellsPath(group, name), name);
  }
  if (!sweep.contours.empty()) {
    add(ContoursPath(group, sweep.contours), sweep.contours);
  }
}

std::vector<SeedList> SweepLine(const std::string& group, const std::string& metric,
                                const FigureData& data, const std::string& second) {
  const Stored stored(group, data);
  INITBIAS_CHECK(stored.fields.size() <= 2 && (stored.fields.size() == 2) == !second.empty());
  const FigureArray& cells = data.Get(CellsPath(group, metric));
  const size_t rows = second.empty() ? 1 : stored.values[1].size();
  size_t cell = second.empty() ? 0 : PlaceOf(stored.values[1], second);
  std::vector<SeedList> places;
  for (const std::string& value : stored.values[0]) {
    places.push_back(
        {fmt::format("{} = {}", AxisLabel(stored.fields[0]), value), SeedsOfRow(cells, cell)});
    cell += rows;
  }
  return places;
}

std::vector<double> SweepCell(const std::string& group, const std::string& metric,
                              const std::string& first, const std::string& second,
                              const FigureData& data) {
  return SweepLine(group, metric, data, second)
      .at(PlaceOf(SweepValues(group, 0, data), first))
      .values;
}

const std::vector<std::string>& SweepValues(const std::string& group, size_t axis,
                                            const FigureData& data) {
  return data.Texts(AxisPath(group, axis));
}

int SweepColumns(const std::string& group, const FigureData& data) {
  const Stored stored(group, data);
  const size_t panels = stored.fields.size() == 3 ? stored.values[2].size() : stored.metrics.size();
  return static_cast<int>(std::min<size_t>(kMostColumns, panels));
}

int AddSweepPanels(const std::string& group, const FigureData& data, int row,
                   plot::Figure* figure) {
  const Stored stored(group, data);
  int column = 0;
  std::string letter = group;
  const auto next_row = [&] {
    row += column > 0 ? 1 : 0;
    column = 0;
  };
  const bool three = stored.fields.size() == 3;
  const auto cells_of = [&](const std::string& name) {
    return stored.CellsAt(CellsPath(group, name), data);
  };
  // What no run comes to stands last, in rows that need no height.
  std::vector<std::string> metrics = stored.metrics;
  std::stable_partition(metrics.begin(), metrics.end(), [&](const std::string& name) {
    return three || !NoValue(cells_of(name), std::vector<size_t>(stored.fields.size(), 0),
                             stored.fields.size());
  });
  constexpr double kLowRowIn = 0.2;
  const auto first_row = static_cast<size_t>(row);
  std::set<int> high_rows;
  for (const std::string& name : metrics) {
    const SweepMetric& metric = FindSweepMetric(name);
    const Cells cells = cells_of(name);
    if (three) {
      next_row();
    }
    for (size_t i = 0; i < (three ? stored.values[2].size() : 1); ++i) {
      std::vector<size_t> place(stored.fields.size(), 0);
      place.back() = three ? i : 0;
      const bool nothing = NoValue(cells, place, stored.fields.size());
      const bool curves = stored.Curves() && !nothing;
      if (!nothing) {
        high_rows.insert(row);
      }
      plot::Panel panel = nothing  ? NothingPanel()
                          : curves ? CurvesPanel(stored, metric, cells, place)
                                   : MapPanel(stored, metric, cells, place);
      std::string title = curves ? "" : MetricTitle(metric);
      if (auto* map = std::get_if<plot::HeatMap>(&panel.content);
          map != nullptr && !stored.contours.empty() && name == stored.metrics.front()) {
        const Cells lines = stored.CellsAt(ContoursPath(group, stored.contours), data);
        map->contours.values = MedianMap(stored, lines, place);
        map->contours.levels = plot::RoundLevels(map->contours.values, kMostContours);
        title += "; lines: " + MetricTitle(FindSweepMetric(stored.contours));
      }
      if (three) {
        title += fmt::format("{}{} = {}", title.empty() ? "" : ", ", AxisLabel(stored.fields[2]),
                             stored.values[2][i]);
      }
      AddPanel(std::move(panel), std::exchange(letter, ""), title, {.row = row, .column = column},
               figure);
      if (++column == figure->columns) {
        next_row();
      }
    }
  }
  next_row();
  figure->row_heights_in.resize(static_cast<size_t>(row), kRowHeightIn);
  for (size_t i = first_row; i < figure->row_heights_in.size(); ++i) {
    if (!high_rows.contains(static_cast<int>(i))) {
      figure->row_heights_in[i] = kLowRowIn;
    }
  }
  return row;
}

}  // namespace initbias
