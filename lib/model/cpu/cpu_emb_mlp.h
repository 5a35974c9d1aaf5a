// Emb-MLP on kernels.
#ifndef INITBIAS_LIB_MODEL_CPU_CPU_EMB_MLP_H_
#define INITBIAS_LIB_MODEL_CPU_CPU_EMB_MLP_H_

#include "lib/model/cpu/cpu_layers.h"
#include "lib/model/cpu/cpu_model.h"

namespace initbias {

class CpuEmbMlp : public CpuModel {
 public:
  CpuEmbMlp(const RunConfig& config, Parameters& parameters, const Kernels& kernels);

  std::span<float> Forward(const HostBatch& batch) override;
  void Backward(bool add) override;

 private:
  CpuLayers layers_;
  ActivationKernel activation_;
  ParameterPointers embedding_;
  CpuLinear up_;
  CpuLinear down_;
  HostBatch batch_;  // the last Forward's
  // B sequences. Backward overwrites input_ and hidden_ by their gradients, its caller the logits.
  FloatBuffer input_;           // [B, d]: the sum of the embeddings
  FloatBuffer slope_, hidden_;  // [B, ff]: the activation's derivative and value
  FloatBuffer logits_;          // [B, V]
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_CPU_CPU_EMB_MLP_H_
