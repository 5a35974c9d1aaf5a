// What a training run leaves behind, in memory: lib/store/run_file.h reads and writes it.
#ifndef INITBIAS_LIB_RESULT_RUN_RESULT_H_
#define INITBIAS_LIB_RESULT_RUN_RESULT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/config/run_config.h"

namespace initbias {

// A row-major array of floats.
struct Array {
  std::vector<int64_t> shape;
  std::vector<float> values;
};

struct NamedArray {
  std::string name;
  Array array;
};

// Loss (nats a label) and accuracy (share of right labels) of one set of sequences, an entry an
// evaluation.
struct LearningCurve {
  std::string group;  // see EvaluationSet in lib/train/training_data.h
  std::vector<double> loss;
  std::vector<double> accuracy;
};

// A probe's value at one step.
struct Snapshot {
  int64_t step = 0;
  std::string name;
  Array array;
};

// All that may differ between two trainings of the same run.
struct Provenance {
  std::string commit;
  bool dirty = false;  // the working tree had uncommitted changes
  std::string torch_version;
  std::string hdf5_version;
  std::string compiler;
  std::string blas;
  std::string cpu;
  std::string isa;             // the widest the CPU has
  std::string cpu_capability;  // what LibTorch's kernels use of it
  std::string kernels;         // what our own do, e.g. "avx512"; empty where they are not used
  std::string host;
  std::string device;
  std::string numerics;
  int64_t threads = 1;
  int64_t resumed = 0;  // how often the run went on from a checkpoint
  std::string argv;
  std::string start;       // UTC, ISO 8601
  double seconds = 0.0;    // training and evaluation, over all resumptions
  double peak_memory = 0;  // bytes
};

// Larger models' run files would fill a disk: gpt2-124M's would take 500 MB each.
inline constexpr int64_t kMaxStoredParameters = 4'000'000;

// A training run, finished or, in a checkpoint, on its way.
struct RunResult {
  RunConfig config;
  std::string profile;
  std::vector<int64_t> step;          // the steps evaluated
  std::vector<double> epoch;          // the same in epochs
  std::vector<LearningCurve> curves;  // of equal lengths
  std::vector<Snapshot> probes;
  // Final; empty for a model of more than kMaxStoredParameters, of which the digest alone is kept.
  std::vector<NamedArray> parameters;
  std::string data_digest;
  std::string parameters_digest;
  Provenance provenance;

  // The learning curve of `group`. Throws Error where there is none.
  const LearningCurve& Get(std::string_view group) const;

  // The snapshots of the probe `name`, in the order of their steps; empty where there are none.
  std::vector<const Snapshot*> Probes(std::string_view name) const;
  // The snapshot of the probe `name` taken nearest to the step share * (steps of the run). Throws
  // Error where there is none.
  const Snapshot& ProbeNear(std::string_view name, double share) const;
};

// What training needs to go on to the same bits.
struct Checkpoint {
  RunResult partial;              // without final parameters
  int64_t step = 0;               // steps done
  std::vector<NamedArray> state;  // parameters and the optimiser's moments
};

// What an accuracy is a share of.
std::string AccuracyUnits(const RunConfig& config);

// SHA-256 over names, shapes and values; the order of `arrays` does not matter.
std::string ArraysDigest(const std::vector<NamedArray>& arrays);

}  // namespace initbias

#endif  // INITBIAS_LIB_RESULT_RUN_RESULT_H_
