#include "experiments/anchor_structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lib/analysis/permutation.h"
#include "lib/analysis/shape.h"
#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/theory/embedding_theory.h"
#include "lib/theory/label_distribution.h"

namespace initbias {
namespace {

bool Holds(TokenRange range, int64_t token) { return token >= range.first && token <= range.last; }

// The reasoning anchors and the keys behind them.
TokenRange SummedTokens(const AnchorTaskConfig& task) {
  return {std::min(task.reasoning_min, task.key_min), std::max(task.reasoning_max, task.key_max)};
}

std::vector<double> ByDistance(const Matrix& cosines) {
  std::vector<double> means;
  for (int64_t distance = 1; distance < cosines.rows; ++distance) {
    means.push_back(MeanAtDistance(cosines, distance));
  }
  return means;
}

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

}  // namespace

TokenRange MemoryAnchors(const AnchorTaskConfig& task) {
  return {task.memory_min, task.memory_max};
}
TokenRange ReasoningAnchors(const AnchorTaskConfig& task) {
  return {task.reasoning_min, task.reasoning_max};
}
TokenRange Keys(const AnchorTaskConfig& task) { return {task.key_min, task.key_max}; }

std::vector<double> TokenIds(TokenRange tokens) {
  std::vector<double> ids;
  for (int64_t token = tokens.first; token <= tokens.last; ++token) {
    ids.push_back(static_cast<double>(token));
  }
  return ids;
}

Matrix Embeddings(const RunResult& run, double stage, TokenRange tokens) {
  const Array& table = run.ProbeNear("parameter.embedding.token", stage).array;
  return Rows(MakeMatrix(table.shape[0], table.shape[1], table.values), tokens.first, tokens.last);
}

Matrix EmbeddingCosines(const RunResult& run, double stage, TokenRange tokens) {
  return CosineMatrix(Embeddings(run, stage, tokens));
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
  const double gamma = noise ? config.init.gamma : std::numeric_limits<double>::infinity();
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
      config.init.gamma, config.seed);
}

double ReasoningDecay(const RunResult& run, double share) {
  return DistanceRankCorrelation(EmbeddingCosines(run, share, ReasoningAnchors(run.config.task)));
}

double DecayProbability(const RunResult& run, double share) {
  return DistanceDecayTest(EmbeddingCosines(run, share, ReasoningAnchors(run.config.task)))
      .probability;
}

double DecayCorrelation(const RunResult& run, double share) {
  return DistanceDecayTest(EmbeddingCosines(run, share, ReasoningAnchors(run.config.task)), 1)
      .statistic;
}

double MemoryDecayProbability(const RunResult& run, double share) {
  return DistanceDecayTest(EmbeddingCosines(run, share, MemoryAnchors(run.config.task)))
      .probability;
}

double MemoryAlikeness(const RunResult& run, double share) {
  return MeanOffDiagonal(EmbeddingCosines(run, share, MemoryAnchors(run.config.task)));
}

double MemoryContrast(const RunResult& run, double share) {
  return MemoryAlikeness(run, share) -
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

SeedValues AtShares(const ChooseRuns& runs, const ShareOf& share,
                    std::function<double(const RunResult&, double)> metric) {
  return OfRuns(runs, [share, metric = std::move(metric)](const RunResult& run) {
    const double at = share(run);
    return std::isnan(at) ? at : metric(run, at);
  });
}

ShareOf JudgedAt(Stage stage) {
  return [stage](const RunResult& run) { return StageShare(run, stage); };
}

SeedValues DifferenceAtStage(const ChooseRuns& a, const ChooseRuns& b, Stage stage,
                             double (*metric)(const RunResult&, double)) {
  return DifferenceOfRuns(a, b, [stage, metric](const RunResult& run) {
    const double share = StageShare(run, stage);
    return std::isnan(share) ? share : metric(run, share);
  });
}

std::vector<ClaimSpec> AnchorClaims(const AnchorClaimPlace& at) {
  const auto means = [at](const RunSet& set) {
    std::vector<double> memory = AtShares(at.runs, at.share, MemoryAlikeness)(set);
    std::vector<double> contrast = AtShares(at.runs, at.share, MemoryContrast)(set);
    return fmt::format("mean cosine of memory anchors {:.2f}, of reasoning anchors {:.2f}; {}",
                       Mean(memory), Mean(memory) - Mean(contrast), ReachedText(at.runs(set)));
  };
  return {
      {.id = at.prefix + "decay",
       .statement = "The cosine similarity of two reasoning anchors decreases with their distance "
                    "|s_i - s_j|, " +
                    at.when + ".",
       .place = at.place,
       .kind = at.kind,
       .metric =
           "one-sided probability of the correlation of the cosines of two reasoning anchors' "
           "embeddings with |s_i - s_j| under 9,999 permutations of the anchors (Mantel test)",
       .expected = AtMost(0.01),
       .rule = ClaimRule::kEverySeed,
       .threshold_reason = "the usual level of a test that is made five times",
       .measure = AtShares(at.runs, at.share, DecayProbability),
       .reason = means},
      {.id = at.prefix + "contrast",
       .statement = "Memory anchors are alike, more than reasoning anchors are, " + at.when + ".",
       .place = at.place,
       .kind = at.kind,
       .metric =
           "mean cosine of two memory anchors' embeddings minus that of two reasoning anchors'",
       .expected = Above(0),
       .amended = kReworded,
       .measure = AtShares(at.runs, at.share, MemoryContrast),
       .reason = means},
      {.id = at.prefix + "undifferentiated",
       .statement =
           "Memory anchors are not differentiated among each other as reasoning anchors are, " +
           at.when + ".",
       .place = at.place,
       .kind = at.kind,
       .metric =
           "log2 of the range of cosines (largest minus smallest pair) of reasoning anchors over "
           "that of memory anchors",
       .expected = Above(0),
       .measure = AtShares(at.runs, at.share, SpreadRatio),
       .reason = means},
  };
}

void CheckStructure(const RunConfig& config) {
  constexpr int64_t kFewest = 3;
  for (const auto& [name, tokens] : {std::pair("memory anchors", MemoryAnchors(config.task)),
                                     std::pair("reasoning anchors", ReasoningAnchors(config.task)),
                                     std::pair("keys", Keys(config.task))}) {
    const int64_t count = tokens.last - tokens.first + 1;
    if (count < kFewest) {
      throw Error(fmt::format("there are {} {}; the structure of embeddings needs {} or more",
                              count, name, kFewest));
    }
  }
  if (config.task.kinds != TaskKinds::kBoth) {
    throw Error("memory is compared with reasoning: task.kinds must be both");
  }
}

void AddMatrix(const std::string& group, TokenRange tokens, const Matrix& cosines,
               FigureData* figure) {
  figure->Add(group + "/tokens", TokenIds(tokens), "token");
  figure->Add(group + "/cosine", {cosines.rows, cosines.columns}, cosines.values, "1");
}

void AddAnchorCosines(const std::string& group, const Runs& runs, const ShareOf& share,
                      FigureData* figure) {
  const AnchorTaskConfig& task = runs.front()->config.task;
  for (const auto& [kind, tokens] :
       {std::pair("memory", MemoryAnchors(task)), std::pair("reasoning", ReasoningAnchors(task))}) {
    std::vector<std::vector<double>> curves;
    for (const RunResult* run : runs) {
      curves.push_back(ByDistance(EmbeddingCosines(*run, share(*run), tokens)));
    }
    const std::string path = fmt::format("{}/{}", group, kind);
    AddMatrix(path, tokens, EmbeddingCosines(*runs.front(), share(*runs.front()), tokens), figure);
    std::vector<double> distances;
    for (size_t i = 1; i <= curves.front().size(); ++i) {
      distances.push_back(static_cast<double>(i));
    }
    figure->Add(path + "/distance", distances, "tokens");
    AddBand(path + "/by_distance", "1", curves, figure);
  }
}

void AddComponents(const std::string& group, const AnchorTaskConfig& task, const Matrix& rows,
                   TokenRange tokens, FigureData* figure) {
  const Pca pca = PrincipalComponents(rows, 2);
  struct Kind {
    const char* name;
    TokenRange tokens;
  };
  const Kind kinds[] = {{"memory", MemoryAnchors(task)},
                        {"reasoning", ReasoningAnchors(task)},
                        {"keys", Keys(task)},
                        {"other", tokens}};  // the last takes what is left
  std::vector<std::vector<double>> columns[std::size(kinds)];
  for (auto& kind : columns) {
    kind.resize(3);
  }
  for (int64_t i = 0; i < rows.rows; ++i) {
    const int64_t token = tokens.first + i;
    const auto kind = static_cast<size_t>(
        std::ranges::find_if(kinds, [&](const Kind& k) { return Holds(k.tokens, token); }) - kinds);
    columns[kind][0].push_back(static_cast<double>(token));
    columns[kind][1].push_back(pca.scores(i, 0));
    columns[kind][2].push_back(pca.scores(i, 1));
  }
  for (size_t i = 0; i < std::size(kinds); ++i) {
    if (!columns[i][0].empty()) {
      const std::string path = fmt::format("{}/{}", group, kinds[i].name);
      figure->Add(path + "/token", columns[i][0], "token");
      figure->Add(path + "/pc1", columns[i][1], "1");
      figure->Add(path + "/pc2", columns[i][2], "1");
    }
  }
  figure->Add(group + "/variance", pca.variance, "share of the variance");
}

void AddCourse(const std::string& group, const std::string& name, const Runs& runs,
               const std::function<double(const RunResult&, double)>& metric, FigureData* figure) {
  const RunConfig& config = runs.front()->config;
  std::vector<double> epochs;
  std::vector<std::vector<double>> curves(runs.size());
  for (const int64_t step : config.probe.steps) {
    epochs.push_back(static_cast<double>(step) / static_cast<double>(StepsPerEpoch(config)));
    for (size_t i = 0; i < runs.size(); ++i) {
      const double share = static_cast<double>(step) / static_cast<double>(TotalSteps(config));
      curves[i].push_back(metric(*runs[i], share));
    }
  }
  if (!figure->Has(group + "/epoch")) {
    figure->Add(group + "/epoch", epochs, "epochs");
  }
  AddBand(group + "/" + name, "1", curves, figure);
}

void AddTheoryRow(const std::string& group, const Runs& runs, const ShareOf& share, int64_t s,
                  FigureData* figure) {
  const RunConfig& config = runs.front()->config;
  const TokenRange tokens = SummedTokens(config.task);
  const auto row_of = [&](const Matrix& rows) {
    std::vector<double> cosines;
    for (int64_t i = 0; i < rows.rows; ++i) {
      cosines.push_back(Cosine(rows.Row(s - tokens.first), rows.Row(i)));
    }
    return cosines;
  };
  std::vector<std::vector<double>> real;
  for (const RunResult* run : runs) {
    real.push_back(row_of(Embeddings(*run, share(*run), tokens)));
  }
  figure->Add(group + "/token", TokenIds(tokens), "token");
  AddBand(group + "/real", "1", real, figure);
  figure->Add(group + "/theory", row_of(TheoreticalEmbeddings(config, tokens)), "1");
}

}  // namespace initbias
