#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/config/combinations.h"
#include "lib/config/run_config.h"
#include "lib/config/token_range.h"

namespace initbias {
namespace {

void Require(bool condition, const std::string& message) {
  if (!condition) {
    throw Error("impossible config: " + message);
  }
}

// Refuses a value of which nothing, or infinity, is left as a float, in which is trained: an
// epsilon that is 0 there divides by 0. What a float holds in full begins at 1.2e-38.
void RequirePositiveFloat(std::string_view name, double value) {
  using Limits = std::numeric_limits<float>;
  const bool holds =
      value >= static_cast<double>(Limits::min()) && value <= static_cast<double>(Limits::max());
  Require(holds,
          fmt::format("{} = {} is not positive and finite as a float, within {:.2g} .. {:.2g}",
                      name, value, Limits::min(), Limits::max()));
}

// The values that stand in the list more than once.
template <typename T>
std::set<T> Repeated(std::vector<T> values) {
  std::ranges::sort(values);
  std::set<T> repeated;
  for (size_t i = 1; i < values.size(); ++i) {
    if (values[i] == values[i - 1]) {
      repeated.insert(values[i]);
    }
  }
  return repeated;
}

struct NamedRange {
  std::string_view name;
  TokenRange tokens;
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

void RequireKnown(OwnPart part, std::string_view field, const std::string& name) {
  const std::vector<std::string> own = OwnNames(part);
  Require(IsKnownName(part, name),
          fmt::format("{} = {} is not among those of this program: {}{}{}; docs/extending.md says "
                      "how to add one",
                      field, name, part == OwnPart::kNetwork ? kEmbMlpNetwork : kAnchorSource,
                      own.empty() ? "" : ", ", fmt::join(own, ", ")));
}

// A data set of one's own: what a model must know of it. The rest is checked where it is made.
void ValidateOwnSource(const AnchorTaskConfig& t) {
  RequireKnown(OwnPart::kSource, "task.source", t.source);
  Require(t.memory_groups == 1, fmt::format("task.memory_groups = {} needs task.source = {}",
                                            t.memory_groups, kAnchorSource));
  Require(t.length >= 1 && t.length <= 100'000,
          fmt::format("task.length = {} is not within 1 .. 100000", t.length));
  Require(t.samples >= 1 && t.samples <= 100'000'000,
          fmt::format("task.samples = {} is not within 1 .. 100,000,000", t.samples));
  Require(t.samples * t.length <= 2'000'000'000,
          fmt::format("task.samples * task.length = {} * {} is above 2,000,000,000", t.samples,
                      t.length));
}

// How many sequences there are. `counts`: those of `t`, whose ranges and labels must be valid.
void ValidateSamples(const AnchorTaskConfig& t, const CombinationCounts& counts) {
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
}

// Which combinations are left out of the training, and whose labels are random.
void ValidateMasked(const AnchorTaskConfig& t, const CombinationCounts& counts) {
  const bool has_reasoning = t.kinds == TaskKinds::kBoth;
  Require(has_reasoning || t.masked.empty(),
          fmt::format("task.masked = {} is to be empty: task.kinds = memory has no reasoning "
                      "combinations that could be masked",
                      FormatValue(t.masked)));
  Require(!has_reasoning || (t.random_labels >= 0 && t.random_labels <= 1),
          fmt::format("task.random_labels = {} is not within 0 .. 1", t.random_labels));
  const std::vector<std::vector<int64_t>> masked = t.MaskedCombinations();
  const std::set<std::vector<int64_t>> repeated = Repeated(masked);
  for (size_t i = 0; i < masked.size(); ++i) {
    Require(static_cast<int64_t>(masked[i].size()) == t.num_anchors,
            fmt::format("task.masked '{}' has {} anchors, task.num_anchors is {}", t.masked[i],
                        masked[i].size(), t.num_anchors));
    Require(
        std::ranges::all_of(
            masked[i], [&t](int64_t a) { return a >= t.reasoning_min && a <= t.reasoning_max; }),
        fmt::format("task.masked '{}' has an anchor outside of the reasoning anchors {} .. {}",
                    t.masked[i], t.reasoning_min, t.reasoning_max));
    Require(!repeated.contains(masked[i]),
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

void ValidateTask(const AnchorTaskConfig& t) {
  Require(t.vocabulary >= 2 && t.vocabulary <= kMaxVocabulary,
          fmt::format("task.vocabulary = {} is not within 2 .. {}", t.vocabulary, kMaxVocabulary));
  const NamedRange ranges[] = {
      {"task.key", Keys(t)},
      {"task.memory", MemoryAnchors(t)},
      {"task.reasoning", ReasoningAnchors(t)},
  };
  for (const auto& [name, r] : ranges) {
    Require(r.first >= 0 && r.first <= r.last && r.last < t.vocabulary,
            fmt::format("{0}_min = {1}, {0}_max = {2} is no range of tokens within 0 .. {3} "
                        "(task.vocabulary = {4})",
                        name, r.first, r.last, t.vocabulary - 1, t.vocabulary));
  }
  if (!t.HasAnchors()) {
    ValidateOwnSource(t);
    return;
  }
  const bool has_reasoning = t.kinds == TaskKinds::kBoth;
  const size_t used_ranges = has_reasoning ? 3 : 2;
  for (size_t i = 0; i < used_ranges; ++i) {
    for (size_t j = i + 1; j < used_ranges; ++j) {
      const TokenRange& a = ranges[i].tokens;
      const TokenRange& b = ranges[j].tokens;
      Require(a.last < b.first || b.last < a.first,
              fmt::format("{} ({} .. {}) and {} ({} .. {}) overlap", ranges[i].name, a.first,
                          a.last, ranges[j].name, b.first, b.last));
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
  ValidateSamples(t, counts);
  ValidateMasked(t, counts);
}

// Texts, GPT-2 and what the two have in common.
void ValidateText(const RunConfig& config) {
  const TextConfig& t = config.text;
  constexpr int64_t kMaxSequences = 10'000'000;
  constexpr int64_t kMostGeneratedHops = 6;
  constexpr int64_t kMostReadHops = 100;
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
  Require(t.corpus_tokens >= 2,
          fmt::format("text.corpus_tokens = {} has no pair to compare", t.corpus_tokens));
  Require(!t.hops.empty(), "text.hops is empty");
  const int64_t most_hops = t.prontoqa == "generated" ? kMostGeneratedHops : kMostReadHops;
  const std::set<int64_t> repeated = Repeated(t.hops);
  for (const int64_t hops : t.hops) {
    Require(hops >= 1 && hops <= most_hops,
            fmt::format("text.hops: {} is not within 1 .. {}{}", hops, most_hops,
                        most_hops == kMostReadHops
                            ? ""
                            : "; a file of the original generator, text.prontoqa=FILE, may have "
                              "more"));
    Require(!repeated.contains(hops), fmt::format("text.hops names {} twice", hops));
  }
  for (const auto& [name, value] :
       {std::pair("text.prontoqa", &t.prontoqa), std::pair("text.tinystories", &t.tinystories)}) {
    Require(!value->empty(), fmt::format("{} is empty", name));
    Require(Trim(*value) == *value,
            fmt::format("{} = '{}' begins or ends with a blank", name, *value));
  }
  const Gpt2Config& g = config.gpt2;
  Require(g.vocabulary >= 2 && g.vocabulary <= kGpt2Vocabulary,
          fmt::format("gpt2.vocabulary = {} is not within 2 .. {}{}", g.vocabulary, kGpt2Vocabulary,
                      g.vocabulary > kGpt2Vocabulary
                          ? "; rows that pad the table to a round number (50304, say) are not "
                            "needed: no token would ever use them"
                          : ""));
  constexpr int64_t kMaxContext = 65'536;
  Require(g.context >= 2 && g.context <= kMaxContext,
          fmt::format("gpt2.context = {} is not within 2 .. {}", g.context, kMaxContext));
  // One more than the context, which is known to be no extreme number by now.
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

// The rates that the model has.
void ValidateRates(const InitConfig& init, ModelKind model) {
  std::vector<std::pair<std::string_view, double>> rates = {
      {"gamma", init.gamma},
      {"embedding_gamma", init.embedding_gamma},
      {"mlp_gamma", init.mlp_gamma}};
  if (model != ModelKind::kGpt2) {
    rates.insert(rates.end(),
                 {{"memory_gamma", init.memory_gamma}, {"head_gamma", init.head_gamma}});
  }
  if (model != ModelKind::kEmbMlp) {
    rates.insert(rates.end(), {{"qk_gamma", init.qk_gamma}, {"vo_gamma", init.vo_gamma}});
  }
  for (const auto& [name, rate] : rates) {
    Require(std::isfinite(rate) && std::fabs(rate) <= kLargestRate,
            fmt::format("init.{0} = {1} is not within -{2} .. {2}", name, rate, kLargestRate));
  }
}

// The rest of `config` must be valid.
void ValidateSchedule(const RunConfig& config) {
  const OptimizerConfig& o = config.optimizer;
  if (o.schedule == Schedule::kConstant) {
    return;
  }
  for (const auto& [name, value] : {std::pair("warmup_epochs", o.warmup_epochs),
                                    std::pair("warmup_multiplier", o.warmup_multiplier)}) {
    Require(value > 0 && std::isfinite(value),
            fmt::format("optimizer.{} = {} is not positive and finite", name, value));
  }
  RequirePositiveFloat("optimizer.floor", o.floor);
  const double peak = o.learning_rate * o.warmup_multiplier;
  Require(
      o.warmup_multiplier >= 1 && peak <= static_cast<double>(std::numeric_limits<float>::max()),
      fmt::format("optimizer.warmup_multiplier = {} is below 1, or too large for "
                  "optimizer.learning_rate = {}",
                  o.warmup_multiplier, o.learning_rate));
  Require(o.kind == OptimizerKind::kAdam || peak * o.weight_decay <= 2,
          fmt::format("optimizer.learning_rate * optimizer.warmup_multiplier * "
                      "optimizer.weight_decay = {} * {} * {} is above 2: the decay itself would "
                      "enlarge the parameters at each step",
                      o.learning_rate, o.warmup_multiplier, o.weight_decay));
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

// Emb-MLP and Transformer; GPT-2 is validated with its texts.
void ValidateModel(const RunConfig& config) {
  if (config.model == ModelKind::kEmbMlp) {
    RequireWidths("emb_mlp", {{"d_model", config.emb_mlp.d_model}, {"d_ff", config.emb_mlp.d_ff}});
    RequireKnown(OwnPart::kNetwork, "emb_mlp.network", config.emb_mlp.network);
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
    Require(
        t.projection || t.d_model >= config.task.vocabulary,
        fmt::format("transformer.projection = false makes transformer.d_model = {} logits, fewer "
                    "than task.vocabulary = {}",
                    t.d_model, config.task.vocabulary));
  }
}

void ValidateOptimizer(const OptimizerConfig& o) {
  RequirePositiveFloat("optimizer.learning_rate", o.learning_rate);
  Require(o.weight_decay >= 0 && std::isfinite(o.weight_decay),
          fmt::format("optimizer.weight_decay = {} is negative or not finite", o.weight_decay));
  // A step multiplies all parameters by 1 - rate * decay.
  Require(o.kind == OptimizerKind::kAdam || o.learning_rate * o.weight_decay <= 2,
          fmt::format("optimizer.learning_rate * optimizer.weight_decay = {} * {} is above 2: the "
                      "decay itself would enlarge the parameters at each step",
                      o.learning_rate, o.weight_decay));
  const bool has_moments = o.kind != OptimizerKind::kSgd;
  Require(!has_moments || (o.beta1 >= 0 && o.beta1 < 1 && o.beta2 >= 0 && o.beta2 < 1),
          fmt::format("optimizer.beta1 = {}, optimizer.beta2 = {} are not both within [0, 1)",
                      o.beta1, o.beta2));
  if (o.weight_decay != 0) {
    Require(
        o.decay_from >= 0 && o.decay_from < o.decay_to && o.decay_to <= 1,
        fmt::format("optimizer.decay_from = {}, optimizer.decay_to = {} do not rise within 0 .. "
                    "1; optimizer.weight_decay=0 has no decay at all",
                    o.decay_from, o.decay_to));
  }
  if (has_moments) {
    RequirePositiveFloat("optimizer.epsilon", o.epsilon);
  }
  if (!(o.clip_norm > 1) &&
      o.clip_norm != 0) {  // above, up to infinity, nothing of it is ever a float
    RequirePositiveFloat("optimizer.clip_norm", o.clip_norm);
  }
}

// The rest of `config` must be valid.
void ValidateProbes(const RunConfig& config) {
  Require(std::ranges::is_sorted(config.probe.steps) &&
              (config.probe.steps.empty() || config.probe.steps.front() >= 0),
          "probe.steps are to rise from 0 or above");
  Require(std::ranges::adjacent_find(config.probe.steps) == config.probe.steps.end(),
          "probe.steps names a step twice");
  constexpr size_t kMaxProbeSteps = 1000;  // each a group of the run file
  Require(config.probe.steps.size() <= kMaxProbeSteps,
          fmt::format("probe.steps has {} steps, more than {}", config.probe.steps.size(),
                      kMaxProbeSteps));
  Require(
      config.probe.steps.empty() || config.probe.steps.back() <= TotalSteps(config),
      fmt::format("probe.steps ends at {}, the run at step {}",
                  config.probe.steps.empty() ? 0 : config.probe.steps.back(), TotalSteps(config)));
  const std::set<std::string> repeated = Repeated(config.probe.names);
  for (const std::string& name : config.probe.names) {
    Require(!repeated.contains(name), fmt::format("probe.names has '{}' twice", name));
  }
  Require(config.probe.names.empty() == config.probe.steps.empty(),
          "probe.names and probe.steps are to be both given or both empty");
}

}  // namespace

void Validate(const RunConfig& config) {
  Require(config.seed >= 0, fmt::format("seed = {} is negative", config.seed));
  if (config.model == ModelKind::kGpt2) {
    ValidateText(config);
  } else {
    ValidateTask(config.task);
  }
  ValidateRates(config.init, config.model);
  if (config.model == ModelKind::kGpt2) {
    const double std = config.init.embedding_std;
    Require(std >= 0 && std <= 1e6,  // far beyond any use, far from the end of the floats
            fmt::format("init.embedding_std = {} is not within 0 .. 1e6", std));
  }
  ValidateModel(config);
  ValidateOptimizer(config.optimizer);
  const TrainConfig& t = config.train;
  Require(t.epochs >= 1 && t.epochs <= 10'000'000,
          fmt::format("train.epochs = {} is not within 1 .. 10,000,000", t.epochs));
  Require(t.batch_size >= 1 && t.batch_size <= 100'000'000,
          fmt::format("train.batch_size = {} is not within 1 .. 100,000,000", t.batch_size));
  ValidateSchedule(config);
  RequirePositiveFloat("train.logit_scale", t.logit_scale);
  Require(t.eval_every >= 1, fmt::format("train.eval_every = {} is not positive", t.eval_every));
  Require(t.eval_samples >= 1,
          fmt::format("train.eval_samples = {} is not positive", t.eval_samples));
  ValidateProbes(config);
}

}  // namespace initbias
