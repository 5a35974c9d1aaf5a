// Forward and backward passes written by hand on lib/kernels: what training and evaluation use on
// the CPU. The networks as functions of tensors (lib/model/torch), with autograd behind them, are
// what they are tested against, what a GPU runs, and what probes look into.
#ifndef INITBIAS_LIB_MODEL_CPU_KERNEL_PASS_H_
#define INITBIAS_LIB_MODEL_CPU_KERNEL_PASS_H_

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

// The last position of each of `tokens` [sequences, length], int64 on the host, which must live as
// long; of a slice's rows the distance is the whole's.
HostBatch ToHostBatch(const at::Tensor& tokens);

// The passes of one model. Keeps the activations between the two, in buffers that it grows as
// needed and never frees. One thread at a time.
class KernelPass {
 public:
  virtual ~KernelPass() = default;

  // The logits, [N, V] row-major, at the batch's N positions; to be overwritten by their gradients,
  // and valid until the next call. The batch's tokens must stay where they are until Backward, and
  // be of the vocabulary. Aborts for a sequence longer than the model's.
  virtual std::span<float> Forward(const HostBatch& batch) = 0;

  // Sets the gradients of all parameters, or adds to them where `add`, from what stands in place of
  // the last Forward's logits. Once for each Forward: gradients overwrite what it kept.
  virtual void Backward(bool add) = 0;

  // The logits for `batch` where what the attention of block `layer` adds at the last positions is
  // exchanged for what it adds there for `from`, a batch of as many sequences; those of `from` go
  // to `from_logits`. Valid until the next call; not for Backward. Aborts for all but a
  // Transformer.
  virtual std::span<float> PatchedForward(const HostBatch& batch, size_t layer,
                                          const HostBatch& from, std::vector<float>* from_logits);

  // What the last Forward left inside. Aborts for all but a Transformer, where that Forward
  // computed the last block at the last positions only, and after Backward has overwritten some of
  // it.
  virtual Activations ActivationsOfLastForward() const;
};

// The passes of `config`'s model on `parameters`, which must be on the CPU and outlive them; null
// where there are none: GPT-2 with dropout.
std::unique_ptr<KernelPass> MakeKernelPass(const RunConfig& config, Parameters& parameters,
                                           const Kernels& kernels = BestKernels());

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_CPU_KERNEL_PASS_H_
