#include "experiments/base_runs.h"

#include "lib/base/error.h"
#include "lib/config/set_names.h"

namespace initbias {
namespace {

// Shares of the training at which snapshots are taken: densely at first, where the theory speaks.
constexpr double kProbeShares[] = {0,     0.0025, 0.005, 0.0075, 0.01, 0.0125, 0.015, 0.02,
                                   0.025, 0.03,   0.035, 0.04,   0.05, 0.06,   0.07,  0.08,
                                   0.09,  0.1,    0.115, 0.13,   0.15, 0.175,  0.2,   0.25,
                                   0.3,   0.4,    0.5,   0.6,    0.7,  0.8,    0.9,   1};

// The run at each initialisation rate.
std::vector<RunConfig> AtAllRates(RunConfig (*run)(Profile, double, int64_t), Profile profile,
                                  int64_t seed) {
  std::vector<RunConfig> runs;
  for (const double gamma : kAllGammas) {
    runs.push_back(run(profile, gamma, seed));
  }
  return runs;
}

void SetWidth(int64_t width, int64_t* field) {
  if (width > 0) {
    *field = width;
  }
}

void SetWidths(const RunSize& size, RunConfig* run) {
  if (size.model == ModelKind::kEmbMlp) {
    SetWidth(size.widths.d_model, &run->emb_mlp.d_model);
    SetWidth(size.widths.d_ff, &run->emb_mlp.d_ff);
  } else {
    SetWidth(size.widths.d_model, &run->transformer.d_model);
    SetWidth(size.widths.d_ff, &run->transformer.d_ff);
    SetWidth(size.widths.d_head, &run->transformer.d_head);
  }
}

// The run of this size, all else as the paper has it.
RunConfig RunOfSize(ModelKind model, Profile profile, double gamma, int64_t seed) {
  RunConfig run{.model = model, .seed = seed};
  run.init.gamma = gamma;
  SetSize(SizeOf(model, profile), &run);
  return run;
}

}  // namespace

void SetTransformerProbes(RunConfig* run) {
  run->probe.names = {"accuracy.clean",
                      "accuracy.shuffled_positions",
                      "accuracy.without_positions",
                      "attention.layer0",
                      "attention_by_key.layer1",
                      "attention_by_key.layer1.memory",
                      "attention_by_key.layer1.reasoning",
                      "attention_deviation.layer0",
                      "key_patch.layer1",
                      "parameter.embedding.token",
                      "parameter.layer0.attn.wv",
                      "score_parts.layer1"};
  run->probe.steps = StepsAt(*run, kProbeShares);
}

void SetSize(const RunSize& size, RunConfig* run) {
  if (size.model == ModelKind::kGpt2) {
    run->text.prontoqa_sequences = size.samples;
    run->text.tinystories_sequences = size.samples;
  } else {
    run->task.samples = size.samples;
    run->task.key_max = run->task.key_min + size.keys - 1;
    SetWidths(size, run);
  }
  run->train.epochs = size.epochs;
  run->optimizer.learning_rate = size.learning_rate;
  run->train.batch_size = size.batch;
  run->train.eval_every = size.eval_every;
  run->train.eval_samples = size.eval_samples;
}

RunConfig TransformerRun(Profile profile, double gamma, int64_t seed) {
  RunConfig run = RunOfSize(ModelKind::kTransformer, profile, gamma, seed);
  run.transformer.norm = kMainReading.norm;
  run.transformer.bias = kMainReading.bias;
  SetSchedule(kMainReading.schedule, &run);
  SetTransformerProbes(&run);
  return run;
}

std::vector<RunConfig> TransformerRuns(Profile profile, int64_t seed) {
  return AtAllRates(TransformerRun, profile, seed);
}

std::vector<RunConfig> SmallTransformerPlan(Profile profile, int64_t seed) {
  return {TransformerRun(profile, kSmallInit, seed)};
}

RunConfig EmbMlpRun(Profile profile, double gamma, int64_t seed) {
  RunConfig run = RunOfSize(ModelKind::kEmbMlp, profile, gamma, seed);
  run.task.length = kLengthWithoutNoise;
  run.task.sampling = Sampling::kEnumerated;
  run.probe.names = {"parameter.embedding.token"};
  run.probe.steps = StepsAt(run, kProbeShares);
  return run;
}

RunConfig TextRun(Profile profile, double gamma, int64_t seed) {
  RunConfig run = RunOfSize(ModelKind::kGpt2, profile, gamma, seed);
  const TextSize& size = TextSizeOf(profile);
  run.gpt2 = Gpt2Size(size.model);
  run.train.micro_batch_size = size.micro_batch;
  run.text.tinystories = size.tinystories;
  run.text.answer_samples = size.answer_samples;
  run.text.corpus_tokens = size.corpus_tokens;
  if (profile == Profile::kSmoke) {
    run.text.packed = true;
    run.text.hops = {1};
  } else if (profile != Profile::kPaper) {
    // One text a sequence.
    run.text.padded_length = kTextLength;
    run.text.padding_labels = false;
  }
  // Densely at first: figure 7B's date is an event of the run, which at the default profile comes
  // after some hundred steps, and long before at the paper's.
  std::vector<double> shares = {0, 0.05};
  if (profile == Profile::kPaper) {
    shares.insert(shares.end(), {0.0025, 0.005, 0.0075, 0.01, 0.0125, 0.015, 0.02, 0.03, 0.04});
  }
  for (int part = 3; part <= 12; ++part) {
    shares.push_back(part / 40.0);
  }
  // A snapshot of gpt2-124M's is 0.6 MB: fewer of them late in a run of the paper's size.
  const int late = profile == Profile::kPaper ? 2 : 1;
  for (int part = 8 - late % 2; part <= 20; part += late) {
    shares.push_back(part / 20.0);
  }
  for (const std::string corpus : {kProntoQa, kTinyStories}) {
    for (const std::string kind :
         {"own_counts", "own_embedding", "own_tokens", "unigram_entropy"}) {
      run.probe.names.push_back(kind + "." + corpus);
    }
  }
  run.probe.names.emplace_back("used_tokens");
  run.probe.steps = StepsAt(run, shares);
  return run;
}

std::vector<RunConfig> TextRunsOfAllRates(Profile profile, int64_t seed) {
  return AtAllRates(TextRun, profile, seed);
}

RunConfig ModelRun(ModelKind model, Profile profile, double gamma, int64_t seed) {
  switch (model) {
    case ModelKind::kEmbMlp:
      return EmbMlpRun(profile, gamma, seed);
    case ModelKind::kTransformer:
      return TransformerRun(profile, gamma, seed);
    case ModelKind::kGpt2:
      return TextRun(profile, gamma, seed);
  }
  INITBIAS_CHECK(false);
}

RunConfig ReadingRun(Profile profile, const Reading& reading, double gamma, int64_t seed) {
  RunConfig run = TransformerRun(profile, gamma, seed);
  run.optimizer = {};  // of the main reading
  run.transformer.norm = reading.norm;
  run.transformer.bias = reading.bias;
  if (profile == Profile::kDefault) {
    run.task.length = kShortLength;
  }
  SetSize(profile == Profile::kDefault    ? kShortReading
          : profile == Profile::kExtended ? SizeOf(ModelKind::kTransformer, Profile::kDefault)
                                          : SizeOf(ModelKind::kTransformer, profile),
          &run);
  if (profile == Profile::kSmoke) {
    run.train.epochs = 1;
  }
  SetSchedule(reading.schedule, &run);
  SetTransformerProbes(&run);
  if (profile == Profile::kDefault) {
    // Of runs this short only what figures 5 and 6 read: snapshots would take longer than training.
    run.probe.names.assign(std::begin(kStructureProbes), std::end(kStructureProbes));
  }
  return run;
}

RunConfig ShortRun(Profile profile, double gamma, int64_t seed) {
  if (profile == Profile::kPaper) {
    return TransformerRun(profile, gamma, seed);
  }
  return ReadingRun(profile == Profile::kSmoke ? profile : Profile::kDefault, kMainReading, gamma,
                    seed);
}

void SetSchedule(Schedule schedule, RunConfig* run) {
  run->optimizer.schedule = schedule;
  if (schedule == Schedule::kConstant) {
    return;
  }
  // As the group's launch script has it: 5 % of the training from the base to ten times the base,
  // then a cosine down to the base. At the paper profile the base is the paper's "initial learning
  // rate"; else the peak is the constant rate that it stands beside.
  constexpr double kMultiplier = 10;
  constexpr double kWarmupShare = 0.05;
  const double paper_rate = OptimizerConfig{}.learning_rate;
  if (run->optimizer.learning_rate != paper_rate) {
    run->optimizer.learning_rate /= kMultiplier;
  }
  run->optimizer.warmup_multiplier = kMultiplier;
  run->optimizer.warmup_epochs = kWarmupShare * static_cast<double>(run->train.epochs);
  run->optimizer.floor = run->optimizer.learning_rate;
}

}  // namespace initbias
