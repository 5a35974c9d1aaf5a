#include "lib/measure/embeddings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lib/analysis/permutation.h"
#include "lib/analysis/shape.h"
#include "lib/theory/embedding_theory.h"
#include "lib/theory/label_distribution.h"

namespace initbias {
namespace {

// The mean cosines' RMSE to theory minus that to their own best straight line.
double Excess(const std::vector<double>& real, const std::vector<double>& theory) {
  const ShapeFit fit = CompareShapes(real, theory);
  return fit.theory - fit.line;
}

// Returns [tokens, 2]: their places in the plane of the first two components of all embeddings.
Matrix Plane(const RunResult& run, double share, TokenRange tokens) {
  const TokenRange all = {0, run.config.task.vocabulary - 1};
  return Rows(PrincipalComponents(Embeddings(run, share, all), 2).scores, tokens.first,
              tokens.last);
}

// Of all anchors and keys.
Matrix EmbeddingsInUse(const RunResult& run, double share) {
  return Embeddings(run, share, {run.config.task.memory_min, run.config.task.key_max});
}

// The mean over the reasoning anchors of `excess` of each.
double MeanExcess(const RunResult& run, double share,
                  double (*excess)(const RunResult&, double, int64_t)) {
  double sum = 0;
  double count = 0;
  for (int64_t s = run.config.task.reasoning_min; s <= run.config.task.reasoning_max; ++s) {
    sum += excess(run, share, s);
    ++count;
  }
  return sum / count;
}

double Condensation(const RunResult& run, double share, TokenRange tokens) {
  Matrix cosines = EmbeddingCosines(run, share, tokens);
  for (double& cosine : cosines.values) {
    cosine = std::abs(cosine);
  }
  return MeanOffDiagonal(cosines);
}

}  // namespace

Matrix Embeddings(const RunResult& run, double share, TokenRange tokens) {
  const Array& table = run.ProbeNear("parameter.embedding.token", share).array;
  return Rows(MakeMatrix(table.shape[0], table.shape[1], table.values), tokens.first, tokens.last);
}

Matrix EmbeddingCosines(const RunResult& run, double share, TokenRange tokens) {
  return CosineMatrix(Embeddings(run, share, tokens));
}

Matrix CentredLabelDistributions(const AnchorTaskConfig& task) {
  Matrix rows{.rows = 0, .columns = task.vocabulary};
  for (int64_t s = task.reasoning_min; s <= task.reasoning_max; ++s) {
    const std::vector<double> row = CentredDistribution(ReasoningLabelDistribution(task, s));
    rows.values.insert(rows.values.end(), row.begin(), row.end());
    ++rows.rows;
  }
  return rows;
}

Matrix TheoreticalEmbeddings(const RunConfig& config, TokenRange tokens, bool noise) {
  const int64_t d_model =
      config.model == ModelKind::kTransformer ? config.transformer.d_model : config.emb_mlp.d_model;
  // The noise has std d_m^-gamma: none where gamma is infinite.
  const double gamma =
      noise ? RatesOf(config.init).embedding : std::numeric_limits<double>::infinity();
  Matrix rows{.rows = 0, .columns = d_model};
  for (int64_t s = tokens.first; s <= tokens.last; ++s) {
    const std::vector<double> row = ApproximateEmbedding(s, Holds(ReasoningAnchors(config.task), s),
                                                         d_model, gamma, config.seed);
    rows.values.insert(rows.values.end(), row.begin(), row.end());
    ++rows.rows;
  }
  return rows;
}

std::string NoiseText(const RunConfig& config) {
  return fmt::format(
      "eps_i ~ N(0, (d_m^-gamma)^2) from the stream theory/embedding/<s>, i = 1 .. d_m; gamma = {}, "
      "seed = {}",
      RatesOf(config.init).embedding, config.seed);
}

double DecayProbability(const RunResult& run, double share) {
  return DistanceDecayTest(EmbeddingCosines(run, share, ReasoningAnchors(run.config.task)))
      .probability;
}

double DecayCorrelation(const RunResult& run, double share) {
  return DistanceDecayTest(EmbeddingCosines(run, share, ReasoningAnchors(run.config.task)), 1)
      .statistic;
}

double MemoryMeanCosine(const RunResult& run, double share) {
  return MeanOffDiagonal(EmbeddingCosines(run, share, MemoryAnchors(run.config.task)));
}

double MemoryCondensation(const RunResult& run, double share) {
  return Condensation(run, share, MemoryAnchors(run.config.task));
}

double ReasoningCondensation(const RunResult& run, double share) {
  return Condensation(run, share, ReasoningAnchors(run.config.task));
}

double MemoryContrast(const RunResult& run, double share) {
  return MemoryMeanCosine(run, share) -
         MeanOffDiagonal(EmbeddingCosines(run, share, ReasoningAnchors(run.config.task)));
}

double SpreadRatio(const RunResult& run, double share) {
  const auto spread = [&](TokenRange tokens) {
    const Matrix cosines = EmbeddingCosines(run, share, tokens);
    double lo = 1;
    double hi = -1;
    for (int64_t i = 0; i < cosines.rows; ++i) {
      for (int64_t j = 0; j < i; ++j) {
        lo = std::min(lo, cosines(i, j));
        hi = std::max(hi, cosines(i, j));
      }
    }
    return hi - lo;
  };
  return std::log2(spread(ReasoningAnchors(run.config.task)) /
                   spread(MemoryAnchors(run.config.task)));
}

double LabelProbability(const RunResult& run, double share) {
  return MantelTest(EmbeddingCosines(run, share, ReasoningAnchors(run.config.task)),
                    CosineMatrix(CentredLabelDistributions(run.config.task)))
      .probability;
}

double LabelAgreement(const RunResult& run, double share) {
  return UpperCorrelation(EmbeddingCosines(run, share, ReasoningAnchors(run.config.task)),
                          CosineMatrix(CentredLabelDistributions(run.config.task)));
}

double TheoryProbability(const RunResult& run, double share) {
  const TokenRange tokens = ReasoningAnchors(run.config.task);
  return MantelTest(EmbeddingCosines(run, share, tokens),
                    CosineMatrix(TheoreticalEmbeddings(run.config, tokens, /*noise=*/false)))
      .probability;
}

double TheoryAgreement(const RunResult& run, double share) {
  const TokenRange tokens = ReasoningAnchors(run.config.task);
  return UpperCorrelation(EmbeddingCosines(run, share, tokens),
                          CosineMatrix(TheoreticalEmbeddings(run.config, tokens, /*noise=*/false)));
}

double KeyOrderProbability(const RunResult& run, double share) {
  return PathLengthTest(Plane(run, share, Keys(run.config.task))).probability;
}

double AnchorOrderProbability(const RunResult& run, double share) {
  return PathLengthTest(Plane(run, share, ReasoningAnchors(run.config.task))).probability;
}

double KeyPathLength(const RunResult& run, double share) {
  return PathLengthTest(Plane(run, share, Keys(run.config.task)), 999).statistic;
}

double ShapeExcess(const RunResult& run, double share) {
  const TokenRange tokens = ReasoningAnchors(run.config.task);
  return Excess(ByDistance(EmbeddingCosines(run, share, tokens)),
                ByDistance(CosineMatrix(TheoreticalEmbeddings(run.config, tokens, false))));
}

double RowShapeExcess(const RunResult& run, double share, int64_t s) {
  const TokenRange tokens = ReasoningAnchors(run.config.task);
  std::vector<double> real;
  std::vector<double> theory;
  const Matrix cosines = EmbeddingCosines(run, share, tokens);
  const Matrix predicted = CosineMatrix(TheoreticalEmbeddings(run.config, tokens, false));
  // By distance from s, the mean of both sides.
  for (int64_t distance = 1; distance < cosines.rows; ++distance) {
    double sums[2] = {0, 0};
    int64_t count = 0;
    for (const int64_t i : {s - tokens.first - distance, s - tokens.first + distance}) {
      if (i >= 0 && i < cosines.rows) {
        sums[0] += cosines(s - tokens.first, i);
        sums[1] += predicted(s - tokens.first, i);
        ++count;
      }
    }
    if (count > 0) {
      real.push_back(sums[0] / static_cast<double>(count));
      theory.push_back(sums[1] / static_cast<double>(count));
    }
  }
  return Excess(real, theory);
}

double KeyRowExcess(const RunResult& run, double share, int64_t s) {
  const TokenRange all = SummedTokens(run.config.task);
  const Matrix real = Embeddings(run, share, all);
  const Matrix theory = TheoreticalEmbeddings(run.config, all, /*noise=*/false);
  std::vector<double> real_row;
  std::vector<double> theory_row;
  for (int64_t key = run.config.task.key_min; key <= run.config.task.key_max; ++key) {
    real_row.push_back(Cosine(real.Row(s - all.first), real.Row(key - all.first)));
    theory_row.push_back(Cosine(theory.Row(s - all.first), theory.Row(key - all.first)));
  }
  return Excess(real_row, theory_row);
}

double MeanRowShapeExcess(const RunResult& run, double share) {
  return MeanExcess(run, share, RowShapeExcess);
}

double MeanKeyRowExcess(const RunResult& run, double share) {
  return MeanExcess(run, share, KeyRowExcess);
}

double EmbeddingRank(const RunResult& run, double share) {
  return EffectiveRank(SingularValues(EmbeddingsInUse(run, share)).values);
}

double ParallelShare(const RunResult& run, double share, double cosine) {
  const Matrix cosines = CosineMatrix(EmbeddingsInUse(run, share));
  double parallel = 0;
  double pairs = 0;
  for (int64_t i = 0; i < cosines.rows; ++i) {
    for (int64_t j = 0; j < i; ++j) {
      parallel += std::fabs(cosines(i, j)) > cosine ? 1 : 0;
      ++pairs;
    }
  }
  return parallel / pairs;
}

std::vector<double> ByDistance(const Matrix& cosines) {
  std::vector<double> means;
  for (int64_t distance = 1; distance < cosines.rows; ++distance) {
    means.push_back(MeanAtDistance(cosines, distance));
  }
  return means;
}

}  // namespace initbias
