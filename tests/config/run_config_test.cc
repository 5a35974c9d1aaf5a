// One field list drives overrides, canonical form and digest: tests loop over its fields, so that a
// new field is tested by being there.
//
// Goldens: the canonical forms are written out by hand from the paper's values, their digests are
// `printf '<text>' | sha256sum`. They change when a default or a field changes, and that gives
// every run another id.
#include "lib/config/run_config.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/sha256.h"
#include "lib/base/text.h"
#include "lib/config/enums.h"
#include "lib/config/field_list.h"
#include "lib/rng/stream.h"
#include "tests/config/default_of.h"
#include "tests/config/random_task.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

constexpr ModelKind kModels[] = {ModelKind::kEmbMlp, ModelKind::kTransformer, ModelKind::kGpt2};

// The task of Emb-MLP: no noise, each (key, anchors) once.
RunConfig EmbMlp() {
  RunConfig config = DefaultOf(ModelKind::kEmbMlp);
  config.task.length = 3;
  config.task.sampling = Sampling::kEnumerated;
  config.task.samples = 20'000;
  return config;
}

// Values of all models, whichever is active.
std::map<std::string, std::string> AllValues(RunConfig config) {
  std::map<std::string, std::string> values = {{"model", FormatValue(config.model)}};
  for (const ModelKind model : kModels) {
    config.model = model;
    const FieldList list = Fields(config);
    for (const std::vector<Field>& fields :
         {std::vector<Field>(list.begin(), list.end()), list.idle()}) {
      for (const Field& field : fields) {
        if (field.name != "model") {
          values[field.name] = field.get();
        }
      }
    }
  }
  return values;
}

// Texts of all types: each field takes some of them.
std::vector<std::string> SomeTexts(Stream* stream) {
  std::vector<std::string> texts = {
      "true",    "false",       "",     "11-13",   "a,b",        "inf",      "-0",
      "emb_mlp", "transformer", "gpt2", "sampled", "enumerated", "both",     "keys",
      "nested",  "memory",      "pre",  "post",    "none",       "zero",     "torch_default",
      "tanh",    "gelu",        "relu", "d_model", "rows",       "constant", "warmup_cosine",
      "label",   "next_token",  "adam", "sgd"};
  for (int i = 0; i < 4; ++i) {
    texts.push_back(fmt::format("{}", stream->Normal()));
    texts.push_back(fmt::format("{}", static_cast<int64_t>(stream->NextU64())));
    texts.push_back(fmt::format("{},{}", stream->UniformInt(-5, 5), stream->UniformInt(0, 99)));
  }
  stream->Shuffle(std::span<std::string>(texts));
  return texts;
}

// Sets the field to another value than it has, from `texts`. Returns false if it takes none.
bool SetOtherValue(const Field& field, const std::vector<std::string>& texts) {
  const std::string before = field.get();
  for (const std::string& text : texts) {
    try {
      field.parse(text);
    } catch (const Error&) {
      continue;
    }
    if (field.get() != before) {
      return true;
    }
  }
  return false;
}

std::string OverrideError(RunConfig config, std::string_view assignment) {
  const std::map<std::string, std::string> before = AllValues(config);
  try {
    ApplyOverride(config, assignment);
  } catch (const Error& error) {
    EXPECT_EQ(AllValues(config), before) << "changed by the bad '" << assignment << "'";
    return error.what();
  }
  ADD_FAILURE() << "took '" << assignment << "'";
  return "";
}

void ExpectHolds(const std::string& message, std::string_view part) {
  EXPECT_NE(message.find(part), std::string::npos)
      << "'" << message << "' without '" << part << "'";
}

constexpr std::string_view kTransformerCanonical =
    "revision = 5\n"
    "model = transformer\n"
    "seed = 1\n"
    "task.vocabulary = 200\n"
    "task.key_min = 21\n"
    "task.key_max = 120\n"
    "task.memory_min = 1\n"
    "task.memory_max = 10\n"
    "task.reasoning_min = 11\n"
    "task.reasoning_max = 20\n"
    "task.num_anchors = 2\n"
    "task.length = 9\n"
    "task.samples = 200000\n"
    "task.sampling = sampled\n"
    "task.masked = 11-13,13-11\n"
    "task.kinds = both\n"
    "task.memory_groups = 1\n"
    "task.memory_labels = keys\n"
    "task.nested_min = 30\n"
    "task.nested_step = 20\n"
    "init.gamma = 0.5\n"
    "init.embedding_fan = d_model\n"
    "init.memory_gamma = 0\n"
    "init.output_scale = false\n"
    "transformer.layers = 2\n"
    "transformer.heads = 1\n"
    "transformer.d_model = 200\n"
    "transformer.d_ff = 512\n"
    "transformer.d_head = 64\n"
    "transformer.norm = pre\n"
    "transformer.bias = zero\n"
    "transformer.activation = gelu\n"
    "transformer.pruned = true\n"
    "optimizer.learning_rate = 1e-05\n"
    "optimizer.schedule = constant\n"
    "optimizer.weight_decay = 0.01\n"
    "optimizer.beta1 = 0.9\n"
    "optimizer.beta2 = 0.999\n"
    "optimizer.epsilon = 1e-08\n"
    "optimizer.clip_norm = 1\n"
    "train.epochs = 1000\n"
    "train.batch_size = 100\n"
    "train.target = label\n"
    "train.eval_every = 1980\n"
    "train.eval_samples = 1000\n"
    "probe.names = \n"
    "probe.steps = \n";

constexpr std::string_view kEmbMlpCanonical =
    "revision = 5\n"
    "model = emb_mlp\n"
    "seed = 1\n"
    "task.vocabulary = 200\n"
    "task.key_min = 21\n"
    "task.key_max = 120\n"
    "task.memory_min = 1\n"
    "task.memory_max = 10\n"
    "task.reasoning_min = 11\n"
    "task.reasoning_max = 20\n"
    "task.num_anchors = 2\n"
    "task.length = 3\n"
    "task.samples = 20000\n"
    "task.sampling = enumerated\n"
    "task.masked = 11-13,13-11\n"
    "task.kinds = both\n"
    "task.memory_groups = 1\n"
    "task.memory_labels = keys\n"
    "task.nested_min = 30\n"
    "task.nested_step = 20\n"
    "init.gamma = 0.5\n"
    "init.embedding_fan = d_model\n"
    "init.memory_gamma = 0\n"
    "emb_mlp.d_model = 200\n"
    "emb_mlp.d_ff = 512\n"
    "emb_mlp.activation = tanh\n"
    "optimizer.learning_rate = 1e-05\n"
    "optimizer.schedule = constant\n"
    "optimizer.weight_decay = 0.01\n"
    "optimizer.beta1 = 0.9\n"
    "optimizer.beta2 = 0.999\n"
    "optimizer.epsilon = 1e-08\n"
    "optimizer.clip_norm = 1\n"
    "train.epochs = 1000\n"
    "train.batch_size = 100\n"
    "train.target = label\n"
    "train.eval_every = 1980\n"
    "train.eval_samples = 1000\n"
    "probe.names = \n"
    "probe.steps = \n";

constexpr std::string_view kGpt2Canonical =
    "revision = 6\n"
    "model = gpt2\n"
    "seed = 1\n"
    "text.prontoqa_sequences = 5000\n"
    "text.tinystories_sequences = 5000\n"
    "text.prontoqa = generated\n"
    "text.prontoqa_sha256 = \n"
    "text.hops = 1,3,5\n"
    "text.tinystories = full\n"
    "text.tinystories_sha256 = \n"
    "text.packed = false\n"
    "text.padded_length = 0\n"
    "text.answer_samples = 100\n"
    "text.corpus_tokens = 100\n"
    "init.gamma = 0.5\n"
    "init.embedding_fan = d_model\n"
    "init.output_scale = false\n"
    "init.embedding_std = 0\n"
    "gpt2.vocabulary = 50257\n"
    "gpt2.context = 1024\n"
    "gpt2.layers = 12\n"
    "gpt2.heads = 12\n"
    "gpt2.d_model = 768\n"
    "gpt2.dropout = 0\n"
    "optimizer.learning_rate = 1e-05\n"
    "optimizer.schedule = constant\n"
    "optimizer.weight_decay = 0.01\n"
    "optimizer.beta1 = 0.9\n"
    "optimizer.beta2 = 0.999\n"
    "optimizer.epsilon = 1e-08\n"
    "optimizer.clip_norm = 1\n"
    "train.epochs = 1000\n"
    "train.batch_size = 100\n"
    "train.micro_batch_size = 0\n"
    "train.eval_every = 1980\n"
    "train.eval_samples = 1000\n"
    "probe.names = \n"
    "probe.steps = \n";

TEST(ConfigStabilityTest, CanonicalForms) {
  EXPECT_EQ(CanonicalForm(RunConfig{}), kTransformerCanonical);
  EXPECT_EQ(CanonicalForm(EmbMlp()), kEmbMlpCanonical);
  EXPECT_EQ(CanonicalForm(DefaultOf(ModelKind::kGpt2)), kGpt2Canonical);
}

TEST(ConfigStabilityTest, Digests) {
  EXPECT_EQ(ConfigDigest(RunConfig{}),
            "478fe1f44e70d718705fa348d19cd905ffb5927d199eadc62415cc82bc1b7bc2");
  EXPECT_EQ(ConfigDigest(EmbMlp()),
            "0783dc14f87c291ac4bd33515433798f665bb52c824c8a78feca65b28f8d5e39");
  EXPECT_EQ(ConfigDigest(DefaultOf(ModelKind::kGpt2)),
            "c90bf256190437efb77ae141f90903acbac6cd52e331dac9793b4a1a80faeb8e");
  // The names before the last revision, in figure files of that time.
  EXPECT_EQ(FormerRunId(RunConfig{}), "5990e0d94a9dac21");
  EXPECT_EQ(FormerRunId(EmbMlp()), "0be2f41f33968493");
  EXPECT_EQ(FormerRunId(DefaultOf(ModelKind::kGpt2)), "ac051003e3a167da");
}

TEST(ConfigDigestTest, IsTakenOverTheCanonicalForm) {
  EXPECT_EQ(ConfigDigest(EmbMlp()), Sha256Hex(CanonicalForm(EmbMlp())));
  EXPECT_EQ(RunId(EmbMlp()), ConfigDigest(EmbMlp()).substr(0, 16));
}

class EachModelTest : public testing::TestWithParam<ModelKind> {};
INSTANTIATE_TEST_SUITE_P(Models, EachModelTest, testing::ValuesIn(kModels),
                         [](const auto& model) { return FormatValue(model.param); });

TEST_P(EachModelTest, FieldsHaveDistinctNamesAndWords) {
  RunConfig config = DefaultOf(GetParam());
  std::set<std::string> seen;
  for (const Field& field : Fields(config)) {
    EXPECT_TRUE(seen.insert(field.name).second) << field.name << " stands twice";
    EXPECT_FALSE(field.doc.empty()) << field.name;
    EXPECT_EQ(field.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_."),
              std::string::npos)
        << field.name;
  }
}

TEST_P(EachModelTest, FieldsAreThoseOfTheModel) {
  RunConfig config = DefaultOf(GetParam());
  const std::string own = FormatValue(GetParam()) + ".d_model";
  for (const Field& field : Fields(config)) {
    if (field.name.ends_with(".d_model")) {
      EXPECT_EQ(field.name, own);
    }
  }
  EXPECT_NE(Fields(config).Find(own), nullptr);
}

// The parser meets the model before the fields that depend on it.
TEST_P(EachModelTest, ModelComesFirst) {
  RunConfig config = DefaultOf(GetParam());
  EXPECT_EQ(Fields(config).begin()->name, "model");
}

// The config in which no field is without effect.
RunConfig InFullEffect(ModelKind model) {
  RunConfig config = DefaultOf(model);
  config.optimizer.schedule = Schedule::kWarmupCosine;
  config.text.padded_length = 190;
  return config;
}

TEST_P(EachModelTest, FieldsWithoutEffectAreNoPartOfTheDigest) {
  Stream stream(4, "test/digest");
  const std::vector<std::string> texts = SomeTexts(&stream);
  const RunConfig config = DefaultOf(GetParam());
  const RunConfig full = InFullEffect(GetParam());
  RunConfig other = config;
  const FieldList list = Fields(other);
  ASSERT_EQ(list.idle().size(), GetParam() == ModelKind::kGpt2 ? 4U : 3U);
  for (const Field& field : list.idle()) {
    ASSERT_TRUE(SetOtherValue(field, texts)) << field.name;
    EXPECT_EQ(CanonicalForm(other), CanonicalForm(config)) << field.name;
    RunConfig changed = full;
    SetField(changed, field.name, field.get());
    EXPECT_NE(ConfigDigest(changed), ConfigDigest(full)) << field.name;
  }
  RunConfig in_effect = full;
  EXPECT_TRUE(Fields(in_effect).idle().empty());
  EXPECT_EQ(CanonicalForm(ParseCanonicalForm(CanonicalForm(full))), CanonicalForm(full));
}

TEST_P(EachModelTest, FieldsMayBeSetBeforeTheOneThatGivesThemEffect) {
  RunConfig before = DefaultOf(GetParam());
  RunConfig after = DefaultOf(GetParam());
  const std::vector<const char*> assignments = {"optimizer.warmup_epochs=7", "optimizer.floor=1e-6",
                                                "optimizer.schedule=warmup_cosine",
                                                "optimizer.warmup_multiplier=3"};
  for (size_t i = 0; i < assignments.size(); ++i) {
    ApplyOverride(before, assignments[i]);
    ApplyOverride(after, assignments[assignments.size() - 1 - i]);
  }
  EXPECT_EQ(CanonicalForm(before), CanonicalForm(after));
  ExpectHolds(CanonicalForm(before),
              "optimizer.schedule = warmup_cosine\noptimizer.warmup_epochs = 7\n"
              "optimizer.warmup_multiplier = 3\noptimizer.floor = 1e-06\n");
  ExpectHolds(OverrideError(DefaultOf(GetParam()), "optimizer.floor=low"),
              "optimizer.floor: 'low' is not a number");
}

TEST_P(EachModelTest, DigestChangesWithEveryField) {
  Stream stream(1, "test/digest");
  const std::vector<std::string> texts = SomeTexts(&stream);
  std::map<std::string, std::string> digests = {{ConfigDigest(DefaultOf(GetParam())), "none"}};
  RunConfig names = DefaultOf(GetParam());
  for (const Field& named : Fields(names)) {
    RunConfig config = DefaultOf(GetParam());
    ASSERT_TRUE(SetOtherValue(*Fields(config).Find(named.name), texts)) << named.name;
    const auto [at, is_new] = digests.emplace(ConfigDigest(config), named.name);
    EXPECT_TRUE(is_new) << named.name << " gives the same digest as " << at->second;
  }
}

// Younger than stored runs: it names those alone that use it.
TEST(CanonicalFormTest, LeavesOutTheProjectionWhereThereIsOne) {
  RunConfig config;
  EXPECT_EQ(CanonicalForm(config).find("projection"), std::string::npos);
  ApplyOverride(config, "transformer.projection=false");
  ExpectHolds(CanonicalForm(config), "transformer.projection = false\n");
  EXPECT_FALSE(ParseCanonicalForm(CanonicalForm(config)).transformer.projection);
  EXPECT_TRUE(ParseCanonicalForm(CanonicalForm(RunConfig{})).transformer.projection);
  EXPECT_THROW(ParseCanonicalForm(CanonicalForm(RunConfig{}) + "transformer.projection = true\n"),
               Error);
}

// As the projection: with all of them at their defaults the forms above are those of stored runs.
TEST_P(EachModelTest, FieldsYoungerThanStoredRunsAreLeftOutAtTheirDefaults) {
  Stream stream(5, "test/left_out");
  const std::vector<std::string> texts = SomeTexts(&stream);
  const RunConfig defaults = DefaultOf(GetParam());
  RunConfig listed = defaults;
  int count = 0;
  for (const Field& named : Fields(listed)) {
    if (!named.left_out_where) {
      continue;
    }
    ++count;
    EXPECT_EQ(named.get(), *named.left_out_where) << named.name << " at its default";
    EXPECT_EQ(CanonicalForm(defaults).find(named.name), std::string::npos) << named.name;
    RunConfig config = defaults;
    ASSERT_TRUE(SetOtherValue(*Fields(config).Find(named.name), texts)) << named.name;
    ExpectHolds(CanonicalForm(config), named.name + " = ");
    const RunConfig back = ParseCanonicalForm(CanonicalForm(config));
    EXPECT_EQ(CanonicalForm(back), CanonicalForm(config)) << named.name;
  }
  EXPECT_GE(count, 3);
}

TEST(OptimizerKindTest, ThatOfSgdLeavesTheMomentsOut) {
  RunConfig config;
  config.optimizer.kind = OptimizerKind::kSgd;
  const std::string sgd = CanonicalForm(config);
  EXPECT_EQ(sgd.find("beta"), std::string::npos);
  config.optimizer.beta1 = 0.5;
  config.optimizer.epsilon = 0;
  EXPECT_EQ(CanonicalForm(config), sgd);
  EXPECT_NO_THROW(Validate(config));
}

TEST(DecayWindowTest, HasNoEffectWithoutDecay) {
  RunConfig config;
  config.optimizer.weight_decay = 0;
  const std::string without = CanonicalForm(config);
  config.optimizer.decay_to = 0.5;
  EXPECT_EQ(CanonicalForm(config), without);
}

// Each leaves another without effect: a std of its own, and a head that is not there.
TEST(ModuleGammaTest, HasNoEffectWithoutTheMatrix) {
  RunConfig config = DefaultOf(ModelKind::kGpt2);
  config.init.embedding_std = 0.02;
  const std::string gpt2 = CanonicalForm(config);
  config.init.embedding_gamma = 0.3;
  EXPECT_EQ(CanonicalForm(config), gpt2);
  RunConfig transformer;
  transformer.transformer.projection = false;
  const std::string without = CanonicalForm(transformer);
  transformer.init.head_gamma = 0.3;
  EXPECT_EQ(CanonicalForm(transformer), without);
  for (const auto& [model, name] : {std::pair(ModelKind::kEmbMlp, "init.qk_gamma"),
                                    std::pair(ModelKind::kEmbMlp, "init.vo_gamma"),
                                    std::pair(ModelKind::kGpt2, "init.head_gamma")}) {
    RunConfig other = DefaultOf(model);
    EXPECT_EQ(Fields(other).Find(name), nullptr) << name;
  }
}

TEST_P(EachModelTest, OverridesOfTheOtherModelAreCheckedAndHaveNoEffect) {
  Stream stream(2, "test/digest");
  const std::vector<std::string> texts = SomeTexts(&stream);
  const RunConfig config = DefaultOf(GetParam());
  RunConfig own = config;
  int inactive = 0;
  for (const ModelKind model : kModels) {
    RunConfig other = DefaultOf(model);
    for (const Field& field : Fields(other)) {
      if (Fields(own).Find(field.name) != nullptr) {
        continue;
      }
      ++inactive;
      ASSERT_TRUE(SetOtherValue(field, texts)) << field.name;
      RunConfig changed = config;
      ApplyOverride(changed, field.name + "=" + field.get());
      EXPECT_EQ(ConfigDigest(changed), ConfigDigest(config)) << field.name;
      EXPECT_EQ(AllValues(changed), AllValues(config)) << field.name;
      ExpectHolds(OverrideError(config, field.name + "=no such\nvalue"), field.name);
    }
  }
  EXPECT_GE(inactive, 6);
}

// The same section in another run would be used again.
TEST_P(EachModelTest, InactiveSectionsAreNoPartOfTheDigest) {
  RunConfig config = DefaultOf(GetParam());
  if (GetParam() != ModelKind::kEmbMlp) {
    config.emb_mlp.d_ff = 7;
  }
  if (GetParam() != ModelKind::kTransformer) {
    config.transformer.layers = 7;
    config.transformer.norm = Norm::kPost;
  }
  if (GetParam() != ModelKind::kGpt2) {
    config.gpt2 = Gpt2Size("gpt2-tiny");
    config.text.hops = {2};
    config.train.micro_batch_size = 7;
  } else {
    config.task.length = 3;
    config.task.sampling = Sampling::kEnumerated;
  }
  EXPECT_EQ(ConfigDigest(config), ConfigDigest(DefaultOf(GetParam())));
}

TEST_P(EachModelTest, CanonicalFormGoesBothWays) {
  Stream stream(3, "test/canonical");
  for (int i = 0; i < 200; ++i) {
    RunConfig config = i % 2 == 0 ? DefaultOf(GetParam()) : InFullEffect(GetParam());
    for (const Field& field : Fields(config)) {
      if (field.name != "model" && stream.UniformInt(2) == 0) {
        SetOtherValue(field, SomeTexts(&stream));
      }
    }
    const std::string canonical = CanonicalForm(config);
    RunConfig back = ParseCanonicalForm(canonical);
    RunConfig there = WithoutPaths(config);
    for (const Field& field : Fields(back)) {
      ASSERT_EQ(field.get(), Fields(there).Find(field.name)->get()) << field.name;
    }
    ASSERT_EQ(CanonicalForm(back), canonical);
    ASSERT_EQ(ConfigDigest(back), ConfigDigest(config));
  }
}

// Each field that the paper gives has no excuse, each other one has its reason, unless it is no
// choice of the experiment at all: a new field must be put in one of these groups.
TEST_P(EachModelTest, OpenChoicesHaveReasons) {
  const std::set<std::string> given = {"task.vocabulary",
                                       "task.key_min",
                                       "task.key_max",
                                       "task.memory_min",
                                       "task.memory_max",
                                       "task.reasoning_min",
                                       "task.reasoning_max",
                                       "task.num_anchors",
                                       "task.length",
                                       "task.samples",
                                       "task.masked",
                                       "task.kinds",
                                       "task.nested_min",
                                       "task.nested_step",
                                       "init.gamma",
                                       "init.memory_gamma",
                                       "transformer.layers",
                                       "transformer.heads",
                                       "transformer.d_model",
                                       "transformer.d_ff",
                                       "transformer.d_head",
                                       "transformer.projection",
                                       "train.epochs",
                                       "text.prontoqa_sequences",
                                       "text.tinystories_sequences",
                                       "gpt2.vocabulary",
                                       "gpt2.context",
                                       "gpt2.layers",
                                       "gpt2.heads",
                                       "gpt2.d_model"};
  // Given for the Transformer; for Emb-MLP the paper states its epochs alone.
  const std::set<std::string> given_for_transformer = {"optimizer.clip_norm", "train.batch_size"};
  // And the questions of ours, whose defaults are the paper's way.
  const std::set<std::string> mechanics = {"model",
                                           "seed",
                                           "task.source",
                                           "emb_mlp.network",
                                           "transformer.pruned",
                                           "probe.names",
                                           "probe.steps",
                                           "text.answer_samples",
                                           "train.micro_batch_size",
                                           "task.random_labels",
                                           "optimizer.kind",
                                           "optimizer.decay_from",
                                           "optimizer.decay_to",
                                           "train.logit_scale",
                                           "init.embedding_gamma",
                                           "init.qk_gamma",
                                           "init.vo_gamma",
                                           "init.mlp_gamma",
                                           "init.head_gamma",
                                           "text.prontoqa_sha256",
                                           "text.tinystories_sha256"};
  RunConfig config = DefaultOf(GetParam());
  for (const Field& field : Fields(config)) {
    const bool is_given =
        given.contains(field.name) ||
        (GetParam() == ModelKind::kTransformer && given_for_transformer.contains(field.name));
    const bool needs_reason = !is_given && !mechanics.contains(field.name);
    EXPECT_EQ(!field.open.empty(), needs_reason) << field.name << ": '" << field.open << "'";
  }
}

// The reason for a default is no reason for another value.
TEST(OpenReasonTest, SaysWhenTheValueIsNotTheDefault) {
  RunConfig config;
  const FieldList list = Fields(config);
  const Field& norm = *list.Find("transformer.norm");
  EXPECT_EQ(OpenReason(config, norm), norm.open);
  config.transformer.norm = Norm::kPost;
  EXPECT_EQ(OpenReason(config, norm),
            "set by the profile or an override; the default is pre: " + norm.open);
}

TEST(AllFieldNamesTest, AreThoseOfAllModelsEachOnce) {
  const std::vector<std::string> names = AllFieldNames();
  const std::set<std::string> distinct(names.begin(), names.end());
  EXPECT_EQ(distinct.size(), names.size());
  std::set<std::string> expected;
  for (const auto& [name, value] : AllValues(RunConfig{})) {
    expected.insert(name);
  }
  EXPECT_EQ(distinct, expected);
  EXPECT_TRUE(distinct.contains("emb_mlp.activation"));
  EXPECT_TRUE(distinct.contains("transformer.activation"));
  EXPECT_TRUE(distinct.contains("text.hops"));
}

TEST(SetFieldTest, SetsWhatItNames) {
  RunConfig config;
  SetField(config, "transformer.d_ff", "256");
  SetField(config, "init.gamma", "0.8");
  SetField(config, "task.masked", "11-12,12-11,15-15");
  SetField(config, "probe.steps", "");
  EXPECT_EQ(config.transformer.d_ff, 256);
  EXPECT_EQ(config.init.gamma, 0.8);
  EXPECT_EQ(config.task.masked, (std::vector<std::string>{"11-12", "12-11", "15-15"}));
  std::map<std::string, std::string> expected = AllValues(RunConfig{});
  expected["transformer.d_ff"] = "256";
  expected["init.gamma"] = "0.8";
  expected["task.masked"] = "11-12,12-11,15-15";
  EXPECT_EQ(AllValues(config), expected) << "nothing else changes";
}

TEST(Gpt2SizeTest, AreTheSizesOfTheirNames) {
  const auto expect = [](std::string_view name, const Gpt2Config& size) {
    const Gpt2Config ours = Gpt2Size(name);
    EXPECT_EQ(ours.vocabulary, size.vocabulary) << name;
    EXPECT_EQ(ours.context, size.context) << name;
    EXPECT_EQ(ours.layers, size.layers) << name;
    EXPECT_EQ(ours.heads, size.heads) << name;
    EXPECT_EQ(ours.d_model, size.d_model) << name;
    EXPECT_EQ(ours.dropout, 0.0) << name;
    RunConfig config = DefaultOf(ModelKind::kGpt2);
    config.gpt2 = ours;
    EXPECT_NO_THROW(Validate(config)) << name;
  };
  expect("gpt2-124M",
         {.vocabulary = 50'257, .context = 1024, .layers = 12, .heads = 12, .d_model = 768});
  expect("gpt2-mini",
         {.vocabulary = 2944, .context = 320, .layers = 4, .heads = 4, .d_model = 128});
  expect("gpt2-tiny", {.vocabulary = 1024, .context = 192, .layers = 2, .heads = 2, .d_model = 32});
  EXPECT_THROW(Gpt2Size("gpt2"), Error);
}

// The override stands for its fields, and those that come after it win.
TEST(Gpt2SizeTest, AsAnOverrideSetsAllButTheDropout) {
  for (const std::string name : {"gpt2-124M", "gpt2-mini", "gpt2-tiny"}) {
    RunConfig config = DefaultOf(ModelKind::kGpt2);
    config.gpt2 = {.vocabulary = 7, .context = 8, .layers = 1, .heads = 1, .d_model = 2};
    ApplyOverride(config, "gpt2.dropout=0.25");
    ApplyOverride(config, "gpt2.size=" + name);
    RunConfig expected = DefaultOf(ModelKind::kGpt2);
    expected.gpt2 = Gpt2Size(name);
    expected.gpt2.dropout = 0.25;
    EXPECT_EQ(CanonicalForm(config), CanonicalForm(expected)) << name;
    ApplyOverride(config, "gpt2.layers=3");
    expected.gpt2.layers = 3;
    EXPECT_EQ(CanonicalForm(config), CanonicalForm(expected)) << name;
  }
}

TEST(Gpt2SizeTest, DoesNotNameAnotherRunOfTheOtherModels) {
  for (const ModelKind model : {ModelKind::kEmbMlp, ModelKind::kTransformer}) {
    RunConfig config = DefaultOf(model);
    ApplyOverride(config, "gpt2.size=gpt2-tiny");
    EXPECT_EQ(ConfigDigest(config), ConfigDigest(DefaultOf(model)));
    ExpectHolds(OverrideError(DefaultOf(model), "gpt2.size=small"),
                "gpt2.size: 'small' is none of");
    // As any other field that the model has not.
    ApplyOverride(config, "model=gpt2");
    EXPECT_EQ(config.gpt2.layers, Gpt2Config{}.layers);
  }
  ExpectHolds(OverrideError(DefaultOf(ModelKind::kGpt2), "gpt2.siz=gpt2-tiny"),
              "did you mean gpt2.size?");
}

TEST(ApplyOverrideTest, SplitsAtTheFirstEqualsSign) {
  RunConfig config;
  ApplyOverride(config, "transformer.d_ff=256");
  EXPECT_EQ(config.transformer.d_ff, 256);
  ApplyOverride(config, " transformer.d_ff =\t300 ");
  EXPECT_EQ(config.transformer.d_ff, 300);
  ApplyOverride(config, "task.masked=");
  EXPECT_TRUE(config.task.masked.empty());
  ExpectHolds(OverrideError(config, "transformer.d_ff=1=2"), "'1=2' is not a whole number");
}

TEST(ApplyOverrideTest, RefusesWhatIsNoAssignment) {
  for (const char* text : {"", "transformer.d_ff", "transformer.d_ff:256", "--help"}) {
    ExpectHolds(OverrideError(RunConfig{}, text),
                fmt::format("'{}' is not of the form name=value", text));
  }
}

TEST(ApplyOverrideTest, BadValuesNameTheFieldAndWhatWasFound) {
  const struct {
    const char* assignment;
    const char* message;
  } cases[] = {
      {"transformer.d_ff=", "transformer.d_ff: '' is not a whole number"},
      {"transformer.d_ff=2.5", "transformer.d_ff: '2.5' is not a whole number"},
      {"transformer.d_ff=99999999999999999999", "'99999999999999999999' is not a whole number"},
      {"init.gamma=half", "init.gamma: 'half' is not a number"},
      {"init.gamma=1e999", "init.gamma: '1e999' is not a number"},
      {"transformer.pruned=1", "transformer.pruned: '1' is neither true nor false"},
      {"transformer.norm=layer", "transformer.norm: 'layer' is none of pre, post, none"},
      {"model=gpt", "model: 'gpt' is none of emb_mlp, transformer, gpt2"},
      {"gpt2.heads=two", "gpt2.heads: 'two' is not a whole number"},
      {"text.hops=1;3", "text.hops: '1;3' is not a whole number"},
      {"text.packed=yes", "text.packed: 'yes' is neither true nor false"},
      {"text.prontoqa=a\nseed = 2", "text.prontoqa: a value may not hold a line break"},
      {"gpt2.size=gpt2-124m", "gpt2.size: 'gpt2-124m' is none of gpt2-124M, gpt2-mini, gpt2-tiny"},
      {"gpt2.size=", "gpt2.size: '' is none of"},
      {"probe.steps=1,x", "probe.steps: 'x' is not a whole number"},
      {"probe.names=a\nseed = 2", "probe.names: a value may not hold a line break"},
      {"seed=1\nmodel = emb_mlp", "seed: "},
  };
  for (const auto& c : cases) {
    ExpectHolds(OverrideError(RunConfig{}, c.assignment), c.message);
  }
}

TEST(ApplyOverrideTest, UnknownNamesNameTheNearest) {
  const struct {
    const char* name;
    const char* nearest;
  } cases[] = {
      {"transformer.dff", "transformer.d_ff"},
      {"transfromer.layers", "transformer.layers"},
      {"Transformer.heads", "transformer.heads"},
      {"optimiser.learning_rate", "optimizer.learning_rate"},
      {"optimizer.learning-rate", "optimizer.learning_rate"},
      {"int.gamma", "init.gamma"},
      {"train.epoch", "train.epochs"},
      {"emb_mlp.dff", "emb_mlp.d_ff"},
      {"sed", "seed"},
      {"task.mask", "task.masked"},
      {"gpt2.layer", "gpt2.layers"},
      {"text.hop", "text.hops"},
      {"train.microbatch_size", "train.micro_batch_size"},
  };
  for (const ModelKind model : kModels) {
    for (const auto& c : cases) {
      const std::string message = OverrideError(DefaultOf(model), fmt::format("{}=1", c.name));
      ExpectHolds(message, fmt::format("unknown config field '{}'", c.name));
      ExpectHolds(message, fmt::format("did you mean {}?", c.nearest));
    }
  }
}

// The likeliest slip of all, and its edit distance is large.
TEST(ApplyOverrideTest, NamesWithoutTheirSectionNameTheField) {
  for (const char* field : {"init.gamma", "optimizer.learning_rate", "train.epochs", "task.masked",
                            "transformer.layers", "gpt2.dropout", "train.micro_batch_size"}) {
    const std::string bare = Split(field, '.')[1];
    ExpectHolds(OverrideError(RunConfig{}, bare + "=1"), fmt::format("did you mean {}?", field));
  }
  // Nor need it be without a slip.
  ExpectHolds(OverrideError(RunConfig{}, "gama=1"), "did you mean init.gamma?");
}

TEST(ApplyOverrideTest, ShortNamesAndThoseOfOtherProgramsNameTheField) {
  const struct {
    const char* name;
    const char* meant;
  } cases[] = {
      {"optimizer.lr", "optimizer.learning_rate"},
      {"lr", "optimizer.learning_rate"},
      {"optimizer.wd", "optimizer.weight_decay"},
      {"optimizer.eps", "optimizer.epsilon"},
      {"train.batch", "train.batch_size"},
      {"train.bs", "train.batch_size"},
      {"bsz", "train.batch_size"},
      {"transformer.dim", "transformer.d_model"},
      {"emb_mlp.hidden", "emb_mlp.d_ff"},
      {"gpt2.n_layer", "gpt2.layers"},
      {"gpt2.n_head", "gpt2.heads"},
  };
  for (const ModelKind model : kModels) {
    for (const auto& c : cases) {
      ExpectHolds(OverrideError(DefaultOf(model), fmt::format("{}=1", c.name)),
                  fmt::format("did you mean {}?", c.meant));
    }
  }
}

// "layers" and "d_model" are fields of two models and of three.
TEST(ApplyOverrideTest, OfFieldsOfOneNameThatOfTheModelIsMeant) {
  const RunConfig gpt2 = DefaultOf(ModelKind::kGpt2);
  const RunConfig transformer = DefaultOf(ModelKind::kTransformer);
  for (const char* name : {"layers", "n_layers", "d_model", "dim"}) {
    ExpectHolds(OverrideError(gpt2, fmt::format("{}=1", name)), "did you mean gpt2.");
    ExpectHolds(OverrideError(transformer, fmt::format("{}=1", name)), "did you mean transformer.");
  }
}

TEST(ApplyOverrideTest, NamesLikeNoneSayWhereTheListIs) {
  for (const char* name : {"", "=", "entirely_different_thing", "x"}) {
    const std::string message = OverrideError(RunConfig{}, fmt::format("{}=1", name));
    ExpectHolds(message, "unknown config field '");
    ExpectHolds(message, "--print-config lists all");
  }
}

// Every name with a letter missing is refused and still helps.
TEST(ApplyOverrideTest, EveryMissingLetterIsNoticed) {
  for (const std::string& name : AllFieldNames()) {
    for (size_t i = 0; i < name.size(); ++i) {
      std::string typo = name;
      typo.erase(i, 1);
      ExpectHolds(OverrideError(RunConfig{}, typo + "=1"), "did you mean ");
    }
  }
}

TEST(ParseCanonicalFormTest, OtherRevisionsAreErrors) {
  std::string text = CanonicalForm(RunConfig{});
  for (const std::string first :
       {"revision = 1", "revision = 4", "revision = 51", "revision=5", ""}) {
    const std::string other = first + text.substr(text.find('\n'));
    try {
      ParseCanonicalForm(other);
      ADD_FAILURE() << "took " << first;
    } catch (const Error& error) {
      ExpectHolds(error.what(), "no config of revision 5");
      ExpectHolds(error.what(), "'" + first + "'");
    }
  }
  // Each model has its own number.
  std::string gpt2 = CanonicalForm({.model = ModelKind::kGpt2});
  try {
    ParseCanonicalForm(gpt2.replace(0, gpt2.find('\n'), "revision = 5"));
    ADD_FAILURE() << "took revision 5";
  } catch (const Error& error) {
    ExpectHolds(error.what(), "no config of revision 6");
  }
  // Dropout has one of its own, which is none of a run without.
  RunConfig dropout{.model = ModelKind::kGpt2};
  dropout.gpt2.dropout = 0.1;
  gpt2 = CanonicalForm(dropout);
  EXPECT_EQ(gpt2.substr(0, gpt2.find('\n')), "revision = 6, dropout 2");
  EXPECT_EQ(CanonicalForm(ParseCanonicalForm(gpt2)), gpt2);
  for (const std::string other : {"revision = 6", "revision = 6, dropout 1", "revision = 6,"}) {
    SCOPED_TRACE(other);
    const std::string message =
        ErrorOf([&] { ParseCanonicalForm(other + gpt2.substr(gpt2.find('\n'))); });
    ExpectHolds(message, "no config of revision 6, dropout 2: its first line is '" + other + "'");
  }
  dropout.gpt2.dropout = 0;
  gpt2 = CanonicalForm(dropout);
  const std::string message = ErrorOf(
      [&] { ParseCanonicalForm("revision = 6, dropout 2" + gpt2.substr(gpt2.find('\n'))); });
  ExpectHolds(message, "no config of revision 6: its first line is 'revision = 6, dropout 2'");
  EXPECT_THROW(ParseCanonicalForm(""), Error);
  EXPECT_THROW(ParseCanonicalForm(text.substr(text.find('\n') + 1)), Error);
}

TEST(ParseCanonicalFormTest, BadLinesAreErrors) {
  const std::string text = CanonicalForm(RunConfig{});
  for (const char* line : {"seed", "seed = ", "seed = x", "sed = 1", "transformer.norm = batch"}) {
    EXPECT_THROW(ParseCanonicalForm(text + line + "\n"), Error) << line;
  }
}

// A file cut short must not pass as a run of default values.
TEST(ParseCanonicalFormTest, MissingLinesAreErrors) {
  RunConfig config;
  config.optimizer.learning_rate = 5e-4;
  const std::string text = CanonicalForm(config);
  for (size_t end = text.find('\n') + 1; end < text.size(); end = text.find('\n', end) + 1) {
    EXPECT_THROW(ParseCanonicalForm(text.substr(0, end)), Error) << "cut after " << end << " bytes";
  }
}

TEST(ParseCanonicalFormTest, LinesThatDoNotBelongAreErrors) {
  const std::string text = CanonicalForm(RunConfig{});
  for (const char* line : {"seed = 2", "emb_mlp.d_ff = 7", "model = emb_mlp"}) {
    EXPECT_THROW(ParseCanonicalForm(text + line + "\n"), Error) << "after the form: " << line;
  }
}

TEST(MaskedCombinationsTest, AreTheNumbersOfTheTexts) {
  AnchorTaskConfig task;
  using Combinations = std::vector<std::vector<int64_t>>;
  EXPECT_EQ(task.MaskedCombinations(), (Combinations{{11, 13}, {13, 11}}));
  task.masked = {};
  EXPECT_EQ(task.MaskedCombinations(), Combinations{});
  task.masked = {"11", "12-13-14"};
  EXPECT_EQ(task.MaskedCombinations(), (Combinations{{11}, {12, 13, 14}}));
}

TEST(MaskedCombinationsTest, OtherTextsAreErrors) {
  for (const char* text : {"", "-", "11-", "-11", "11--13", "11,13", "11 - 13", "11-x", "(11-13)",
                           "11-99999999999999999999"}) {
    AnchorTaskConfig task;
    task.masked = {text};
    try {
      task.MaskedCombinations();
      ADD_FAILURE() << "took '" << text << "'";
    } catch (const Error& error) {
      ExpectHolds(error.what(), "task.masked");
      ExpectHolds(error.what(), fmt::format("'{}'", text));
    }
  }
}

TEST(TrainingSamplesTest, IsThePapersNumber) {
  // 98 of 100 reasoning combinations and all 100 of memory, 1,000 sequences each.
  EXPECT_EQ(TrainingSamples(AnchorTaskConfig{}), 198'000);
  EXPECT_EQ(TrainingSamples(EmbMlp().task), 19'800);
}

TEST(TrainingSamplesTest, AreThoseOfTheModelsOwnData) {
  RunConfig config = DefaultOf(ModelKind::kGpt2);
  EXPECT_EQ(TrainingSamples(config), 10'000);
  config.text.prontoqa_sequences = 7;
  config.text.tinystories_sequences = 30;
  EXPECT_EQ(TrainingSamples(config), 37);
  config.train.batch_size = 10;
  config.train.epochs = 3;
  EXPECT_EQ(StepsPerEpoch(config), 4);
  EXPECT_EQ(TotalSteps(config), 12);
  config.train.micro_batch_size = 2;
  EXPECT_EQ(TotalSteps(config), 12) << "a step is a batch, not a part of one";
  config.model = ModelKind::kTransformer;
  EXPECT_EQ(TrainingSamples(config), 198'000);
}

TEST(VocabularyTest, IsTheModelsOwn) {
  RunConfig config;
  config.task.vocabulary = 180;
  config.gpt2.vocabulary = 999;
  EXPECT_EQ(Vocabulary(config), 180);
  config.model = ModelKind::kEmbMlp;
  EXPECT_EQ(Vocabulary(config), 180);
  config.model = ModelKind::kGpt2;
  EXPECT_EQ(Vocabulary(config), 999);
}

TEST(TrainingSamplesTest, AreAllOfAMemoryTask) {
  AnchorTaskConfig task;
  task.kinds = TaskKinds::kMemory;
  task.masked = {};
  EXPECT_EQ(TrainingSamples(task), 200'000);
}

TEST(TrainingSamplesTest, AgreesWithCounting) {
  Stream stream(1, "test/training_samples");
  for (int i = 0; i < 200; ++i) {
    const AnchorTaskConfig task = RandomTask(&stream);
    const auto memory = MemoryCombinations(task);
    const auto reasoning = ReasoningCombinations(task);
    const auto masked = task.MaskedCombinations();
    const int64_t each = task.samples / static_cast<int64_t>(memory.size() + reasoning.size());
    int64_t count = each * static_cast<int64_t>(memory.size());
    for (const std::vector<int64_t>& anchors : reasoning) {
      count += std::ranges::find(masked, anchors) == masked.end() ? each : 0;
    }
    ASSERT_EQ(TrainingSamples(task), count);
  }
}

TEST(ShareAtTest, AShareOfTheRunAndEpochs) {
  const RunConfig config;  // 1,000 epochs of 1,980 steps
  EXPECT_EQ(ShareAt(config, 0), 0);
  EXPECT_EQ(ShareAt(config, 495'000), 0.25);
  EXPECT_EQ(ShareAt(config, TotalSteps(config)), 1);
  EXPECT_EQ(EpochOf(config, 0), 0);
  EXPECT_EQ(EpochOf(config, 4950), 2.5);
  EXPECT_EQ(EpochOf(config, TotalSteps(config)), 1000);
}

TEST(TotalStepsTest, IsThePapersNumber) {
  EXPECT_EQ(StepsPerEpoch(RunConfig{}), 1980);
  EXPECT_EQ(TotalSteps(RunConfig{}), 1'980'000);
  EXPECT_EQ(TotalSteps(EmbMlp()), 198'000);
}

// An epoch's last batch may be smaller, never empty.
TEST(TotalStepsTest, AgreesWithCounting) {
  Stream stream(1, "test/total_steps");
  for (int i = 0; i < 300; ++i) {
    RunConfig config;
    config.task = RandomTask(&stream);
    config.train.epochs = stream.UniformInt(1, 5);
    config.train.batch_size = stream.UniformInt(1, 2 * TrainingSamples(config.task));
    int64_t steps = 0;
    for (int64_t epoch = 0; epoch < config.train.epochs; ++epoch) {
      for (int64_t left = TrainingSamples(config.task); left > 0; left -= config.train.batch_size) {
        ++steps;
      }
    }
    ASSERT_EQ(TotalSteps(config), steps) << CanonicalForm(config);
    ASSERT_EQ(StepsPerEpoch(config) * config.train.epochs, steps);
  }
}

// A run of ten steps.
RunConfig TenSteps() {
  RunConfig config;
  config.train.epochs = 2;
  config.train.batch_size = TrainingSamples(config.task) / 5;
  return config;
}

TEST(StepsAtTest, AreRoundedAndRise) {
  ASSERT_EQ(TotalSteps(TenSteps()), 10);
  const std::vector<double> shares = {1, 0.5, 0, 0.24, 0.26, 0.75, 0.05};
  EXPECT_EQ(StepsAt(TenSteps(), shares), (std::vector<int64_t>{0, 1, 2, 3, 5, 8, 10}));
  const std::vector<double> third = {1.0 / 3};
  EXPECT_EQ(StepsAt(RunConfig{}, third), std::vector<int64_t>{660'000});
}

TEST(StepsAtTest, ThoseOfOneStepAreOne) {
  const std::vector<double> shares = {0, 0.01, 0.04, 0.06, 0.1, 0.99, 1, 1};
  EXPECT_EQ(StepsAt(TenSteps(), shares), (std::vector<int64_t>{0, 1, 10}));
  EXPECT_EQ(StepsAt(TenSteps(), {}), std::vector<int64_t>{});
}

// What an experiment plans with is what a run takes.
TEST(StepsAtTest, AreValidProbeSteps) {
  for (int64_t samples = 200; samples <= 4000; samples += 200) {
    RunConfig config;
    config.task.samples = samples;
    config.train.epochs = 1;
    config.probe.names = {"parameter.embedding.token"};
    std::vector<double> shares;
    for (int i = 50; i >= 0; --i) {
      shares.push_back(i / 50.0);
    }
    config.probe.steps = StepsAt(config, shares);
    EXPECT_NO_THROW(Validate(config)) << samples;
    EXPECT_EQ(config.probe.steps.front(), 0);
    EXPECT_EQ(config.probe.steps.back(), TotalSteps(config));
  }
}

TEST(RateOfLabelTest, ReadsWhatRunLabelWrites) {
  for (const double gamma : {0.3, 0.65, 1.0, -0.5}) {
    RunConfig config;
    config.init.gamma = gamma;
    config.init.embedding_gamma = 0.8;  // a word that ends alike
    config.optimizer.learning_rate = 1e-3;
    EXPECT_EQ(RateOfLabel(RunLabel(config)), FormatValue(gamma));
  }
  EXPECT_EQ(RateOfLabel("emb_mlp gamma=0.8 seed=4"), "0.8");
  EXPECT_EQ(FieldOfLabel("emb_mlp gamma=0.8 seed=4 memory_gamma=0.3", "memory_gamma"), "0.3");
  EXPECT_EQ(FieldOfLabel("emb_mlp gamma=0.8 seed=4 memory_gamma=0.3", "gamma"), "0.8");
  EXPECT_EQ(FieldOfLabel("emb_mlp gamma=0.8 seed=4", "memory_gamma"), "");
  EXPECT_EQ(RateOfLabel("transformer seed=4"), "");
  EXPECT_EQ(RateOfLabel(""), "");
}

TEST(RunLabelTest, NamesModelGammaAndSeed) {
  RunConfig config;
  config.init.gamma = 0.3;
  config.seed = 2;
  EXPECT_EQ(RunLabel(config), "transformer gamma=0.3 seed=2");
  config.model = ModelKind::kEmbMlp;
  EXPECT_EQ(RunLabel(config), "emb_mlp gamma=0.3 seed=2");
}

TEST(RunLabelTest, NamesWhatStudiesVaryWhereItIsNotTheDefault) {
  const auto label = [](const std::vector<const char*>& assignments) {
    RunConfig config;
    for (const char* assignment : assignments) {
      ApplyOverride(config, assignment);
    }
    return RunLabel(config);
  };
  const std::string plain = "transformer gamma=0.5 seed=1";
  EXPECT_EQ(label({"optimizer.learning_rate=0.0005"}), plain + " lr=0.0005");
  EXPECT_EQ(label({"optimizer.schedule=warmup_cosine"}), plain + " schedule=warmup_cosine");
  EXPECT_EQ(label({"init.output_scale=true"}), plain + " output_scale=true");
  EXPECT_EQ(label({"init.memory_gamma=0.1"}), plain + " memory_gamma=0.1");
  EXPECT_EQ(label({"init.qk_gamma=0.1", "init.head_gamma=0.2"}),
            plain + " qk_gamma=0.1 head_gamma=0.2");
  EXPECT_EQ(label({"transformer.layers=4"}), plain + " layers=4");
  EXPECT_EQ(label({"transformer.norm=post"}), plain + " norm=post");
  EXPECT_EQ(label({"transformer.bias=torch_default"}), plain + " bias=torch_default");
  EXPECT_EQ(label({"task.memory_labels=around_key"}), plain + " labels=around_key");
  EXPECT_EQ(label({"task.memory_labels=nested", "transformer.bias=none", "transformer.norm=none",
                   "transformer.layers=1", "optimizer.learning_rate=1"}),
            plain + " lr=1 layers=1 norm=none bias=none labels=nested");
  EXPECT_EQ(label({"train.epochs=3", "transformer.d_ff=7"}), plain);
}

TEST(RunLabelTest, AGpt2HasWordsOfItsOwn) {
  RunConfig config = DefaultOf(ModelKind::kGpt2);
  config.transformer.norm = Norm::kPost;
  config.task.memory_labels = MemoryLabels::kNested;
  EXPECT_EQ(RunLabel(config), "gpt2 gamma=0.5 seed=1");
  config.gpt2 = Gpt2Size("gpt2-mini");
  config.gpt2.dropout = 0.1;
  config.optimizer.learning_rate = 5e-4;
  EXPECT_EQ(RunLabel(config), "gpt2 gamma=0.5 seed=1 lr=0.0005 layers=4 d_model=128 dropout=0.1");
}

TEST(RunLabelTest, AnEmbMlpHasNoWordsOfTheTransformer) {
  RunConfig config = DefaultOf(ModelKind::kEmbMlp);
  config.transformer.layers = 4;
  config.transformer.norm = Norm::kPost;
  config.transformer.bias = Bias::kNone;
  EXPECT_EQ(RunLabel(config), "emb_mlp gamma=0.5 seed=1");
  config.optimizer.learning_rate = 1e-3;
  config.task.memory_labels = MemoryLabels::kNested;
  EXPECT_EQ(RunLabel(config), "emb_mlp gamma=0.5 seed=1 lr=0.001 labels=nested");
}

// Where a text lies is no part of the run; what it is, is.
TEST(RunIdTest, IsOfATextsContentAndNotOfItsPath) {
  RunConfig config{.model = ModelKind::kGpt2};
  const std::string shipped = RunId(config);
  config.text.tinystories = "/home/ada/stories.txt";
  config.text.tinystories_sha256 = std::string(64, 'a');
  config.text.prontoqa = "/home/ada/examples.json";
  config.text.prontoqa_sha256 = std::string(64, 'b');
  RunConfig other = config;
  other.text.tinystories = "elsewhere.txt";
  other.text.prontoqa = "examples.json";
  EXPECT_EQ(RunId(other), RunId(config));
  EXPECT_EQ(RunLabel(other), RunLabel(config));
  EXPECT_EQ(RunLabel(config).find("ada"), std::string::npos) << RunLabel(config);
  EXPECT_NE(RunId(config), shipped);
  other.text.tinystories_sha256 = std::string(64, 'c');
  EXPECT_NE(RunId(other), RunId(config));
  EXPECT_EQ(RunId(ParseCanonicalForm(CanonicalForm(config))), RunId(config));
}

}  // namespace
}  // namespace initbias
