// Pairs of like counts out of two lists.
#ifndef INITBIAS_LIB_ANALYSIS_COUNT_MATCHING_H_
#define INITBIAS_LIB_ANALYSIS_COUNT_MATCHING_H_

#include <cstdint>
#include <vector>

namespace initbias {

// Pairs (i, j) of entries of two decreasing lists of counts, which differ by at most `factor`: each
// entry of `a`, in order, with the nearest one of `b` that is still free (in ratio; the first of
// equals), or with none.
struct IndexPair {
  int64_t a = 0;
  int64_t b = 0;
};
std::vector<IndexPair> MatchCounts(const std::vector<double>& a, const std::vector<double>& b,
                                   double factor);

}  // namespace initbias

#endif  // INITBIAS_LIB_ANALYSIS_COUNT_MATCHING_H_
