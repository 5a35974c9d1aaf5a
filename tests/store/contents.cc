#include "tests/store/contents.h"

#include <cstdint>
#include <vector>

#include "lib/claims/claim.h"
#include "lib/config/run_config.h"

namespace initbias {

std::string NumbersDigest(const RunResult& run) {
  std::vector<NamedArray> arrays = run.parameters;
  for (const Snapshot& probe : run.probes) {
    arrays.push_back({probe.name + std::to_string(probe.step), probe.array});
  }
  for (const LearningCurve& curve : run.curves) {
    for (const auto* values : {&curve.loss, &curve.accuracy}) {
      arrays.push_back(
          {curve.group + (values == &curve.loss ? "/loss" : "/accuracy"),
           {{static_cast<int64_t>(values->size())}, {values->begin(), values->end()}}});
    }
  }
  return ArraysDigest(arrays) + ConfigDigest(run.config) + run.data_digest;
}

std::string NumbersDigest(const Checkpoint& checkpoint) {
  return NumbersDigest(checkpoint.partial) + ArraysDigest(checkpoint.state) +
         std::to_string(checkpoint.step);
}

std::string NumbersDigest(const FigureData& figure) {
  std::vector<NamedArray> arrays;
  for (const FigureArray& array : figure.arrays) {
    arrays.push_back({array.path, {array.shape, {array.values.begin(), array.values.end()}}});
  }
  std::string text = ArraysDigest(arrays);
  for (const Claim& claim : figure.claims) {
    text += claim.id + std::string(VerdictName(claim.verdict));
    for (const double value : claim.values) {
      text += std::to_string(value) + " ";
    }
  }
  for (const FigureRun& run : figure.runs) {
    text += run.id + run.parameters_digest;
  }
  return text;
}

}  // namespace initbias
