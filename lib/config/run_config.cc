#include "lib/config/run_config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lib/base/error.h"
#include "lib/base/sha256.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

// Raise when the same config would train to other bits.
constexpr int64_t kRevision = 4;

void AddTask(AnchorTaskConfig& c, FieldList& list) {
  list.Section("task");
  list.Add("vocabulary", &c.vocabulary, "number of tokens, d_vob");
  list.Add("key_min", &c.key_min, "smallest key");
  list.Add("key_max", &c.key_max, "largest key");
  list.Add("memory_min", &c.memory_min, "smallest memory anchor");
  list.Add("memory_max", &c.memory_max, "largest memory anchor");
  list.Add("reasoning_min", &c.reasoning_min, "smallest reasoning anchor");
  list.Add("reasoning_max", &c.reasoning_max, "largest reasoning anchor");
  list.Add("num_anchors", &c.num_anchors, "consecutive anchors in a sequence, q");
  list.Add("length", &c.length, "tokens in a sequence, L");
  list.Add("samples", &c.samples, "sequences, memory and reasoning, training and test together");
  list.Add(
      "sampling", &c.sampling, "sampled, or each (key, anchors) once",
      "the paper gives 200,000 sampled sequences; without noise only 20,000 differ, so Emb-MLP "
      "takes each once");
  list.Add("masked", &c.masked, "reasoning combinations kept for the test set, M");
  list.Add("kinds", &c.kinds, "memory and reasoning sequences both, or memory alone");
  list.Add("memory_groups", &c.memory_groups,
           "consecutive groups of memory anchors; a sequence has anchors of one group",
           "the paper gives four label ranges, not their anchors: twenty anchors in four groups of "
           "five");
  list.Add(
      "memory_labels", &c.memory_labels,
      "what memory labels are drawn from: keys, around_key or nested",
      "labels outside of the vocabulary do not arise at the paper's sizes (1 .. 140 of 200); a "
      "config in which one could is refused, none is clipped");
  list.Add("nested_min", &c.nested_min, "nested: smallest memory label of every group");
  list.Add("nested_step", &c.nested_step, "nested: group i, from 1, has nested_step * i labels");
}

void AddText(TextConfig& c, FieldList& list) {
  list.Section("text");
  list.Add("prontoqa_sequences", &c.prontoqa_sequences, "PrOntoQA sequences trained on");
  list.Add("tinystories_sequences", &c.tinystories_sequences, "TinyStories sequences trained on");
  list.Add("prontoqa", &c.prontoqa, "generated, or the path of the original generator's JSON",
           "the paper names the data set, which is a generator; ours makes the same kind of text");
  list.Add("prontoqa_sha256", &c.prontoqa_sha256, "of that file, set when the run is planned");
  list.Add("hops", &c.hops, "reasoning steps of the PrOntoQA examples, in turn",
           "the paper does not say; these are the original's three settings");
  list.Add("tinystories", &c.tinystories, "full, excerpt or the path of a file of stories",
           "the paper does not say which stories: the first ones of the training file");
  list.Add("tinystories_sha256", &c.tinystories_sha256,
           "of that file, set when the run is planned");
  list.Add("packed", &c.packed, "a sequence holds as many whole texts as fit, not one",
           "a sequence is read as one text; the excerpt's texts are paragraphs, shorter than a "
           "PrOntoQA example, and are packed");
  list.Add("padded_length", &c.padded_length,
           "tokens that a sequence is cut or padded to with <|endoftext|>; 0: as long as its text",
           "the paper does not say; the group's GPT-2 code, of another paper, pads to 190");
  list.InEffect(c.padded_length > 0);
  list.Add("padding_labels", &c.padding_labels, "whether the padding is to be predicted too",
           "the losses are those of the texts; the group's GPT-2 code, of another paper, has the "
           "padding among the labels");
  list.InEffect(true);
  list.Add("answer_samples", &c.answer_samples,
           "untrained PrOntoQA examples of each number of hops, to be answered");
  list.Add(
      "corpus_tokens", &c.corpus_tokens,
      "most frequent tokens that occur in one corpus alone, whose embeddings are compared",
      "the paper says 'the tokens of each corpus': those of one corpus alone belong to it, and "
      "the frequent ones have been trained early on");
}

void AddInit(InitConfig& c, ModelKind model, FieldList& list) {
  list.Section("init");
  list.Add("gamma", &c.gamma, "initialisation rate: std = d_in^-gamma");
  list.Add(
      "embedding_fan", &c.embedding_fan, "what counts as d_in of an embedding table",
      model == ModelKind::kGpt2
          ? "as in the anchor tasks: Theorem 1 has embeddings of std d_m^-gamma"
          : "Theorem 1 has embeddings of std d_m^-gamma; a position table counted by its 9 rows "
            "would not be small");
  if (model != ModelKind::kGpt2) {
    list.Add("memory_gamma", &c.memory_gamma,
             "initialisation rate of the memory anchors' token embeddings; 0: gamma");
  }
  if (model != ModelKind::kEmbMlp) {
    list.Add("output_scale", &c.output_scale,
             "divide the std of the matrices that write into the residual stream by sqrt(2 layers)",
             "the paper does not say and its rule has no such factor; the group's other repository "
             "has it");
  }
  if (model == ModelKind::kGpt2) {
    list.Add(
        "embedding_std", &c.embedding_std,
        "std of token and position embeddings whatever gamma; 0: by the rule",
        "the paper re-initialises all matrices by the rule; the group's GPT-2 code, of another "
        "paper, draws embeddings from N(0, 0.02^2) whatever gamma");
  }
}

void AddEmbMlp(EmbMlpConfig& c, FieldList& list) {
  list.Section("emb_mlp");
  list.Add("d_model", &c.d_model, "width of the embedding, d_m",
           "the paper gives the Transformer's sizes only; the same are taken");
  list.Add("d_ff", &c.d_ff, "hidden width, d_f", "as d_model");
  list.Add("activation", &c.activation, "tanh, gelu or relu",
           "the theory asks for sigma in C^2 with sigma(0) = 0 and sigma'(0) = 1, as tanh has");
}

void AddTransformer(TransformerConfig& c, FieldList& list) {
  list.Section("transformer");
  list.Add("layers", &c.layers, "blocks");
  list.Add("heads", &c.heads, "attention heads");
  list.Add("d_model", &c.d_model, "width of the residual stream, d_m");
  list.Add("d_ff", &c.d_ff, "hidden width of the feed-forward part");
  list.Add("d_head", &c.d_head, "width of a head's queries, keys and values, d_k");
  list.Add(
      "norm", &c.norm, "pre, post or none",
      "the paper does not say: its eq. 2 and 3 and Def. 2 fit post or none; the group's sibling "
      "paper (NeurIPS 2024) is post-norm and finds pre-norm alike, its repository is pre-norm, and "
      "pre-norm gives figure 3A. Epsilon is 1e-5, and pre has a final norm before the head");
  list.Add("bias", &c.bias, "zero, torch_default or none",
           "matrices follow the initialisation rule; zero biases keep out a second scale. The "
           "group's repository (of another paper) has torch's default");
  list.Add("activation", &c.activation, "tanh, gelu or relu",
           "as the group's repository (of another paper)");
  list.Add("pruned", &c.pruned,
           "compute the last block at the last position only (exact; other rounding)");
}

void AddGpt2(Gpt2Config& c, FieldList& list) {
  list.Section("gpt2");
  list.Add("vocabulary", &c.vocabulary,
           "rows of the token embedding; below 50257, cut to the tokens that occur, and the rows "
           "left over are never a label");
  list.Add("context", &c.context, "longest sequence, in tokens");
  list.Add("layers", &c.layers, "blocks");
  list.Add("heads", &c.heads, "attention heads, each of width d_model / heads");
  list.Add("d_model", &c.d_model, "width of the residual stream; the hidden width is 4 d_model");
  list.Add("dropout", &c.dropout,
           "share of embeddings, attention weights and block outputs dropped",
           "not given; training losses are what is drawn, and dropout would blur them; the group's "
           "GPT-2 code, of another paper, has none");
}

// `reason`: why the default schedule is constant.
void AddSchedule(OptimizerConfig& c, std::string_view reason, FieldList& list) {
  // The same for all three: what is known of the group's schedules.
  constexpr std::string_view kWarmup =
      "the group's repository (of another paper) launches 50 warm-up epochs of 1050, x3 or x10, "
      "down to 1e-5; its sibling paper (NeurIPS 2024, App. A) has 10 epochs, x25, down to 1e-5";
  list.Add("schedule", &c.schedule, "constant or warmup_cosine", reason);
  list.InEffect(c.schedule == Schedule::kWarmupCosine);
  list.Add("warmup_epochs", &c.warmup_epochs, "epochs in which the rate rises", kWarmup);
  list.Add("warmup_multiplier", &c.warmup_multiplier,
           "the rate at the end of the warm-up, as a multiple of learning_rate", kWarmup);
  list.Add("floor", &c.floor, "the rate of the last step, at the end of the cosine", kWarmup);
  list.InEffect(true);
}

// The paper gives nothing of GPT-2's optimiser.
void AddGpt2Optimizer(OptimizerConfig& c, FieldList& list) {
  list.Section("optimizer");
  list.Add("learning_rate", &c.learning_rate, "AdamW's learning rate, at the first step",
           "not given; 5e-4 for small sizes and 1e-4 for gpt2-124M are of the order that such "
           "models are trained with; one value for all gamma. The group's GPT-2 code, of another "
           "paper, has 5e-5");
  AddSchedule(c, "not given; constant, as the group's GPT-2 code, of another paper", list);
  list.Add("weight_decay", &c.weight_decay, "decoupled weight decay, on all parameters",
           "the Transformer's value; the group's GPT-2 code, of another paper, has 0");
  list.Add("beta1", &c.beta1, "decay of the first moment", "AdamW's default");
  list.Add("beta2", &c.beta2, "decay of the second moment", "AdamW's default");
  list.Add("epsilon", &c.epsilon, "added to the root of the second moment", "AdamW's default");
  list.Add("clip_norm", &c.clip_norm, "largest L2 norm of the whole gradient",
           "the Transformer's value");
}

void AddOptimizer(OptimizerConfig& c, ModelKind model, FieldList& list) {
  if (model == ModelKind::kGpt2) {
    return AddGpt2Optimizer(c, list);
  }
  const bool given = model == ModelKind::kTransformer;  // for Emb-MLP the paper gives epochs only
  list.Section("optimizer");
  list.Add(
      "learning_rate", &c.learning_rate, "AdamW's learning rate, at the first step",
      "1e-5 is called initial, which may mean the base of a schedule; one value for all gamma");
  AddSchedule(c,
              "this paper says 'initial learning rate of 1e-5' only. The group's sibling paper "
              "(NeurIPS 2024, App. A: 10 epochs of warm-up, x25, then a cosine down to 1e-5) and "
              "its repository's launch script (50 of 1050 epochs, x3 or x10) use 1e-5 as the base "
              "of a warm-up; but figure 4 has memory anchors still alike at epoch 900, as a "
              "constant 1e-5 gives",
              list);
  list.Add("weight_decay", &c.weight_decay, "decoupled weight decay, on all parameters",
           "AdamW's default, as the group's sibling paper and its repository");
  list.Add("beta1", &c.beta1, "decay of the first moment", "AdamW's default");
  list.Add("beta2", &c.beta2, "decay of the second moment", "AdamW's default");
  list.Add("epsilon", &c.epsilon, "added to the root of the second moment", "AdamW's default");
  list.Add("clip_norm", &c.clip_norm, "largest L2 norm of the whole gradient",
           given ? "" : "the Transformer's value");
}

void AddTrain(TrainConfig& c, ModelKind model, FieldList& list) {
  list.Section("train");
  list.Add("epochs", &c.epochs, "passes over the training set");
  list.Add("batch_size", &c.batch_size, "sequences a step; the last of an epoch may be smaller",
           model == ModelKind::kTransformer ? ""
           : model == ModelKind::kEmbMlp    ? "the Transformer's value"
                                            : "not given; fits memory with many sequences a step");
  if (model != ModelKind::kGpt2) {
    list.Add("target", &c.target,
             "what is trained on: the label, or next_token: at every position the next token, at "
             "the last the label (Transformer only); evaluated is the label",
             model == ModelKind::kTransformer ? "the paper trains on the label and says in its "
                                                "conclusion that the results extend to next-token "
                                                "training"
                                              : "Emb-MLP predicts the label alone");
  }
  if (model == ModelKind::kGpt2) {
    list.Add("micro_batch_size", &c.micro_batch_size,
             "sequences whose gradient is computed at a time; 0: the whole batch");
  }
  list.Add("eval_every", &c.eval_every, "steps between evaluations; each snapshot has one too",
           "the paper draws losses over epochs without saying how often");
  list.Add("eval_samples", &c.eval_samples, "at most so many sequences of each set",
           model == ModelKind::kGpt2
               ? "losses on a fixed random part of each corpus, some thousand tokens"
               : "losses on a fixed random part of each set: standard error below 0.1 nats");
}

void AddProbe(ProbeConfig& c, FieldList& list) {
  list.Section("probe");
  list.Add("names", &c.names, "quantities to snapshot");
  list.Add("steps", &c.steps, "steps at which they are taken");
}

void Require(bool condition, const std::string& message) {
  if (!condition) {
    throw Error("impossible config: " + message);
  }
}

// Anchor combinations of each kind that the task has. Exact below 2^53, and safe beyond.
// memory_groups must divide the number of memory anchors.
struct CombinationCounts {
  double memory = 0;
  double reasoning = 0;

  double total() const { return memory + reasoning; }
};

CombinationCounts CountCombinations(const AnchorTaskConfig& t) {
  const int64_t group_size = (t.memory_max - t.memory_min + 1) / t.memory_groups;
  CombinationCounts counts{.memory = static_cast<double>(t.memory_groups),
                           .reasoning = t.kinds == TaskKinds::kBoth ? 1.0 : 0.0};
  for (int64_t i = 0; i < t.num_anchors; ++i) {
    counts.memory *= static_cast<double>(group_size);
    counts.reasoning *= static_cast<double>(t.reasoning_max - t.reasoning_min + 1);
  }
  return counts;
}

struct TokenRange {
  std::string_view name;
  int64_t min;
  int64_t max;
};

// Bounds keep sums of labels and counts of combinations far from overflow.
constexpr int64_t kMaxVocabulary = 1'000'000;

// Refuses memory labels outside of the vocabulary; the rest of `t` must be valid.
void ValidateMemoryLabels(const AnchorTaskConfig& t) {
  Require(t.nested_min >= 0 && t.nested_min <= kMaxVocabulary,
          fmt::format("task.nested_min = {} is not within 0 .. {}", t.nested_min, kMaxVocabulary));
  Require(
      t.nested_step >= 1 && t.nested_step <= kMaxVocabulary,
      fmt::format("task.nested_step = {} is not within 1 .. {}", t.nested_step, kMaxVocabulary));
  if (t.memory_labels == MemoryLabels::kAroundKey) {
    const int64_t smallest = t.key_min - t.num_anchors * t.memory_max;
    const int64_t largest = t.key_max + t.num_anchors * t.memory_max;
    Require(smallest >= 0,
            fmt::format("the smallest label of task.memory_labels = around_key, task.key_min - "
                        "task.num_anchors * task.memory_max = {} - {} * {} = {}, is negative",
                        t.key_min, t.num_anchors, t.memory_max, smallest));
    Require(largest < t.vocabulary,
            fmt::format("the largest label of task.memory_labels = around_key, task.key_max + "
                        "task.num_anchors * task.memory_max = {} + {} * {} = {}, is outside of the "
                        "vocabulary 0 .. {} (task.vocabulary = {})",
                        t.key_max, t.num_anchors, t.memory_max, largest, t.vocabulary - 1,
                        t.vocabulary));
  } else if (t.memory_labels == MemoryLabels::kNested) {
    const int64_t largest = t.nested_min - 1 + t.nested_step * t.memory_groups;
    Require(largest < t.vocabulary,
            fmt::format("the largest label of task.memory_labels = nested, task.nested_min - 1 + "
                        "task.nested_step * task.memory_groups = {} - 1 + {} * {} = {}, is outside "
                        "of the vocabulary 0 .. {} (task.vocabulary = {})",
                        t.nested_min, t.nested_step, t.memory_groups, largest, t.vocabulary - 1,
                        t.vocabulary));
  }
}

void ValidateTask(const AnchorTaskConfig& t) {
  Require(t.vocabulary >= 2 && t.vocabulary <= kMaxVocabulary,
          fmt::format("task.vocabulary = {} is not within 2 .. {}", t.vocabulary, kMaxVocabulary));
  const TokenRange ranges[] = {
      {"task.key", t.key_min, t.key_max},
      {"task.memory", t.memory_min, t.memory_max},
      {"task.reasoning", t.reasoning_min, t.reasoning_max},
  };
  for (const TokenRange& r : ranges) {
    Require(r.min >= 0 && r.min <= r.max && r.max < t.vocabulary,
            fmt::format("{0}_min = {1}, {0}_max = {2} is no range of tokens within 0 .. {3} "
                        "(task.vocabulary = {4})",
                        r.name, r.min, r.max, t.vocabulary - 1, t.vocabulary));
  }
  const bool has_reasoning = t.kinds == TaskKinds::kBoth;
  const size_t used_ranges = has_reasoning ? 3 : 2;
  for (size_t i = 0; i < used_ranges; ++i) {
    for (size_t j = i + 1; j < used_ranges; ++j) {
      const TokenRange& a = ranges[i];
      const TokenRange& b = ranges[j];
      Require(a.max < b.min || b.max < a.min,
              fmt::format("{} ({} .. {}) and {} ({} .. {}) overlap", a.name, a.min, a.max, b.name,
                          b.min, b.max));
    }
  }
  Require(t.num_anchors >= 1 && t.num_anchors <= 8,
          fmt::format("task.num_anchors = {} is not within 1 .. 8", t.num_anchors));
  Require(t.length >= t.num_anchors + 1 && t.length <= 100'000,
          fmt::format("task.length = {} is too short for a key and task.num_anchors = {} anchors, "
                      "or above 100000",
                      t.length, t.num_anchors));
  const int64_t largest_label = t.key_max + t.num_anchors * t.reasoning_max;
  Require(
      !has_reasoning || largest_label < t.vocabulary,
      fmt::format("the largest label, task.key_max + task.num_anchors * task.reasoning_max = {} "
                  "+ {} * {} = {}, is outside of the vocabulary 0 .. {} (task.vocabulary = {})",
                  t.key_max, t.num_anchors, t.reasoning_max, largest_label, t.vocabulary - 1,
                  t.vocabulary));
  const int64_t memory_anchors = t.memory_max - t.memory_min + 1;
  Require(t.memory_groups >= 1 && memory_anchors % t.memory_groups == 0,
          fmt::format("task.memory_groups = {} does not divide the {} memory anchors, "
                      "task.memory_min = {} .. task.memory_max = {}, into groups of one size",
                      t.memory_groups, memory_anchors, t.memory_min, t.memory_max));
  ValidateMemoryLabels(t);
  const CombinationCounts counts = CountCombinations(t);
  Require(counts.total() <= 1e7,
          fmt::format("{:.0f} anchor combinations are more than 10,000,000: fewer anchors, or a "
                      "smaller task.num_anchors = {}",
                      counts.total(), t.num_anchors));
  const int64_t combinations = static_cast<int64_t>(counts.total());
  const int64_t keys = t.key_max - t.key_min + 1;
  if (t.sampling == Sampling::kEnumerated) {
    Require(
        t.length == t.num_anchors + 1,
        fmt::format("task.sampling = enumerated needs sequences without noise: task.length = {} "
                    "is not task.num_anchors + 1 = {}",
                    t.length, t.num_anchors + 1));
    Require(t.samples == keys * combinations,
            fmt::format("task.samples = {} is not {} keys * {} anchor combinations = {}, as "
                        "task.sampling = enumerated has it",
                        t.samples, keys, combinations, keys * combinations));
  }
  Require(t.samples > 0 && t.samples % combinations == 0 && t.samples <= 100'000'000,
          fmt::format("task.samples = {} is not a positive multiple (up to 100,000,000) of the {} "
                      "anchor combinations, each of which is to occur equally often",
                      t.samples, combinations));
  Require(t.samples * t.length <= 2'000'000'000,
          fmt::format("task.samples * task.length = {} * {} is above 2,000,000,000", t.samples,
                      t.length));
  Require(has_reasoning || t.masked.empty(),
          fmt::format("task.masked = {} is to be empty: task.kinds = memory has no reasoning "
                      "combinations that could be masked",
                      FormatValue(t.masked)));
  const std::vector<std::vector<int64_t>> masked = t.MaskedCombinations();
  for (size_t i = 0; i < masked.size(); ++i) {
    Require(static_cast<int64_t>(masked[i].size()) == t.num_anchors,
            fmt::format("task.masked '{}' has {} anchors, task.num_anchors is {}", t.masked[i],
                        masked[i].size(), t.num_anchors));
    Require(
        std::ranges::all_of(
            masked[i], [&t](int64_t a) { return a >= t.reasoning_min && a <= t.reasoning_max; }),
        fmt::format("task.masked '{}' has an anchor outside of the reasoning anchors {} .. {}",
                    t.masked[i], t.reasoning_min, t.reasoning_max));
    Require(std::ranges::count(masked, masked[i]) == 1,
            fmt::format("task.masked '{}' stands twice", t.masked[i]));
    // One spelling and order, so that equal tasks have equal digests.
    const std::string plain = fmt::format("{}", fmt::join(masked[i], "-"));
    Require(t.masked[i] == plain,
            fmt::format("task.masked '{}' is to be written '{}'", t.masked[i], plain));
    Require(i == 0 || masked[i - 1] < masked[i],
            fmt::format("task.masked is to be sorted: '{}' stands before '{}'",
                        i == 0 ? "" : t.masked[i - 1], t.masked[i]));
  }
  Require(!has_reasoning || static_cast<double>(masked.size()) < counts.reasoning,
          fmt::format("task.masked holds all {:.0f} reasoning combinations: none is left to train",
                      counts.reasoning));
}

// Texts, GPT-2 and what the two have in common.
void ValidateText(const RunConfig& config) {
  const TextConfig& t = config.text;
  constexpr int64_t kMaxSequences = 10'000'000;
  const std::pair<std::string_view, int64_t> counts[] = {
      {"text.prontoqa_sequences", t.prontoqa_sequences},
      {"text.tinystories_sequences", t.tinystories_sequences},
      {"text.answer_samples", t.answer_samples},
      {"text.corpus_tokens", t.corpus_tokens},
  };
  for (const auto& [name, value] : counts) {
    Require(value >= 1 && value <= kMaxSequences,
            fmt::format("{} = {} is not within 1 .. {}", name, value, kMaxSequences));
  }
  Require(t.padded_length >= 0,
          fmt::format("text.padded_length = {} is negative", t.padded_length));
  if (t.padded_length > 0) {
    Require(!t.packed, fmt::format("text.padded_length = {} is for one text a sequence, "
                                   "text.packed = true for several",
                                   t.padded_length));
    Require(t.padded_length >= 2 && t.padded_length <= config.gpt2.context + 1,
            fmt::format("text.padded_length = {} is not within 2 .. gpt2.context + 1 = {}",
                        t.padded_length, config.gpt2.context + 1));
  }
  Require(t.corpus_tokens >= 2,
          fmt::format("text.corpus_tokens = {} has no pair to compare", t.corpus_tokens));
  Require(!t.hops.empty(), "text.hops is empty");
  for (const int64_t hops : t.hops) {
    Require(hops >= 1 && hops <= 6, fmt::format("text.hops: {} is not within 1 .. 6", hops));
    Require(std::ranges::count(t.hops, hops) == 1, fmt::format("text.hops names {} twice", hops));
  }
  for (const auto& [name, value] :
       {std::pair("text.prontoqa", &t.prontoqa), std::pair("text.tinystories", &t.tinystories)}) {
    Require(!value->empty(), fmt::format("{} is empty", name));
    Require(Trim(*value) == *value,
            fmt::format("{} = '{}' begins or ends with a blank", name, *value));
  }
  const Gpt2Config& g = config.gpt2;
  Require(g.vocabulary >= 2 && g.vocabulary <= kGpt2Vocabulary,
          fmt::format("gpt2.vocabulary = {} is not within 2 .. {}", g.vocabulary, kGpt2Vocabulary));
  constexpr int64_t kMaxContext = 65'536;
  Require(g.context >= 2 && g.context <= kMaxContext,
          fmt::format("gpt2.context = {} is not within 2 .. {}", g.context, kMaxContext));
  constexpr int64_t kMaxWidth = 16'384;
  constexpr int64_t kMaxLayers = 1000;
  Require(g.layers >= 1 && g.layers <= kMaxLayers,
          fmt::format("gpt2.layers = {} is not within 1 .. {}", g.layers, kMaxLayers));
  Require(g.d_model >= 1 && g.d_model <= kMaxWidth,
          fmt::format("gpt2.d_model = {} is not within 1 .. {}", g.d_model, kMaxWidth));
  Require(g.heads >= 1 && g.d_model % g.heads == 0,
          fmt::format("gpt2.heads = {} does not divide gpt2.d_model = {}", g.heads, g.d_model));
  const double weights = static_cast<double>(g.layers) * 12.0 * static_cast<double>(g.d_model) *
                         static_cast<double>(g.d_model);
  Require(weights <= 1e10, fmt::format("gpt2.layers = {}, gpt2.d_model = {} make {:.3g} weights, "
                                       "more than 1e10",
                                       g.layers, g.d_model, weights));
  Require(g.dropout >= 0 && g.dropout < 1,
          fmt::format("gpt2.dropout = {} is not within [0, 1)", g.dropout));
  Require(config.train.micro_batch_size >= 0,
          fmt::format("train.micro_batch_size = {} is negative", config.train.micro_batch_size));
}

// The rest of `config` must be valid.
void ValidateSchedule(const RunConfig& config) {
  const OptimizerConfig& o = config.optimizer;
  if (o.schedule == Schedule::kConstant) {
    return;
  }
  for (const auto& [name, value] :
       {std::pair("warmup_epochs", o.warmup_epochs),
        std::pair("warmup_multiplier", o.warmup_multiplier), std::pair("floor", o.floor)}) {
    Require(value > 0 && std::isfinite(value),
            fmt::format("optimizer.{} = {} is not positive and finite", name, value));
  }
  const double peak = o.learning_rate * o.warmup_multiplier;
  Require(o.warmup_multiplier >= 1 && std::isfinite(peak),
          fmt::format("optimizer.warmup_multiplier = {} is below 1, or too large for "
                      "optimizer.learning_rate = {}",
                      o.warmup_multiplier, o.learning_rate));
  Require(o.floor <= peak,
          fmt::format("optimizer.floor = {} is above the rate that it is to be reached from, "
                      "optimizer.learning_rate * optimizer.warmup_multiplier = {} * {} = {}",
                      o.floor, o.learning_rate, o.warmup_multiplier, peak));
  // The peak must come before the last step, which has the floor.
  Require(o.warmup_epochs * static_cast<double>(StepsPerEpoch(config)) <
              static_cast<double>(TotalSteps(config) - 1),
          fmt::format("optimizer.warmup_epochs = {} leaves no step to fall in: the run has "
                      "train.epochs = {} of {} steps",
                      o.warmup_epochs, config.train.epochs, StepsPerEpoch(config)));
}

void RequireWidths(std::string_view section,
                   std::initializer_list<std::pair<std::string_view, int64_t>> fields) {
  constexpr int64_t kMaxWidth = 65'536;
  for (const auto& [name, value] : fields) {
    Require(value >= 1 && value <= kMaxWidth,
            fmt::format("{}.{} = {} is not within 1 .. {}", section, name, value, kMaxWidth));
  }
}

}  // namespace

std::vector<std::vector<int64_t>> AnchorTaskConfig::MaskedCombinations() const {
  std::vector<std::vector<int64_t>> combinations;
  for (const std::string& text : masked) {
    std::vector<int64_t>& combination = combinations.emplace_back();
    for (const std::string& part : Split(text, '-')) {
      const std::optional<int64_t> anchor = ParseInt(part);
      if (!anchor) {
        throw Error(fmt::format("task.masked: '{}' is not of the form 11-13", text));
      }
      combination.push_back(*anchor);
    }
  }
  return combinations;
}

FieldList Fields(RunConfig& config) {
  FieldList list;
  list.Add("model", &config.model, "emb_mlp, transformer or gpt2");
  list.Add("seed", &config.seed, "names all random streams of the run");
  if (config.model == ModelKind::kGpt2) {
    AddText(config.text, list);
  } else {
    AddTask(config.task, list);
  }
  AddInit(config.init, config.model, list);
  switch (config.model) {
    case ModelKind::kEmbMlp:
      AddEmbMlp(config.emb_mlp, list);
      break;
    case ModelKind::kTransformer:
      AddTransformer(config.transformer, list);
      break;
    case ModelKind::kGpt2:
      AddGpt2(config.gpt2, list);
      break;
  }
  AddOptimizer(config.optimizer, config.model, list);
  AddTrain(config.train, config.model, list);
  AddProbe(config.probe, list);
  return list;
}

std::string OpenReason(const RunConfig& config, const Field& field) {
  RunConfig defaults{.model = config.model};
  const FieldList list = Fields(defaults);
  const std::string default_value = list.Find(field.name)->get();
  return field.get() == default_value
             ? field.open
             : fmt::format("set by the profile or an override; the default is {}: {}",
                           default_value, field.open);
}

std::vector<std::string> AllFieldNames() {
  std::vector<std::string> names;
  const auto add = [&names](const Field& field) {
    if (std::ranges::find(names, field.name) == names.end()) {
      names.push_back(field.name);
    }
  };
  for (size_t i = 0; i < EnumNames<ModelKind>::kNames.size(); ++i) {
    RunConfig config{.model = static_cast<ModelKind>(i)};
    const FieldList list = Fields(config);
    for (const Field& field : list) {
      add(field);
    }
    for (const Field& field : list.idle()) {
      add(field);
    }
  }
  return names;
}

Gpt2Config Gpt2Size(std::string_view name) {
  if (name == "gpt2-124M") {
    return {};
  }
  if (name == "gpt2-mini") {
    return {.vocabulary = 2944, .context = 320, .layers = 4, .heads = 4, .d_model = 128};
  }
  if (name == "gpt2-tiny") {
    return {.vocabulary = 1024, .context = 192, .layers = 2, .heads = 2, .d_model = 32};
  }
  throw Error(fmt::format("'{}' is none of gpt2-124M, gpt2-mini, gpt2-tiny", name));
}

namespace {

// Not a field: sets several.
constexpr std::string_view kGpt2Size = "gpt2.size";

void SetGpt2Size(RunConfig& config, std::string_view name) {
  Gpt2Config size;
  try {
    size = Gpt2Size(name);
  } catch (const Error& error) {
    throw Error(fmt::format("{}: {}", kGpt2Size, error.what()));
  }
  if (config.model == ModelKind::kGpt2) {
    size.dropout = config.gpt2.dropout;
    config.gpt2 = size;
  }
}

}  // namespace

void SetField(RunConfig& config, std::string_view name, std::string_view text) {
  if (name == kGpt2Size) {
    return SetGpt2Size(config, text);
  }
  std::vector<std::string> names = AllFieldNames();
  names.emplace_back(kGpt2Size);
  if (std::ranges::find(names, name) == names.end()) {
    const auto same_ending = std::ranges::find_if(names, [name](const std::string& known) {
      return known.ends_with(fmt::format(".{}", name));
    });
    const std::string nearest =
        same_ending != names.end() ? *same_ending : NearestName(name, names);
    throw Error(fmt::format("unknown config field '{}'{}", name,
                            nearest.empty() ? "; --print-config lists all"
                                            : fmt::format("; did you mean '{}'?", nearest)));
  }
  const auto parse = [&](RunConfig& into) {
    const FieldList list = Fields(into);
    const Field* field = list.Find(name);
    if (field == nullptr) {
      return false;
    }
    try {
      field->parse(text);
    } catch (const Error& error) {
      throw Error(fmt::format("{}: {}", name, error.what()));
    }
    return true;
  };
  if (parse(config)) {
    return;
  }
  for (size_t i = 0; i < EnumNames<ModelKind>::kNames.size(); ++i) {
    RunConfig other{.model = static_cast<ModelKind>(i)};
    if (parse(other)) {
      return;
    }
  }
}

void ApplyOverride(RunConfig& config, std::string_view assignment) {
  const size_t equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    throw Error(fmt::format("'{}' is not of the form name=value", assignment));
  }
  SetField(config, Trim(assignment.substr(0, equals)), Trim(assignment.substr(equals + 1)));
}

std::string CanonicalForm(const RunConfig& config) {
  RunConfig copy = config;
  std::string text = fmt::format("revision = {}\n", kRevision);
  for (const Field& field : Fields(copy)) {
    text += fmt::format("{} = {}\n", field.name, field.get());
  }
  return text;
}

RunConfig ParseCanonicalForm(std::string_view text) {
  std::vector<std::string> lines = Split(text, '\n');
  if (lines.empty() || lines[0] != fmt::format("revision = {}", kRevision)) {
    throw Error(fmt::format("this is no config of revision {}: its first line is '{}'", kRevision,
                            lines.empty() ? "" : lines[0]));
  }
  RunConfig config;
  for (size_t i = 1; i < lines.size(); ++i) {
    if (!lines[i].empty()) {
      ApplyOverride(config, lines[i]);  // "model" comes first, so all later names are active
    }
  }
  if (CanonicalForm(config) != text) {
    throw Error(
        "this is no config in canonical form: a field is missing, out of order or repeated");
  }
  return config;
}

double RoundedRate(double gamma) {
  constexpr double kParts = 1e9;
  return std::isfinite(gamma) ? std::round(gamma * kParts) / kParts : gamma;
}

std::string ConfigDigest(const RunConfig& config) { return Sha256Hex(CanonicalForm(config)); }

std::string RunId(const RunConfig& config) { return ConfigDigest(config).substr(0, 16); }

int64_t TrainingSamples(const AnchorTaskConfig& config) {
  if (config.kinds == TaskKinds::kMemory) {
    return config.samples;
  }
  const int64_t combinations = static_cast<int64_t>(CountCombinations(config).total());
  return config.samples -
         config.samples / combinations * static_cast<int64_t>(config.masked.size());
}

int64_t TrainingSamples(const RunConfig& config) {
  return config.model == ModelKind::kGpt2
             ? config.text.prontoqa_sequences + config.text.tinystories_sequences
             : TrainingSamples(config.task);
}

int64_t Vocabulary(const RunConfig& config) {
  return config.model == ModelKind::kGpt2 ? config.gpt2.vocabulary : config.task.vocabulary;
}

int64_t StepsPerEpoch(const RunConfig& config) {
  const int64_t batch = config.train.batch_size;
  return (TrainingSamples(config) + batch - 1) / batch;
}

int64_t TotalSteps(const RunConfig& config) { return config.train.epochs * StepsPerEpoch(config); }

std::vector<int64_t> StepsAt(const RunConfig& config, std::span<const double> shares) {
  std::set<int64_t> steps;
  for (const double share : shares) {
    steps.insert(std::llround(share * static_cast<double>(TotalSteps(config))));
  }
  return {steps.begin(), steps.end()};
}

std::string RunLabel(const RunConfig& config) {
  std::string label =
      fmt::format("{} gamma={} seed={}", FormatValue(config.model), config.init.gamma, config.seed);
  const RunConfig defaults;
  const auto add = [&label](const char* name, const auto& value, const auto& default_value) {
    if (value != default_value) {
      label += fmt::format(" {}={}", name, FormatValue(value));
    }
  };
  add("lr", config.optimizer.learning_rate, defaults.optimizer.learning_rate);
  add("schedule", config.optimizer.schedule, defaults.optimizer.schedule);
  if (config.model != ModelKind::kEmbMlp) {
    add("output_scale", config.init.output_scale, defaults.init.output_scale);
  }
  if (config.model == ModelKind::kGpt2) {
    add("embedding_std", config.init.embedding_std, defaults.init.embedding_std);
    add("padded", config.text.padded_length, defaults.text.padded_length);
    add("layers", config.gpt2.layers, defaults.gpt2.layers);
    add("d_model", config.gpt2.d_model, defaults.gpt2.d_model);
    add("dropout", config.gpt2.dropout, defaults.gpt2.dropout);
    if (config.text.tinystories != "excerpt") {
      add("stories", config.text.tinystories, defaults.text.tinystories);
    }
    add("prontoqa", config.text.prontoqa, defaults.text.prontoqa);
    return label;
  }
  if (config.model == ModelKind::kTransformer) {
    add("layers", config.transformer.layers, defaults.transformer.layers);
    add("norm", config.transformer.norm, defaults.transformer.norm);
    add("bias", config.transformer.bias, defaults.transformer.bias);
    add("target", config.train.target, defaults.train.target);
  }
  add("memory_gamma", config.init.memory_gamma, defaults.init.memory_gamma);
  add("labels", config.task.memory_labels, defaults.task.memory_labels);
  return label;
}

void Validate(const RunConfig& config) {
  Require(config.seed >= 0, fmt::format("seed = {} is negative", config.seed));
  if (config.model == ModelKind::kGpt2) {
    ValidateText(config);
  } else {
    ValidateTask(config.task);
  }
  const double gamma = config.init.gamma;
  // Beyond it, the std of a matrix of 65,536 inputs leaves the floats.
  Require(std::isfinite(gamma) && std::fabs(gamma) <= 5,
          fmt::format("init.gamma = {} is not within -5 .. 5", gamma));
  if (config.model == ModelKind::kGpt2) {
    const double std = config.init.embedding_std;
    Require(std >= 0 && std <= 1e6,  // far beyond any use, far from the end of the floats
            fmt::format("init.embedding_std = {} is not within 0 .. 1e6", std));
  } else {
    const double memory_gamma = config.init.memory_gamma;
    Require(std::isfinite(memory_gamma) && std::fabs(memory_gamma) <= 5,
            fmt::format("init.memory_gamma = {} is not within -5 .. 5", memory_gamma));
  }
  if (config.model == ModelKind::kEmbMlp) {
    RequireWidths("emb_mlp", {{"d_model", config.emb_mlp.d_model}, {"d_ff", config.emb_mlp.d_ff}});
    Require(config.train.target == Target::kLabel,
            fmt::format("train.target = {} needs model = transformer: emb_mlp predicts one label "
                        "from all tokens of a sequence",
                        FormatValue(config.train.target)));
  } else if (config.model == ModelKind::kTransformer) {
    const TransformerConfig& t = config.transformer;
    RequireWidths("transformer", {{"layers", t.layers},
                                  {"heads", t.heads},
                                  {"d_model", t.d_model},
                                  {"d_ff", t.d_ff},
                                  {"d_head", t.d_head}});
    const double weights = static_cast<double>(t.layers) * static_cast<double>(t.d_model) *
                           static_cast<double>(4 * t.heads * t.d_head + 2 * t.d_ff);
    Require(weights <= 1e10,
            fmt::format("transformer.layers = {}, heads = {}, d_model = {}, d_ff = {}, d_head = {} "
                        "make {:.3g} weights, more than 1e10",
                        t.layers, t.heads, t.d_model, t.d_ff, t.d_head, weights));
  }
  const OptimizerConfig& o = config.optimizer;
  Require(o.learning_rate > 0 && std::isfinite(o.learning_rate),
          fmt::format("optimizer.learning_rate = {} is not positive and finite", o.learning_rate));
  Require(o.weight_decay >= 0 && std::isfinite(o.weight_decay),
          fmt::format("optimizer.weight_decay = {} is negative or not finite", o.weight_decay));
  Require(o.beta1 >= 0 && o.beta1 < 1 && o.beta2 >= 0 && o.beta2 < 1,
          fmt::format("optimizer.beta1 = {}, optimizer.beta2 = {} are not both within [0, 1)",
                      o.beta1, o.beta2));
  Require(o.epsilon > 0 && std::isfinite(o.epsilon),
          fmt::format("optimizer.epsilon = {} is not positive and finite", o.epsilon));
  Require(o.clip_norm > 0, fmt::format("optimizer.clip_norm = {} is not positive", o.clip_norm));
  const TrainConfig& t = config.train;
  Require(t.epochs >= 1 && t.epochs <= 10'000'000,
          fmt::format("train.epochs = {} is not within 1 .. 10,000,000", t.epochs));
  Require(t.batch_size >= 1 && t.batch_size <= 100'000'000,
          fmt::format("train.batch_size = {} is not within 1 .. 100,000,000", t.batch_size));
  ValidateSchedule(config);
  Require(t.eval_every >= 1, fmt::format("train.eval_every = {} is not positive", t.eval_every));
  Require(t.eval_samples >= 1,
          fmt::format("train.eval_samples = {} is not positive", t.eval_samples));
  Require(std::ranges::is_sorted(config.probe.steps) &&
              (config.probe.steps.empty() || config.probe.steps.front() >= 0),
          "probe.steps are to rise from 0 or above");
  Require(std::ranges::adjacent_find(config.probe.steps) == config.probe.steps.end(),
          "probe.steps names a step twice");
  constexpr size_t kMaxProbeSteps = 1000;  // an HDF5 attribute holds the config, up to 64 KiB
  Require(config.probe.steps.size() <= kMaxProbeSteps,
          fmt::format("probe.steps has {} steps, more than {}", config.probe.steps.size(),
                      kMaxProbeSteps));
  Require(
      config.probe.steps.empty() || config.probe.steps.back() <= TotalSteps(config),
      fmt::format("probe.steps ends at {}, the run at step {}",
                  config.probe.steps.empty() ? 0 : config.probe.steps.back(), TotalSteps(config)));
  for (const std::string& name : config.probe.names) {
    Require(std::ranges::count(config.probe.names, name) == 1,
            fmt::format("probe.names has '{}' twice", name));
  }
  Require(config.probe.names.empty() == config.probe.steps.empty(),
          "probe.names and probe.steps are to be both given or both empty");
}

}  // namespace initbias
