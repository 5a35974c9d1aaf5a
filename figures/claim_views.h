// A single claim in full, and the claims of two results folders side by side, for a terminal.
#ifndef INITBIAS_FIGURES_CLAIM_VIEWS_H_
#define INITBIAS_FIGURES_CLAIM_VIEWS_H_

#include <string>
#include <string_view>
#include <vector>

#include "figures/stored_figures.h"
#include "lib/store/compare.h"

namespace initbias {

// How a claim's verdict comes about, so that a reader can do it by hand: statement, place, metric,
// region, preconditions, values by seed, interval, verdict, registration, the runs with their
// digests, and the commands that do it again. The verdict is made once more from the stored values:
// another than the stored one is said. `results`: the --results flag, "" for none. Throws Error
// where `figure` has no claim `id`.
std::string ExplainClaim(const StoredFigure& figure, std::string_view id,
                         const std::string& results, int width);

// A claim of two results folders at one scale.
struct ScaledComparison {
  std::string scale;
  ClaimComparison claim;
};

// A line a claim: scale, id, verdict and mean of both, and "same" (verdict and values), "values"
// (the same verdict), "VERDICT" (another one) or "-" (only one has it); then how many there are of
// each. `a`, `b`: what the folders are called. Where lines would be longer than `width`, the
// verdicts stand below scale and id.
std::string ComparisonTable(const std::vector<ScaledComparison>& claims, const std::string& a,
                            const std::string& b, size_t width);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_CLAIM_VIEWS_H_
