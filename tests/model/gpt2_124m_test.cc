// One training step of GPT-2 in its published size, 124,439,808 parameters, on the CPU: does it fit
// and does it learn. Manual, for it takes half a minute and gigabytes:
//   bazel test //tests/model:gpt2_124m_test --test_output=all
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/zeros.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "lib/base/numerics.h"
#include "lib/model/model.h"
#include "lib/rng/stream.h"
#include "lib/train/optimizer.h"

namespace initbias {
namespace {

TEST(Gpt2FullSizeTest, OneTrainingStep) {
  RunConfig config{.model = ModelKind::kGpt2};
  config.gpt2 = Gpt2Size("gpt2-124M");
  config.init.gamma = 0.5;
  const std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  model->parameters().Initialize(config.seed);
  AdamW optimizer(config.optimizer, model->parameters().flat(),
                  model->parameters().flat_gradient());
  constexpr int64_t kLength = 256;
  const at::Tensor tokens = at::zeros({1, kLength}, at::kLong);
  Stream stream(1, "test/tokens");
  for (int64_t i = 0; i < kLength; ++i) {
    tokens[0][i].fill_(stream.UniformInt(0, kGpt2Vocabulary - 1));
  }
  const at::Tensor positions = at::arange(kLength - 1, at::kLong);
  const at::Tensor labels = tokens[0].narrow(0, 1, kLength - 1);
  const auto loss = [&] {
    return at::cross_entropy_loss(model->LogitsAt(tokens, positions, ""), labels);
  };

  const at::Tensor before = loss();
  before.backward();
  optimizer.Step();
  double after = 0;
  {
    const at::NoGradGuard no_grad;
    after = loss().item<double>();
  }
  const double peak = PeakMemoryBytes();
  fmt::print("loss {:.4f} before the step, {:.4f} after; peak memory {:.2f} GiB\n",
             before.item<double>(), after, peak / 0x1p30);

  // The final norm makes vectors of length sqrt(d), the embeddings have std d^-1/2: logits are
  // standard normal, and independent of labels drawn at random. The log of the mean of their
  // exponentials is 1/2, and the labels' own logits have a mean with standard error 1/sqrt(255) =
  // 0.06, of which this allows five.
  EXPECT_NEAR(before.item<double>(), std::log(50'257.0) + 0.5, 0.3);
  EXPECT_LT(after, before.item<double>());
  EXPECT_LT(peak, 4 * 0x1p30);
}

}  // namespace
}  // namespace initbias
