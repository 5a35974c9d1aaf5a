// Models on the CPU, their forward and backward passes written by hand on lib/kernels: what
// training and evaluation use there. The networks as functions of tensors (lib/model/torch),
// differentiated by autograd, are what they are tested against and what a GPU runs.
#ifndef INITBIAS_LIB_MODEL_CPU_CPU_MODEL_H_
#define INITBIAS_LIB_MODEL_CPU_CPU_MODEL_H_

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/kernels/kernels.h"
#include "lib/model/activations.h"
#include "lib/model/parameters.h"

namespace initbias {

// Tokens on the host, and the positions at which something is to be predicted.
struct HostBatch {
  const int64_t* tokens = nullptr;  // [sequences, length], rows `token_stride` apart
  int64_t sequences = 0;
  int64_t length = 0;
  int64_t token_stride = 0;
  // b * length + i, as Model::LogitsAt has them; empty: the last of each sequence.
  std::span<const int64_t> positions;
};

// `tokens` [sequences, length], int64 on the host, which must outlive it, as a batch that predicts
// at the last positions. They may be a slice of a wider tensor.
HostBatch ToHostBatch(const at::Tensor& tokens);

// A model on the CPU. Stores the activations from Forward to Backward, in buffers that grow as
// needed and are never freed. One thread at a time.
class CpuModel {
 public:
  virtual ~CpuModel() = default;

  // The logits, [N, V] row-major, at the batch's N positions; to be overwritten by their gradients,
  // and valid until the next call. The batch's tokens must stay where they are until Backward, and
  // be of the vocabulary. Aborts for a sequence longer than the model's.
  virtual std::span<float> Forward(const HostBatch& batch) = 0;

  // Sets the gradients of all parameters, or adds to them where `add`, from what stands in place of
  // the last Forward's logits. Once for each Forward: gradients overwrite the activations.
  virtual void Backward(bool add) = 0;

  // Activation patching: the logits for `batch` where the attention output of block `layer` at the
  // last positions is that for `from`, a batch of as many sequences, whose logits go to
  // `from_logits`. Valid until the next call; not for Backward. Aborts for all but a Transformer.
  virtual std::span<float> PatchedForward(const HostBatch& batch, size_t layer,
                                          const HostBatch& from, std::vector<float>* from_logits);

  // The activations of the last Forward. Aborts for all but a Transformer, where that Forward
  // computed the last block at the last positions only, and after Backward has overwritten some of
  // them.
  virtual Activations ActivationsOfLastForward() const;
};

// The model of `config` with `parameters`, which must be on the CPU and outlive it; null for those
// that are LibTorch's alone: GPT-2 with dropout, a network of one's own.
std::unique_ptr<CpuModel> MakeCpuModel(const RunConfig& config, Parameters& parameters,
                                       const Kernels& kernels = BestKernels());

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_CPU_CPU_MODEL_H_
