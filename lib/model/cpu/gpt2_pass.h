// GPT-2's passes on kernels, without dropout; see gpt2.h for the network. Of a sequence they
// compute what its predictions need: the positions up to the last one at which something is
// predicted, since none looks at later ones. What pads a batch to its longest sequence costs
// nothing.
#ifndef INITBIAS_LIB_MODEL_CPU_GPT2_PASS_H_
#define INITBIAS_LIB_MODEL_CPU_GPT2_PASS_H_

#include <vector>

#include "lib/model/cpu/kernel_layers.h"
#include "lib/model/cpu/kernel_pass.h"

namespace initbias {

class Gpt2Pass : public KernelPass {
 public:
  Gpt2Pass(const RunConfig& config, Parameters& parameters, const Kernels& kernels);

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

  // A block and what its forward pass leaves for its backward pass. R: the computed positions of
  // all sequences, one after the other.
  struct Block {
    KernelNorm norm1, norm2;
    KernelLinear qkv, out;
    KernelLinear up, down;
    FloatBuffer input;          // [R, d]
    FloatBuffer normal1;        // [R, d]
    FloatBuffer queries;        // [R, 3 d]: queries, keys and values of all heads
    FloatBuffer weights;        // of each sequence [H, l, l]
    FloatBuffer mixed;          // [R, d]
    FloatBuffer middle;         // [R, d]
    FloatBuffer normal2;        // [R, d]
    FloatBuffer slope, hidden;  // [R, 4 d]
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
  void AttendBackward(const Block& block, const float* d_mixed, float* d_queries);
  void BlockForward(Block& block, FloatBuffer* output);
  void BlockBackward(Block& block, bool add);

  KernelWorkspace work_;
  Gpt2Config config_;
  ParameterPointers token_embedding_, position_embedding_;
  std::vector<Block> blocks_;
  KernelNorm final_norm_;
  HostBatch batch_;                   // the last Forward's
  std::vector<Sequence> sequences_;   // those of it with a position
  int64_t rows_ = 0;                  // R
  int64_t longest_ = 0;               // the largest l
  int64_t weights_size_ = 0;          // of all sequences' attention weights
  std::vector<int64_t> chosen_rows_;  // [N]: the rows of the batch's positions
  FloatBuffer output_;                // [R, d]: after the last block
  FloatBuffer chosen_;                // [N, d]: at the positions
  FloatBuffer head_input_;            // [N, d]: normed
  FloatBuffer logits_;                // [N, V]
  FloatBuffer temporary_;             // [R, d]
  FloatBuffer gradient_;              // [R, d]: by the residual stream
  FloatBuffer d_queries_;             // [R, 3 d]
  FloatBuffer d_weights_;             // [query block, longest l]
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_CPU_GPT2_PASS_H_
