// What figures draw of embeddings, as arrays of a figure file.
#ifndef INITBIAS_LIB_MEASURE_EMBEDDING_ARRAYS_H_
#define INITBIAS_LIB_MEASURE_EMBEDDING_ARRAYS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lib/analysis/matrix.h"
#include "lib/config/run_config.h"
#include "lib/config/token_range.h"
#include "lib/measure/run_set.h"
#include "lib/measure/stages.h"
#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"

namespace initbias {

// Adds to `figure`, below `group`: `tokens`, `cosine` [n, n].
void AddMatrix(const std::string& group, TokenRange tokens, const Matrix& cosines,
               FigureData* figure);

// Adds memory/ and reasoning/ (AddMatrix) of the first of `runs`, and the mean cosine by distance
// |s_i - s_j| as bands over seeds: distance, memory/by_distance, reasoning/by_distance.
void AddAnchorCosines(const std::string& group, const Runs& runs, const ShareOf& share,
                      FigureData* figure);

// Adds the first two principal components of rows (tokens of kind/): <kind>/{token, pc1, pc2} for
// memory, reasoning and keys, other tokens as `other`, and `variance`, the shares of the two.
void AddComponents(const std::string& group, const AnchorTaskConfig& task, const Matrix& rows,
                   TokenRange tokens, FigureData* figure);

// Adds `metric` at every probed step as a band over seeds: <group>/epoch (once) and <group>/<name>.
void AddCourse(const std::string& group, const std::string& name, const Runs& runs,
               const std::function<double(const RunResult&, double)>& metric, FigureData* figure);
// The same of values that were measured there, a curve a run of this config.
void AddCourse(const std::string& group, const std::string& name, const RunConfig& config,
               const std::vector<std::vector<double>>& curves, FigureData* figure);

// Adds the cosines of the reasoning anchor `s` with all reasoning anchors and keys: token, real (a
// band over seeds) and theory.
void AddTheoryRow(const std::string& group, const Runs& runs, const ShareOf& share, int64_t s,
                  FigureData* figure);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_EMBEDDING_ARRAYS_H_
