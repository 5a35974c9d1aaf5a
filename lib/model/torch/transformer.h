// The decoder-only Transformer of the paper: learned positions, causal attention, two-matrix FFN,
// and the choices that the paper leaves open as config (place of LayerNorm, biases, activation).
//
// Trained on the last position's loss alone, the last block's queries, FFN and head are needed only
// there; with transformer.pruned they are computed only there. That is exact, gradients included.
// LogitsAt computes all positions whatever transformer.pruned says.
#ifndef INITBIAS_LIB_MODEL_TORCH_TRANSFORMER_H_
#define INITBIAS_LIB_MODEL_TORCH_TRANSFORMER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "lib/model/torch/model.h"

namespace initbias {

class Transformer : public Model {
 public:
  Transformer(const RunConfig& config, c10::Device device);

  using Model::Logits;
  at::Tensor Logits(const at::Tensor& tokens, Activations* activations) const override;
  at::Tensor LogitsAt(const at::Tensor& tokens, const at::Tensor& positions,
                      const DropoutRows& dropout) const override;
  at::Tensor PatchedLogits(const at::Tensor& tokens, size_t layer,
                           const at::Tensor& from) const override;

 private:
  // A matrix and its bias, which is undefined where the config has none.
  struct Linear {
    at::Tensor weight;  // (d_in, d_out)
    at::Tensor bias;    // (d_out)
  };
  struct LayerNorm {
    at::Tensor gain;   // (d); undefined: no norm
    at::Tensor shift;  // (d)
  };
  struct Block {
    LayerNorm norm1, norm2;
    Linear query, key, value, output;
    Linear up, down;
  };

  // Activation patching: a block's attention output at the last position, bias included.
  struct AttentionPatch {
    size_t layer = 0;
    at::Tensor value;  // (B, d): what replaces it; undefined: it is to be stored here
  };

  Linear GetLinear(const std::string& prefix, const std::string& suffix) const;
  LayerNorm GetNorm(const std::string& name) const;
  static at::Tensor Apply(const Linear& linear, const at::Tensor& x);
  at::Tensor Apply(const LayerNorm& norm, const at::Tensor& x) const;
  at::Tensor Attend(const Block& block, const at::Tensor& x, int64_t batch, bool last_only,
                    Activations* activations) const;
  void StoreOrPatch(const at::Tensor& attention_output, int64_t batch, AttentionPatch* patch) const;
  at::Tensor Hidden(const at::Tensor& tokens, bool pruned, Activations* activations,
                    AttentionPatch* patch) const;
  at::Tensor Head(const at::Tensor& x) const;

  TransformerConfig config_;
  std::vector<Block> blocks_;
  LayerNorm final_norm_;
  Linear head_;
  at::Tensor causal_mask_;  // (L, L): 0 on and below the diagonal, -inf above
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_TORCH_TRANSFORMER_H_
