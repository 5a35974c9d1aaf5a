// One training step of GPT-2 in its published size, 124,439,808 parameters, on the kernels that
// train it on the CPU: does it fit and does it learn. Manual, for it takes gigabytes:
//   bazel test //tests/model/cpu:gpt2_124m_test --test_output=all
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "lib/base/numerics.h"
#include "lib/model/cpu/cpu_model.h"
#include "lib/model/torch/model.h"
#include "lib/rng/stream.h"
#include "lib/train/engine.h"
#include "lib/train/optimizer.h"
#include "lib/train/training_data.h"

namespace initbias {
namespace {

TEST(Gpt2FullSizeTest, OneTrainingStep) {
  RunConfig config{.model = ModelKind::kGpt2};
  config.gpt2 = Gpt2Size("gpt2-124M");
  config.init.gamma = 0.5;
  const std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  model->parameters().Initialize(config.seed);
  Optimizer optimizer(config.optimizer, model->parameters().flat(),
                      model->parameters().flat_gradient());
  // The engine that Train() makes: without a CpuModel it would be autograd's.
  ASSERT_NE(MakeCpuModel(config, model->parameters()), nullptr);
  const std::unique_ptr<Engine> engine = MakeEngine(config, *model);
  constexpr int64_t kLength = 256;
  std::vector<int32_t> tokens(kLength);
  Stream stream(1, "test/tokens");
  for (int32_t& token : tokens) {
    token = static_cast<int32_t>(stream.UniformInt(0, kGpt2Vocabulary - 1));
  }
  Batch batch{.tokens = ToDevice(tokens, {1, kLength}, c10::kCPU),
              .positions = at::arange(kLength - 1, at::kLong)};
  batch.labels = batch.tokens[0].narrow(0, 1, kLength - 1);

  PhaseSeconds phases;
  engine->ComputeGradient(batch, batch.size(), /*add=*/false, /*dropout=*/{}, &phases);
  const double before = engine->FlushLoss();
  optimizer.Step();
  const double after = engine->Evaluate(batch, {}).loss / static_cast<double>(batch.size());
  const double peak = PeakMemoryBytes();
  fmt::print("loss {:.4f} before the step, {:.4f} after; peak memory {:.2f} GiB\n", before, after,
             peak / 0x1p30);

  // The final norm makes vectors of length sqrt(d), the embeddings have std d^-1/2: logits are
  // standard normal, and independent of labels drawn at random. The log of the mean of their
  // exponentials is 1/2, and the labels' own logits have a mean with standard error 1/sqrt(255) =
  // 0.06, of which this allows five.
  EXPECT_NEAR(before, std::log(50'257.0) + 0.5, 0.3);
  EXPECT_LT(after, before);
  EXPECT_LT(peak, 4 * 0x1p30);
}

}  // namespace
}  // namespace initbias
