// The training loop: cross entropy at the last or at every position, AdamW, Adam or SGD at a
// constant or scheduled learning rate, clipped gradients, seeded shuffles, with evaluations, probes
// and checkpoints on the way. The only loop over epochs in the project.
//
// The result is a pure function of the run's config, the device and the numerics mode: neither
// stops, resumptions, checkpoints nor progress reports change a bit of it.
#ifndef INITBIAS_LIB_TRAIN_TRAIN_H_
#define INITBIAS_LIB_TRAIN_TRAIN_H_

#include <c10/core/Device.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/data/text/text_files.h"
#include "lib/result/run_result.h"
#include "lib/train/phases.h"

namespace initbias {

// Where a run stands.
struct Progress {
  int64_t step = 0;
  int64_t total_steps = 0;
  double steps_per_second = 0;  // since this process began, evaluations included
  std::vector<std::pair<std::string, double>> losses;  // of each set, from the last evaluation
};

struct TrainOptions {
  c10::Device device = c10::kCPU;
  // On the CPU too by LibTorch's operators and autograd, as on any other device. Slow: for tests.
  bool autograd = false;
  // The folders of the texts; for GPT-2 only.
  DataFolders data;
  // Resumes from here; the checkpoint must be of the same config.
  std::optional<Checkpoint> resume;
  // Called before each step; true stops the run there.
  std::function<bool()> should_stop = [] { return false; };
  // Called every `progress_seconds`.
  std::function<void(const Progress&)> on_progress = [](const Progress&) {};
  double progress_seconds = 0.25;
  // Called with what of the data was skipped or truncated, a sentence each.
  std::function<void(const std::string&)> on_note = [](const std::string&) {};
  // Called with the state every `checkpoint_seconds` and where should_stop() was true.
  std::function<void(Checkpoint)> save_checkpoint = [](const Checkpoint&) {};
  // 0: before every step. Else longer where saving takes more than a fiftieth of it.
  double checkpoint_seconds = 60;
};

struct TrainOutcome {
  bool finished = false;  // false: stopped on request, a checkpoint was saved
  RunResult result;       // provenance holds `seconds` and `resumed` only
  PhaseSeconds phases;    // on a GPU meaningless: kernels are only launched there
};

// Trains the run. Throws Error on an impossible config, a checkpoint of another run, an unknown
// probe, and where a loss, a probe or, at the end, a parameter is not finite: what is finished
// holds no infinities and, but for the gaps of some probes, no NaN.
TrainOutcome Train(const RunConfig& config, const TrainOptions& options);

}  // namespace initbias

#endif  // INITBIAS_LIB_TRAIN_TRAIN_H_
