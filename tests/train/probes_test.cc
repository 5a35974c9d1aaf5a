// Each probe against a loop that does what lib/train/probes.h says, on the data of a small run.
#include "lib/train/probes.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/TensorAccessor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/from_blob.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/data/anchor_task.h"
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

EvaluationSet MakeSet(const std::string& group, const Samples& samples) {
  return {.group = group,
          .sequences = {.tokens = Ints(samples.tokens, {samples.size(), samples.length}),
                        .labels = Ints(samples.labels, {samples.size()})}};
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

at::Tensor Take(const std::string& name, const Subject& subject,
                const std::vector<EvaluationSet>& sets) {
  const std::vector<NamedArray> probes =
      TakeProbes({name}, subject.config, *subject.model, {.evaluation = sets});
  EXPECT_EQ(probes.size(), 1u);
  EXPECT_EQ(probes.at(0).name, name);
  const Array& array = probes.at(0).array;
  return at::from_blob(const_cast<float*>(array.values.data()), array.shape, at::kFloat).clone();
}

at::Tensor Take(const std::string& name, const Subject& subject) {
  return Take(name, subject, subject.sets);
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
    EXPECT_TRUE(SameBits(Take("parameter." + spec.name, subject),
                         subject.model->parameters()[spec.name].detach()))
        << spec.name;
  }
}

TEST(AttentionProbeTest, IsTheMeanOverSequences) {
  const Subject subject = TransformerSubject();
  const Attended attended(subject);
  for (size_t layer = 0; layer < 2; ++layer) {
    const at::Tensor probe = Take("attention.layer" + std::to_string(layer), subject);
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
    const at::Tensor probe = Take("attention_deviation.layer" + std::to_string(layer), subject);
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
    EXPECT_LT(Take(name, subject).max().item<double>(), 1e-6) << name;
  }
}

TEST(AttentionByKeyProbeTest, IsTheMeanOverSequencesOfEachKeyPosition) {
  const Subject subject = TransformerSubject();
  const Attended attended(subject);
  const std::vector<int64_t> keys = KeyPositions(attended.tokens, subject.config.task);
  for (size_t layer = 0; layer < 2; ++layer) {
    const at::Tensor probe = Take("attention_by_key.layer" + std::to_string(layer), subject);
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
  const at::Tensor by_key = Take("attention_by_key.layer1", subject, sets);
  const at::Tensor parts = Take("score_parts.layer1", subject, sets);
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
    const at::Tensor probe = Take("score_parts.layer" + std::to_string(layer), subject);
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
  const at::Tensor scores = Take("score_parts.layer1", subject, one).select(1, p).sum(0);
  const at::Tensor attention = Take("attention_by_key.layer1", subject, one)[p];
  EXPECT_LT(MaxDifference(scores.softmax(0), attention), 1e-6);
  EXPECT_GT(attention.max().item<double>(), 2.0 / 9) << "attention that averages tests nothing";
}

TEST(AttentionProbesTest, SeeTheFirst250SequencesOfEachTrainedSet) {
  const Subject subject = TransformerSubject();
  const std::vector<EvaluationSet> trained = {subject.sets.at(0), subject.sets.at(1)};
  for (const char* name : {"attention.layer1", "attention_deviation.layer1",
                           "attention_by_key.layer1", "score_parts.layer1"}) {
    const at::Tensor probe = Take(name, subject);
    EXPECT_TRUE(SameBits(Take(name, subject, First(kAttentionSequences, subject.sets)), probe))
        << name;
    EXPECT_FALSE(SameBits(Take(name, subject, First(kAttentionSequences - 1, subject.sets)), probe))
        << name;
    EXPECT_TRUE(SameBits(Take(name, subject, trained), probe)) << name;
    std::vector<EvaluationSet> groups = subject.sets;
    groups.at(2).group = "memory_group2";
    EXPECT_FALSE(SameBits(Take(name, subject, groups), probe)) << name;
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
  const at::Tensor argmax = Take("outputs.argmax", subject_);
  const at::Tensor probability = Take("outputs.probability", subject_);
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
    const at::Tensor gradient = Take("gradient." + name, subject_);
    // A key's bias shifts all scores of a row alike: its gradient is rounding.
    const double scale = name.ends_with(".bk") ? largest : references[i].abs().max().item<double>();
    EXPECT_GT(scale, 0) << name;
    EXPECT_LT(MaxDifference(gradient, references[i]), 2e-5 * scale) << name;
    EXPECT_EQ(parameters.flat_gradient().abs().max().item<double>(), 0) << name;
  }
}

TEST_P(ModelProbesTest, GradientsLeaveTheTestSetOut) {
  const at::Tensor gradient = Take("gradient.embedding.token", subject_);
  const std::vector<EvaluationSet> trained = {subject_.sets.at(0), subject_.sets.at(1)};
  EXPECT_TRUE(SameBits(Take("gradient.embedding.token", subject_, trained), gradient));
  std::vector<EvaluationSet> groups = subject_.sets;
  groups.at(2).group = "memory_group2";
  EXPECT_FALSE(SameBits(Take("gradient.embedding.token", subject_, groups), gradient));
}

TEST_P(ModelProbesTest, ManyAtOnceAreThoseOfEachAlone) {
  std::vector<std::string> names = {"outputs.probability", "gradient.embedding.token",
                                    "parameter.embedding.token", "outputs.argmax"};
  if (GetParam() == ModelKind::kTransformer) {
    names.insert(names.begin() + 1, {"score_parts.layer1", "attention.layer1"});
    names.insert(names.end(), {"attention.layer0", "attention_by_key.layer0"});
  }
  const at::Tensor before = subject_.model->parameters().flat().clone();
  const std::vector<NamedArray> probes =
      TakeProbes(names, subject_.config, *subject_.model, {.evaluation = subject_.sets});
  ASSERT_EQ(probes.size(), names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(probes[i].name, names[i]);
    const std::vector<NamedArray> alone =
        TakeProbes({names[i]}, subject_.config, *subject_.model, {.evaluation = subject_.sets});
    EXPECT_EQ(probes[i].array.shape, alone.at(0).array.shape) << names[i];
    EXPECT_EQ(probes[i].array.values, alone.at(0).array.values) << names[i];
  }
  EXPECT_TRUE(SameBits(subject_.model->parameters().flat(), before));
  EXPECT_NO_THROW(
      CheckProbes(names, subject_.config, *subject_.model, {.evaluation = subject_.sets}));
}

// The messages of TakeProbes and CheckProbes for the one probe `name`.
std::vector<std::string> Messages(const std::string& name, const Subject& subject) {
  return {ErrorOf([&] {
            TakeProbes({name}, subject.config, *subject.model, {.evaluation = subject.sets});
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
                           HasSubstr("attention, attention_deviation, attention_by_key or "
                                     "score_parts with .layer<i>"))));
  }
}

TEST(EmbMlpProbesTest, HaveNoAttention) {
  const Subject subject(SmallEmbMlpRun());
  for (const std::string name : {"attention.layer0", "attention_deviation.layer0",
                                 "attention_by_key.layer0", "score_parts.layer0"}) {
    EXPECT_THAT(Messages(name, subject), Each(HasSubstr("the model has no '" + name + "'")));
  }
}

}  // namespace
}  // namespace initbias
