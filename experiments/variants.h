// A table of variants of one run: what a row and a column set, and what is measured of each cell.
#ifndef INITBIAS_EXPERIMENTS_VARIANTS_H_
#define INITBIAS_EXPERIMENTS_VARIANTS_H_

#include <map>
#include <span>
#include <string>
#include <vector>

#include "experiments/findings.h"
#include "figures/plot/figure.h"
#include "lib/config/run_config.h"
#include "lib/measure/run_set.h"
#include "lib/measure/seed_values.h"
#include "lib/store/figure_file.h"

namespace initbias {

struct Variant {
  std::string name;              // as it stands beside its row or over its column
  std::vector<std::string> set;  // "field=value"; a column's come after its row's
};

struct VariantTable {
  std::vector<Variant> rows;
  std::vector<Variant> columns;
  std::vector<std::string> metrics;  // of sweep_metrics.h
};

// A column a rate of these, "0.3", which sets init.gamma; and the name of one of them.
std::vector<Variant> RateColumns(std::span<const double> gammas);
std::string RateColumn(double gamma);

// All fields that a row or a column sets, for Experiment::varies.
std::vector<std::string> VariedFields(const VariantTable& table);

// `base` in each variant, row by row. Throws Error for an unknown field and for a value that its
// field does not take.
std::vector<RunConfig> VariantRuns(const RunConfig& base, const VariantTable& table);

// The text of a field that most runs of `model` have, of equals the first in the alphabet; "" where
// none has the field.
std::string MostCommonText(const RunSet& runs, ModelKind model, const std::string& field);

// The runs of `model` of one cell in the order of their seeds: those that have the values that
// `row` and `column`, by name, set; of the varied fields that neither sets, what most of the runs
// have, which is the base's where most variants leave it alone. Throws NoSuchRun where there is
// none. Aborts where the table has no such name.
ChooseRuns OfVariant(const VariantTable& table, ModelKind model, const std::string& row,
                     const std::string& column);

// Adds <group>/rows, <group>/columns, <group>/metrics and <group>/cells/<metric> [row, column,
// seed].
void AddVariants(const std::string& group, const VariantTable& table, ModelKind model,
                 const RunSet& runs, FigureData* figure);

// The values of a metric in one column, row by row under the rows' names; and in one cell. Throw
// NoSuchFigureData where the file has no such row or column.
std::vector<SeedList> VariantColumn(const std::string& group, const std::string& metric,
                                    const std::string& column, const FigureData& data);
std::vector<double> VariantCell(const std::string& group, const std::string& metric,
                                const std::string& row, const std::string& column,
                                const FigureData& data);

// What stands beside the rows and over the columns where their names say too little.
struct VariantWords {
  std::string before_column = {};                      // "γ = "
  std::map<std::string, std::string> instead_of = {};  // a row's name
};

// A heat map a metric with medians and ranges over seeds written in, beside each other in `row`.
void AddVariantPanels(const std::string& group, const FigureData& data, int row,
                      plot::Figure* figure, const VariantWords& words = {});

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_VARIANTS_H_
