// What parameters a model has and how each begins: names, shapes and the initialisation rule
// W_ij ~ N(0, (d1^-gamma)^2) (d1^-gamma rounded to float), with what InitConfig changes of it. No
// LibTorch here, so that plans, estimates and the theory can use it.
//
// Every matrix is stored as the paper writes it, [d_in, d_out], to be multiplied from the right.
#ifndef INITBIAS_LIB_MODEL_SPEC_PARAMETER_SPEC_H_
#define INITBIAS_LIB_MODEL_SPEC_PARAMETER_SPEC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/config/run_config.h"

namespace initbias {

// The distribution of a parameter's initial values.
enum class InitialDistribution {
  kNormal,    // N(0, scale^2)
  kUniform,   // uniform on (-scale, scale)
  kConstant,  // all equal to scale
};

// Rows, or columns, begin .. end - 1 of a matrix.
struct ScaledRange {
  int64_t begin = 0;
  int64_t end = 0;
  double scale = 0.0;
};

// The positions of a sequence whose vectors a matrix is multiplied with.
enum class MultipliedAt {
  kNowhere,  // rows are looked up
  kAllPositions,
  kPredictions,  // only those at which something is predicted
};

struct ParameterSpec {
  std::string name;            // e.g. "layer0.attn.wq"
  std::vector<int64_t> shape;  // [d_in, d_out] or [d]
  InitialDistribution distribution = InitialDistribution::kConstant;
  double scale = 0.0;
  // Rows or columns with another scale, the random numbers being the same; of kNormal only, and
  // mostly none.
  ScaledRange rows = {};
  ScaledRange columns = {};
  // What the cost of a model is counted from (model_cost.h); of matrices only.
  MultipliedAt multiplied_at = MultipliedAt::kAllPositions;

  // The number of values.
  int64_t size() const;
};

// A matrix that multiplies from the right, and the embedding of the task's tokens,
// "embedding.token", as the rule has them.
ParameterSpec MatrixSpec(const RunConfig& config, std::string name, int64_t d_in, int64_t d_out);
ParameterSpec TokenEmbeddingSpec(const RunConfig& config, int64_t d_model);

// Adds a network of one's own, emb_mlp.network = `name`, with these parameters; AddLogits of
// lib/model/torch/own_network.h says what it computes. A changed network is another one: give it
// another name, for the name is all that a run's id knows. Returns true, so that a file can call it
// before main().
using SpecsOf = std::vector<ParameterSpec> (*)(const RunConfig& config);
bool AddNetwork(const std::string& name, SpecsOf specs);

// The parameters of the run's model, in the order in which they are stored.
std::vector<ParameterSpec> ParameterSpecs(const RunConfig& config);

// The number of values of all parameters.
int64_t ParameterCount(const std::vector<ParameterSpec>& specs);

// The initial values of a parameter, row-major, from the stream "init/<name>" of `seed`.
std::vector<float> InitialValues(const ParameterSpec& spec, int64_t seed);

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_SPEC_PARAMETER_SPEC_H_
