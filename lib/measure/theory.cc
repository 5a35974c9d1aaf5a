#include "lib/measure/theory.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>
#include <string>

#include "lib/analysis/matrix.h"
#include "lib/analysis/shape.h"
#include "lib/analysis/statistics.h"
#include "lib/data/anchor/anchor_task.h"
#include "lib/measure/embeddings.h"
#include "lib/theory/attention_bound.h"
#include "lib/theory/embedding_theory.h"
#include "lib/theory/label_distribution.h"

namespace initbias {
namespace {

constexpr char kTable[] = "parameter.embedding.token";

Matrix ProbeMatrix(const RunResult& run, const std::string& probe, double share) {
  const Array& array = run.ProbeNear(probe, share).array;
  return MakeMatrix(array.shape[0], array.shape[1], array.values);
}

Matrix Parameter(const RunResult& run, const std::string& name, double share) {
  return ProbeMatrix(run, "parameter." + name, share);
}

// x m^T.
std::vector<double> TimesTransposed(const std::vector<double>& x, const Matrix& m) {
  std::vector<double> y;
  for (int64_t i = 0; i < m.rows; ++i) {
    const std::span<const double> row = m.Row(i);
    y.push_back(std::inner_product(row.begin(), row.end(), x.begin(), 0.0));
  }
  return y;
}

// a x + b y.
std::vector<double> Combined(double a, const std::vector<double>& x, double b,
                             const std::vector<double>& y) {
  std::vector<double> sum;
  for (size_t i = 0; i < x.size(); ++i) {
    sum.push_back(a * x[i] + b * y.at(i));
  }
  return sum;
}

// The path at a share of a run.
class Path {
 public:
  Path(const RunResult& run, double share, PathFormula formula)
      : mlp_(run.config.model == ModelKind::kEmbMlp),
        w1_(Parameter(run, mlp_ ? "mlp.w1" : "layer0.ffn.w1", share)),
        w2_(Parameter(run, mlp_ ? "mlp.w2" : "layer0.ffn.w2", share)) {
    if (mlp_) {
      return;
    }
    const AnchorTaskConfig& task = run.config.task;
    const bool paper = formula == PathFormula::kPaper;
    slope_ = paper ? 1.0 : 0.5;
    average_ = 1.0 / static_cast<double>(task.length);
    residual_ =
        paper ? average_
              : 1.0 / static_cast<double>((task.length - task.num_anchors) * task.num_anchors);
    head_ = Parameter(run, "head.w", share);
    value_ = Parameter(run, "layer0.attn.wv", share);
    output_ = Parameter(run, "layer0.attn.wo", share);
  }

  // The velocity of the embedding of a token with these labels, for r_s = 1.
  std::vector<double> Velocity(const std::vector<double>& labels) const {
    if (mlp_) {
      const std::vector<float> w1(w1_.values.begin(), w1_.values.end());
      const std::vector<float> w2(w2_.values.begin(), w2_.values.end());
      return EmbeddingVelocity(labels, /*factor=*/1, w1, w2, w1_.rows, w1_.columns);
    }
    const std::vector<double> out = TimesTransposed(CentredDistribution(labels), head_);
    const std::vector<double> middle =
        Combined(1, out, slope_, TimesTransposed(TimesTransposed(out, w2_), w1_));
    return Combined(residual_, middle, average_,
                    TimesTransposed(TimesTransposed(middle, output_), value_));
  }

 private:
  bool mlp_;
  Matrix w1_;
  Matrix w2_;
  Matrix head_;
  Matrix value_;
  Matrix output_;
  double slope_ = 1;     // of the activation at 0
  double average_ = 1;   // a token's weight in the average
  double residual_ = 1;  // and in the residual stream
};

// Theorem 1's deviation, and what it is without any embedding.
struct TheoremFit {
  double deviation = 0;
  double without = 0;
};

TheoremFit FitTheorem(const RunResult& run, int64_t largest_token) {
  const AnchorTaskConfig& task = run.config.task;
  const TokenRange tokens{task.reasoning_min, std::min(largest_token, task.key_max)};
  const std::vector<double> theory = InnerProducts(TheoreticalEmbeddings(run.config, tokens));
  double smallest = std::numeric_limits<double>::infinity();
  for (const Snapshot* table : run.Probes(kTable)) {
    const double share = ShareAt(run.config, table->step);
    smallest =
        std::min(smallest, SmallestDistance(theory, InnerProducts(Embeddings(run, share, tokens))));
  }
  return {.deviation = smallest, .without = LargestDistance(theory, 0, theory)};
}

}  // namespace

VelocityAgreement CompareVelocity(const RunResult& run, size_t index, TokenRange tokens,
                                  PathFormula formula) {
  const AnchorTaskConfig& task = run.config.task;
  const std::vector<const Snapshot*> tables = run.Probes(kTable);
  const auto share = [&](size_t i) { return ShareAt(run.config, tables.at(i)->step); };
  const Path path(run, share(index), formula);
  const Matrix now = Embeddings(run, share(index), tokens);
  const Matrix gradient =
      Rows(ProbeMatrix(run, "gradient.embedding.token", share(index)), tokens.first, tokens.last);
  VelocityAgreement agreement;
  for (int64_t i = 0; i < now.rows; ++i) {
    const int64_t s = tokens.first + i;
    const std::vector<double> labels = Holds(ReasoningAnchors(task), s)
                                           ? ReasoningLabelDistribution(task, s)
                                           : MemoryLabelDistribution(task);
    const std::vector<double> predicted = path.Velocity(labels);
    agreement.gradient.push_back(-Cosine(predicted, gradient.Row(i)));
    agreement.predicted.push_back(L2Norm(predicted));
    agreement.measured.push_back(L2Norm(gradient.Row(i)));
    if (index + 1 < tables.size()) {
      const Matrix next = Embeddings(run, share(index + 1), tokens);
      agreement.step.push_back(Cosine(predicted, Sum(next, -1, now).Row(i)));
    }
  }
  return agreement;
}

double MedianAgreement(const RunResult& run, size_t index, PathFormula formula) {
  const AnchorTaskConfig& task = run.config.task;
  return std::min(Median(CompareVelocity(run, index, MemoryAnchors(task), formula).gradient),
                  Median(CompareVelocity(run, index, ReasoningAnchors(task), formula).gradient));
}

size_t BestSnapshot(const RunResult& run, PathFormula formula, int64_t last_step) {
  const std::vector<const Snapshot*> tables = run.Probes(kTable);
  size_t best = 0;
  double largest = -2;
  for (size_t i = 0; i < tables.size() && tables[i]->step <= last_step; ++i) {
    const double agreement = MedianAgreement(run, i, formula);
    if (agreement > largest) {
      largest = agreement;
      best = i;
    }
  }
  return best;
}

double BestAgreement(const RunResult& run, PathFormula formula, int64_t last_step) {
  return MedianAgreement(run, BestSnapshot(run, formula, last_step), formula);
}

std::vector<double> Occurrences(const RunConfig& config, TokenRange tokens) {
  const AnchorData data = MakeAnchorData(config.task, config.seed);
  std::vector<double> counts(static_cast<size_t>(TokenCount(tokens)), 0.0);
  double sequences = 0;
  for (const AnchorSequences* samples : {&data.memory, &data.reasoning_train}) {
    sequences += static_cast<double>(samples->size());
    for (const int32_t token : samples->tokens) {
      if (Holds(tokens, token)) {
        counts[static_cast<size_t>(token - tokens.first)] += 1;
      }
    }
  }
  for (double& count : counts) {
    count /= sequences;
  }
  return counts;
}

VelocitySizes SizesOf(const RunResult& run, TokenRange tokens, int64_t last_step) {
  const size_t best = BestSnapshot(run, PathFormula::kPaper, last_step);
  const VelocityAgreement agreement = CompareVelocity(run, best, tokens, PathFormula::kPaper);
  VelocitySizes sizes{.predicted = Occurrences(run.config, tokens), .measured = agreement.measured};
  for (size_t i = 0; i < sizes.predicted.size(); ++i) {
    sizes.predicted[i] *= agreement.predicted[i];
  }
  return sizes;
}

double SizeSlope(const RunResult& run, int64_t last_step) {
  VelocitySizes all = SizesOf(run, MemoryAnchors(run.config.task), last_step);
  const VelocitySizes more = SizesOf(run, ReasoningAnchors(run.config.task), last_step);
  all.predicted.insert(all.predicted.end(), more.predicted.begin(), more.predicted.end());
  all.measured.insert(all.measured.end(), more.measured.begin(), more.measured.end());
  return Slope(all.predicted, all.measured);
}

double TheoremDeviation(const RunResult& run, int64_t largest_token) {
  return FitTheorem(run, largest_token).deviation;
}

double TheoremDeviationShare(const RunResult& run, int64_t largest_token) {
  const TheoremFit fit = FitTheorem(run, largest_token);
  return fit.deviation / fit.without;
}

double TheoremRatio(const RunResult& run, int64_t largest_token) {
  return TheoremDeviation(run, largest_token) /
         ApproximationErrorOrder(run.config.transformer.d_model, run.config.task.num_anchors,
                                 run.config.init.gamma);
}

double AttentionDeviation(const RunResult& run) {
  const Array& deviation = run.ProbeNear("attention_deviation.layer0", 0).array;  // [2, L]
  const auto length = deviation.shape[1];
  return *std::max_element(deviation.values.begin() + length, deviation.values.end());
}

double AttentionBound(const RunResult& run) {
  const double norm = LargestRowNorm(Parameter(run, "embedding.token", 0)) +
                      LargestRowNorm(Parameter(run, "embedding.position", 0));
  const Matrix key = Parameter(run, "layer0.attn.wk", 0);
  const double spectral =
      SingularValues(Product(Parameter(run, "layer0.attn.wq", 0), Transposed(key))).values.front();
  return LargestDeviation(ScoreBound(norm, norm, spectral, run.config.transformer.d_head));
}

}  // namespace initbias
