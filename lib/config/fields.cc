#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/config/run_config.h"

namespace initbias {
namespace {

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
  list.Add("source", &c.source, "anchors, or a data set of one's own: docs/extending.md");
  list.LeaveOutWhere(kAnchorSource);
  list.InEffect(c.HasAnchors() && c.kinds == TaskKinds::kBoth);
  list.Add(
      "random_labels", &c.random_labels,
      "share (0 .. 1) of the reasoning sequences trained on whose label is drawn uniformly from "
      "all reasoning labels, smallest to largest sum");
  list.LeaveOutWhere("0");
}

void AddText(TextConfig& c, FieldList& list) {
  list.Section("text");
  list.Add("prontoqa_sequences", &c.prontoqa_sequences, "PrOntoQA sequences trained on");
  list.Add("tinystories_sequences", &c.tinystories_sequences, "TinyStories sequences trained on");
  list.Add("prontoqa", &c.prontoqa,
           "generated, or the path of the original generator's JSON, or of a list of examples",
           "the paper names the data set, which is a generator; ours makes the same kind of text");
  list.Add("prontoqa_sha256", &c.prontoqa_sha256, "of that file, set when the run is planned");
  list.Add("hops", &c.hops,
           "reasoning steps of the PrOntoQA examples, in turn; of generated ones up to 6",
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

// The rates of single modules, those that the model has: a tied head is the embedding, and an
// embedding of a std of its own or a head that is not there has no rate.
// `own`: a network of one's own, whose embedding and other matrices alone are told apart.
void AddModuleRates(InitConfig& c, ModelKind model, bool projection, bool own, FieldList& list) {
  const auto add = [&list](std::string_view name, double* value, std::string_view doc) {
    list.Add(name, value, doc);
    list.LeaveOutWhere("0");
  };
  list.InEffect(model != ModelKind::kGpt2 || !(c.embedding_std > 0));
  add("embedding_gamma", &c.embedding_gamma,
      model == ModelKind::kEmbMlp ? "initialisation rate of the token embedding; 0: gamma"
      : model == ModelKind::kGpt2
          ? "initialisation rate of token and position embedding, and so of the head; 0: gamma"
          : "initialisation rate of token and position embedding; 0: gamma");
  list.InEffect(true);
  if (model != ModelKind::kEmbMlp) {
    add("qk_gamma", &c.qk_gamma, "initialisation rate of W_Q and W_K; 0: gamma");
    add("vo_gamma", &c.vo_gamma, "initialisation rate of W_V and W_O; 0: gamma");
  }
  list.InEffect(!own);
  add("mlp_gamma", &c.mlp_gamma,
      model == ModelKind::kEmbMlp
          ? "initialisation rate of W1; 0: gamma"
          : "initialisation rate of the feed-forward parts' matrices; 0: gamma");
  if (model != ModelKind::kGpt2) {
    list.InEffect(!own && (model == ModelKind::kEmbMlp || projection));
    add("head_gamma", &c.head_gamma,
        model == ModelKind::kEmbMlp ? "initialisation rate of W2; 0: gamma"
                                    : "initialisation rate of the map to the logits; 0: gamma");
  }
  list.InEffect(true);
}

void AddInit(RunConfig& config, FieldList& list) {
  InitConfig& c = config.init;
  const ModelKind model = config.model;
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
             "initialisation rate of the memory anchors' token embeddings; 0: as the others");
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
  AddModuleRates(c, model, config.transformer.projection,
                 model == ModelKind::kEmbMlp && config.emb_mlp.IsOwn(), list);
}

void AddEmbMlp(EmbMlpConfig& c, FieldList& list) {
  list.Section("emb_mlp");
  list.Add("d_model", &c.d_model, "width of the embedding, d_m",
           "the paper gives the Transformer's sizes only; the same are taken");
  list.Add("d_ff", &c.d_ff, "hidden width, d_f", "as d_model");
  list.Add("activation", &c.activation, "tanh, gelu or relu",
           "the theory asks for sigma in C^2 with sigma(0) = 0 and sigma'(0) = 1, as tanh has");
  list.Add("network", &c.network, "mlp, or a network of one's own: docs/extending.md");
  list.LeaveOutWhere(kEmbMlpNetwork);
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
  list.Add("projection", &c.projection,
           "a linear map to the logits behind the blocks; without it their d_model values are the "
           "logits, as in the paper's Definition 2");
  list.LeaveOutWhere("true");
}

void AddGpt2(Gpt2Config& c, FieldList& list) {
  static const std::string vocabulary = fmt::format(
      "rows of the token embedding; below {}, cut to the tokens that occur, and the rows left over "
      "are never a label",
      kGpt2Vocabulary);
  list.Section("gpt2");
  list.Add("vocabulary", &c.vocabulary, vocabulary);
  list.Add("context", &c.context, "longest sequence, in tokens");
  list.Add("layers", &c.layers, "blocks");
  list.Add("heads", &c.heads, "attention heads, each of width d_model / heads");
  list.Add("d_model", &c.d_model, "width of the residual stream; the hidden width is 4 d_model");
  list.Add("dropout", &c.dropout,
           "share of embeddings, attention weights and block outputs dropped; masks are drawn by "
           "step, a sequence's row in the batch and place in the network",
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

void AddKind(OptimizerConfig& c, FieldList& list) {
  list.Add(
      "kind", &c.kind,
      "adamw, or adam or sgd (no momentum), to which weight decay is an L2 term of the gradient");
  list.LeaveOutWhere("adamw");
}

void AddDecayWindow(OptimizerConfig& c, FieldList& list) {
  list.InEffect(c.weight_decay != 0);
  list.Add("decay_from", &c.decay_from,
           "share (0 .. 1) of the training's steps from which on weights decay");
  list.LeaveOutWhere("0");
  list.Add("decay_to", &c.decay_to,
           "share (0 .. 1) of the training's steps up to which weights decay");
  list.LeaveOutWhere("1");
  list.InEffect(true);
}

// The paper gives nothing of GPT-2's optimiser.
void AddGpt2Optimizer(OptimizerConfig& c, FieldList& list) {
  list.Section("optimizer");
  AddKind(c, list);
  list.Add("learning_rate", &c.learning_rate, "learning rate at the first step",
           "not given; 5e-4 for small sizes and 1e-4 for gpt2-124M are of the order that such "
           "models are trained with; one value for all gamma. The group's GPT-2 code, of another "
           "paper, has 5e-5");
  AddSchedule(c, "not given; constant, as the group's GPT-2 code, of another paper", list);
  list.Add(
      "weight_decay", &c.weight_decay,
      "weight decay, on all parameters: AdamW's, or the gradient's L2 term of adam and sgd",
      "the Transformer's value, on norms, biases and the tied embedding, too, as AdamW has it; "
      "the group's GPT-2 code, of another paper, has 0");
  AddDecayWindow(c, list);
  list.InEffect(c.kind != OptimizerKind::kSgd);
  list.Add("beta1", &c.beta1, "decay of the first moment", "AdamW's default");
  list.Add("beta2", &c.beta2, "decay of the second moment", "AdamW's default");
  list.Add("epsilon", &c.epsilon, "added to the root of the second moment", "AdamW's default");
  list.InEffect(true);
  list.Add("clip_norm", &c.clip_norm, "largest L2 norm of the whole gradient; 0: not clipped",
           "the Transformer's value");
}

void AddOptimizer(OptimizerConfig& c, ModelKind model, FieldList& list) {
  if (model == ModelKind::kGpt2) {
    return AddGpt2Optimizer(c, list);
  }
  const bool given = model == ModelKind::kTransformer;  // for Emb-MLP the paper gives epochs only
  list.Section("optimizer");
  AddKind(c, list);
  list.Add(
      "learning_rate", &c.learning_rate, "learning rate at the first step",
      "1e-5 is called initial, which may mean the base of a schedule; one value for all gamma");
  AddSchedule(c,
              "this paper says 'initial learning rate of 1e-5' only. The group's sibling paper "
              "(NeurIPS 2024, App. A: 10 epochs of warm-up, x25, then a cosine down to 1e-5) and "
              "its repository's launch script (50 of 1050 epochs, x3 or x10) use 1e-5 as the base "
              "of a warm-up; but figure 4 has memory anchors still alike at epoch 900, as a "
              "constant 1e-5 gives",
              list);
  list.Add("weight_decay", &c.weight_decay,
           "weight decay, on all parameters: AdamW's, or the gradient's L2 term of adam and sgd",
           given ? "AdamW's default, as the group's sibling paper and its repository; on norms, "
                   "biases and embeddings, too, as AdamW has it"
                 : "AdamW's default, as the group's sibling paper and its repository; on the "
                   "embedding, too, as AdamW has it");
  AddDecayWindow(c, list);
  list.InEffect(c.kind != OptimizerKind::kSgd);
  list.Add("beta1", &c.beta1, "decay of the first moment", "AdamW's default");
  list.Add("beta2", &c.beta2, "decay of the second moment", "AdamW's default");
  list.Add("epsilon", &c.epsilon, "added to the root of the second moment", "AdamW's default");
  list.InEffect(true);
  list.Add("clip_norm", &c.clip_norm, "largest L2 norm of the whole gradient; 0: not clipped",
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
             "sequences whose gradient is computed at a time; 0: the whole batch. The gradient is "
             "the batch's but for rounding, with dropout, too");
  }
  list.Add("eval_every", &c.eval_every, "steps between evaluations; each snapshot has one too",
           "the paper draws losses over epochs without saying how often");
  list.Add("eval_samples", &c.eval_samples, "at most so many sequences of each set",
           model == ModelKind::kGpt2
               ? "losses on a fixed random part of each corpus, some thousand tokens"
               : "losses on a fixed random part of each set: standard error below 0.1 nats");
  list.Add("logit_scale", &c.logit_scale,
           "the logits are multiplied by it before the softmax, 1 / temperature, in training and "
           "evaluation");
  list.LeaveOutWhere("1");
}

void AddProbe(ProbeConfig& c, FieldList& list) {
  list.Section("probe");
  list.Add("names", &c.names, "quantities to snapshot");
  list.Add("steps", &c.steps, "steps at which they are taken");
}

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

FieldList Fields(RunConfig& config) {
  FieldList list;
  list.Add("model", &config.model, "emb_mlp, transformer or gpt2");
  list.Add("seed", &config.seed, "names all random streams of the run");
  if (config.model == ModelKind::kGpt2) {
    AddText(config.text, list);
  } else {
    AddTask(config.task, list);
  }
  AddInit(config, list);
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

std::string DidYouMeanField(std::string_view name, std::span<const std::string> names) {
  // As other programs call them; short forms of our own names need no place here.
  static constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
      {"bsz", "batch_size"}, {"depth", "layers"},     {"dim", "d_model"},
      {"ffn", "d_ff"},       {"hidden", "d_ff"},      {"mlp", "d_ff"},
      {"n_embd", "d_model"}, {"n_head", "heads"},     {"n_heads", "heads"},
      {"n_layer", "layers"}, {"n_layers", "layers"},  {"num_heads", "heads"},
      {"width", "d_model"},  {"num_layers", "layers"}};
  const size_t last = name.rfind('.') + 1;
  const auto* const other = std::ranges::find(
      kOtherNames, name.substr(last), &std::pair<std::string_view, std::string_view>::first);
  if (other == std::end(kOtherNames)) {
    return DidYouMean(name, names);
  }
  const std::string beside = fmt::format("{}{}", name.substr(0, last), other->second);
  return DidYouMean(std::ranges::find(names, beside) != names.end() ? beside : other->second,
                    names);
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

void SetField(RunConfig& config, std::string_view name, std::string_view text) {
  if (name == kGpt2Size) {
    return SetGpt2Size(config, text);
  }
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = AllFieldNames();
    all.emplace_back(kGpt2Size);
    return all;
  }();
  if (std::ranges::find(names, name) == names.end()) {
    // The fields of the model first: "layers" is transformer.layers and gpt2.layers.
    std::vector<std::string> in_order;
    for (const Field& field : Fields(config)) {
      in_order.push_back(field.name);
    }
    in_order.insert(in_order.end(), names.begin(), names.end());
    const std::string hint = DidYouMeanField(name, in_order);
    throw Error(fmt::format("unknown config field '{}'{}", name,
                            hint.empty() ? "; --print-config lists all" : hint));
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

}  // namespace initbias
