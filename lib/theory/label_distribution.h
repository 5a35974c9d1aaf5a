// The distribution of the labels of the sequences that contain a token: P_s(i) = Pr(label = i | s
// in X), which drives the token's embedding at small initialisation (Eqs. 7 and 8, appendix B.2).
//
// Exact for s at a given anchor's place, as the paper has it: convolutions of discrete uniform
// distributions. (Given s anywhere, a sequence that holds it twice would weigh less.) All
// distributions are vectors of length d_vob, indexed by the label. The masked combinations are not
// left out, as in the paper's equations: they are 2 of 100.
#ifndef INITBIAS_LIB_THEORY_LABEL_DISTRIBUTION_H_
#define INITBIAS_LIB_THEORY_LABEL_DISTRIBUTION_H_

#include <cstdint>
#include <vector>

#include "lib/config/run_config.h"

namespace initbias {

// P_s of a memory anchor: uniform on the keys (Eq. 7). The same for all of them. Aborts where
// memory labels follow another rule.
std::vector<double> MemoryLabelDistribution(const AnchorTaskConfig& task);

// P_s of the reasoning anchor s: the key, the other q - 1 anchors and s itself add up to i (Eq. 8),
// but for the share task.random_labels, which is uniform on the reasoning labels. Aborts where s is
// no reasoning anchor.
std::vector<double> ReasoningLabelDistribution(const AnchorTaskConfig& task, int64_t s);

// Where sums of independent discrete uniform variables fall: {min .. max} for each variable.
struct UniformRange {
  int64_t min = 0;
  int64_t max = 0;
};

// Pr(sum = i) for i = offset, offset + 1, ..: the sum of independent variables, each uniform on its
// range, by convolution. No range is empty, and there is at least one.
struct SumDistribution {
  int64_t offset = 0;  // the smallest sum
  std::vector<double> probability;
};
SumDistribution ConvolvedUniforms(const std::vector<UniformRange>& ranges);

}  // namespace initbias

#endif  // INITBIAS_LIB_THEORY_LABEL_DISTRIBUTION_H_
