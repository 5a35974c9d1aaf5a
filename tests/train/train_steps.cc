#include "tests/train/train_steps.h"

#include <ATen/core/Tensor.h>

#include <memory>

#include "lib/model/torch/model.h"
#include "lib/result/run_result.h"
#include "lib/train/engine.h"
#include "lib/train/optimizer.h"
#include "lib/train/schedule.h"
#include "lib/train/training_data.h"

namespace initbias {
namespace {

constexpr int64_t kSteps = 6;

}  // namespace

TrainedSteps TrainSteps(const RunConfig& config, bool autograd, const Kernels& kernels) {
  const std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  model->parameters().Initialize(config.seed);
  const TrainingData data = MakeTrainingData(config, {.shipped = "data"}, c10::kCPU);
  const std::unique_ptr<Engine> engine = MakeEngine(config, *model, autograd, kernels);
  Optimizer optimizer(config.optimizer, model->parameters().flat(),
                      model->parameters().flat_gradient(), kernels);
  TrainedSteps trained;
  PhaseSeconds phases;
  const int64_t count = config.train.batch_size;
  for (int64_t step = 0; step < kSteps; ++step) {
    const Batch batch =
        data.training.Rows(step * count % (data.training.size() - count), count).ToBatch();
    engine->ComputeGradient(batch, batch.size(), /*add=*/false, /*dropout=*/{}, &phases);
    trained.losses.push_back(engine->FlushLoss());
    optimizer.SetWeightDecay(WeightDecayAt(config, step));
    optimizer.Step();
  }
  trained.test_loss = engine->Evaluate(data.evaluation.back().sequences.ToBatch(), {}).loss;
  const at::Tensor& flat = model->parameters().flat();
  trained.parameters.assign(flat.const_data_ptr<float>(),
                            flat.const_data_ptr<float>() + flat.numel());
  std::vector<NamedArray> arrays;
  for (const ParameterSpec& spec : model->parameters().specs()) {
    arrays.push_back({spec.name, {spec.shape, model->parameters().Values(spec.name)}});
  }
  trained.parameters_digest = ArraysDigest(arrays);
  return trained;
}

}  // namespace initbias
