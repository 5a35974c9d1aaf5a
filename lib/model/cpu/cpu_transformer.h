// The Transformer on kernels; see transformer.h for the network.
#ifndef INITBIAS_LIB_MODEL_CPU_CPU_TRANSFORMER_H_
#define INITBIAS_LIB_MODEL_CPU_CPU_TRANSFORMER_H_

#include <vector>

#include "lib/model/cpu/cpu_layers.h"
#include "lib/model/cpu/cpu_model.h"

namespace initbias {

class CpuTransformer : public CpuModel {
 public:
  CpuTransformer(const RunConfig& config, Parameters& parameters, const Kernels& kernels);

  std::span<float> Forward(const HostBatch& batch) override;
  void Backward(bool add) override;
  std::span<float> PatchedForward(const HostBatch& batch, size_t layer, const HostBatch& from,
                                  std::vector<float>* from_logits) override;
  Activations ActivationsOfLastForward() const override;

 private:
  // A block and the activations that its backward pass needs. R = sequences * length rows. Q of
  // them are queries: all, or the last of each sequence in the last block where that is pruned and
  // only the logits there are computed.
  struct Block {
    CpuLayerNorm norm1, norm2;
    CpuLinear query, key, value, output;
    CpuLinear up, down;
    bool last_only = false;
    FloatBuffer input;                  // [R, d]
    FloatBuffer attention_input;        // [R, d]: norm1's output; Norm::kPre only
    FloatBuffer query_input;            // [Q, d]: the queries' rows of it; last_only
    FloatBuffer queries, keys, values;  // [Q, H dk], [R, H dk] twice
    FloatBuffer weights;                // [sequences, H, Q / sequences, length]
    FloatBuffer head_outputs;           // [Q, H dk]; BlockBackward: its gradient
    FloatBuffer middle;                 // [Q, d]: input + attention
    FloatBuffer normed;                 // [Q, d]: the norm of middle; not with Norm::kNone
    FloatBuffer slope;                  // [Q, ff]: the activation's derivative
    FloatBuffer hidden;                 // [Q, ff]: its value; BlockBackward: its gradient
    FloatBuffer sum;                    // [Q, d]: norm2's input; Norm::kPost only
  };

  int64_t rows() const { return batch_.sequences * batch_.length; }
  int64_t chosen_rows() const { return static_cast<int64_t>(chosen_rows_.size()); }
  int64_t QueryRows(const Block& block) const {
    return block.last_only ? batch_.sequences : rows();
  }
  float* AttentionInput(const Block& block) const;
  float* QueryInput(const Block& block) const;
  float* FfnInput(const Block& block) const;
  void AttendForward(Block& block);
  void AttendBackward(Block& block, const float* d_head_outputs);
  template <typename F>
  void ForHeads(Block& block, const F& f) const;
  // Of `attention_output` [Q, d] the last positions: stores them, or overwrites them by those
  // stored.
  void StoreOrPatch(const Block& block, float* attention_output);
  void BlockForward(Block& block, FloatBuffer* output);
  void BlockBackward(Block& block, bool add);

  CpuLayers layers_;
  TransformerConfig config_;
  int64_t length_;  // the longest sequence
  ParameterPointers token_embedding_, position_embedding_;
  std::vector<Block> blocks_;
  CpuLayerNorm final_norm_;
  CpuLinear head_;
  HostBatch batch_;                  // the last Forward's
  bool activations_intact_ = false;  // those of the last Forward
  // Activation patching: the block whose attention output PatchedForward stores, or patches.
  const Block* patched_block_ = nullptr;
  bool stores_patch_ = false;
  FloatBuffer stored_patch_;  // [sequences, d]
  // The N rows of output_ at which something is predicted: b * length + i, or b where the last
  // block has the last positions only.
  std::vector<int64_t> chosen_rows_;
  FloatBuffer output_;             // [R, d] or [sequences, d]: after the last block
  FloatBuffer chosen_;             // [N, d]: chosen_rows_ of it; not with last_only
  FloatBuffer head_input_;         // [N, d]: final_norm_'s output
  FloatBuffer logits_;             // [N, V]; Backward: their gradient
  FloatBuffer scratch_;            // [R or N, d]: one result at a time, named at its use
  FloatBuffer last_input_;         // [sequences, d]: of the last block's input; last_only
  FloatBuffer d_chosen_;           // [N, d]
  FloatBuffer d_residual_;         // [R, d]: the gradient of the residual stream
  FloatBuffer d_attention_input_;  // [R, d]
  FloatBuffer d_queries_, d_keys_, d_values_;
  FloatBuffer attention_scratch_;  // [length]
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_CPU_CPU_TRANSFORMER_H_
