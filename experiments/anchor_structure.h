// What figures 4 and 5 measure: how the embeddings of anchors lie to each other, beside what the
// theory says of them. Measurements take a run and a stage (a share of its training, 0 .. 1).
#ifndef INITBIAS_EXPERIMENTS_ANCHOR_STRUCTURE_H_
#define INITBIAS_EXPERIMENTS_ANCHOR_STRUCTURE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

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
// width, gamma and seed.
Matrix TheoreticalEmbeddings(const RunConfig& config, TokenRange tokens);

// Measures of one run at `stage`, for claims.
double ReasoningDecay(const RunResult& run, double stage);   // rank correlation with |s_i - s_j|
double MemoryAlikeness(const RunResult& run, double stage);  // mean cosine
double TheoryAgreement(const RunResult& run, double stage);  // correlation with Eq. 14's cosines
double KeyOrder(const RunResult& run, double stage);         // ComponentOrder of all embeddings
// Correlation of the cosines of anchor s with the other reasoning anchors and Eq. 14's.
double RowAgreement(const RunResult& run, double stage, int64_t s);

// The larger |rank correlation| of the first or second principal component of `rows` (of `tokens`)
// with the numbers of the tokens `ordered`.
double ComponentOrder(const Matrix& rows, TokenRange tokens, TokenRange ordered);

// Claims on them, with the thresholds that all figures share. `statement` is the paper's.
Claim DecayClaim(const std::string& id, const std::string& statement, std::vector<double> values);
Claim AlikeClaim(const std::string& id, const std::string& statement, std::vector<double> values);
Claim AgreementClaim(const std::string& id, const std::string& statement,
                     std::vector<double> values);
Claim OrderClaim(const std::string& id, const std::string& statement, std::vector<double> values);

// The four of them with ids "<prefix>A.decay", "A.alike", "B.order" and "C.agreement", for figure 5
// and what repeats it; `place` begins the statements.
std::vector<Claim> EmbeddingClaims(const std::string& prefix, const std::string& place,
                                   const Runs& runs, double stage);

// Throws Error where a config has too few tokens of a kind for a structure to show.
void CheckStructure(const RunConfig& config);

// Adds to `figure`, below `group`: `tokens`, `cosine` [n, n].
void AddMatrix(const std::string& group, TokenRange tokens, const Matrix& cosines,
               FigureData* figure);

// Adds memory/ and reasoning/ (AddMatrix) of the first of `runs`, and the mean cosine by distance
// |s_i - s_j| as bands over seeds: distance, memory/by_distance, reasoning/by_distance.
void AddAnchorCosines(const std::string& group, const Runs& runs, double stage, FigureData* figure);

// Adds the first two principal components of rows (tokens of kind/): <kind>/{token, pc1, pc2} for
// memory, reasoning and keys, other tokens as `other`, and `variance`, the shares of the two.
void AddComponents(const std::string& group, const AnchorTaskConfig& task, const Matrix& rows,
                   TokenRange tokens, FigureData* figure);

// Adds `metric` at every probed step as a band over seeds: <group>/epoch (once) and <group>/<name>.
void AddCourse(const std::string& group, const std::string& name, const Runs& runs,
               const std::function<double(const RunResult&, double)>& metric, FigureData* figure);

// Adds the cosines of the reasoning anchor `s` with all reasoning anchors and keys: token, real (a
// band over seeds) and theory.
void AddTheoryRow(const std::string& group, const Runs& runs, double stage, int64_t s,
                  FigureData* figure);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_ANCHOR_STRUCTURE_H_
