// GPT-2's passes on kernels, without dropout; see gpt2.h for the network.
#ifndef INITBIAS_LIB_MODEL_GPT2_PASS_H_
#define INITBIAS_LIB_MODEL_GPT2_PASS_H_

#include <vector>

#include "lib/model/kernel_layers.h"
#include "lib/model/kernel_pass.h"

namespace initbias {

class Gpt2Pass : public KernelPass {
 public:
  Gpt2Pass(const RunConfig& config, Parameters& parameters, const Kernels& kernels);

  std::span<float> Forward(const HostBatch& batch) override;
  void Backward(bool add) override;

 private:
  // A block and what its forward pass leaves for its backward pass. R = sequences * length rows.
  struct Block {
    KernelNorm norm1, norm2;
    KernelLinear qkv, out;
    KernelLinear up, down;
    FloatBuffer input;          // [R, d]
    FloatBuffer normal1;        // [R, d]
    FloatBuffer queries;        // [R, 3 d]: queries, keys and values of all heads
    FloatBuffer weights;        // [sequences, H, length, length]
    FloatBuffer mixed;          // [R, d]
    FloatBuffer middle;         // [R, d]
    FloatBuffer normal2;        // [R, d]
    FloatBuffer slope, hidden;  // [R, 4 d]
  };

  int64_t rows() const { return batch_.sequences * batch_.length; }
  // Calls f(weights [length, length], offset in [R, 3 d], offset in [R, d]) for each head.
  template <typename F>
  void ForHeads(const Block& block, const F& f) const;
  void AttendForward(Block& block);
  void AttendBackward(const Block& block, const float* d_mixed, float* d_queries);
  void BlockForward(Block& block, FloatBuffer* output);
  void BlockBackward(Block& block, bool add);

  KernelWorkspace work_;
  Gpt2Config config_;
  ParameterPointers token_embedding_, position_embedding_;
  std::vector<Block> blocks_;
  KernelNorm final_norm_;
  HostBatch batch_;                 // the last Forward's
  std::vector<int64_t> positions_;  // its positions
  FloatBuffer output_;              // [R, d]: after the last block
  FloatBuffer chosen_;              // [N, d]: at the positions
  FloatBuffer head_input_;          // [N, d]: normed
  FloatBuffer logits_;              // [N, V]
  FloatBuffer temporary_;           // [R, d]
  FloatBuffer gradient_;            // [R, d]: by the residual stream
  FloatBuffer d_queries_;           // [R, 3 d]
  FloatBuffer d_weights_;           // [query block, length]
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_GPT2_PASS_H_
