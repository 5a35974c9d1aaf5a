// Labels of the runs of a list, in which no two runs look alike.
#ifndef INITBIAS_LIB_CONFIG_RUN_LABELS_H_
#define INITBIAS_LIB_CONFIG_RUN_LABELS_H_

#include <string>
#include <vector>

#include "lib/config/run_config.h"

namespace initbias {

// A run as a file tells of it.
struct ListedRun {
  std::string label;
  std::string config;  // in canonical form; "" where it is not known
};

// The label of each; after those that several runs have the fewest fields that tell them apart:
// " transformer.d_model=50". What is measured of a run (probe.*, train.eval_*) is named only where
// nothing else does; of a long value what follows on the common beginning.
std::vector<std::string> DistinctLabels(const std::vector<ListedRun>& runs);

// Likewise, by RunLabel.
std::vector<std::string> DistinctLabels(const std::vector<RunConfig>& runs);

}  // namespace initbias

#endif  // INITBIAS_LIB_CONFIG_RUN_LABELS_H_
