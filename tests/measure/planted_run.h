// A Transformer's run whose weights a test plants.
#ifndef INITBIAS_TESTS_MEASURE_PLANTED_RUN_H_
#define INITBIAS_TESTS_MEASURE_PLANTED_RUN_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/result/run_result.h"

namespace initbias {

// A Transformer run with one snapshot, of zeros but for what a test sets.
class PlantedRun : public testing::Test {
 protected:
  PlantedRun() {
    run_.config = {.model = ModelKind::kTransformer};
    run_.config.task.key_max = 60;
    run_.config.init.gamma = 0.8;
    const AnchorTaskConfig& task = run_.config.task;
    table_ = {.shape = {task.vocabulary, kWidth}};
    table_.values.resize(static_cast<size_t>(task.vocabulary * kWidth), 0.0f);
  }

  float& At(int64_t token, int64_t i) {
    return table_.values[static_cast<size_t>(token * kWidth + i)];
  }

  const RunResult& Run() {
    run_.probes = {{0, "parameter.embedding.token", table_}, {0, "parameter.layer0.attn.wv", wv_}};
    run_.probes.push_back({0, "attention_deviation.layer0", deviation_});
    run_.probes.push_back({0, "parameter.layer0.attn.wq", wq_});
    run_.probes.push_back({0, "parameter.layer0.attn.wk", wk_});
    return run_;
  }

  static constexpr int64_t kWidth = 200;
  RunResult run_;
  Array table_;
  Array wv_ = {.shape = {kWidth, 2}, .values = std::vector<float>(2 * kWidth, 0.0f)};
  Array wq_ = wv_;
  Array wk_ = wv_;
  Array deviation_ = {.shape = {2, 2}, .values = {0, 0, 0, 0}};
};

}  // namespace initbias

#endif  // INITBIAS_TESTS_MEASURE_PLANTED_RUN_H_
