// write_samples FOLDER [changed]: results made up for tests of the tools: <folder>/smoke with a
// figure file, a finished run, a checkpoint and a file that was set aside. Prints the ids of the
// run and of the unfinished one. With "changed" one loss, one parameter, one claim and what comes
// of them are others.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string_view>

#include "lib/config/run_config.h"
#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

int Main(int argc, char** argv) {
  if (argc < 2) {
    return 2;
  }
  const ResultsFolder folder(argv[1], "smoke");
  RunResult run = SampleRun();
  Checkpoint checkpoint = SampleCheckpoint();
  checkpoint.partial.config.seed = 11;
  FigureData figure = SampleFigure();
  if (argc > 2 && std::string_view(argv[2]) == "changed") {
    run.curves[0].loss[2] = 3.5;
    run.parameters[0].array.values[5] = 6.75F;
    run.parameters_digest = ArraysDigest(run.parameters);
    figure.claims[1].values[0] = 1;
    figure.claims[1].mean = 1;
    figure.claims[1].verdict = Verdict::kHolds;
    figure.runs[0].parameters_digest = "q";
  }
  WriteRunFile(folder.Run(RunId(run.config)), run);
  WriteCheckpoint(folder.Checkpoint(RunId(checkpoint.partial.config)), checkpoint);
  WriteFigureFile(folder.Figure("fig9"), figure);
  std::ofstream(folder.folder() / "runs" / "0123.h5.damaged") << "no HDF5";
  fmt::print("{} {}\n", RunId(run.config), RunId(checkpoint.partial.config));
  return 0;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::Main(argc, argv); }
