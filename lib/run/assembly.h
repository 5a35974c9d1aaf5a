// From trained runs to a figure: numbers to draw and judged claims.
#ifndef INITBIAS_LIB_RUN_ASSEMBLY_H_
#define INITBIAS_LIB_RUN_ASSEMBLY_H_

#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/measure/run_set.h"
#include "lib/run/experiment.h"
#include "lib/run/flags.h"
#include "lib/store/figure_file.h"
#include "lib/store/results.h"

namespace initbias {

// The first profile after `profile` whose shortest run of the experiment has more steps, "extended"
// say; "" where none does. There a precondition that failed may be met.
std::string LongerProfile(const Experiment& experiment, Profile profile);

// The figure of `runs`, which are those of `planned` and lie in `folder`. `not_judged`: why no
// claim is; or "". Throws Error where they were made in modes that do not go together (mode.h):
// whoever trained or stored them, and when, here they meet.
FigureData Assemble(const Experiment& experiment, const ExperimentFlags& flags,
                    const std::vector<RunConfig>& planned, const RunSet& runs,
                    const ResultsFolder& folder, const std::string& not_judged);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_ASSEMBLY_H_
