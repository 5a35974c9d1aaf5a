// How two sets of numbers, tensors, claims or whole files of the store compare: bit by bit, and
// where they differ, where first and by how much.
#ifndef INITBIAS_LIB_STORE_COMPARE_H_
#define INITBIAS_LIB_STORE_COMPARE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/claims/claim.h"
#include "lib/result/run_result.h"
#include "lib/store/hdf5_file.h"

namespace initbias {

// Where the values of two equally long arrays differ. Indices are of the flat arrays. Where one of
// two different values is infinite or NaN, their difference is infinite.
struct ValuesDifference {
  size_t count = 0;     // values whose bits differ; 0: all are the same, and the rest says nothing
  size_t first = 0;     // the first of them
  double absolute = 0;  // the largest |a - b|
  size_t absolute_at = 0;
  double relative = 0;  // the largest |a - b| / max(|a|, |b|)
  size_t relative_at = 0;
};

// `a` and `b` must be of the same length.
ValuesDifference CompareValues(std::span<const float> a, std::span<const float> b);
ValuesDifference CompareValues(std::span<const double> a, std::span<const double> b);
ValuesDifference CompareValues(std::span<const int64_t> a, std::span<const int64_t> b);

// Where the tensors of `mine` leave those of `other`: "first in embedding [140, 200]: largest
// difference 1.2e-07; 3 of 9 tensors differ"; "" where they are the same bits. A tensor that one of
// them lacks, or has in another shape, differs.
std::string FirstDifference(const std::vector<NamedArray>& mine,
                            const std::vector<NamedArray>& other);

// A claim in two sets of claims. The pointers point into these.
struct ClaimComparison {
  std::string id;
  const Claim* a = nullptr;  // null where that set has it not
  const Claim* b = nullptr;
  bool same_verdict = false;  // false where one has it not
  bool same_values = false;   // the verdict, and the metric of every seed to the bit
};

// In the order of `a`; then those that `b` alone has.
std::vector<ClaimComparison> CompareClaims(const std::vector<Claim>& a,
                                           const std::vector<Claim>& b);

// Claim by claim: "verdicts: 8 of 8 equal", or with a line for each that is not.
std::string CompareVerdicts(const std::vector<Claim>& mine, const std::vector<Claim>& reference);

// A data set or attribute that is not the same in two files.
struct ObjectDifference {
  std::string path;                  // "/series/memory/loss", "/config@seed"
  std::string what;                  // "only in A", "[3] in A, [4] in B", "2 of 9 values", ..
  std::vector<std::string> details;  // of values: the first and the largest differences
};

struct FileComparison {
  size_t objects = 0;  // data sets and attributes of either file
  // What comes first has caused the rest: config, series, snapshots, parameters, panels, claims,
  // runs, digests.
  std::vector<ObjectDifference> differences;

  bool equal() const { return differences.empty(); }
};

// All that the content digest is taken over: everything but /provenance and /@digest. Numbers are
// the same where their bits are. Throws Error where a file cannot be read.
FileComparison CompareFiles(const Hdf5File& a, const Hdf5File& b);

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_COMPARE_H_
