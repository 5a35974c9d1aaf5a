// Every parameter has the name, shape and initial distribution of the initialisation rule.
//
// Golden values come from a second implementation; regenerate with `python3 tests/rng/golden.py`.
#include "lib/model/spec/parameter_spec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/config/enums.h"
#include "lib/config/run_config.h"

namespace initbias {
namespace {

using Shape = std::vector<int64_t>;

RunConfig EmbMlp() {
  RunConfig config;
  config.model = ModelKind::kEmbMlp;
  return config;
}

RunConfig Gpt2() {
  RunConfig config;
  config.model = ModelKind::kGpt2;
  return config;
}

std::vector<std::string> Names(const RunConfig& config) {
  std::vector<std::string> names;
  for (const ParameterSpec& spec : ParameterSpecs(config)) {
    names.push_back(spec.name);
  }
  return names;
}

// The parameter `name`; a failure if there is none.
ParameterSpec Find(const RunConfig& config, std::string_view name) {
  for (const ParameterSpec& spec : ParameterSpecs(config)) {
    if (spec.name == name) {
      return spec;
    }
  }
  ADD_FAILURE() << "no parameter " << name;
  return {};
}

bool EndsWithAny(const std::string& name, std::initializer_list<std::string_view> ends) {
  return std::ranges::any_of(ends, [&name](std::string_view end) { return name.ends_with(end); });
}

bool IsBias(const std::string& name) {
  return EndsWithAny(name, {".bq", ".bk", ".bv", ".bo", ".b1", ".b2", ".b"});
}

TEST(EmbMlpSpecTest, HasThePapersThreeMatrices) {
  const std::vector<ParameterSpec> specs = ParameterSpecs(EmbMlp());
  ASSERT_EQ(Names(EmbMlp()), (std::vector<std::string>{"embedding.token", "mlp.w1", "mlp.w2"}));
  EXPECT_EQ(specs[0].shape, (Shape{200, 200}));
  EXPECT_EQ(specs[1].shape, (Shape{200, 512}));
  EXPECT_EQ(specs[2].shape, (Shape{512, 200}));
  EXPECT_EQ(ParameterCount(specs), 200 * 200 + 2 * 200 * 512);
}

TEST(TransformerSpecTest, HasThePapersMatricesInOrder) {
  const struct {
    const char* name;
    Shape shape;
  } expected[] = {
      {"embedding.token", {200, 200}}, {"embedding.position", {9, 200}},
      {"layer0.norm1.gain", {200}},    {"layer0.norm1.shift", {200}},
      {"layer0.attn.wq", {200, 64}},   {"layer0.attn.bq", {64}},
      {"layer0.attn.wk", {200, 64}},   {"layer0.attn.bk", {64}},
      {"layer0.attn.wv", {200, 64}},   {"layer0.attn.bv", {64}},
      {"layer0.attn.wo", {64, 200}},   {"layer0.attn.bo", {200}},
      {"layer0.norm2.gain", {200}},    {"layer0.norm2.shift", {200}},
      {"layer0.ffn.w1", {200, 512}},   {"layer0.ffn.b1", {512}},
      {"layer0.ffn.w2", {512, 200}},   {"layer0.ffn.b2", {200}},
      {"layer1.norm1.gain", {200}},    {"layer1.norm1.shift", {200}},
      {"layer1.attn.wq", {200, 64}},   {"layer1.attn.bq", {64}},
      {"layer1.attn.wk", {200, 64}},   {"layer1.attn.bk", {64}},
      {"layer1.attn.wv", {200, 64}},   {"layer1.attn.bv", {64}},
      {"layer1.attn.wo", {64, 200}},   {"layer1.attn.bo", {200}},
      {"layer1.norm2.gain", {200}},    {"layer1.norm2.shift", {200}},
      {"layer1.ffn.w1", {200, 512}},   {"layer1.ffn.b1", {512}},
      {"layer1.ffn.w2", {512, 200}},   {"layer1.ffn.b2", {200}},
      {"final_norm.gain", {200}},      {"final_norm.shift", {200}},
      {"head.w", {200, 200}},          {"head.b", {200}},
  };
  const std::vector<ParameterSpec> specs = ParameterSpecs(RunConfig{});
  ASSERT_EQ(specs.size(), std::size(expected));
  for (size_t i = 0; i < specs.size(); ++i) {
    EXPECT_EQ(specs[i].name, expected[i].name);
    EXPECT_EQ(specs[i].shape, expected[i].shape) << specs[i].name;
  }
  constexpr int64_t kEmbeddings = int64_t{200 + 9} * 200;
  constexpr int64_t kAttention = 3 * (200 * 64 + 64) + 64 * 200 + 200;
  constexpr int64_t kFeedForward = 200 * 512 + 512 + 512 * 200 + 200;
  constexpr int64_t kNorm = int64_t{2} * 200;
  constexpr int64_t kHead = 200 * 200 + 200;
  EXPECT_EQ(ParameterCount(specs),
            kEmbeddings + 2 * (kAttention + kFeedForward + 2 * kNorm) + kNorm + kHead);
}

TEST(TransformerSpecTest, HeadsSitSideBySide) {
  RunConfig config;
  config.transformer.heads = 3;
  config.transformer.d_head = 8;
  for (const char* name : {"layer0.attn.wq", "layer0.attn.wk", "layer1.attn.wv"}) {
    EXPECT_EQ(Find(config, name).shape, (Shape{200, 24})) << name;
  }
  EXPECT_EQ(Find(config, "layer0.attn.wo").shape, (Shape{24, 200}));
  EXPECT_EQ(Find(config, "layer0.attn.bv").shape, (Shape{24}));
  EXPECT_EQ(Find(config, "layer0.attn.bo").shape, (Shape{200}));
}

TEST(TransformerSpecTest, SizesComeFromTheConfig) {
  RunConfig config;
  config.task.vocabulary = 170;
  config.task.length = 5;
  config.transformer.layers = 4;
  config.transformer.d_model = 30;
  config.transformer.d_ff = 70;
  EXPECT_EQ(Find(config, "embedding.token").shape, (Shape{170, 30}));
  EXPECT_EQ(Find(config, "embedding.position").shape, (Shape{5, 30}));
  EXPECT_EQ(Find(config, "layer3.ffn.w1").shape, (Shape{30, 70}));
  EXPECT_EQ(Find(config, "layer3.ffn.w2").shape, (Shape{70, 30}));
  EXPECT_EQ(Find(config, "head.w").shape, (Shape{30, 170}));
  EXPECT_EQ(Find(config, "head.b").shape, (Shape{170}));
}

// A final norm belongs to pre-norm only.
TEST(TransformerSpecTest, NormsFollowTheConfig) {
  const auto norms = [](Norm norm) {
    RunConfig config;
    config.transformer.norm = norm;
    std::vector<std::string> names = Names(config);
    std::erase_if(names, [](const std::string& name) { return !name.ends_with(".gain"); });
    return names;
  };
  const std::vector<std::string> of_blocks = {"layer0.norm1.gain", "layer0.norm2.gain",
                                              "layer1.norm1.gain", "layer1.norm2.gain"};
  std::vector<std::string> with_final = of_blocks;
  with_final.emplace_back("final_norm.gain");
  EXPECT_EQ(norms(Norm::kPre), with_final);
  EXPECT_EQ(norms(Norm::kPost), of_blocks);
  EXPECT_EQ(norms(Norm::kNone), std::vector<std::string>{});
}

TEST(TransformerSpecTest, NormsBeginAsTheIdentity) {
  for (const ParameterSpec& spec : ParameterSpecs(RunConfig{})) {
    if (EndsWithAny(spec.name, {".gain", ".shift"})) {
      EXPECT_EQ(spec.distribution, InitialDistribution::kConstant) << spec.name;
      EXPECT_EQ(spec.scale, spec.name.ends_with(".gain") ? 1.0 : 0.0) << spec.name;
    }
  }
}

TEST(TransformerSpecTest, BiasesFollowTheConfig) {
  const std::map<std::string, double> fan = {{"layer0.attn.bq", 200}, {"layer0.attn.bk", 200},
                                             {"layer0.attn.bv", 200}, {"layer0.attn.bo", 64},
                                             {"layer0.ffn.b1", 200},  {"layer0.ffn.b2", 512},
                                             {"head.b", 200}};
  for (const auto& [name, d_in] : fan) {
    RunConfig config;
    config.transformer.bias = Bias::kZero;
    EXPECT_EQ(Find(config, name).distribution, InitialDistribution::kConstant) << name;
    EXPECT_EQ(Find(config, name).scale, 0.0) << name;
    config.transformer.bias = Bias::kTorchDefault;
    EXPECT_EQ(Find(config, name).distribution, InitialDistribution::kUniform) << name;
    EXPECT_DOUBLE_EQ(Find(config, name).scale, 1 / std::sqrt(d_in)) << name;
  }
  RunConfig config;
  config.transformer.bias = Bias::kNone;
  const std::vector<std::string> names = Names(config);
  EXPECT_TRUE(std::ranges::none_of(names, IsBias));
  EXPECT_EQ(names.size(), 38U - 13U);
}

// As published: GPT-2's smallest model has 124,439,808 parameters.
TEST(Gpt2SpecTest, HasThePublishedNumberOfParameters) {
  RunConfig config = Gpt2();
  config.gpt2 = Gpt2Size("gpt2-124M");
  EXPECT_EQ(ParameterCount(ParameterSpecs(config)), 124'439'808);
}

TEST(Gpt2SpecTest, HasItsParametersInOrder) {
  RunConfig config = Gpt2();
  config.gpt2 = {.vocabulary = 37, .context = 12, .layers = 2, .heads = 2, .d_model = 16};
  std::vector<std::pair<std::string, Shape>> expected = {{"embedding.token", {37, 16}},
                                                         {"embedding.position", {12, 16}}};
  for (const std::string layer : {"layer0.", "layer1."}) {
    for (const auto& [name, shape] : {std::pair<std::string, Shape>{"norm1.gain", {16}},
                                      {"norm1.shift", {16}},
                                      {"attn.qkv.w", {16, 48}},
                                      {"attn.qkv.b", {48}},
                                      {"attn.out.w", {16, 16}},
                                      {"attn.out.b", {16}},
                                      {"norm2.gain", {16}},
                                      {"norm2.shift", {16}},
                                      {"ffn.up.w", {16, 64}},
                                      {"ffn.up.b", {64}},
                                      {"ffn.down.w", {64, 16}},
                                      {"ffn.down.b", {16}}}) {
      expected.emplace_back(layer + name, shape);
    }
  }
  expected.emplace_back("final_norm.gain", Shape{16});
  expected.emplace_back("final_norm.shift", Shape{16});
  std::vector<std::pair<std::string, Shape>> ours;
  for (const ParameterSpec& spec : ParameterSpecs(config)) {
    ours.emplace_back(spec.name, spec.shape);
  }
  EXPECT_EQ(ours, expected);
}

TEST(Gpt2SpecTest, BiasesAndShiftsBeginAtZeroGainsAtOne) {
  int constants = 0;
  for (const ParameterSpec& spec : ParameterSpecs(Gpt2())) {
    if (spec.shape.size() == 1) {
      ++constants;
      EXPECT_EQ(spec.distribution, InitialDistribution::kConstant) << spec.name;
      EXPECT_EQ(spec.scale, spec.name.ends_with(".gain") ? 1.0 : 0.0) << spec.name;
    }
  }
  EXPECT_EQ(constants, 12 * 8 + 2);
}

// W in R^{d1 x d2}: std = d1^-gamma, d1 the number of its rows. An embedding's d1 is its width.
TEST(InitialisationRuleTest, HoldsForEveryMatrix) {
  const std::pair<ModelKind, int> expected_matrices[] = {
      {ModelKind::kEmbMlp, 3},
      {ModelKind::kTransformer, 2 + 2 * 6 + 1},
      {ModelKind::kGpt2, 2 + 12 * 4},
  };
  for (const auto& [model, expected] : expected_matrices) {
    for (const double gamma : {0.3, 0.5, 0.8, 0.0, -0.5}) {
      RunConfig config;
      config.model = model;
      config.init.gamma = gamma;
      int matrices = 0;
      for (const ParameterSpec& spec : ParameterSpecs(config)) {
        if (spec.shape.size() != 2) {
          continue;
        }
        ++matrices;
        const bool is_embedding = spec.name.starts_with("embedding.");
        const auto d_in = static_cast<double>(spec.shape[is_embedding ? 1 : 0]);
        EXPECT_EQ(spec.distribution, InitialDistribution::kNormal) << spec.name;
        EXPECT_FLOAT_EQ(static_cast<float>(spec.scale),
                        static_cast<float>(std::exp(-gamma * std::log(d_in))))
            << spec.name;
        EXPECT_EQ(spec.scale, static_cast<double>(static_cast<float>(spec.scale))) << "a float";
      }
      EXPECT_EQ(matrices, expected);
    }
  }
}

TEST(InitialisationRuleTest, EmbeddingsMayCountTheirRows) {
  RunConfig config;
  config.init.gamma = 0.5;
  config.init.embedding_fan = EmbeddingFan::kRows;
  config.task.vocabulary = 400;
  EXPECT_FLOAT_EQ(static_cast<float>(Find(config, "embedding.token").scale),
                  static_cast<float>(1 / std::sqrt(400.0)));
  EXPECT_FLOAT_EQ(static_cast<float>(Find(config, "embedding.position").scale),
                  static_cast<float>(1 / std::sqrt(9.0)));
  EXPECT_FLOAT_EQ(static_cast<float>(Find(config, "head.w").scale),
                  static_cast<float>(1 / std::sqrt(200.0)))
      << "no embedding";
  config.init.embedding_fan = EmbeddingFan::kDModel;
  EXPECT_FLOAT_EQ(static_cast<float>(Find(config, "embedding.token").scale),
                  static_cast<float>(1 / std::sqrt(200.0)));
}

// Of each block the two matrices that write into the residual stream, and no other.
TEST(OutputScaleTest, DividesWhatWritesIntoTheResidualStream) {
  const struct {
    ModelKind model;
    std::initializer_list<std::string_view> outputs;
    double divisor;
    int count;
  } cases[] = {{ModelKind::kTransformer, {".attn.wo", ".ffn.w2"}, 2.0, 4},
               {ModelKind::kGpt2, {".attn.out.w", ".ffn.down.w"}, std::sqrt(24.0), 24},
               {ModelKind::kEmbMlp, {}, 1.0, 0}};
  for (const auto& c : cases) {
    RunConfig config;
    config.model = c.model;
    const std::vector<ParameterSpec> plain = ParameterSpecs(config);
    config.init.output_scale = true;
    const std::vector<ParameterSpec> scaled = ParameterSpecs(config);
    ASSERT_EQ(scaled.size(), plain.size());
    int count = 0;
    for (size_t i = 0; i < plain.size(); ++i) {
      const bool is_output = EndsWithAny(plain[i].name, c.outputs);
      count += is_output ? 1 : 0;
      EXPECT_EQ(scaled[i].name, plain[i].name);
      EXPECT_EQ(
          scaled[i].scale,
          static_cast<double>(static_cast<float>(plain[i].scale / (is_output ? c.divisor : 1.0))))
          << plain[i].name;
    }
    EXPECT_EQ(count, c.count);
  }
}

TEST(OutputScaleTest, CountsTheLayers) {
  RunConfig config;
  config.init.output_scale = true;
  config.transformer.layers = 8;
  EXPECT_FLOAT_EQ(static_cast<float>(Find(config, "layer7.attn.wo").scale),
                  static_cast<float>(1 / std::sqrt(64.0) / 4));
}

// The memory anchors' rows as a run of that rate has them, all other values as before.
TEST(MemoryGammaTest, ScalesTheRowsOfTheMemoryAnchorsAlone) {
  for (const ModelKind model : {ModelKind::kTransformer, ModelKind::kEmbMlp}) {
    RunConfig config;
    config.model = model;
    config.init.gamma = 0.8;
    RunConfig large = config;
    large.init.gamma = 0.25;
    RunConfig both = config;
    both.init.memory_gamma = 0.25;
    const std::vector<ParameterSpec> specs = ParameterSpecs(config);
    const std::vector<ParameterSpec> specs_of_both = ParameterSpecs(both);
    for (size_t i = 0; i < specs.size(); ++i) {
      std::vector<float> expected = InitialValues(specs[i], 1);
      if (specs[i].name == "embedding.token") {
        const std::vector<float> of_large = InitialValues(Find(large, "embedding.token"), 1);
        for (size_t j = 200; j < 2200; ++j) {  // rows 1 .. 10 of width 200
          ASSERT_NE(expected[j], of_large[j]);
          expected[j] = of_large[j];
        }
      }
      EXPECT_EQ(InitialValues(specs_of_both[i], 1), expected) << specs[i].name;
    }
  }
}

TEST(MemoryGammaTest, CountsWhatTheEmbeddingCounts) {
  RunConfig config;
  config.task.vocabulary = 400;
  config.init.memory_gamma = 0.5;
  EXPECT_FLOAT_EQ(static_cast<float>(Find(config, "embedding.token").rows.scale),
                  static_cast<float>(1 / std::sqrt(200.0)));
  config.init.embedding_fan = EmbeddingFan::kRows;
  EXPECT_FLOAT_EQ(static_cast<float>(Find(config, "embedding.token").rows.scale),
                  static_cast<float>(1 / std::sqrt(400.0)));
}

// The module whose rate a matrix has, by a table of their names.
std::string ModuleOf(ModelKind model, const std::string& name) {
  const auto ends = [&name](std::initializer_list<std::string_view> list) {
    return EndsWithAny(name, list);
  };
  if (name.starts_with("embedding.")) {
    return "embedding";
  }
  if (ends({"head.w"}) || (model == ModelKind::kEmbMlp && ends({"mlp.w2"}))) {
    return "head";
  }
  if (ends({".attn.wq", ".attn.wk", ".attn.qkv.w"})) {
    return "qk";
  }
  return ends({".attn.wv", ".attn.wo", ".attn.out.w"}) ? "vo" : "mlp";
}

// Each module's rate is that of its matrices, and of the values of W_V in GPT-2's W_QKV; all other
// values are as before.
TEST(ModuleGammaTest, ScalesTheModulesMatricesAlone) {
  const std::map<std::string, double InitConfig::*> rates = {
      {"embedding", &InitConfig::embedding_gamma},
      {"qk", &InitConfig::qk_gamma},
      {"vo", &InitConfig::vo_gamma},
      {"mlp", &InitConfig::mlp_gamma},
      {"head", &InitConfig::head_gamma}};
  RunConfig gpt2 = Gpt2();
  gpt2.gpt2 = Gpt2Size("gpt2-tiny");
  for (RunConfig config : {RunConfig{}, EmbMlp(), gpt2}) {
    config.init.gamma = 0.8;
    config.init.output_scale = true;
    RunConfig large = config;
    large.init.gamma = 0.25;
    std::set<std::string> seen;
    for (const auto& [module, rate] : rates) {
      RunConfig both = config;
      both.init.*rate = 0.25;
      for (const ParameterSpec& spec : ParameterSpecs(both)) {
        std::vector<float> expected = InitialValues(Find(config, spec.name), 1);
        const std::vector<float> of_large = InitialValues(Find(large, spec.name), 1);
        const bool is_matrix = spec.distribution == InitialDistribution::kNormal;
        if (is_matrix && spec.name.ends_with("qkv.w") && (module == "qk" || module == "vo")) {
          const size_t width = static_cast<size_t>(spec.shape[1]);
          for (size_t i = 0; i < expected.size(); ++i) {
            const bool is_value = i % width >= width / 3 * 2;
            expected[i] = is_value == (module == "vo") ? of_large[i] : expected[i];
          }
          seen.insert(module);
        } else if (is_matrix && ModuleOf(config.model, spec.name) == module) {
          seen.insert(module);
          expected = of_large;
        }
        ASSERT_EQ(InitialValues(spec, 1), expected) << module << ": " << spec.name;
      }
    }
    const size_t modules = config.model == ModelKind::kEmbMlp ? 3 : 4;
    EXPECT_EQ(seen.size(), config.model == ModelKind::kTransformer ? 5 : modules)
        << FormatValue(config.model);
  }
}

// Beside it the memory anchors have their own.
TEST(ModuleGammaTest, AnEmbeddingsRateLeavesThatOfTheMemoryAnchors) {
  RunConfig config;
  config.init.embedding_gamma = 0.7;
  EXPECT_EQ(Find(config, "embedding.token").rows.end, 0);
  config.init.memory_gamma = 0.5;
  EXPECT_FLOAT_EQ(static_cast<float>(Find(config, "embedding.token").scale),
                  static_cast<float>(std::pow(200.0, -0.7)));
  EXPECT_FLOAT_EQ(static_cast<float>(Find(config, "embedding.token").rows.scale),
                  static_cast<float>(1 / std::sqrt(200.0)));
}

TEST(EmbeddingStdTest, IsThatOfBothEmbeddingsWhateverGamma) {
  for (const double gamma : {0.3, 0.8}) {
    RunConfig config = Gpt2();
    config.init.gamma = gamma;
    const std::vector<ParameterSpec> plain = ParameterSpecs(config);
    config.init.embedding_std = 0.02;
    const std::vector<ParameterSpec> set = ParameterSpecs(config);
    for (size_t i = 0; i < plain.size(); ++i) {
      const bool is_embedding = plain[i].name.starts_with("embedding.");
      EXPECT_EQ(set[i].scale, is_embedding ? static_cast<double>(0.02F) : plain[i].scale)
          << plain[i].name;
    }
  }
}

// A stream is addressed by name: two parameters of one name would begin alike.
TEST(ParameterSpecsTest, NamesAreDistinct) {
  RunConfig config;
  config.transformer.layers = 12;
  for (const RunConfig& c : {config, EmbMlp(), Gpt2()}) {
    const std::vector<std::string> names = Names(c);
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  }
}

TEST(ParameterSpecTest, SizeIsTheProductOfTheShape) {
  EXPECT_EQ(ParameterSpec{.shape = {7}}.size(), 7);
  EXPECT_EQ((ParameterSpec{.shape = {200, 512}}.size()), 102'400);
  EXPECT_EQ((ParameterSpec{.shape = {1'000'000, 65'536}}.size()), 65'536'000'000);
  EXPECT_EQ(ParameterCount({}), 0);
}

std::vector<float> FirstFour(const RunConfig& config, std::string_view name, int64_t seed) {
  std::vector<float> values = InitialValues(Find(config, name), seed);
  values.resize(4);
  return values;
}

TEST(InitialValuesStabilityTest, FirstValues) {
  RunConfig config;
  config.init.gamma = 0.8;
  config.transformer.bias = Bias::kTorchDefault;
  RunConfig emb_mlp = EmbMlp();
  emb_mlp.init.gamma = 0.8;
  EXPECT_EQ(
      FirstFour(config, "embedding.token", 1),
      (std::vector<float>{-0x1.3e0a38p-7F, 0x1.6a8596p-7F, -0x1.764b96p-9F, -0x1.f726b2p-11F}));
  EXPECT_EQ(FirstFour(config, "layer1.ffn.w2", 1),
            (std::vector<float>{0x1.f77d82p-7F, -0x1.358b1cp-7F, 0x1.c40622p-8F, 0x1.76362cp-10F}));
  EXPECT_EQ(
      FirstFour(emb_mlp, "mlp.w1", 1),
      (std::vector<float>{-0x1.2ce0cep-6F, -0x1.a9a998p-8F, 0x1.1aa79ep-12F, -0x1.6236e4p-7F}));
  EXPECT_EQ(
      FirstFour(config, "layer0.attn.bq", 1),
      (std::vector<float>{-0x1.fb7042p-6F, -0x1.045eb4p-4F, 0x1.a0e5eep-7F, -0x1.1a1d58p-4F}));
}

TEST(InitialValuesTest, HaveTheMeanAndDeviationOfTheRule) {
  for (const double gamma : {0.3, 0.8}) {
    RunConfig config;
    config.init.gamma = gamma;
    for (const ParameterSpec& spec : ParameterSpecs(config)) {
      if (spec.distribution != InitialDistribution::kNormal) {
        continue;
      }
      double sum = 0;
      double squares = 0;
      for (const float value : InitialValues(spec, 1)) {
        const double x = value / spec.scale;
        sum += x;
        squares += x * x;
      }
      const auto n = static_cast<double>(spec.size());
      EXPECT_NEAR(sum / n, 0.0, 4 / std::sqrt(n)) << spec.name;
      EXPECT_NEAR(squares / n, 1.0, 4 * std::sqrt(2 / n)) << spec.name;
    }
  }
}

TEST(InitialValuesTest, UniformOnesFillTheirBounds) {
  const std::vector<float> values =
      InitialValues({"b", {100'000}, InitialDistribution::kUniform, 0.25}, 1);
  const auto [least, most] = std::ranges::minmax(values);
  EXPECT_GE(least, -0.25F);
  EXPECT_LT(least, -0.2499F);
  EXPECT_LE(most, 0.25F);
  EXPECT_GT(most, 0.2499F);
}

TEST(InitialValuesTest, ConstantsAreAsTheyAre) {
  EXPECT_EQ(InitialValues({"g", {3}, InitialDistribution::kConstant, 1.0}, 1),
            (std::vector<float>{1, 1, 1}));
  EXPECT_EQ(InitialValues({"b", {2}, InitialDistribution::kConstant, 0.0}, 1),
            (std::vector<float>{0, 0}));
}

TEST(InitialValuesTest, DependOnSeedAndNameOnly) {
  const ParameterSpec spec = {"w", {10, 20}, InitialDistribution::kNormal, 0.5};
  const std::vector<float> values = InitialValues(spec, 1);
  ASSERT_EQ(values.size(), 200U);
  EXPECT_EQ(InitialValues(spec, 1), values);
  EXPECT_NE(InitialValues(spec, 2), values);
  ParameterSpec other = spec;
  other.name = "v";
  EXPECT_NE(InitialValues(other, 1), values);
  // A larger matrix begins with the same numbers, and a power of two scales them exactly.
  other = spec;
  other.shape = {20, 20};
  other.scale = 2.0;
  const std::vector<float> larger = InitialValues(other, 1);
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(larger[i], 4 * values[i]);
  }
}

// More layers, other norms or biases shift no weight that was there.
TEST(InitialValuesTest, StayWhenOtherParametersComeAndGo) {
  RunConfig config;
  RunConfig other;
  other.transformer.layers = 3;
  other.transformer.norm = Norm::kNone;
  other.transformer.bias = Bias::kTorchDefault;
  for (const char* name : {"embedding.token", "layer1.attn.wo", "layer1.ffn.w2", "head.w"}) {
    EXPECT_EQ(InitialValues(Find(config, name), 1), InitialValues(Find(other, name), 1)) << name;
  }
}

// The gammas of one seed begin with one draw, scaled: figures compare like with like.
TEST(InitialValuesTest, GammaOnlyScales) {
  RunConfig small;
  small.init.gamma = 0.8;
  RunConfig large;
  large.init.gamma = 0.3;
  const double ratio = std::sqrt(200.0);
  const std::vector<float> a = InitialValues(Find(small, "layer0.attn.wq"), 1);
  const std::vector<float> b = InitialValues(Find(large, "layer0.attn.wq"), 1);
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    ASSERT_NEAR(a[i] * ratio / b[i], 1.0, 1e-6) << i;
  }
}

}  // namespace
}  // namespace initbias
