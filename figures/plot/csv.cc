#include "figures/plot/csv.h"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>
#include <variant>
#include <vector>

#include "figures/plot/grid.h"

namespace initbias::plot {
namespace {

std::string Field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + "\"";
}

// -nan would tell how a gap came about, not what is drawn.
std::string Number(double value) { return value != value ? "nan" : fmt::format("{}", value); }

std::string NumberAt(const std::vector<double>& values, size_t i) {
  return values.empty() ? "" : Number(values[i]);
}

std::string TextAt(const std::vector<std::string>& texts, size_t i) {
  return texts.empty() ? "" : texts[i];
}

// The columns that differ from row to row within a panel.
struct Row {
  std::string_view kind;
  std::string series;
  std::string x;
  std::string x_label;
  std::string y;
  std::string y_label;
  std::string lo;
  std::string hi;
  std::string value;
  std::string label;
};

std::string Name(const std::string& label, size_t index) {
  return label.empty() ? fmt::format("{}", index + 1) : label;
}

std::vector<Row> Rows(const LinePlot& plot) {
  std::vector<Row> rows;
  for (size_t s = 0; s < plot.series.size(); ++s) {
    const Series& series = plot.series[s];
    for (size_t i = 0; i < series.x.size(); ++i) {
      rows.push_back({.kind = "line",
                      .series = Name(series.label, s),
                      .x = Number(series.x[i]),
                      .y = Number(series.y[i]),
                      .lo = NumberAt(series.lo, i),
                      .hi = NumberAt(series.hi, i),
                      .value = series.value ? Number(*series.value) : ""});
    }
  }
  return rows;
}

std::vector<Row> Rows(const HeatMap& map) {
  std::vector<Row> rows;
  for (int r = 0; r < map.rows; ++r) {
    for (int c = 0; c < map.columns; ++c) {
      const auto row = static_cast<size_t>(r);
      const auto column = static_cast<size_t>(c);
      const size_t cell = row * static_cast<size_t>(map.columns) + column;
      rows.push_back({.kind = "heatmap",
                      .series = "1",
                      .x = Number(map.column_start + c),
                      .x_label = TextAt(map.column_labels, column),
                      .y = Number(map.row_start + r),
                      .y_label = TextAt(map.row_labels, row),
                      .value = Number(map.values[cell]),
                      .label = TextAt(map.cell_labels, cell)});
    }
  }
  // What the lines are made of.
  for (size_t cell = 0; cell < map.contours.values.size(); ++cell) {
    Row row = rows[cell];
    row.kind = "contours";
    row.value = Number(map.contours.values[cell]);
    row.label = "";
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<Row> Rows(const Scatter& scatter) {
  std::vector<Row> rows;
  for (size_t g = 0; g < scatter.groups.size(); ++g) {
    const ScatterGroup& group = scatter.groups[g];
    for (size_t i = 0; i < group.x.size(); ++i) {
      rows.push_back({.kind = "scatter",
                      .series = Name(group.label, g),
                      .x = Number(group.x[i]),
                      .y = Number(group.y[i]),
                      .value = NumberAt(group.values, i),
                      .label = TextAt(group.point_labels, i)});
    }
  }
  return rows;
}

std::vector<Row> Rows(const TokenStrip& strip) {
  std::vector<Row> rows;
  for (size_t r = 0; r < strip.rows.size(); ++r) {
    const TokenRow& row = strip.rows[r];
    const auto add = [&](size_t x, const TokenBox& box) {
      rows.push_back({.kind = "token",
                      .series = Name(row.label, r),
                      .x = fmt::format("{}", x),
                      .y = fmt::format("{}", r + 1),
                      .label = box.text});
    };
    for (size_t b = 0; b < row.boxes.size(); ++b) {
      add(b + 1, row.boxes[b]);
    }
    if (!row.result.text.empty()) {
      add(0, row.result);
    }
  }
  return rows;
}

std::vector<Row> ReferenceRows(const Panel& panel) {
  std::vector<Row> rows;
  for (size_t i = 0; i < panel.references.size(); ++i) {
    const ReferenceLine& line = panel.references[i];
    Row row{.kind = "reference", .series = fmt::format("{}", i + 1), .label = line.label};
    (line.direction == ReferenceLine::Direction::kHorizontal ? row.y : row.x) = Number(line.at);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

std::string FigureCsv(const Figure& figure) {
  std::string csv = "panel,row,column,title,kind,series,x,x_label,y,y_label,lo,hi,value,label\n";
  const std::vector<Place> places = PlacePanels(figure);
  for (size_t i = 0; i < places.size(); ++i) {
    const Panel& panel = figure.panels[i];
    std::vector<Row> rows =
        std::visit([](const auto& content) { return Rows(content); }, panel.content);
    const std::vector<Row> references = ReferenceRows(panel);
    rows.insert(rows.end(), references.begin(), references.end());
    const std::string where = fmt::format("{},{},{},{}", Field(places[i].letter), places[i].row + 1,
                                          places[i].column + 1, Field(panel.title));
    for (const Row& row : rows) {
      csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", where, row.kind, Field(row.series),
                         row.x, Field(row.x_label), row.y, Field(row.y_label), row.lo, row.hi,
                         row.value, Field(row.label));
    }
  }
  return csv;
}

}  // namespace initbias::plot
