// The program //experiments:<name>.
#include <filesystem>

#include "experiments/study.h"
#include "figures/draw.h"
#include "lib/run/experiment_main.h"

int main(int argc, char** argv) {
  const initbias::Study study = initbias::MakeStudy();
  return initbias::ExperimentMain(
      argc, argv, study.experiment,
      [&study](const std::filesystem::path& file, const std::filesystem::path& stem) {
        initbias::DrawFigure(study.experiment.name, file, stem, study.describe, study.findings);
        initbias::WarnOfFont();
      });
}
