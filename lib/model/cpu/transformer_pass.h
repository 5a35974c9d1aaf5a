// The Transformer's passes on kernels; see transformer.h for the network.
#ifndef INITBIAS_LIB_MODEL_CPU_TRANSFORMER_PASS_H_
#define INITBIAS_LIB_MODEL_CPU_TRANSFORMER_PASS_H_

#include <vector>

#include "lib/model/cpu/kernel_layers.h"
#include "lib/model/cpu/kernel_pass.h"

namespace initbias {

class TransformerPass : public KernelPass {
 public:
  TransformerPass(const RunConfig& config, Parameters& parameters, const Kernels& kernels);

  std::span<float> Forward(const HostBatch& batch) override;
  void Backward(bool add) override;
  std::span<float> PatchedForward(const HostBatch& batch, size_t layer, const HostBatch& from,
                                  std::vector<float>* from_logits) override;
  Activations ActivationsOfLastForward() const override;

 private:
  // A block and what its forward pass leaves for its backward pass. R = sequences * length rows,
  // Q rows that ask: all of them, or the last of each sequence in the last block where that is
  // pruned and the logits are wanted there only.
  struct Block {
    KernelNorm norm1, norm2;
    KernelLinear query, key, value, output;
    KernelLinear up, down;
    bool last_only = false;
    FloatBuffer input;                  // [R, d]
    FloatBuffer attention_input;        // [R, d], where the norm stands before
    FloatBuffer query_input;            // [Q, d], where only the last ask
    FloatBuffer queries, keys, values;  // [Q, H dk], [R, H dk] twice
    FloatBuffer weights;                // [sequences, H, Q / sequences, length]
    FloatBuffer mixed;                  // [Q, H dk]
    FloatBuffer middle;                 // [Q, d]: input + attention
    FloatBuffer normal;                 // [Q, d]: middle, normed; where there is a norm
    FloatBuffer slope, hidden;          // [Q, ff]
    FloatBuffer sum;                    // [Q, d]: before a norm that stands behind
  };

  int64_t rows() const { return batch_.sequences * batch_.length; }
  int64_t chosen_rows() const { return static_cast<int64_t>(chosen_rows_.size()); }
  int64_t QueryRows(const Block& block) const {
    return block.last_only ? batch_.sequences : rows();
  }
  float* AttentionInput(const Block& block) const;
  float* QueryInput(const Block& block) const;
  float* HiddenInput(const Block& block) const;
  void AttendForward(Block& block);
  void AttendBackward(Block& block, const float* d_mixed);
  template <typename F>
  void ForHeads(Block& block, const F& f) const;
  // `attended` [Q, d]: kept, or exchanged at the last positions for what was.
  void Exchange(const Block& block, float* attended);
  void BlockForward(Block& block, FloatBuffer* output);
  void BlockBackward(Block& block, bool add);

  KernelWorkspace work_;
  TransformerConfig config_;
  int64_t length_;  // the longest sequence
  ParameterPointers token_embedding_, position_embedding_;
  std::vector<Block> blocks_;
  KernelNorm final_norm_;
  KernelLinear head_;
  HostBatch batch_;                 // the last Forward's
  bool intact_ = false;             // what it kept
  const Block* patched_ = nullptr;  // whose attention PatchedForward looks at
  bool keeps_ = false;              // what its attention adds; else puts it in
  FloatBuffer kept_;                // [sequences, d]
  // Rows of output_ that predict, N of them; b * length + i, or b where only the last ask.
  std::vector<int64_t> chosen_rows_;
  FloatBuffer output_;      // [R, d] or [sequences, d]: after the last block
  FloatBuffer chosen_;      // [N, d]; where not only the last ask
  FloatBuffer head_input_;  // [N, d]: normed
  FloatBuffer logits_;
  FloatBuffer temporary_;    // [R, d]
  FloatBuffer last_input_;   // [sequences, d]
  FloatBuffer d_chosen_;     // [N, d]
  FloatBuffer gradient_;     // [R, d]: by the residual stream
  FloatBuffer d_attention_;  // [R, d]
  FloatBuffer d_queries_, d_keys_, d_values_;
  FloatBuffer scratch_;  // [length]
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_CPU_TRANSFORMER_PASS_H_
