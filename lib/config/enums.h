// The choices that configs offer, each with its names on the command line and in files.
#ifndef INITBIAS_LIB_CONFIG_ENUMS_H_
#define INITBIAS_LIB_CONFIG_ENUMS_H_

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace initbias {

// kNames[i] is the name of the enumerator with value i.
template <typename E>
struct EnumNames;

template <typename E>
constexpr std::string_view EnumName(E value) {
  return EnumNames<E>::kNames[static_cast<size_t>(value)];
}

// Which network is trained.
enum class ModelKind { kEmbMlp, kTransformer, kGpt2 };
template <>
struct EnumNames<ModelKind> {
  static constexpr std::array<std::string_view, 3> kNames = {"emb_mlp", "transformer", "gpt2"};
};

// Which sequences an anchor task has.
enum class TaskKinds {
  kBoth,    // memory and reasoning
  kMemory,  // memory alone
};
template <>
struct EnumNames<TaskKinds> {
  static constexpr std::array<std::string_view, 2> kNames = {"both", "memory"};
};

// How the sequences of an anchor task come about.
enum class Sampling {
  kSampled,     // key, position and noise drawn anew for each sequence
  kEnumerated,  // each (key, anchors) once; only for sequences without noise
};
template <>
struct EnumNames<Sampling> {
  static constexpr std::array<std::string_view, 2> kNames = {"sampled", "enumerated"};
};

// What the label of a memory combination is drawn from, uniformly; z is its key.
enum class MemoryLabels {
  kKeys,       // the keys
  kAroundKey,  // {z - a .. z + a}, where a is the sum of the anchors
  kNested,     // {nested_min .. nested_min - 1 + nested_step i} for group i, counted from 1
};
template <>
struct EnumNames<MemoryLabels> {
  static constexpr std::array<std::string_view, 3> kNames = {"keys", "around_key", "nested"};
};

// Where LayerNorm stands in a Transformer block.
enum class Norm {
  kPre,   // x + f(norm(x)), and a final norm before the head
  kPost,  // norm(x + f(x))
  kNone,  // x + f(x)
};
template <>
struct EnumNames<Norm> {
  static constexpr std::array<std::string_view, 3> kNames = {"pre", "post", "none"};
};

// The biases of linear layers.
enum class Bias {
  kZero,          // present, zero at the start
  kTorchDefault,  // present, uniform on +-1/sqrt(d_in) at the start, as torch.nn.Linear has them
  kNone,          // absent
};
template <>
struct EnumNames<Bias> {
  static constexpr std::array<std::string_view, 3> kNames = {"zero", "torch_default", "none"};
};

enum class Activation {
  kTanh,
  kGelu,  // exact: x Phi(x)
  kRelu,
};
template <>
struct EnumNames<Activation> {
  static constexpr std::array<std::string_view, 3> kNames = {"tanh", "gelu", "relu"};
};

// What a Transformer is trained to predict on an anchor task.
enum class Target {
  kLabel,      // the label, at the last position
  kNextToken,  // at every position the next token; at the last one the label
};
template <>
struct EnumNames<Target> {
  static constexpr std::array<std::string_view, 2> kNames = {"label", "next_token"};
};

// What makes a step of a gradient.
enum class OptimizerKind {
  kAdamW,  // Adam with decoupled weight decay
  kAdam,   // weight decay as an L2 term of the gradient, as torch.optim.Adam has it
  kSgd,    // the same term; no momentum, as torch.optim.SGD at its defaults
};
template <>
struct EnumNames<OptimizerKind> {
  static constexpr std::array<std::string_view, 3> kNames = {"adamw", "adam", "sgd"};
};

// The learning rate over the run.
enum class Schedule {
  kConstant,
  kWarmupCosine,  // a linear rise, then half a cosine down; see LearningRateAt
};
template <>
struct EnumNames<Schedule> {
  static constexpr std::array<std::string_view, 2> kNames = {"constant", "warmup_cosine"};
};

// What counts as the input dimension d1 of an embedding table in std = d1^-gamma.
enum class EmbeddingFan {
  kDModel,  // the width of the table
  kRows,    // its number of rows: the one-hot reading
};
template <>
struct EnumNames<EmbeddingFan> {
  static constexpr std::array<std::string_view, 2> kNames = {"d_model", "rows"};
};

}  // namespace initbias

#endif  // INITBIAS_LIB_CONFIG_ENUMS_H_
