#include "tests/small_runs.h"

namespace initbias {
namespace {

RunConfig SmallRun(ModelKind model) {
  RunConfig run{.model = model, .seed = 7};
  run.task.samples = 1'200;
  run.task.key_max = 60;
  run.optimizer.learning_rate = 1e-3;
  run.train.epochs = 3;
  run.train.eval_every = 5;
  run.train.eval_samples = 50;
  run.probe.names = {"parameter.embedding.token"};
  run.probe.steps = {0, 7, 20};
  return run;
}

}  // namespace

RunConfig SmallTransformerRun() {
  RunConfig run = SmallRun(ModelKind::kTransformer);
  run.transformer.d_model = 24;
  run.transformer.d_ff = 40;
  run.transformer.d_head = 12;
  run.probe.names.insert(run.probe.names.end(), {"attention.layer0", "attention_deviation.layer0",
                                                 "attention_by_key.layer1", "score_parts.layer1",
                                                 "outputs.argmax", "gradient.embedding.token"});
  return run;
}

RunConfig SmallEmbMlpRun() {
  RunConfig run = SmallRun(ModelKind::kEmbMlp);
  run.task.length = 3;
  run.emb_mlp.d_model = 24;
  run.emb_mlp.d_ff = 40;
  run.probe.names.insert(run.probe.names.end(), {"outputs.probability", "gradient.mlp.w1"});
  return run;
}

RunConfig SmallGpt2Run() {
  RunConfig run{.model = ModelKind::kGpt2, .seed = 7};
  run.gpt2 = {.vocabulary = 1024, .context = 192, .layers = 2, .heads = 2, .d_model = 16};
  run.text = {.prontoqa_sequences = 6,
              .tinystories_sequences = 8,
              .hops = {1},
              .tinystories = "excerpt",
              .packed = true,
              .answer_samples = 3,
              .corpus_tokens = 12};
  run.optimizer.learning_rate = 1e-3;
  run.train.epochs = 3;
  run.train.batch_size = 4;
  run.train.micro_batch_size = 3;
  run.train.eval_every = 5;
  run.train.eval_samples = 5;
  run.probe.names = {"own_embedding.prontoqa", "own_rows.prontoqa", "own_tokens.tinystories",
                     "unigram_entropy.prontoqa", "unigram_entropy.tinystories"};
  run.probe.steps = {0, 3, 8};
  return run;
}

}  // namespace initbias
