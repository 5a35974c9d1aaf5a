// Each probe against a loop that does what lib/train/probes.h says, on the data of a small run.
#include "lib/train/probes.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/TensorAccessor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/from_blob.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/data/anchor/anchor_task.h"
#include "lib/model/cpu/cpu_model.h"
#include "tests/error_of.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;

constexpr int64_t kAttentionSequences = 250;

at::Tensor Ints(const std::vector<int32_t>& values, at::IntArrayRef shape) {
  return at::from_blob(const_cast<int32_t*>(values.data()), shape, at::kInt).to(at::kLong);
}

EvaluationSet MakeSet(const std::string& group, const AnchorSequences& sequences) {
  return {.group = group,
          .sequences = {.tokens = Ints(sequences.tokens, {sequences.size(), sequences.length}),
                        .labels = Ints(sequences.labels, {sequences.size()})}};
}

// The first `count` sequences of each set.
std::vector<EvaluationSet> First(int64_t count, std::vector<EvaluationSet> sets) {
  for (EvaluationSet& set : sets) {
    set.sequences = set.sequences.Rows(0, std::min(count, set.sequences.size()));
  }
  return sets;
}

// An initialised model with all of its data: 600 memory sequences, 588 reasoning sequences that are
// trained on and 12 that are not.
struct Subject {
  explicit Subject(const RunConfig& run) : config(run), model(MakeModel(run, c10::kCPU)) {
    model->parameters().Initialize(config.seed);
    const AnchorData data = MakeAnchorData(config.task, config.seed);
    sets = {MakeSet("memory", data.memory), MakeSet("reasoning_train", data.reasoning_train),
            MakeSet("reasoning_test", data.reasoning_test)};
  }

  RunConfig config;
  std::unique_ptr<Model> model;
  std::vector<EvaluationSet> sets;
};

// Attention far from averaging, over two heads.
Subject TransformerSubject() {
  RunConfig run = SmallTransformerRun();
  run.transformer.heads = 2;
  run.init.gamma = 0.3;
  return Subject(run);
}

at::Tensor Compute(const std::string& name, const Subject& subject,
                   const std::vector<EvaluationSet>& sets) {
  const std::vector<NamedArray> probes =
      ComputeProbes({name}, subject.config, *subject.model, {.evaluation = sets});
  EXPECT_EQ(probes.size(), 1u);
  EXPECT_EQ(probes.at(0).name, name);
  const Array& array = probes.at(0).array;
  return at::from_blob(const_cast<float*>(array.values.data()), array.shape, at::kFloat).clone();
}

at::Tensor Compute(const std::string& name, const Subject& subject) {
  return Compute(name, subject, subject.sets);
}

// The sequences that attention is probed on, and what the model makes of them.
struct Attended {
  explicit Attended(const Subject& subject) {
    const at::NoGradGuard no_grad;
    const std::vector<EvaluationSet> sets = First(kAttentionSequences, subject.sets);
    tokens = at::cat({sets.at(0).sequences.tokens, sets.at(1).sequences.tokens});
    subject.model->Logits(tokens, &activations);
  }

  int64_t size() const { return tokens.size(0); }

  at::Tensor tokens;
  Activations activations;
};

bool IsAnchor(int64_t token, const AnchorTaskConfig& task) {
  return (token >= task.memory_min && token <= task.memory_max) ||
         (token >= task.reasoning_min && token <= task.reasoning_max);
}

// Where each sequence has its key: the token before the first anchor.
std::vector<int64_t> KeyPositions(const at::Tensor& tokens, const AnchorTaskConfig& task) {
  const auto token = tokens.accessor<int64_t, 2>();
  std::vector<int64_t> positions;
  for (int64_t n = 0; n < token.size(0); ++n) {
    int64_t i = 1;
    while (!IsAnchor(token[n][i], task)) {
      ++i;
    }
    positions.push_back(i - 1);
  }
  return positions;
}

double MaxDifference(const at::Tensor& a, const at::Tensor& b) {
  EXPECT_EQ(a.sizes().vec(), b.sizes().vec());
  return (a - b).abs().max().item<double>();
}

bool SameBits(const at::Tensor& a, const at::Tensor& b) { return a.equal(b); }

TEST(ParameterProbeTest, IsTheParameter) {
  const Subject subject = TransformerSubject();
  for (const ParameterSpec& spec : subject.model->parameters().specs()) {
    EXPECT_TRUE(SameBits(Compute("parameter." + spec.name, subject),
                         subject.model->parameters()[spec.name].detach()))
        << spec.name;
  }
}

TEST(AttentionProbeTest, IsTheMeanOverSequences) {
  const Subject subject = TransformerSubject();
  const Attended attended(subject);
  for (size_t layer = 0; layer < 2; ++layer) {
    const at::Tensor probe = Compute("attention.layer" + std::to_string(layer), subject);
    ASSERT_EQ(probe.sizes().vec(), (std::vector<int64_t>{2, 9, 9}));
    const auto mean = probe.accessor<float, 3>();
    const auto a = attended.activations.attention.at(layer).accessor<float, 4>();
    for (int64_t h = 0; h < 2; ++h) {
      for (int64_t j = 0; j < 9; ++j) {
        for (int64_t k = 0; k < 9; ++k) {
          double sum = 0;
          for (int64_t n = 0; n < attended.size(); ++n) {
            sum += static_cast<double>(a[n][h][j][k]);
          }
          EXPECT_NEAR(mean[h][j][k], sum / static_cast<double>(attended.size()), 1e-6);
        }
      }
    }
  }
}

TEST(AttentionDeviationProbeTest, IsMeanAndLargestOfEachRow) {
  const Subject subject = TransformerSubject();
  const Attended attended(subject);
  for (size_t layer = 0; layer < 2; ++layer) {
    const at::Tensor probe = Compute("attention_deviation.layer" + std::to_string(layer), subject);
    ASSERT_EQ(probe.sizes().vec(), (std::vector<int64_t>{2, 9}));
    const auto deviation = probe.accessor<float, 2>();
    const auto a = attended.activations.attention.at(layer).accessor<float, 4>();
    EXPECT_NEAR(deviation[0][0], 0, 1e-6);  // the first position sees itself alone
    for (int64_t j = 0; j < 9; ++j) {
      double sum = 0;
      double largest = 0;
      double count = 0;
      for (int64_t n = 0; n < attended.size(); ++n) {
        for (int64_t h = 0; h < 2; ++h) {
          for (int64_t k = 0; k <= j; ++k) {
            const double d =
                std::fabs(static_cast<double>(a[n][h][j][k]) * static_cast<double>(j + 1) - 1);
            sum += d;
            largest = std::max(largest, d);
            count += 1;
          }
        }
      }
      EXPECT_NEAR(deviation[0][j], sum / count, 1e-5) << j;
      EXPECT_NEAR(deviation[1][j], largest, 1e-5) << j;
      EXPECT_TRUE(j == 0 || sum / count > 0.1) << "attention that averages tests nothing";
    }
  }
}

TEST(AttentionDeviationProbeTest, OfAveragesIsZero) {
  const Subject subject = TransformerSubject();
  for (const char* name : {"layer0.attn.wq", "layer1.attn.wq"}) {
    subject.model->parameters().Set(name, std::vector<float>(size_t{24} * 2 * 12, 0.0F));
  }
  for (const char* name : {"attention_deviation.layer0", "attention_deviation.layer1"}) {
    EXPECT_LT(Compute(name, subject).max().item<double>(), 1e-6) << name;
  }
}

TEST(AttentionByKeyProbeTest, IsTheMeanOverSequencesOfEachKeyPosition) {
  const Subject subject = TransformerSubject();
  const Attended attended(subject);
  const std::vector<int64_t> keys = KeyPositions(attended.tokens, subject.config.task);
  for (size_t layer = 0; layer < 2; ++layer) {
    const at::Tensor probe = Compute("attention_by_key.layer" + std::to_string(layer), subject);
    ASSERT_EQ(probe.sizes().vec(), (std::vector<int64_t>{7, 9}));
    const auto by_key = probe.accessor<float, 2>();
    const auto a = attended.activations.attention.at(layer).accessor<float, 4>();
    for (int64_t p = 0; p < 7; ++p) {
      double row_sum = 0;
      for (int64_t k = 0; k < 9; ++k) {
        double sum = 0;
        double count = 0;
        for (int64_t n = 0; n < attended.size(); ++n) {
          for (int64_t h = 0; h < 2 && keys[static_cast<size_t>(n)] == p; ++h) {
            sum += static_cast<double>(a[n][h][8][k]);
            count += 1;
          }
        }
        ASSERT_GT(count, 0) << p;
        EXPECT_NEAR(by_key[p][k], sum / count, 1e-6) << p << " " << k;
        row_sum += static_cast<double>(by_key[p][k]);
      }
      EXPECT_NEAR(row_sum, 1, 1e-5) << p;
    }
  }
}

// Probes by the key's position, of sequences none of which has its key at position 3.
TEST(AttentionByKeyProbeTest, APositionThatNoSequenceHasIsNaN) {
  const Subject subject = TransformerSubject();
  std::vector<EvaluationSet> sets = subject.sets;
  for (EvaluationSet& set : sets) {
    const std::vector<int64_t> keys = KeyPositions(set.sequences.tokens, subject.config.task);
    std::vector<int32_t> rows;
    for (size_t n = 0; n < keys.size(); ++n) {
      if (keys[n] != 3) {
        rows.push_back(static_cast<int32_t>(n));
      }
    }
    const at::Tensor kept = Ints(rows, {static_cast<int64_t>(rows.size())});
    set.sequences.tokens = set.sequences.tokens.index_select(0, kept);
    set.sequences.labels = set.sequences.labels.index_select(0, kept);
  }
  const auto is_missing = [](const at::Tensor& row, int64_t p) {
    return p == 3 ? row.isnan().all().item<bool>() : !row.isnan().any().item<bool>();
  };
  const at::Tensor by_key = Compute("attention_by_key.layer1", subject, sets);
  const at::Tensor parts = Compute("score_parts.layer1", subject, sets);
  for (int64_t p = 0; p < 7; ++p) {
    EXPECT_TRUE(is_missing(by_key[p], p)) << p;
    EXPECT_TRUE(is_missing(parts.select(1, p), p)) << p;
  }
}

TEST(ScorePartsProbeTest, AreThePartsOfTheMeanScores) {
  const Subject subject = TransformerSubject();
  const Attended attended(subject);
  const std::vector<int64_t> keys = KeyPositions(attended.tokens, subject.config.task);
  for (size_t layer = 0; layer < 2; ++layer) {
    const at::Tensor probe = Compute("score_parts.layer" + std::to_string(layer), subject);
    ASSERT_EQ(probe.sizes().vec(), (std::vector<int64_t>{4, 7, 9}));
    const auto part = probe.accessor<float, 3>();
    // Doubles, so that the loops round less than the probe.
    const at::Tensor queries =
        attended.activations.query.at(layer).select(2, 8).to(at::kDouble).contiguous();
    const at::Tensor all_keys = attended.activations.key.at(layer).to(at::kDouble).contiguous();
    const auto q = queries.accessor<double, 3>();   // sequence, head, dimension
    const auto k = all_keys.accessor<double, 4>();  // sequence, head, position, dimension
    double q_mean[2][12] = {};
    double k_mean[2][9][12] = {};
    const auto size = static_cast<double>(attended.size());
    for (int64_t n = 0; n < attended.size(); ++n) {
      for (int64_t h = 0; h < 2; ++h) {
        for (int64_t d = 0; d < 12; ++d) {
          q_mean[h][d] += q[n][h][d] / size;
          for (int64_t i = 0; i < 9; ++i) {
            k_mean[h][i][d] += k[n][h][i][d] / size;
          }
        }
      }
    }
    for (int64_t p = 0; p < 7; ++p) {
      for (int64_t i = 0; i < 9; ++i) {
        double score = 0;
        double parts[4] = {};
        double sequences = 0;
        for (int64_t n = 0; n < attended.size(); ++n) {
          if (keys[static_cast<size_t>(n)] != p) {
            continue;
          }
          sequences += 1;
          for (int64_t h = 0; h < 2; ++h) {
            for (int64_t d = 0; d < 12; ++d) {
              const double q_position = q_mean[h][d];
              const double k_position = k_mean[h][i][d];
              const double q_token = q[n][h][d] - q_position;
              const double k_token = k[n][h][i][d] - k_position;
              score += q[n][h][d] * k[n][h][i][d] / 2;
              parts[0] += q_token * k_token / 2;
              parts[1] += q_token * k_position / 2;
              parts[2] += q_position * k_token / 2;
              parts[3] += q_position * k_position / 2;
            }
          }
        }
        ASSERT_GT(sequences, 0) << p;
        double sum = 0;
        for (int64_t s = 0; s < 4; ++s) {
          EXPECT_NEAR(part[s][p][i], parts[s] / sequences, 1e-5) << s << " " << p << " " << i;
          sum += static_cast<double>(part[s][p][i]);
        }
        EXPECT_NEAR(sum, score / sequences, 1e-5) << p << " " << i;
        // The same for all sequences: the product of the means, averaged over heads.
        EXPECT_NEAR(part[3][p][i], part[3][0][i], 1e-5) << p << " " << i;
      }
    }
    for (int64_t s = 0; s < 4; ++s) {
      EXPECT_GT(probe[s].abs().max().item<double>(), 0.01) << "part " << s << " tests nothing";
    }
  }
}

// Scores and attention are two sides of one thing: softmax over the sum of the parts, for a
// sequence that is alone at its position.
TEST(ScorePartsProbeTest, GiveTheAttentionOfASingleSequence) {
  RunConfig run = SmallTransformerRun();
  run.init.gamma = 0.3;
  const Subject subject(run);
  const std::vector<EvaluationSet> one = {First(1, subject.sets).front()};
  const int64_t p = KeyPositions(one[0].sequences.tokens, run.task).front();
  const at::Tensor scores = Compute("score_parts.layer1", subject, one).select(1, p).sum(0);
  const at::Tensor attention = Compute("attention_by_key.layer1", subject, one)[p];
  EXPECT_LT(MaxDifference(scores.softmax(0), attention), 1e-6);
  EXPECT_GT(attention.max().item<double>(), 2.0 / 9) << "attention that averages tests nothing";
}

// Of one kind: what the probe of all gives where the other sequences are not there.
TEST(AttentionProbesTest, OfOneKindAreThoseOfItsSetsAlone) {
  const Subject subject = TransformerSubject();
  for (const std::string name : {"attention_by_key.layer0", "attention_by_key.layer1",
                                 "score_parts.layer0", "score_parts.layer1"}) {
    SCOPED_TRACE(name);
    const at::Tensor memory = Compute(name + ".memory", subject);
    const at::Tensor reasoning = Compute(name + ".reasoning", subject);
    EXPECT_LT(MaxDifference(memory, Compute(name, subject, {subject.sets.at(0)})), 1e-5);
    EXPECT_LT(MaxDifference(reasoning, Compute(name, subject, {subject.sets.at(1)})), 1e-5);
    EXPECT_GT(MaxDifference(memory, reasoning), 1e-3) << "sequences that are alike test nothing";
  }
}

TEST(AttentionProbesTest, OfMemoryAreThoseOfAllItsGroups) {
  const Subject subject = TransformerSubject();
  std::vector<EvaluationSet> groups = {subject.sets.at(0), subject.sets.at(1), subject.sets.at(0)};
  groups.at(0).group = "memory_group1";
  groups.at(0).sequences = subject.sets.at(0).sequences.Rows(0, 100);
  groups.at(2).group = "memory_group2";
  groups.at(2).sequences = subject.sets.at(0).sequences.Rows(100, 150);
  for (const std::string name : {"attention_by_key.layer1", "score_parts.layer1"}) {
    EXPECT_LT(MaxDifference(Compute(name + ".memory", subject, groups),
                            Compute(name + ".memory", subject)),
              1e-5)
        << name;
  }
}

TEST(AttentionProbesTest, OfAKindThatIsNotThereIsAnError) {
  const Subject subject = TransformerSubject();
  EXPECT_THAT(ErrorOf([&] {
                ComputeProbes({"score_parts.layer0.reasoning"}, subject.config, *subject.model,
                              {.evaluation = {subject.sets.at(0)}});
              }),
              HasSubstr("the model has no 'score_parts.layer0.reasoning'"));
}

// A Transformer's logits at the last position, in doubles and one position after the other. What
// block `layer`'s attention adds at the last position is exchanged for `patch` [B, d] where that is
// defined, and left in `taken`.
at::Tensor ReferenceLogits(const Subject& subject, const at::Tensor& tokens, int64_t layer,
                           const at::Tensor& patch, at::Tensor* taken) {
  const at::NoGradGuard no_grad;
  const TransformerConfig& config = subject.config.transformer;
  const Parameters& parameters = subject.model->parameters();
  const auto get = [&](const std::string& name) { return parameters[name].to(at::kDouble); };
  const auto linear = [&](const at::Tensor& x, const std::string& w, const std::string& b) {
    const at::Tensor y = x.matmul(get(w));
    return parameters.Has(b) ? y + get(b) : y;
  };
  const auto norm = [&](const at::Tensor& x, const std::string& name) {
    const at::Tensor centred = x - x.mean(-1, /*keepdim=*/true);
    const at::Tensor variance = centred.square().mean(-1, /*keepdim=*/true);
    return centred / (variance + 1e-5).sqrt() * get(name + ".gain") + get(name + ".shift");
  };
  const auto activate = [&](const at::Tensor& x) {
    switch (config.activation) {
      case Activation::kTanh:
        return x.tanh();
      case Activation::kGelu:
        return x * 0.5 * ((x / std::sqrt(2.0)).erf() + 1.0);
      case Activation::kRelu:
        return x.clamp_min(0);
    }
    return at::Tensor();
  };
  const int64_t length = tokens.size(1);
  const int64_t width = config.d_head;
  at::Tensor x = get("embedding.token").index({tokens}) + get("embedding.position");  // [B, L, d]
  for (int64_t i = 0; i < config.layers; ++i) {
    const std::string block = "layer" + std::to_string(i) + ".";
    const at::Tensor input = config.norm == Norm::kPre ? norm(x, block + "norm1") : x;
    const at::Tensor q = linear(input, block + "attn.wq", block + "attn.bq");
    const at::Tensor k = linear(input, block + "attn.wk", block + "attn.bk");
    const at::Tensor v = linear(input, block + "attn.wv", block + "attn.bv");
    std::vector<at::Tensor> mixed;  // of each position: [B, H dk]
    for (int64_t j = 0; j < length; ++j) {
      std::vector<at::Tensor> heads;
      for (int64_t h = 0; h < config.heads; ++h) {
        const auto of_head = [&](const at::Tensor& rows) {
          return rows.narrow(1, 0, j + 1).narrow(2, h * width, width);
        };
        const at::Tensor query = q.narrow(1, j, 1).narrow(2, h * width, width);  // [B, 1, dk]
        const at::Tensor scores =
            (query * of_head(k)).sum(2) / std::sqrt(static_cast<double>(width));  // [B, j + 1]
        heads.push_back((scores.softmax(1).unsqueeze(2) * of_head(v)).sum(1));
      }
      mixed.push_back(at::cat(heads, 1));
    }
    std::vector<at::Tensor> attended;
    for (const at::Tensor& rows : mixed) {
      attended.push_back(linear(rows, block + "attn.wo", block + "attn.bo").unsqueeze(1));
    }
    if (i == layer) {
      *taken = attended.back().squeeze(1);
      attended.back() = patch.defined() ? patch.unsqueeze(1) : attended.back();
    }
    x = x + at::cat(attended, 1);
    x = config.norm == Norm::kPost ? norm(x, block + "norm1") : x;
    const at::Tensor fed = config.norm == Norm::kPre ? norm(x, block + "norm2") : x;
    const at::Tensor hidden = activate(linear(fed, block + "ffn.w1", block + "ffn.b1"));
    x = x + linear(hidden, block + "ffn.w2", block + "ffn.b2");
    x = config.norm == Norm::kPost ? norm(x, block + "norm2") : x;
  }
  x = x.select(1, -1);
  x = config.norm == Norm::kPre ? norm(x, "final_norm") : x;
  return linear(x, "head.w", "head.b");
}

// The sequences with the key 8 further on among the task's 40, cyclically.
at::Tensor Partners(const at::Tensor& tokens, const AnchorTaskConfig& task) {
  const at::Tensor partners = tokens.clone();
  const std::vector<int64_t> keys = KeyPositions(tokens, task);
  auto token = partners.accessor<int64_t, 2>();
  for (int64_t n = 0; n < tokens.size(0); ++n) {
    int64_t& key = token[n][keys[static_cast<size_t>(n)]];
    key += 8;
    if (key > task.key_max) {
      key -= task.key_max - task.key_min + 1;
    }
  }
  return partners;
}

struct PatchCase {
  Norm norm;
  Bias bias;
  Activation activation;
};

class KeyPatchProbeTest : public testing::TestWithParam<PatchCase> {
 protected:
  static Subject MakeSubject() {
    RunConfig run = SmallTransformerRun();
    run.transformer.heads = 2;
    run.transformer.norm = GetParam().norm;
    run.transformer.bias = GetParam().bias;
    run.transformer.activation = GetParam().activation;
    run.init.gamma = 0.4;
    return Subject(run);
  }

  at::Tensor PatchedByKernels(bool pruned, const at::Tensor& tokens, int64_t layer,
                              const at::Tensor& partners);

  const Subject subject_ = MakeSubject();
};

// The same logits by the CPU's model, and those of the partners.
at::Tensor KeyPatchProbeTest::PatchedByKernels(bool pruned, const at::Tensor& tokens, int64_t layer,
                                               const at::Tensor& partners) {
  RunConfig config = subject_.config;
  config.transformer.pruned = pruned;
  const std::unique_ptr<CpuModel> cpu_model = MakeCpuModel(config, subject_.model->parameters());
  const auto to_tensor = [&](std::span<const float> logits) {
    const int64_t vocabulary = static_cast<int64_t>(logits.size()) / tokens.size(0);
    return at::from_blob(const_cast<float*>(logits.data()), {tokens.size(0), vocabulary},
                         at::kFloat)
        .to(at::kDouble);
  };
  std::vector<float> of_partners;
  const at::Tensor patched = to_tensor(cpu_model->PatchedForward(
      ToHostBatch(tokens), static_cast<size_t>(layer), ToHostBatch(partners), &of_partners));
  const at::Tensor plain = to_tensor(cpu_model->Forward(ToHostBatch(partners)));
  EXPECT_TRUE(SameBits(to_tensor(of_partners), plain)) << "a plain pass afterwards differs";
  return patched;
}

INSTANTIATE_TEST_SUITE_P(
    Choices, KeyPatchProbeTest,
    testing::Values(PatchCase{Norm::kPre, Bias::kZero, Activation::kGelu},
                    PatchCase{Norm::kPre, Bias::kTorchDefault, Activation::kTanh},
                    PatchCase{Norm::kPost, Bias::kTorchDefault, Activation::kRelu},
                    PatchCase{Norm::kPost, Bias::kNone, Activation::kGelu},
                    PatchCase{Norm::kNone, Bias::kTorchDefault, Activation::kGelu},
                    PatchCase{Norm::kNone, Bias::kNone, Activation::kTanh}));

TEST_P(KeyPatchProbeTest, ThePatchOfItselfChangesNothing) {
  const at::NoGradGuard no_grad;
  const at::Tensor& tokens = subject_.sets.at(1).sequences.tokens;
  for (size_t layer = 0; layer < 2; ++layer) {
    EXPECT_TRUE(SameBits(subject_.model->PatchedLogits(tokens, layer, tokens),
                         subject_.model->Logits(tokens)))
        << layer;
  }
}

TEST_P(KeyPatchProbeTest, IsTheShareOfEachPrediction) {
  const at::NoGradGuard no_grad;
  for (int64_t layer = 0; layer < 2; ++layer) {
    SCOPED_TRACE(layer);
    const at::Tensor probe = Compute("key_patch.layer" + std::to_string(layer), subject_);
    ASSERT_EQ(probe.sizes().vec(), (std::vector<int64_t>{2, 3}));
    for (int64_t s = 0; s < 2; ++s) {
      const SequenceSet set =
          First(kAttentionSequences, subject_.sets).at(static_cast<size_t>(s)).sequences;
      const at::Tensor partners = Partners(set.tokens, subject_.config.task);
      EXPECT_TRUE(partners.ne(set.tokens).sum(1).eq(1).all().item<bool>());
      at::Tensor own;
      at::Tensor of_partner;
      const at::Tensor clean = ReferenceLogits(subject_, set.tokens, layer, {}, &own);
      const at::Tensor other = ReferenceLogits(subject_, partners, layer, {}, &of_partner);
      EXPECT_GT(MaxDifference(own, of_partner), 1e-3) << "a key that is not seen tests nothing";
      const at::Tensor patched = ReferenceLogits(subject_, set.tokens, layer, of_partner, &own);
      const double scale = clean.abs().max().item<double>();
      EXPECT_LT(MaxDifference(subject_.model->Logits(set.tokens).to(at::kDouble), clean),
                1e-4 * scale);
      EXPECT_LT(MaxDifference(
                    subject_.model->PatchedLogits(set.tokens, static_cast<size_t>(layer), partners)
                        .to(at::kDouble),
                    patched),
                1e-4 * scale);
      for (const bool pruned : {false, true}) {
        EXPECT_LT(MaxDifference(PatchedByKernels(pruned, set.tokens, layer, partners), patched),
                  1e-4 * scale);
      }
      EXPECT_GT(MaxDifference(patched, clean), 1e-3 * scale);
      if (layer == 0) {  // the second block sees the clean key still
        EXPECT_GT(MaxDifference(patched, other), 1e-3 * scale);
      }
      const auto share = [](const at::Tensor& a, const at::Tensor& b) {
        return a.eq(b).to(at::kDouble).mean().item<double>();
      };
      constexpr double kOneSequence = 1.01 / kAttentionSequences;  // a tie that rounding decides
      EXPECT_NEAR(probe[s][0].item<double>(), share(clean.argmax(1), set.labels), kOneSequence);
      EXPECT_NEAR(probe[s][1].item<double>(), share(patched.argmax(1), other.argmax(1)),
                  kOneSequence);
      EXPECT_NEAR(probe[s][2].item<double>(), share(patched.argmax(1), clean.argmax(1)),
                  kOneSequence);
    }
  }
}

TEST(KeyPatchSequencesTest, AreTheFirst250SequencesOfEachTrainedSet) {
  const Subject subject = TransformerSubject();
  const at::Tensor probe = Compute("key_patch.layer1", subject);
  EXPECT_TRUE(SameBits(
      Compute("key_patch.layer1", subject, First(kAttentionSequences, subject.sets)), probe));
  EXPECT_TRUE(SameBits(
      Compute("key_patch.layer1", subject, {subject.sets.at(0), subject.sets.at(1)}), probe));
}

TEST(KeyPatchSequencesTest, NeedTwoKeys) {
  RunConfig run = SmallTransformerRun();
  run.task.key_min = run.task.key_max;
  const Subject subject(run);
  EXPECT_THAT(ErrorOf([&] { Compute("key_patch.layer0", subject); }), HasSubstr("two keys"));
}

// By hand, of the first 250 sequences of each set: the position embeddings set to `rows`, and each
// row's loss and prediction.
at::Tensor ScoresWithPositions(const Subject& subject, const std::vector<float>& rows) {
  const at::NoGradGuard no_grad;
  Parameters& parameters = subject.model->parameters();
  const std::vector<float> before = parameters.Values("embedding.position");
  parameters.Set("embedding.position", rows);
  std::vector<float> scores;
  for (const EvaluationSet& set : First(kAttentionSequences, subject.sets)) {
    const at::Tensor logits = subject.model->Logits(set.sequences.tokens).to(at::kDouble);
    const auto z = logits.accessor<double, 2>();
    const auto label = set.sequences.labels.accessor<int64_t, 1>();
    double loss = 0;
    double right = 0;
    for (int64_t n = 0; n < logits.size(0); ++n) {
      double sum = 0;
      int64_t best = 0;
      for (int64_t v = 0; v < logits.size(1); ++v) {
        sum += std::exp(z[n][v]);
        best = z[n][v] > z[n][best] ? v : best;
      }
      loss += std::log(sum) - z[n][label[n]];
      right += best == label[n] ? 1 : 0;
    }
    scores.push_back(static_cast<float>(loss / static_cast<double>(logits.size(0))));
    scores.push_back(static_cast<float>(right / static_cast<double>(logits.size(0))));
  }
  parameters.Set("embedding.position", before);
  return at::from_blob(scores.data(), {3, 2}, at::kFloat).clone();
}

TEST(AccuracyProbeTest, IsLossAndAccuracyWithThePositionsAsTheyAreAbsentAndShuffled) {
  RunConfig run = SmallTransformerRun();
  run.init.gamma = 0.3;
  const Subject subject(run);
  const at::Tensor before = subject.model->parameters().flat().clone();
  const std::vector<float> clean = subject.model->parameters().Values("embedding.position");
  std::vector<float> shuffled(clean.begin() + run.transformer.d_model, clean.end());
  shuffled.insert(shuffled.end(), clean.begin(), clean.begin() + run.transformer.d_model);
  const std::vector<std::pair<std::string, std::vector<float>>> cases = {
      {"accuracy.clean", clean},
      {"accuracy.without_positions", std::vector<float>(clean.size())},
      {"accuracy.shuffled_positions", shuffled}};
  std::vector<at::Tensor> probes;
  for (const auto& [name, rows] : cases) {
    probes.push_back(Compute(name, subject));
    EXPECT_TRUE(SameBits(subject.model->parameters().flat(), before)) << name;
    EXPECT_LT(MaxDifference(probes.back(), ScoresWithPositions(subject, rows)), 1e-4) << name;
  }
  EXPECT_GT(MaxDifference(probes[0], probes[1]), 1e-2) << "positions of no effect test nothing";
  EXPECT_GT(MaxDifference(probes[0], probes[2]), 1e-2) << "positions of no effect test nothing";
}

TEST(AttentionProbesTest, SeeTheFirst250SequencesOfEachTrainedSet) {
  const Subject subject = TransformerSubject();
  const std::vector<EvaluationSet> trained = {subject.sets.at(0), subject.sets.at(1)};
  for (const char* name : {"attention.layer1", "attention_deviation.layer1",
                           "attention_by_key.layer1", "score_parts.layer1"}) {
    const at::Tensor probe = Compute(name, subject);
    EXPECT_TRUE(SameBits(Compute(name, subject, First(kAttentionSequences, subject.sets)), probe))
        << name;
    EXPECT_FALSE(
        SameBits(Compute(name, subject, First(kAttentionSequences - 1, subject.sets)), probe))
        << name;
    EXPECT_TRUE(SameBits(Compute(name, subject, trained), probe)) << name;
    std::vector<EvaluationSet> groups = subject.sets;
    groups.at(2).group = "memory_group2";
    EXPECT_FALSE(SameBits(Compute(name, subject, groups), probe)) << name;
  }
}

class ModelProbesTest : public testing::TestWithParam<ModelKind> {
 protected:
  const Subject subject_ =
      GetParam() == ModelKind::kEmbMlp ? Subject(SmallEmbMlpRun()) : TransformerSubject();
};
INSTANTIATE_TEST_SUITE_P(Models, ModelProbesTest,
                         testing::Values(ModelKind::kEmbMlp, ModelKind::kTransformer),
                         [](const auto& param) { return FormatValue(param.param); });

TEST_P(ModelProbesTest, OutputsAreSharesOfPredictionsAndMeanProbabilities) {
  const at::Tensor argmax = Compute("outputs.argmax", subject_);
  const at::Tensor probability = Compute("outputs.probability", subject_);
  const int64_t vocabulary = subject_.config.task.vocabulary;
  ASSERT_EQ(argmax.sizes().vec(), (std::vector<int64_t>{3, vocabulary}));
  ASSERT_EQ(probability.sizes().vec(), (std::vector<int64_t>{3, vocabulary}));
  for (int64_t s = 0; s < 3; ++s) {
    const EvaluationSet& set = subject_.sets[static_cast<size_t>(s)];
    const at::Tensor logits = subject_.model->Logits(set.sequences.tokens).detach();
    const auto z = logits.accessor<float, 2>();
    const auto size = static_cast<double>(set.sequences.labels.size(0));
    std::vector<double> share(static_cast<size_t>(vocabulary));
    std::vector<double> mean(static_cast<size_t>(vocabulary));
    for (int64_t n = 0; n < set.sequences.labels.size(0); ++n) {
      size_t best = 0;
      double sum = 0;
      for (int64_t v = 0; v < vocabulary; ++v) {
        best = z[n][v] > z[n][static_cast<int64_t>(best)] ? static_cast<size_t>(v) : best;
        sum += std::exp(static_cast<double>(z[n][v]));
      }
      share[best] += 1 / size;
      for (int64_t v = 0; v < vocabulary; ++v) {
        mean[static_cast<size_t>(v)] += std::exp(static_cast<double>(z[n][v])) / sum / size;
      }
    }
    for (int64_t v = 0; v < vocabulary; ++v) {
      EXPECT_NEAR(argmax[s][v].item<double>(), share[static_cast<size_t>(v)], 1e-6) << v;
      EXPECT_NEAR(probability[s][v].item<double>(), mean[static_cast<size_t>(v)], 1e-6) << v;
    }
    EXPECT_NEAR(argmax[s].sum().item<double>(), 1, 1e-5);
    EXPECT_NEAR(probability[s].sum().item<double>(), 1, 1e-5);
  }
}

TEST_P(ModelProbesTest, GradientsAreThoseOfTheMeanLossOnTheTrainedSets) {
  const Parameters& parameters = subject_.model->parameters();
  at::cross_entropy_loss(
      subject_.model->Logits(
          at::cat({subject_.sets.at(0).sequences.tokens, subject_.sets.at(1).sequences.tokens})),
      at::cat({subject_.sets.at(0).sequences.labels, subject_.sets.at(1).sequences.labels}))
      .backward();
  const double largest = parameters.flat_gradient().abs().max().item<double>();
  std::vector<at::Tensor> references;
  for (const ParameterSpec& spec : parameters.specs()) {
    references.push_back(parameters.Gradient(spec.name).clone());
  }
  for (size_t i = 0; i < references.size(); ++i) {
    const std::string& name = parameters.specs()[i].name;
    parameters.flat_gradient().fill_(3);  // left over from a step
    const at::Tensor gradient = Compute("gradient." + name, subject_);
    // A key's bias shifts all scores of a row alike: its gradient is rounding.
    const double scale = name.ends_with(".bk") ? largest : references[i].abs().max().item<double>();
    EXPECT_GT(scale, 0) << name;
    EXPECT_LT(MaxDifference(gradient, references[i]), 2e-5 * scale) << name;
    EXPECT_EQ(parameters.flat_gradient().abs().max().item<double>(), 0) << name;
  }
}

TEST_P(ModelProbesTest, GradientsLeaveTheTestSetOut) {
  const at::Tensor gradient = Compute("gradient.embedding.token", subject_);
  const std::vector<EvaluationSet> trained = {subject_.sets.at(0), subject_.sets.at(1)};
  EXPECT_TRUE(SameBits(Compute("gradient.embedding.token", subject_, trained), gradient));
  std::vector<EvaluationSet> groups = subject_.sets;
  groups.at(2).group = "memory_group2";
  EXPECT_FALSE(SameBits(Compute("gradient.embedding.token", subject_, groups), gradient));
}

TEST_P(ModelProbesTest, ManyAtOnceAreThoseOfEachAlone) {
  std::vector<std::string> names = {"outputs.probability", "gradient.embedding.token",
                                    "parameter.embedding.token", "outputs.argmax"};
  if (GetParam() == ModelKind::kTransformer) {
    names.insert(names.begin() + 1, {"score_parts.layer1", "attention.layer1"});
    names.insert(names.end(),
                 {"attention.layer0", "accuracy.without_positions", "attention_by_key.layer0",
                  "key_patch.layer0", "score_parts.layer1.memory", "accuracy.shuffled_positions",
                  "attention_by_key.layer0.reasoning", "accuracy.clean"});
  }
  const at::Tensor before = subject_.model->parameters().flat().clone();
  const std::vector<NamedArray> probes =
      ComputeProbes(names, subject_.config, *subject_.model, {.evaluation = subject_.sets});
  ASSERT_EQ(probes.size(), names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(probes[i].name, names[i]);
    const std::vector<NamedArray> alone =
        ComputeProbes({names[i]}, subject_.config, *subject_.model, {.evaluation = subject_.sets});
    EXPECT_EQ(probes[i].array.shape, alone.at(0).array.shape) << names[i];
    EXPECT_EQ(probes[i].array.values, alone.at(0).array.values) << names[i];
  }
  EXPECT_TRUE(SameBits(subject_.model->parameters().flat(), before));
  EXPECT_NO_THROW(
      CheckProbes(names, subject_.config, *subject_.model, {.evaluation = subject_.sets}));
}

// The messages of ComputeProbes and CheckProbes for the one probe `name`.
std::vector<std::string> Messages(const std::string& name, const Subject& subject) {
  return {ErrorOf([&] {
            ComputeProbes({name}, subject.config, *subject.model, {.evaluation = subject.sets});
          }),
          ErrorOf([&] {
            CheckProbes({name}, subject.config, *subject.model, {.evaluation = subject.sets});
          })};
}

TEST_P(ModelProbesTest, OtherNamesAreErrorsThatListWhatIsExpected) {
  for (const std::string name : {"",
                                 "layer0",
                                 "attention",
                                 "attention.",
                                 "attention.0",
                                 "attention.layer",
                                 "attention.layer2",
                                 "attention.layer9",
                                 "attention.layer-1",
                                 "attention.layer1x",
                                 "attention.layer99999999999999999999",
                                 "attention.layer0.memory",
                                 "attention_by_key.layer0.",
                                 "attention_by_key.layer0.memory.x",
                                 "attention_by_key.layer0.reasoning_test",
                                 "attention_by_key.layer2.memory",
                                 "attention_by_key.memory",
                                 "key_patch",
                                 "key_patch.layer2",
                                 "key_patch.layer0.memory",
                                 "accuracy",
                                 "accuracy.layer0",
                                 "accuracy.positions",
                                 "attention_mean.layer0",
                                 "score_parts",
                                 "outputs",
                                 "outputs.mean",
                                 "outputs.layer0",
                                 "gradient",
                                 "gradient.nothing",
                                 "gradient.layer0",
                                 "parameter",
                                 "parameter.nothing",
                                 "embedding.token"}) {
    SCOPED_TRACE(name);
    EXPECT_THAT(Messages(name, subject_),
                Each(AllOf(HasSubstr("probe.names: the model has no '" + name + "'"),
                           HasSubstr("parameter.<name>"), HasSubstr("gradient.<name>"),
                           HasSubstr("outputs.argmax"), HasSubstr("outputs.probability"),
                           HasSubstr("accuracy.clean"), HasSubstr("key_patch.layer<i>"),
                           HasSubstr("attention, attention_deviation, attention_by_key or "
                                     "score_parts with .layer<i>"))));
  }
}

TEST(EmbMlpProbesTest, HaveNoAttentionAndNoPositions) {
  const Subject subject(SmallEmbMlpRun());
  for (const std::string name :
       {"attention.layer0", "attention_deviation.layer0", "attention_by_key.layer0",
        "score_parts.layer0", "score_parts.layer0.memory", "key_patch.layer0",
        "accuracy.without_positions", "accuracy.shuffled_positions"}) {
    EXPECT_THAT(Messages(name, subject), Each(HasSubstr("the model has no '" + name + "'")));
  }
  EXPECT_EQ(Compute("accuracy.clean", subject).sizes().vec(), (std::vector<int64_t>{3, 2}));
}

}  // namespace
}  // namespace initbias
