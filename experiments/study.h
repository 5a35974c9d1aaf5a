// What a study is: the runs it needs, the numbers it takes from them, the claims it judges and its
// picture, all in one file experiments/<name>.cc. experiments/studies.bzl lists them; of each there
// are two programs, //experiments:<name>, which trains, judges, stores and draws, and
// //figures:<name>, which draws what was stored.
#ifndef INITBIAS_EXPERIMENTS_STUDY_H_
#define INITBIAS_EXPERIMENTS_STUDY_H_

#include "figures/draw.h"
#include "lib/run/experiment.h"

namespace initbias {

struct Study {
  Experiment experiment;
  DescribeFigure describe;  // the picture of the figure file that the experiment writes
  // What was found, of the same file, see findings.h; may be empty.
  TellFindings findings = {};
};

// The study of this program; each file of a study defines it.
Study MakeStudy();

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_STUDY_H_
