// GPT-2 on kernels, without dropout; see gpt2.h for the network. Of a sequence it computes what its
// predictions need: the positions up to the last one at which something is predicted, since
// attention is causal. What pads a batch to its longest sequence costs nothing.
#ifndef INITBIAS_LIB_MODEL_CPU_CPU_GPT2_H_
#define INITBIAS_LIB_MODEL_CPU_CPU_GPT2_H_

#include <vector>

#include "lib/model/cpu/cpu_layers.h"
#include "lib/model/cpu/cpu_model.h"

namespace initbias {

class CpuGpt2 : public CpuModel {
 public:
  CpuGpt2(const RunConfig& config, Parameters& parameters, const Kernels& kernels);

  std::span<float> Forward(const HostBatch& batch) override;
  void Backward(bool add) override;

 private:
  // A sequence of the batch among the rows that are computed.
  struct Sequence {
    int64_t index = 0;    // in the batch
    int64_t length = 0;   // l: its positions that are computed
    int64_t row = 0;      // its first row
    int64_t weights = 0;  // where its attention weights begin
  };

  // A block and the activations that its backward pass needs. R: the computed positions of all
  // sequences, one after the other.
  struct Block {
    CpuLayerNorm norm1, norm2;
    CpuLinear qkv, out;
    CpuLinear up, down;
    FloatBuffer input;         // [R, d]
    FloatBuffer normed1;       // [R, d]: norm1's output
    FloatBuffer qkv_output;    // [R, 3 d]: queries, keys and values of all heads
    FloatBuffer weights;       // of each sequence [H, l, l]
    FloatBuffer head_outputs;  // [R, d]: weights times values; BlockBackward: its gradient
    FloatBuffer middle;        // [R, d]: the residual stream between attention and FFN
    FloatBuffer normed2;       // [R, d]: norm2's output
    FloatBuffer slope;         // [R, 4 d]: the activation's derivative
    FloatBuffer hidden;        // [R, 4 d]: the activation's value; BlockBackward: its gradient
  };

  // Finds what of `batch` is to be computed.
  void SetBatch(const HostBatch& batch);
  int64_t rows() const { return rows_; }
  // One sequence of the batch, as far as it is computed.
  HostBatch Computed(const Sequence& sequence) const;
  // Calls f(l, weights [l, l], offset in [R, 3 d], offset in [R, d]) for each head of each
  // sequence.
  template <typename F>
  void ForHeads(const Block& block, const F& f) const;
  void AttendForward(Block& block);
  void AttendBackward(const Block& block, const float* d_head_outputs, float* d_qkv);
  void BlockForward(Block& block, FloatBuffer* output);
  void BlockBackward(Block& block, bool add);

  CpuLayers layers_;
  Gpt2Config config_;
  ParameterPointers token_embedding_, position_embedding_;
  std::vector<Block> blocks_;
  CpuLayerNorm final_norm_;
  HostBatch batch_;                   // the last Forward's
  std::vector<Sequence> sequences_;   // those of it with a position
  int64_t rows_ = 0;                  // R
  int64_t longest_ = 0;               // the largest l
  int64_t weights_size_ = 0;          // of all sequences' attention weights
  std::vector<int64_t> chosen_rows_;  // [N]: the rows of the batch's positions
  FloatBuffer output_;                // [R, d]: after the last block
  FloatBuffer chosen_;                // [N, d]: at the positions
  FloatBuffer head_input_;            // [N, d]: final_norm_'s output; Backward: its gradient
  FloatBuffer logits_;                // [N, V]; Backward: their gradient
  FloatBuffer scratch_;               // [R or N, d]: one result at a time, named at its use
  FloatBuffer d_residual_;            // [R, d]: the gradient of the residual stream
  FloatBuffer d_qkv_;                 // [R, 3 d]
  FloatBuffer d_scores_;              // [query block, longest l]
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_CPU_CPU_GPT2_H_
