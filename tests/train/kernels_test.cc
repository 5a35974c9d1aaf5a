// One training with every compilation of the kernels that this CPU has: the same bits; and by
// autograd: the same numbers, as far as float arithmetic in another order goes.
#include "lib/kernels/kernels.h"

#include <ATen/core/Tensor.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "lib/model/model.h"
#include "lib/train/engine.h"
#include "lib/train/optimizer.h"
#include "lib/train/training_data.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

constexpr int64_t kSteps = 6;

struct Trained {
  std::vector<double> losses;
  std::vector<float> parameters;
  double test_loss = 0;
};

Trained TrainWith(const RunConfig& config, bool autograd, const Kernels& kernels) {
  const std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  model->parameters().Initialize(config.seed);
  const TrainingData data = MakeTrainingData(config, {.shipped = "data"}, c10::kCPU);
  const std::unique_ptr<Engine> engine = MakeEngine(config, *model, autograd, kernels);
  AdamW optimizer(config.optimizer, model->parameters().flat(), model->parameters().flat_gradient(),
                  kernels);
  Trained trained;
  PhaseSeconds phases;
  const int64_t count = config.train.batch_size;
  for (int64_t step = 0; step < kSteps; ++step) {
    const Batch batch =
        data.training.Rows(step * count % (data.training.size() - count), count).ToBatch();
    engine->TakeGradient(batch, batch.size(), /*add=*/false, /*dropout=*/"", &phases);
    trained.losses.push_back(engine->TakeLoss());
    optimizer.Step();
  }
  trained.test_loss = engine->Evaluate(data.evaluation.back().sequences.ToBatch(), {}).loss;
  const at::Tensor& flat = model->parameters().flat();
  trained.parameters.assign(flat.const_data_ptr<float>(),
                            flat.const_data_ptr<float>() + flat.numel());
  return trained;
}

class TrainingKernelsTest : public testing::TestWithParam<ModelKind> {
 protected:
  TrainingKernelsTest() {
    switch (GetParam()) {
      case ModelKind::kEmbMlp:
        config_ = SmallEmbMlpRun();
        break;
      case ModelKind::kTransformer:
        config_ = SmallTransformerRun();
        break;
      case ModelKind::kGpt2:
        config_ = SmallGpt2Run();
        break;
    }
  }

  RunConfig config_;
};

TEST_P(TrainingKernelsTest, EveryCompilationGivesTheSameBits) {
  const Trained best = TrainWith(config_, /*autograd=*/false, BestKernels());
  EXPECT_NE(best.losses.back(), best.losses.front());
  for (const Kernels* kernels : AvailableKernels()) {
    SCOPED_TRACE(kernels->name);
    const Trained other = TrainWith(config_, /*autograd=*/false, *kernels);
    EXPECT_EQ(other.losses, best.losses);
    EXPECT_EQ(other.test_loss, best.test_loss);
    EXPECT_EQ(other.parameters, best.parameters);
  }
}

TEST_P(TrainingKernelsTest, AutogradAgrees) {
  const Trained ours = TrainWith(config_, /*autograd=*/false, BestKernels());
  const Trained reference = TrainWith(config_, /*autograd=*/true, BestKernels());
  for (size_t i = 0; i < ours.losses.size(); ++i) {
    EXPECT_NEAR(ours.losses[i], reference.losses[i], 2e-5 * reference.losses[i]) << i;
  }
  EXPECT_NEAR(ours.test_loss, reference.test_loss, 2e-5 * reference.test_loss);
}

INSTANTIATE_TEST_SUITE_P(All, TrainingKernelsTest,
                         testing::Values(ModelKind::kEmbMlp, ModelKind::kTransformer,
                                         ModelKind::kGpt2));

}  // namespace
}  // namespace initbias
