#include "experiments/variants.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "experiments/sweep_metrics.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/table.h"
#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/measure/stored_seeds.h"

namespace initbias {
namespace {

std::string FieldOf(const std::string& assignment) {
  return assignment.substr(0, assignment.find('='));
}

void Apply(const Variant& variant, RunConfig* config) {
  for (const std::string& assignment : variant.set) {
    ApplyOverride(*config, assignment);
  }
}

// The texts of the varied fields that have an effect in `config`.
std::map<std::string, std::string> VariedTexts(RunConfig config,
                                               const std::vector<std::string>& varied) {
  std::map<std::string, std::string> texts;
  for (const Field& field : Fields(config)) {
    if (std::ranges::find(varied, field.name) != varied.end()) {
      texts[field.name] = field.get();
    }
  }
  return texts;
}

// A run of `model` whose `varied` fields are those of most of its runs.
RunConfig CommonConfig(const RunSet& runs, ModelKind model,
                       const std::vector<std::string>& varied) {
  RunConfig config{.model = model};
  for (const RunResult& run : runs.all()) {
    if (run.config.model == model) {
      config = run.config;
      break;
    }
  }
  for (const std::string& field : varied) {
    if (const std::string text = MostCommonText(runs, model, field); !text.empty()) {
      SetField(config, field, text);
    }
  }
  return config;
}

const Variant& Named(const std::vector<Variant>& variants, const std::string& name) {
  const auto found = std::ranges::find(variants, name, &Variant::name);
  INITBIAS_CHECK(found != variants.end());
  return *found;
}

std::vector<std::string> Names(const std::vector<Variant>& variants) {
  std::vector<std::string> names;
  for (const Variant& variant : variants) {
    names.push_back(variant.name);
  }
  return names;
}

// "0.34" as ".34": cells are narrow. What rounds to zero has no sign.
std::string Short(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text = text == "-0.00" ? "0.00" : text;
  const size_t zero = text.find("0.");
  return zero <= 1 && text.find_first_of("123456789") > zero ? text.erase(zero, 1) : text;
}

// ".34 (.10–.42)"; of a single seed its value.
std::string CellText(const std::vector<double>& present) {
  return present.size() == 1 ? Short(present.front()) : RangeCell(present, Short);
}

// Where a table has the names of its rows and columns.
std::string RowsPath(const std::string& group) { return group + "/rows"; }
std::string ColumnsPath(const std::string& group) { return group + "/columns"; }

}  // namespace

std::vector<Variant> RateColumns(std::span<const double> gammas) {
  std::vector<Variant> columns;
  for (const double gamma : gammas) {
    columns.push_back(
        {.name = RateColumn(gamma), .set = {fmt::format("{}={}", kGammaField, gamma)}});
  }
  return columns;
}

std::string RateColumn(double gamma) { return fmt::format("{}", gamma); }

std::vector<std::string> VariedFields(const VariantTable& table) {
  std::set<std::string> fields;
  for (const std::vector<Variant>* const variants : {&table.rows, &table.columns}) {
    for (const Variant& variant : *variants) {
      for (const std::string& assignment : variant.set) {
        fields.insert(FieldOf(assignment));
      }
    }
  }
  return {fields.begin(), fields.end()};
}

std::string MostCommonText(const RunSet& runs, ModelKind model, const std::string& field) {
  std::map<std::string, size_t> counts;
  for (const RunResult& run : runs.all()) {
    if (run.config.model != model) {
      continue;
    }
    for (const auto& [name, text] : VariedTexts(run.config, {field})) {
      ++counts[text];
    }
  }
  const auto most =
      std::ranges::max_element(counts, {}, [](const auto& one) { return one.second; });
  return most == counts.end() ? "" : most->first;
}

std::vector<RunConfig> VariantRuns(const RunConfig& base, const VariantTable& table) {
  std::vector<RunConfig> runs;
  for (const Variant& row : table.rows) {
    for (const Variant& column : table.columns) {
      runs.push_back(base);
      Apply(row, &runs.back());
      Apply(column, &runs.back());
    }
  }
  return runs;
}

ChooseRuns OfVariant(const VariantTable& table, ModelKind model, const std::string& row,
                     const std::string& column) {
  const std::string what = fmt::format("in the variant {}, {}", row, column);
  return [what, model, varied = VariedFields(table), first = Named(table.rows, row),
          second = Named(table.columns, column)](const RunSet& runs) {
    RunConfig config = CommonConfig(runs, model, varied);
    Apply(first, &config);
    Apply(second, &config);
    const std::map<std::string, std::string> wanted = VariedTexts(config, varied);
    return runs.Select(what, [&](const RunConfig& other) {
      return other.model == model && VariedTexts(other, varied) == wanted;
    });
  };
}

void AddVariants(const std::string& group, const VariantTable& table, ModelKind model,
                 const RunSet& runs, FigureData* figure) {
  figure->texts.push_back({.path = RowsPath(group), .values = Names(table.rows)});
  figure->texts.push_back({.path = ColumnsPath(group), .values = Names(table.columns)});
  figure->texts.push_back({.path = MetricsPath(group), .values = table.metrics});
  for (const std::string& name : table.metrics) {
    const SweepMetric& metric = FindSweepMetric(name);
    std::vector<double> values;
    for (const Variant& row : table.rows) {
      for (const Variant& column : table.columns) {
        const std::vector<double> seeds =
            PerSeed(OfVariant(table, model, row.name, column.name)(runs), metric.measure);
        values.insert(values.end(), seeds.begin(), seeds.end());
      }
    }
    const auto rows = static_cast<int64_t>(table.rows.size());
    const auto columns = static_cast<int64_t>(table.columns.size());
    const auto seeds = static_cast<int64_t>(values.size()) / (rows * columns);
    AddCells(CellsPath(group, name), metric, {rows, columns, seeds}, std::move(values), figure);
  }
}

std::vector<SeedList> VariantColumn(const std::string& group, const std::string& metric,
                                    const std::string& column, const FigureData& data) {
  const std::vector<std::string>& columns = data.Texts(ColumnsPath(group));
  const FigureArray& cells = data.Get(CellsPath(group, metric));
  size_t cell = PlaceOf(columns, column);
  std::vector<SeedList> places;
  for (const std::string& row : data.Texts(RowsPath(group))) {
    places.push_back({row, SeedsOfRow(cells, cell)});
    cell += columns.size();
  }
  return places;
}

std::vector<double> VariantCell(const std::string& group, const std::string& metric,
                                const std::string& row, const std::string& column,
                                const FigureData& data) {
  return VariantColumn(group, metric, column, data)
      .at(PlaceOf(data.Texts(RowsPath(group)), row))
      .values;
}

void AddVariantPanels(const std::string& group, const FigureData& data, int row,
                      plot::Figure* figure, const VariantWords& words) {
  std::vector<std::string> rows = data.Texts(RowsPath(group));
  std::vector<std::string> columns = data.Texts(ColumnsPath(group));
  for (std::string& name : rows) {
    const auto found = words.instead_of.find(name);
    name = found == words.instead_of.end() ? name : found->second;
  }
  for (std::string& name : columns) {
    name.insert(0, words.before_column);
  }
  int place = 0;
  for (const std::string& name : data.Texts(MetricsPath(group))) {
    const SweepMetric& metric = FindSweepMetric(name);
    const FigureArray& cells = data.Get(CellsPath(group, name));
    const auto seeds = static_cast<size_t>(cells.shape.back());
    plot::HeatMap map = PaleTable(columns, 1);
    map.rows = static_cast<int>(rows.size());
    map.row_labels = rows;
    for (size_t cell = 0; cell * seeds < cells.values.size(); ++cell) {
      const std::vector<double> present = PresentSeeds(SeedsOfRow(cells, cell));
      map.values.push_back(present.empty() ? 0 : std::clamp(Median(present), -1.0, 1.0));
      map.cell_labels.push_back(CellText(present));
    }
    AddPanel({.content = std::move(map)}, place == 0 ? group : "", std::string(metric.label),
             {.row = row, .column = place}, figure);
    ++place;
  }
}

}  // namespace initbias
