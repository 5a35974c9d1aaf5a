// The runs that several figures share, at each profile's size. A figure that asks for one of these
// never trains it twice, whichever figure asked first: all probes that any figure reads are part of
// them.
#ifndef INITBIAS_EXPERIMENTS_BASE_RUNS_H_
#define INITBIAS_EXPERIMENTS_BASE_RUNS_H_

#include <algorithm>
#include <iterator>
#include <vector>

#include "lib/base/error.h"
#include "lib/config/paper_rates.h"
#include "lib/config/run_config.h"
#include "lib/run/experiment.h"

namespace initbias {

// The early and the late stage of figure 4: epochs 50 and 900 of 1000, as shares of the training.
inline constexpr double kPaperEarly = 0.05;
inline constexpr double kPaperLate = 0.9;

// Widths of a Transformer or an Emb-MLP (which has no heads); 0: the paper's.
struct Widths {
  int64_t d_model = 0;
  int64_t d_ff = 0;
  int64_t d_head = 0;
};

// The size of a model's runs at a profile.
struct RunSize {
  ModelKind model = ModelKind::kTransformer;
  Profile profile = Profile::kPaper;
  int64_t samples = 0;  // sequences of the anchor task; of text: texts of each corpus
  int64_t keys = 0;     // of the anchor task, from 21 on
  int64_t epochs = 0;
  double learning_rate = 0;
  int64_t batch = 0;
  int64_t eval_every = 0;  // steps
  int64_t eval_samples = 0;
  Widths widths = {};
};

// All of them, once: docs/studies.md's table of profiles is made of it (make results-page).
//
// Transformer  extended: the paper's data and batch, a twentieth of the epochs at ten times the
//              rate. default: a tenth of the data, 40 keys, 25 epochs and 50 times the rate: 4,950
//              steps instead of 1,980,000.
// Emb-MLP      paper: 100 keys x (100 + 100) anchor combinations. default: a tenth of the epochs at
//              ten times the rate.
// GPT-2        default: 1,000 steps, as gamma = 0.8 leaves its plateau only after some hundred;
//              evaluated each half epoch.
inline constexpr RunSize kRunSizes[] = {
    {ModelKind::kTransformer, Profile::kPaper, 200'000, 100, 1000, 1e-5, 100, 1980, 1000},
    {ModelKind::kTransformer, Profile::kExtended, 200'000, 100, 50, 1e-4, 100, 1980, 1000},
    {ModelKind::kTransformer, Profile::kDefault, 20'000, 40, 25, 5e-4, 100, 198, 500},
    {ModelKind::kTransformer, Profile::kSmoke, 2'000, 40, 4, 1e-3, 100, 10, 200, {32, 64, 16}},
    {ModelKind::kEmbMlp, Profile::kPaper, 20'000, 100, 1000, 1e-5, 100, 198, 1000},
    {ModelKind::kEmbMlp, Profile::kExtended, 20'000, 100, 1000, 1e-5, 100, 198, 1000},
    {ModelKind::kEmbMlp, Profile::kDefault, 20'000, 100, 100, 1e-4, 100, 198, 1000},
    {ModelKind::kEmbMlp, Profile::kSmoke, 20'000, 100, 2, 1e-3, 100, 40, 200, {16, 32}},
    {ModelKind::kGpt2, Profile::kPaper, 5'000, 0, 200, 1e-4, 16, 1250, 100},
    {ModelKind::kGpt2, Profile::kExtended, 250, 0, 10, 5e-4, 5, 50, 24},
    {ModelKind::kGpt2, Profile::kDefault, 250, 0, 10, 5e-4, 5, 50, 24},
    {ModelKind::kGpt2, Profile::kSmoke, 8, 0, 4, 1e-3, 4, 2, 32},
};

// The line of that table; kTextSizes has the rest of GPT-2's.
constexpr const RunSize& SizeOf(ModelKind model, Profile profile) {
  const auto* found = std::ranges::find_if(kRunSizes, [&](const RunSize& size) {
    return size.model == model && size.profile == profile;
  });
  INITBIAS_CHECK(found != std::end(kRunSizes));
  return *found;
}

// What GPT-2's runs have besides: the model and the texts.
struct TextSize {
  Profile profile = Profile::kPaper;
  const char* model = "";        // a name of Gpt2Size (lib/config/run_config.h)
  const char* tinystories = "";  // text.tinystories
  int64_t micro_batch = 0;       // sequences; 0: the whole batch at once
  int64_t answer_samples = 0;    // untrained PrOntoQA examples of each number of hops
  int64_t corpus_tokens = 0;     // of each corpus, whose embeddings are compared
};
// At extended and default the same architecture is smaller and has the vocabulary that occurs.
inline constexpr TextSize kTextSizes[] = {
    {Profile::kPaper, "gpt2-124M", "full", 4, 100, 100},
    {Profile::kExtended, "gpt2-mini", "excerpt", 0, 24, 100},
    {Profile::kDefault, "gpt2-mini", "excerpt", 0, 24, 100},
    {Profile::kSmoke, "gpt2-tiny", "excerpt", 0, 4, 20},
};
constexpr const TextSize& TextSizeOf(Profile profile) {
  const auto* found = std::ranges::find(kTextSizes, profile, &TextSize::profile);
  INITBIAS_CHECK(found != std::end(kTextSizes));
  return *found;
}

// Sizes beside the table, at the default profile unless they say another: of runs of which a study
// has many, and of those that one study has alone.
//
// Emb-MLP's sequences at every profile, in tokens: L = q + 1, no noise.
inline constexpr int64_t kLengthWithoutNoise = 3;
// The Transformer's short sequences, in tokens.
inline constexpr int64_t kShortLength = 5;
// ReadingRun: short sequences, half of the batch and 16,000 samples, of which 2 epochs are 635
// steps, at twice the rate.
inline constexpr RunSize kShortReading = {
    ModelKind::kTransformer, Profile::kDefault, 16'000, 40, 2, 1e-3, 50, 40, 500};
// BeyondRun (beyond_runs.h): the same sequences and batches, 8 epochs at figure 3A's rate: 2,540
// steps, in which reasoning is well on its way at gamma = 0.8.
inline constexpr RunSize kBeyondSize = {
    .model = ModelKind::kTransformer,
    .profile = Profile::kDefault,
    .samples = kShortReading.samples,
    .keys = kShortReading.keys,
    .epochs = 8,
    .learning_rate = SizeOf(ModelKind::kTransformer, Profile::kDefault).learning_rate,
    .batch = kShortReading.batch,
    .eval_every = kShortReading.eval_every,
    .eval_samples = kShortReading.eval_samples};
// Figure 8's Emb-MLP on memory sequences alone, 100 keys x 100 combinations: as far as the model
// can learn both labellings (0.78 and 0.71 nats in pilot seed 1, the floor being 0.62).
inline constexpr RunSize kMemoryAlone = {
    ModelKind::kEmbMlp, Profile::kDefault, 10'000, 100, 250, 1e-3, 100, 200, 1000};
// GPT-2's texts are cut at this number of tokens, to which the group's code pads its texts.
inline constexpr int64_t kTextLength = 190;
// Appendix F's epochs, three rates and five seeds beside figure 3's runs.
inline constexpr int64_t kEpochsWithoutNorm = 15;
// Next-token training's: the loss is spread over all positions, so that it takes three times a
// short reading's epochs.
inline constexpr int64_t kEpochsOfNextToken = 3 * kShortReading.epochs;
inline constexpr int64_t kEvalEveryOfNextToken = 100;  // steps

// Gives `run` the size's numbers.
void SetSize(const RunSize& size, RunConfig* run);

// The Transformer on the anchor task (figures 3A, 5 and 6).
RunConfig TransformerRun(Profile profile, double gamma, int64_t seed);

// The same at all three initialisation rates.
std::vector<RunConfig> TransformerRuns(Profile profile, int64_t seed);

// TransformerRun at small initialisation alone, as a plan.
std::vector<RunConfig> SmallTransformerPlan(Profile profile, int64_t seed);

// Emb-MLP on the anchor task without noise (figures 3B and 4).
RunConfig EmbMlpRun(Profile profile, double gamma, int64_t seed);

// GPT-2 on PrOntoQA and TinyStories, mixed (figures 1 and 7).
RunConfig TextRun(Profile profile, double gamma, int64_t seed);

// The run of these three that is of `model`.
RunConfig ModelRun(ModelKind model, Profile profile, double gamma, int64_t seed);

// TextRun at all three initialisation rates.
std::vector<RunConfig> TextRunsOfAllRates(Profile profile, int64_t seed);

// The Transformer in one reading of what the paper leaves open. At the extended profile it has the
// size of the default profile's TransformerRun; at default it is smaller still, as there are many.
struct Reading {
  Norm norm = Norm::kPre;
  Bias bias = Bias::kZero;
  Schedule schedule = Schedule::kConstant;
};
RunConfig ReadingRun(Profile profile, const Reading& reading, double gamma, int64_t seed);

// The reading of figures 3A, 5, 6 and the appendix.
inline constexpr Reading kMainReading = {
    .norm = Norm::kPost, .bias = Bias::kZero, .schedule = Schedule::kConstant};

// The Transformer where a study has many: ReadingRun of that reading, at the extended profile too
// of the default size; at the paper's TransformerRun.
RunConfig ShortRun(Profile profile, double gamma, int64_t seed);

// What figures 5 and 6 read, for runs that need no other snapshots.
inline constexpr const char* kStructureProbes[] = {"attention.layer0", "attention_deviation.layer0",
                                                   "parameter.embedding.token",
                                                   "parameter.layer0.attn.wv"};

// The probes of a Transformer's run, at steps that follow its length.
void SetTransformerProbes(RunConfig* run);

// Gives `run` this schedule: with a warm-up the run's learning rate is the peak (the base at the
// paper's own rate), see the body.
void SetSchedule(Schedule schedule, RunConfig* run);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_BASE_RUNS_H_
