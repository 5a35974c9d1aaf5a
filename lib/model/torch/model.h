// The networks of the paper, as functions of their parameters.
//
// Shape letters: B sequences, L tokens each, V vocabulary, d width, H heads (lib/model/README.md).
#ifndef INITBIAS_LIB_MODEL_TORCH_MODEL_H_
#define INITBIAS_LIB_MODEL_TORCH_MODEL_H_

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/model/activations.h"
#include "lib/model/parameters.h"

namespace initbias {

// The random numbers of a pass's dropout. What is dropped of a sequence depends on `stream`, the
// place in the network, the run's seed and the sequence's row alone, whichever others it is
// computed with.
struct DropoutRows {
  std::string stream;     // empty: nothing is dropped
  int64_t first_row = 0;  // of the pass's first sequence in the batch; the others follow
};

// A network with its parameters. One thread at a time.
class Model {
 public:
  virtual ~Model() = default;

  // The logits at the last position, [B, V], of tokens [B, L] (int64, on the model's device).
  // Where `activations` is given, all positions of all blocks are computed and it is filled.
  virtual at::Tensor Logits(const at::Tensor& tokens, Activations* activations) const = 0;
  at::Tensor Logits(const at::Tensor& tokens) const { return Logits(tokens, nullptr); }

  // The logits at chosen positions, [N, V], of tokens [B, L]: `positions` [N] (int64) are
  // indices into the flattened batch, b * L + i. A Transformer has no dropout and ignores
  // `dropout`. Aborts for Emb-MLP, which predicts at the last position only, and for sequences
  // longer than gpt2.context.
  virtual at::Tensor LogitsAt(const at::Tensor& tokens, const at::Tensor& positions,
                              const DropoutRows& dropout) const;

  // Activation patching: as Logits, but block `layer`'s attention output at the last position is
  // that for the sequences `from` [B, L]. Aborts for all but a Transformer.
  virtual at::Tensor PatchedLogits(const at::Tensor& tokens, size_t layer,
                                   const at::Tensor& from) const;

  Parameters& parameters() { return parameters_; }
  const Parameters& parameters() const { return parameters_; }

 protected:
  Model(std::vector<ParameterSpec> specs, c10::Device device)
      : parameters_(std::move(specs), device) {}

 private:
  Parameters parameters_;
};

// The network that `config` describes, with zeroed parameters, on `device`. `config` must be valid.
std::unique_ptr<Model> MakeModel(const RunConfig& config, c10::Device device);

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_TORCH_MODEL_H_
