// What a model costs, counted from its config alone.
#ifndef INITBIAS_LIB_MODEL_SPEC_MODEL_COST_H_
#define INITBIAS_LIB_MODEL_SPEC_MODEL_COST_H_

#include <string_view>

#include "lib/config/run_config.h"

namespace initbias {

// Floating-point operations of the matrix products that training on one sequence takes (forward and
// backward), counted as 6 per weight and position. Without the attention's own products, which are
// small here.
double SequenceFlops(const RunConfig& config);

// Bytes of all parameters, in float.
double ParameterBytes(const RunConfig& config);

// The number of values of the parameter `name`; 0 where the model has none.
double ParameterSize(const RunConfig& config, std::string_view name);

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_SPEC_MODEL_COST_H_
