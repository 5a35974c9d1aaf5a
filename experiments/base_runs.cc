#include "experiments/base_runs.h"

namespace initbias {

RunConfig TransformerRun(Profile profile, double gamma, int64_t seed) {
  RunConfig run{.model = ModelKind::kTransformer, .seed = seed};  // defaults: the paper's values
  run.init.gamma = gamma;
  switch (profile) {
    case Profile::kPaper:
      break;
    case Profile::kDefault:
      // The model, batch and clip are the paper's; a tenth of the data, 40 of the 100 keys, 20
      // epochs and 50 times the learning rate: 3,960 steps instead of 1,980,000.
      run.task.key_max = 60;
      run.task.samples = 20'000;
      run.optimizer.learning_rate = 5e-4;
      run.train.epochs = 20;
      run.train.eval_every = 99;
      break;
    case Profile::kSmoke:
      run.task.key_max = 60;
      run.task.samples = 2'000;
      run.transformer.d_model = 32;
      run.transformer.d_ff = 64;
      run.transformer.d_head = 16;
      run.optimizer.learning_rate = 1e-3;
      run.train.epochs = 4;
      run.train.eval_every = 10;
      run.train.eval_samples = 200;
      break;
  }
  return run;
}

RunConfig EmbMlpRun(Profile profile, double gamma, int64_t seed) {
  RunConfig run{.model = ModelKind::kEmbMlp, .seed = seed};
  run.init.gamma = gamma;
  run.task.length = 3;  // L = q + 1: no noise
  run.task.sampling = Sampling::kEnumerated;
  run.task.samples = 20'000;   // 100 keys x (100 + 100) anchor combinations
  run.train.eval_every = 198;  // an epoch
  switch (profile) {
    case Profile::kPaper:
      break;
    case Profile::kDefault:
      // A tenth of the epochs at ten times the learning rate.
      run.train.epochs = 100;
      run.optimizer.learning_rate = 1e-4;
      break;
    case Profile::kSmoke:
      run.emb_mlp.d_model = 16;
      run.emb_mlp.d_ff = 32;
      run.train.epochs = 2;
      run.train.eval_every = 40;
      run.train.eval_samples = 200;
      run.optimizer.learning_rate = 1e-3;
      break;
  }
  return run;
}

}  // namespace initbias
