#include "lib/measure/embedding_arrays.h"

#include <algorithm>

#include "lib/config/set_names.h"
#include "lib/measure/embeddings.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {

void AddMatrix(const std::string& group, TokenRange tokens, const Matrix& cosines,
               FigureData* figure) {
  figure->Add(Below(group, kTokensName), TokenIds(tokens), "token");
  figure->Add(Below(group, kCosineName), {cosines.rows, cosines.columns}, cosines.values, "1");
}

void AddAnchorCosines(const std::string& group, const Runs& runs, const ShareOf& share,
                      FigureData* figure) {
  const AnchorTaskConfig& task = runs.front()->config.task;
  for (const auto& [kind, tokens] : AnchorKinds(task)) {
    std::vector<std::vector<double>> curves;
    for (const RunResult* run : runs) {
      curves.push_back(ByDistance(EmbeddingCosines(*run, share(*run), tokens)));
    }
    const std::string path = Below(group, kind);
    AddMatrix(path, tokens, EmbeddingCosines(*runs.front(), share(*runs.front()), tokens), figure);
    std::vector<double> distances;
    for (size_t i = 1; i <= curves.front().size(); ++i) {
      distances.push_back(static_cast<double>(i));
    }
    figure->Add(Below(path, kDistanceName), distances, "tokens");
    AddBand(Below(path, kByDistanceName), "1", curves, figure);
  }
}

void AddComponents(const std::string& group, const AnchorTaskConfig& task, const Matrix& rows,
                   TokenRange tokens, FigureData* figure) {
  const Pca pca = PrincipalComponents(rows, 2);
  struct Kind {
    const char* name;
    TokenRange tokens;
  };
  const Kind kinds[] = {{kMemoryKind, MemoryAnchors(task)},
                        {kReasoningKind, ReasoningAnchors(task)},
                        {kKeysName, Keys(task)},
                        {kOtherName, tokens}};  // the last takes what is left
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
      const std::string path = Below(group, kinds[i].name);
      figure->Add(Below(path, kTokenName), columns[i][0], "token");
      figure->Add(Below(path, kFirstComponentName), columns[i][1], "1");
      figure->Add(Below(path, kSecondComponentName), columns[i][2], "1");
    }
  }
  figure->Add(Below(group, kVarianceName), pca.variance, "share of the variance");
}

void AddCourse(const std::string& group, const std::string& name, const Runs& runs,
               const std::function<double(const RunResult&, double)>& metric, FigureData* figure) {
  const RunConfig& config = runs.front()->config;
  std::vector<std::vector<double>> curves(runs.size());
  for (const int64_t step : config.probe.steps) {
    for (size_t i = 0; i < runs.size(); ++i) {
      curves[i].push_back(metric(*runs[i], ShareAt(config, step)));
    }
  }
  AddCourse(group, name, config, curves, figure);
}

void AddCourse(const std::string& group, const std::string& name, const RunConfig& config,
               const std::vector<std::vector<double>>& curves, FigureData* figure) {
  if (!figure->Has(Below(group, kEpochName))) {
    std::vector<double> epochs;
    for (const int64_t step : config.probe.steps) {
      epochs.push_back(EpochOf(config, step));
    }
    figure->Add(Below(group, kEpochName), epochs, "epochs");
  }
  AddBand(Below(group, name), "1", curves, figure);
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
  figure->Add(Below(group, kTokenName), TokenIds(tokens), "token");
  AddBand(Below(group, kRealName), "1", real, figure);
  figure->Add(Below(group, kTheoryName), row_of(TheoreticalEmbeddings(config, tokens)), "1");
}

}  // namespace initbias
