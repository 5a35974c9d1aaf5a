// GPT-2 (Radford et al. 2019): decoder blocks with LayerNorm before attention and FFN, learned
// positions, biases, tanh-GELU, and the token embedding as output head.
#ifndef INITBIAS_LIB_MODEL_TORCH_GPT2_H_
#define INITBIAS_LIB_MODEL_TORCH_GPT2_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/model/torch/dropout.h"
#include "lib/model/torch/model.h"

namespace initbias {

class Gpt2 : public Model {
 public:
  Gpt2(const RunConfig& config, c10::Device device);

  using Model::Logits;
  // Leaves `activations` as it is.
  at::Tensor Logits(const at::Tensor& tokens, Activations* activations) const override;
  at::Tensor LogitsAt(const at::Tensor& tokens, const at::Tensor& positions,
                      const DropoutRows& dropout) const override;

 private:
  struct Linear {
    at::Tensor weight;  // (d_in, d_out)
    at::Tensor bias;    // (d_out)
  };
  struct LayerNorm {
    at::Tensor gain;   // (d)
    at::Tensor shift;  // (d)
  };
  struct Block {
    LayerNorm norm1, norm2;
    Linear qkv, out;
    Linear up, down;
  };

  Linear GetLinear(const std::string& name) const;
  LayerNorm GetNorm(const std::string& name) const;
  at::Tensor Apply(const LayerNorm& norm, const at::Tensor& x) const;
  at::Tensor Attend(const Block& block, const at::Tensor& x, int64_t batch, const std::string& name,
                    const DropoutRows& dropout) const;
  bool Drops(const DropoutRows& dropout) const;
  MaskSource Masks(const DropoutRows& dropout, const std::string& place) const;
  at::Tensor Drop(const at::Tensor& x, int64_t batch, const DropoutRows& dropout,
                  const std::string& place) const;
  at::Tensor Hidden(const at::Tensor& tokens, const DropoutRows& dropout) const;

  Gpt2Config config_;
  int64_t seed_;
  std::vector<Block> blocks_;
  LayerNorm final_norm_;
  at::Tensor embedding_;  // (V, d)
  at::Tensor positions_;  // (context, d)
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_TORCH_GPT2_H_
