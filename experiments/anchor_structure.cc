#include "experiments/anchor_structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

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

Matrix TheoreticalEmbeddings(const RunConfig& config, TokenRange tokens) {
  const int64_t d_model =
      config.model == ModelKind::kTransformer ? config.transformer.d_model : config.emb_mlp.d_model;
  Matrix rows{.rows = 0, .columns = d_model};
  for (int64_t s = tokens.first; s <= tokens.last; ++s) {
    const std::vector<double> row = ApproximateEmbedding(s, Holds(ReasoningAnchors(config.task), s),
                                                         d_model, config.init.gamma, config.seed);
    rows.values.insert(rows.values.end(), row.begin(), row.end());
    ++rows.rows;
  }
  return rows;
}

double ReasoningDecay(const RunResult& run, double stage) {
  return DistanceRankCorrelation(EmbeddingCosines(run, stage, ReasoningAnchors(run.config.task)));
}

double MemoryAlikeness(const RunResult& run, double stage) {
  return MeanOffDiagonal(EmbeddingCosines(run, stage, MemoryAnchors(run.config.task)));
}

double TheoryAgreement(const RunResult& run, double stage) {
  const TokenRange tokens = ReasoningAnchors(run.config.task);
  return UpperCorrelation(EmbeddingCosines(run, stage, tokens),
                          CosineMatrix(TheoreticalEmbeddings(run.config, tokens)));
}

double KeyOrder(const RunResult& run, double stage) {
  const TokenRange all = {0, run.config.task.vocabulary - 1};
  return ComponentOrder(Embeddings(run, stage, all), all, Keys(run.config.task));
}

double RowAgreement(const RunResult& run, double stage, int64_t s) {
  const TokenRange tokens = ReasoningAnchors(run.config.task);
  const Matrix real = Embeddings(run, stage, tokens);
  const Matrix theory = TheoreticalEmbeddings(run.config, tokens);
  std::vector<double> real_row;
  std::vector<double> theory_row;
  for (int64_t other = tokens.first; other <= tokens.last; ++other) {
    if (other != s) {
      const int64_t i = other - tokens.first;
      real_row.push_back(Cosine(real.Row(s - tokens.first), real.Row(i)));
      theory_row.push_back(Cosine(theory.Row(s - tokens.first), theory.Row(i)));
    }
  }
  return Correlation(real_row, theory_row);
}

double ComponentOrder(const Matrix& rows, TokenRange tokens, TokenRange ordered) {
  const Pca pca = PrincipalComponents(rows, 2);
  double order = 0;
  for (int64_t component = 0; component < 2; ++component) {
    std::vector<double> scores;
    for (int64_t token = ordered.first; token <= ordered.last; ++token) {
      scores.push_back(pca.scores(token - tokens.first, component));
    }
    order = std::max(order, std::fabs(RankCorrelation(TokenIds(ordered), scores)));
  }
  return order;
}

Claim DecayClaim(const std::string& id, const std::string& statement, std::vector<double> values) {
  return {.id = id,
          .statement = statement,
          .metric =
              "rank correlation of the cosine of two reasoning anchors' embeddings with "
              "|s_i - s_j|, over all pairs",
          .expected = AtMost(-0.8),
          .values = std::move(values),
          .reason = "the structure is still forming, or fades, at this stage"};
}

Claim AlikeClaim(const std::string& id, const std::string& statement, std::vector<double> values) {
  return {
      .id = id,
      .statement = statement,
      .metric = "mean cosine of two memory anchors' embeddings, over all pairs",
      .expected = AtLeast(0.8),
      .values = std::move(values),
      .reason =
          "at this stage the memory labels are being learned too, and each anchor's embedding has "
          "begun to serve its own"};
}

Claim AgreementClaim(const std::string& id, const std::string& statement,
                     std::vector<double> values) {
  return {.id = id,
          .statement = statement,
          .metric =
              "correlation of the trained and the theoretical cosines of reasoning anchors, over "
              "all pairs",
          .expected = AtLeast(0.8),
          .values = std::move(values)};
}

Claim OrderClaim(const std::string& id, const std::string& statement, std::vector<double> values) {
  return {
      .id = id,
      .statement = statement,
      .metric =
          "largest |rank correlation| of the keys' first or second principal component with "
          "their numbers",
      .expected = AtLeast(0.9),
      .values = std::move(values),
      .reason =
          "the keys lie in numerical order on a curve that turns back, so that neither component "
          "alone is monotone; the metric sees one at a time"};
}

std::vector<Claim> EmbeddingClaims(const std::string& prefix, const std::string& place,
                                   const Runs& runs, double stage) {
  const auto values = [&](double (*metric)(const RunResult&, double)) {
    return PerSeed(runs, [&](const RunResult& run) { return metric(run, stage); });
  };
  return {
      DecayClaim(prefix + "A.decay",
                 place + "A: the similarity of reasoning anchors decays with |s_i - s_j|.",
                 values(ReasoningDecay)),
      AlikeClaim(prefix + "A.alike", place + "A: memory anchors are all alike.",
                 values(MemoryAlikeness)),
      OrderClaim(prefix + "B.order",
                 place + "B: the principal components of the embeddings show the numerical order.",
                 values(KeyOrder)),
      AgreementClaim(prefix + "C.agreement",
                     place + "C: the cosines are those of Theorem 1's embeddings.",
                     values(TheoryAgreement)),
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

void AddAnchorCosines(const std::string& group, const Runs& runs, double stage,
                      FigureData* figure) {
  const AnchorTaskConfig& task = runs.front()->config.task;
  for (const auto& [kind, tokens] :
       {std::pair("memory", MemoryAnchors(task)), std::pair("reasoning", ReasoningAnchors(task))}) {
    std::vector<std::vector<double>> curves;
    for (const RunResult* run : runs) {
      curves.push_back(ByDistance(EmbeddingCosines(*run, stage, tokens)));
    }
    const std::string path = fmt::format("{}/{}", group, kind);
    AddMatrix(path, tokens, EmbeddingCosines(*runs.front(), stage, tokens), figure);
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

void AddTheoryRow(const std::string& group, const Runs& runs, double stage, int64_t s,
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
    real.push_back(row_of(Embeddings(*run, stage, tokens)));
  }
  figure->Add(group + "/token", TokenIds(tokens), "token");
  AddBand(group + "/real", "1", real, figure);
  figure->Add(group + "/theory", row_of(TheoreticalEmbeddings(config, tokens)), "1");
}

}  // namespace initbias
