// What figures 4 and 5 measure: how the embeddings of anchors lie to each other, beside what the
// theory says of them. Measurements take a run and a stage (a share of its training, 0 .. 1).
#ifndef INITBIAS_EXPERIMENTS_ANCHOR_STRUCTURE_H_
#define INITBIAS_EXPERIMENTS_ANCHOR_STRUCTURE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "lib/analysis/matrix.h"
#include "lib/claims/claim.h"
#include "lib/config/run_config.h"
#include "lib/run/run_set.h"
#include "lib/store/figure_file.h"
#include "lib/store/run_file.h"

namespace initbias {

// Tokens first .. last.
struct TokenRange {
  int64_t first = 0;
  int64_t last = 0;
};
TokenRange MemoryAnchors(const AnchorTaskConfig& task);
TokenRange ReasoningAnchors(const AnchorTaskConfig& task);
TokenRange Keys(const AnchorTaskConfig& task);
std::vector<double> TokenIds(TokenRange tokens);

// Returns [tokens, d]: their embeddings at `stage`.
Matrix Embeddings(const RunResult& run, double stage, TokenRange tokens);

// Returns [tokens, tokens]: the cosine similarities of their embeddings.
Matrix EmbeddingCosines(const RunResult& run, double stage, TokenRange tokens);

// Returns [reasoning anchors, V]: P_s - 1/V (Eq. 8).
Matrix CentredLabelDistributions(const AnchorTaskConfig& task);

// Returns [tokens, d]: w~_s of Theorem 1 (Eq. 14) for reasoning anchors and keys, with the run's
// width, gamma and seed; without its noise where `noise` is false.
Matrix TheoreticalEmbeddings(const RunConfig& config, TokenRange tokens, bool noise = true);

// What the noise of Theorem 1's embeddings is drawn from in a figure of `config`, so that it can be
// drawn again.
std::string NoiseText(const RunConfig& config);

// Measures of one run at `share`. Probabilities are those of permutation tests (9,999 permutations
// of the tokens; see lib/analysis/permutation.h): small where what is seen is no accident.
double ReasoningDecay(const RunResult& run, double share);    // rank correlation with distance
double DecayProbability(const RunResult& run, double share);  // Mantel test of the same
double DecayCorrelation(const RunResult& run, double share);  // its statistic
double MemoryDecayProbability(const RunResult& run, double share);  // of memory anchors
double MemoryAlikeness(const RunResult& run, double share);         // mean cosine
double MemoryContrast(const RunResult& run,
                      double share);  // memory's mean cosine minus reasoning's
// log2 of the range (largest minus smallest) of the reasoning anchors' cosines over memory's.
double SpreadRatio(const RunResult& run, double share);
double LabelProbability(const RunResult& run, double share);  // Mantel test against P_s - 1/d_vob
double LabelAgreement(const RunResult& run, double share);    // its statistic
double TheoryProbability(const RunResult& run,
                         double share);  // Mantel test against noise-free Eq. 14
double TheoryAgreement(const RunResult& run, double share);  // its statistic
// PathLengthTest of the keys (reasoning anchors) in the plane of the first two principal components
// of all embeddings, and its statistic: the path's length as a share of a random path's.
double KeyOrderProbability(const RunResult& run, double share);
double AnchorOrderProbability(const RunResult& run, double share);
double KeyPathLength(const RunResult& run, double share);
// RMSE of the mean cosine of reasoning anchors by distance to Eq. 14's minus that to its own best
// straight line: negative where the shape is Theorem 1's rather than any decay.
double ShapeExcess(const RunResult& run, double share);
// The same of one anchor's cosines: with the other reasoning anchors, and with the keys.
double RowShapeExcess(const RunResult& run, double share, int64_t s);
double KeyRowExcess(const RunResult& run, double share, int64_t s);

// Figure 4A's and 5A's statements on `runs` at one stage, with ids "<prefix>decay", "contrast" and
// "undifferentiated".
struct AnchorClaimPlace {
  std::string prefix;
  std::string place;
  ClaimKind kind = ClaimKind::kText;
  std::string when;  // "at epoch 50 of 1000 (..)", in statement and metric
  ChooseRuns runs;
  ShareOf share;  // NaN where a run does not come so far
};
std::vector<ClaimSpec> AnchorClaims(const AnchorClaimPlace& at);

// `metric` of each run at the share that `share` gives; NaN where that is NaN.
SeedValues AtShares(const ChooseRuns& runs, const ShareOf& share,
                    std::function<double(const RunResult&, double)> metric);

// StageShare of `stage`: NaN where a run does not come so far.
ShareOf JudgedAt(Stage stage);

// `metric` at `stage` of the runs of `a` minus that of the runs of `b`, seed by seed, each run at
// its own date; NaN where one does not come so far.
SeedValues DifferenceAtStage(const ChooseRuns& a, const ChooseRuns& b, Stage stage,
                             double (*metric)(const RunResult&, double));

// Throws Error where a config has too few tokens of a kind for a structure to show.
void CheckStructure(const RunConfig& config);

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

// Adds the cosines of the reasoning anchor `s` with all reasoning anchors and keys: token, real (a
// band over seeds) and theory.
void AddTheoryRow(const std::string& group, const Runs& runs, const ShareOf& share, int64_t s,
                  FigureData* figure);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_ANCHOR_STRUCTURE_H_
