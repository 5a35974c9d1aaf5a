// The config of one training run. Plain structs whose defaults are the paper's values; the digest
// of the resolved config is the run's id.
//
// Sections that a run does not use (the Transformer's in an Emb-MLP run) and fields that another
// one leaves without effect (a warm-up's, of a constant rate) are no part of its canonical form, so
// that overriding them does not name another run.
#ifndef INITBIAS_LIB_CONFIG_RUN_CONFIG_H_
#define INITBIAS_LIB_CONFIG_RUN_CONFIG_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/config/enums.h"
#include "lib/config/field_list.h"
#include "lib/config/own_names.h"

namespace initbias {

// The anchor task (the paper's synthetic task). Tokens are the integers 0 .. vocabulary - 1.
struct AnchorTaskConfig {
  int64_t vocabulary = 200;
  int64_t key_min = 21;  // keys Z = {key_min .. key_max}
  int64_t key_max = 120;
  int64_t memory_min = 1;  // memory anchors A_mem
  int64_t memory_max = 10;
  int64_t reasoning_min = 11;  // reasoning anchors A_rsn
  int64_t reasoning_max = 20;
  int64_t num_anchors = 2;  // q, the consecutive anchors of a sequence
  int64_t length = 9;       // L, tokens in a sequence
  int64_t samples = 200'000;
  Sampling sampling = Sampling::kSampled;
  // M: reasoning combinations kept out of training, each "a1-a2-..".
  std::vector<std::string> masked = {"11-13", "13-11"};
  TaskKinds kinds = TaskKinds::kBoth;  // with kMemory nothing is masked
  // The memory anchors fall into so many consecutive groups of one size; all anchors of a sequence
  // are of one group.
  int64_t memory_groups = 1;
  MemoryLabels memory_labels = MemoryLabels::kKeys;
  int64_t nested_min = 30;  // these two for MemoryLabels::kNested only
  int64_t nested_step = 20;
  // The share (0 .. 1) of the reasoning sequences trained on whose label is replaced by a random
  // token, uniform on ReasoningLabels; those with a masked combination keep the rule.
  double random_labels = 0;
  // The anchor task itself, or a data set of one's own, of which samples counts the training
  // sequences: docs/extending.md.
  std::string source = kAnchorSource;

  bool HasAnchors() const { return source == kAnchorSource; }

  // The masked combinations as numbers. Throws Error for a text that is not of the form above.
  std::vector<std::vector<int64_t>> MaskedCombinations() const;
};

// The text that GPT-2 is trained on: PrOntoQA and TinyStories, mixed.
struct TextConfig {
  int64_t prontoqa_sequences = 5000;
  int64_t tinystories_sequences = 5000;
  // The two digests are of the user's files, where there are any; they are set when a run is
  // planned, so that another text is another run.
  std::string prontoqa = "generated";  // or the path of a JSON file of the original generator
  std::string prontoqa_sha256;
  std::vector<int64_t> hops = {1, 3, 5};
  std::string tinystories = "full";  // "full", "excerpt" or the path of a file of stories
  std::string tinystories_sha256;
  bool packed = false;  // several whole texts in a sequence, as many as fit
  // Tokens of a sequence: a longer text is cut to them, after a shorter one stand <|endoftext|>. 0:
  // a sequence is as long as its text, up to gpt2.context + 1.
  int64_t padded_length = 0;
  bool padding_labels = false;   // whether the padding is to be predicted too
  int64_t answer_samples = 100;  // untrained PrOntoQA examples of each number of hops
  int64_t corpus_tokens = 100;   // tokens of each corpus whose embeddings are compared
};

// Whether the texts are of a file that the user names.
bool NamesStoryFile(const TextConfig& config);
bool NamesExampleFile(const TextConfig& config);

// What stands in place of such a file's path wherever the run's identity is told.
inline constexpr char kSomeFile[] = "file";

// Rates lie within -5 .. 5: beyond, the std of a matrix of 65,536 inputs leaves the floats.
inline constexpr double kLargestRate = 5;

// The name of InitConfig::gamma among the fields.
inline constexpr char kGammaField[] = "init.gamma";

// W_ij ~ N(0, (d1^-gamma)^2) for every matrix (the initialisation rate).
struct InitConfig {
  double gamma = 0.5;
  // The rates of one module's matrices; 0: gamma. See MatrixRates for which are whose.
  double embedding_gamma = 0;
  double qk_gamma = 0;
  double vo_gamma = 0;
  double mlp_gamma = 0;
  double head_gamma = 0;
  EmbeddingFan embedding_fan = EmbeddingFan::kDModel;
  // The rate of the memory anchors' token embeddings, of an anchor task; 0: that of the others.
  double memory_gamma = 0;
  // Whether the matrices that write into the residual stream, the attention's output and the last
  // of the feed-forward part, are divided by sqrt(2 layers). Not of Emb-MLP.
  bool output_scale = false;
  // The std of token and position embeddings whatever gamma; 0: by the rule. GPT-2 only.
  double embedding_std = 0;
};

// The initialisation rate of each module's matrices.
struct MatrixRates {
  double embedding = 0;  // tokens' and positions'; of GPT-2 the head as well, which is the tokens'
  double qk = 0;         // W_Q and W_K
  double vo = 0;         // W_V and W_O
  double mlp = 0;        // both of a block's feed-forward part; of Emb-MLP W1
  double head = 0;       // the map to the logits; of Emb-MLP W2
};
MatrixRates RatesOf(const InitConfig& config);

// Emb-MLP: sigma((sum of token embeddings) W1) W2.
struct EmbMlpConfig {
  int64_t d_model = 200;
  int64_t d_ff = 512;
  Activation activation = Activation::kTanh;
  // Itself, or a network of one's own in its place: docs/extending.md.
  std::string network = kEmbMlpNetwork;

  bool IsOwn() const { return network != kEmbMlpNetwork; }
};

// The decoder-only Transformer.
struct TransformerConfig {
  int64_t layers = 2;
  int64_t heads = 1;
  int64_t d_model = 200;
  int64_t d_ff = 512;
  int64_t d_head = 64;
  Norm norm = Norm::kPre;
  Bias bias = Bias::kZero;
  Activation activation = Activation::kGelu;
  bool pruned = true;
  bool projection = true;  // false: the last d_model values are the logits, as in Definition 2
};

// GPT-2's own vocabulary.
inline constexpr int64_t kGpt2Vocabulary = 50'257;

// GPT-2 (Radford et al. 2019): pre-norm, learned positions, tied head, tanh-GELU, biases. The
// defaults are its size of 124,439,808 parameters.
struct Gpt2Config {
  int64_t vocabulary = kGpt2Vocabulary;  // smaller: cut to the tokens that occur
  int64_t context = 1024;                // longest sequence
  int64_t layers = 12;
  int64_t heads = 12;
  int64_t d_model = 768;
  double dropout = 0.0;
};

// The size of that name: gpt2-124M (the paper's), gpt2-mini (the default profile's: 4 layers, width
// 128, 320 tokens) or gpt2-tiny (for tests). Throws Error for any other.
Gpt2Config Gpt2Size(std::string_view name);

// How parameters move, by gradients whose norm is clipped.
struct OptimizerConfig {
  OptimizerKind kind = OptimizerKind::kAdamW;
  double learning_rate = 1e-5;  // of a schedule, its base: where the warm-up begins
  Schedule schedule = Schedule::kConstant;
  // Of warmup_cosine alone: the length of the rise, the peak as a multiple of learning_rate, and
  // the rate of the last step.
  double warmup_epochs = 50;
  double warmup_multiplier = 10;
  double floor = 1e-5;
  double weight_decay = 1e-2;
  // The weights decay from this share of the run's steps to that one; see WeightDecayAt.
  double decay_from = 0;
  double decay_to = 1;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double clip_norm = 1.0;  // 0: gradients are not clipped, as where it is infinite
};

struct TrainConfig {
  int64_t epochs = 1000;
  int64_t batch_size = 100;
  // Of the anchor tasks; Emb-MLP knows the label alone. With kNextToken the loss trained on is the
  // mean over all positions; what is evaluated and probed is the label's at the last one.
  Target target = Target::kLabel;
  // The logits are multiplied by it before the softmax, 1 / temperature: in the loss trained on and
  // in whatever is told of losses and probabilities.
  double logit_scale = 1;
  // Sequences whose gradient is computed at a time and summed up to the batch's; 0: all. GPT-2
  // only.
  int64_t micro_batch_size = 0;
  int64_t eval_every = 1980;    // steps between evaluations; one at step 0, at the end and at
                                // each snapshot too
  int64_t eval_samples = 1000;  // at most so many sequences of each set
};

// Snapshots of named quantities during training; see lib/train/probes.h for the names.
struct ProbeConfig {
  std::vector<std::string> names;
  std::vector<int64_t> steps;
};

// One training run, complete: the same RunConfig gives the same bits.
struct RunConfig {
  ModelKind model = ModelKind::kTransformer;
  int64_t seed = 1;
  AnchorTaskConfig task;  // Emb-MLP's and the Transformer's
  TextConfig text;        // GPT-2's
  InitConfig init;
  EmbMlpConfig emb_mlp;
  TransformerConfig transformer;
  Gpt2Config gpt2;
  OptimizerConfig optimizer;
  TrainConfig train;
  ProbeConfig probe;
};

// The fields of `config` that matter for its model, in canonical order; idle: those that have no
// effect with its other values. The list points into `config`.
FieldList Fields(RunConfig& config);

// Why an open field of `config` has its value: the field's reason where it is the default, else
// that a profile or an override set it, with the default and its reason.
std::string OpenReason(const RunConfig& config, const Field& field);

// The names of all fields of all models, in order.
std::vector<std::string> AllFieldNames();

// "; did you mean optimizer.learning_rate?", as DidYouMean says it of `names`, which are of fields;
// names that others give them count, too: "dim" for d_model, "n_layer" for layers.
std::string DidYouMeanField(std::string_view name, std::span<const std::string> names);

// Sets the field `name` from `text`; one that `config`'s model does not use is checked and has no
// effect. "gpt2.size" sets all of gpt2.* but the dropout, see Gpt2Size. Throws Error for an unknown
// name (and names the nearest) or a bad text.
void SetField(RunConfig& config, std::string_view name, std::string_view text);

// As SetField, for "name=value".
void ApplyOverride(RunConfig& config, std::string_view assignment);

// The same config with "file" for the paths of texts: where a file lies is no part of what a run
// is, its sha256 is.
RunConfig WithoutPaths(RunConfig config);

// "name = value" lines in canonical order: what the digest is taken over, without fields of a value
// that Field::left_out_where names, and WithoutPaths. Begins with the revision of the model's
// training code, which is raised whenever the same config would give other results; with dropout
// that of dropout follows on the line ("revision = 6, dropout 2"), and other runs keep their digest
// when it is raised.
std::string CanonicalForm(const RunConfig& config);

// The inverse of CanonicalForm. Throws Error on a malformed text or another revision.
RunConfig ParseCanonicalForm(std::string_view text);

// An initialisation rate to nine decimals: however it was computed (0.1 * 3), it is the rate that
// is meant (0.3), and so the same run.
double RoundedRate(double gamma);

// SHA-256 of CanonicalForm, 64 hexadecimal digits.
std::string ConfigDigest(const RunConfig& config);

// The run's name in the store: the first 16 digits of its digest.
std::string RunId(const RunConfig& config);

// The name of a run before the last change of the revision, in files of older programs: some of
// those runs have the same bits.
std::string FormerRunId(const RunConfig& config);

// Sequences of the training set: of an anchor task, all but those with a masked combination.
int64_t TrainingSamples(const AnchorTaskConfig& config);
int64_t TrainingSamples(const RunConfig& config);

// Rows of the token embedding: the task's vocabulary or GPT-2's.
int64_t Vocabulary(const RunConfig& config);

// Optimiser steps in an epoch, and in the whole run.
int64_t StepsPerEpoch(const RunConfig& config);
int64_t TotalSteps(const RunConfig& config);

// Where in the run `step` is: as a share of it (0 .. 1), and in epochs.
double ShareAt(const RunConfig& config, int64_t step);
double EpochOf(const RunConfig& config, int64_t step);

// The steps at these shares (0 .. 1) of the run, rounded, rising, each once.
std::vector<int64_t> StepsAt(const RunConfig& config, std::span<const double> shares);

// One short line for progress and lists, e.g. "transformer gamma=0.3 seed=1", with what is not the
// default of the choices that studies vary: " lr=0.0005 norm=post".
std::string RunLabel(const RunConfig& config);

// The value of a field of such a label, by its name there: "0.3" of "memory_gamma"; "" where it has
// none. RateOfLabel: the initialisation rate.
std::string FieldOfLabel(std::string_view label, std::string_view name);
std::string RateOfLabel(std::string_view label);

// Throws Error when the config cannot be run; the message names the fields that clash and their
// values.
void Validate(const RunConfig& config);

}  // namespace initbias

#endif  // INITBIAS_LIB_CONFIG_RUN_CONFIG_H_
