// Probes: named quantities of a model that a run snapshots at chosen steps.
//
// Names:
//   parameter.<name>    the parameter, e.g. "parameter.embedding.token"       its shape
//   attention.layer<i>  block i's attention, mean over the memory and the      [H, L, L]
//                       reasoning evaluation sequences together
// A probe draws no random number and changes nothing: a run with more probes trains to the same
// parameters.
#ifndef INITBIAS_LIB_TRAIN_PROBES_H_
#define INITBIAS_LIB_TRAIN_PROBES_H_

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "lib/model/model.h"
#include "lib/store/run_file.h"

namespace initbias {

// The value of the probe `name` for `model` and the evaluation tokens [n, L]. Throws Error for a
// name that the model has no quantity for.
Array TakeProbe(const std::string& name, const Model& model, const at::Tensor& tokens);

}  // namespace initbias

#endif  // INITBIAS_LIB_TRAIN_PROBES_H_
