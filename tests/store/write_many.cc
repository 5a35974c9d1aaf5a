// write_many RESULTS COUNT [FIRST]: run files made up, as many as a store is to bear, nothing is
// trained: <results>/smoke with the runs FIRST (0), FIRST + 1, .. of
//
//   sweep --profile=smoke --base=emb_mlp --axis gamma=0.3:1.2:0.1
//         --axis optimizer.weight_decay=0:0.9:0.1 --seeds=1..100
//
// 100 a seed, and a figure file that uses the first tenth of them.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "experiments/base_runs.h"
#include "lib/config/run_config.h"
#include "lib/result/run_result.h"
#include "lib/run/experiment.h"
#include "lib/store/figure_file.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

// What the sweep plans.
RunConfig Config(int64_t number) {
  const double gamma = RoundedRate(0.3 + 0.1 * static_cast<double>(number / 10 % 10));
  RunConfig config = ModelRun(ModelKind::kEmbMlp, Profile::kSmoke, gamma, 1 + number / 100);
  config.optimizer.weight_decay = RoundedRate(0.1 * static_cast<double>(number % 10));
  config.probe = {};
  return config;
}

int Main(int argc, char** argv) {
  if (argc < 3) {
    return 2;
  }
  const ResultsFolder folder(argv[1], "smoke");
  const int64_t count = std::atoll(argv[2]);
  const int64_t first = argc > 3 ? std::atoll(argv[3]) : 0;
  FigureData figure = SampleFigure();
  figure.figure = "sweep";
  const FigureRun row = figure.runs[0];
  figure.runs.clear();
  for (int64_t i = 0; i < count; ++i) {
    RunResult run = SampleRun();
    run.config = Config(first + i);
    run.probes.clear();
    run.step.back() = TotalSteps(run.config);
    run.curves[0].loss.back() = 4 + 1e-4 * static_cast<double>(first + i);
    run.parameters[0].array.values[0] = static_cast<float>(first + i);
    run.parameters_digest = ArraysDigest(run.parameters);
    WriteRunFile(folder.Run(RunId(run.config)), run);
    if (i < count / 10) {
      figure.runs.push_back(row);
      figure.runs.back().id = RunId(run.config);
    }
  }
  WriteFigureFile(folder.Figure("sweep.custom"), figure);
  fmt::print("wrote {} runs to {}\n", count, folder.folder().string());
  return 0;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::Main(argc, argv); }
