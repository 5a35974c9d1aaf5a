// Emb-MLP's passes on kernels.
#ifndef INITBIAS_LIB_MODEL_CPU_EMB_MLP_PASS_H_
#define INITBIAS_LIB_MODEL_CPU_EMB_MLP_PASS_H_

#include "lib/model/cpu/kernel_layers.h"
#include "lib/model/cpu/kernel_pass.h"

namespace initbias {

class EmbMlpPass : public KernelPass {
 public:
  EmbMlpPass(const RunConfig& config, Parameters& parameters, const Kernels& kernels);

  std::span<float> Forward(const HostBatch& batch) override;
  void Backward(bool add) override;

 private:
  KernelWorkspace work_;
  ActivationKernel activation_;
  ParameterPointers embedding_;
  KernelLinear up_;
  KernelLinear down_;
  HostBatch batch_;  // the last Forward's
  FloatBuffer input_, slope_, hidden_, logits_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_CPU_EMB_MLP_PASS_H_
