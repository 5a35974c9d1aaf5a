// Emb-MLP, G(X) = sigma((sum of the embeddings of X) W1) W2: the smallest model of the paper, whose
// embeddings the theory follows (Proposition 1).
#ifndef INITBIAS_LIB_MODEL_TORCH_EMB_MLP_H_
#define INITBIAS_LIB_MODEL_TORCH_EMB_MLP_H_

#include "lib/model/torch/model.h"

namespace initbias {

class EmbMlp : public Model {
 public:
  EmbMlp(const RunConfig& config, c10::Device device);

  using Model::Logits;
  // Has no attention: leaves `activations` as it is.
  at::Tensor Logits(const at::Tensor& tokens, Activations* activations) const override;

 private:
  Activation activation_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_TORCH_EMB_MLP_H_
