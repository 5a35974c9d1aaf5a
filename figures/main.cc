// The program //figures:<name>.
#include "experiments/study.h"
#include "figures/figure_main.h"

int main(int argc, char** argv) {
  const initbias::Study study = initbias::MakeStudy();
  return initbias::FigureMain(argc, argv, study.experiment.name, study.describe, study.findings);
}
