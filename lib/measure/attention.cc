#include "lib/measure/attention.h"

#include <algorithm>
#include <cmath>

#include "lib/analysis/spectrum.h"
#include "lib/measure/embedding_arrays.h"
#include "lib/measure/embeddings.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

// The mean deviation of each row, from the second on, with `scale` for row i (from 1) and as many
// entries as it has.
double MeanDeviation(const RunResult& run, double share, double (*scale)(double row)) {
  const Array& rows = run.ProbeNear("attention_deviation.layer0", share).array;
  double sum = 0;
  double count = 0;
  for (int64_t i = 1; i < rows.shape[1]; ++i) {
    const auto row = static_cast<double>(i + 1);
    sum += static_cast<double>(rows.values[static_cast<size_t>(i)]) * scale(row) * row;
    count += row;
  }
  return sum / count;
}

std::vector<double> Column(const Matrix& matrix, int64_t index) {
  std::vector<double> column;
  for (int64_t i = 0; i < matrix.rows; ++i) {
    column.push_back(matrix(i, index));
  }
  return column;
}

double Energy(const RunResult& run, double share, int64_t index, TokenRange tokens) {
  return EnergyShare(Embeddings(run, share, tokens), Column(ValueMatrix(run, share).left, index));
}

// The rows of `matrix` at length 1.
Matrix Normalised(Matrix matrix) {
  for (int64_t i = 0; i < matrix.rows; ++i) {
    double sum = 0;
    for (const double value : matrix.Row(i)) {
      sum += value * value;
    }
    for (int64_t j = 0; j < matrix.columns; ++j) {
      matrix.values[static_cast<size_t>(i * matrix.columns + j)] /= std::sqrt(sum);
    }
  }
  return matrix;
}

// The first block's matrix of that name: "wq", "wk" or "wv".
Matrix FirstWeights(const RunResult& run, double share, const std::string& name) {
  const Array& weights = run.ProbeNear("parameter.layer0.attn." + name, share).array;
  return MakeMatrix(weights.shape[0], weights.shape[1], weights.values);
}

Matrix ValueWeights(const RunResult& run, double share) { return FirstWeights(run, share, "wv"); }

double RankOf(const RunResult& run, double share, const std::string& name) {
  return EffectiveRank(SingularValues(FirstWeights(run, share, name)).values);
}

}  // namespace

double RelativeDeviation(const RunResult& run, double share) {
  return MeanDeviation(run, share, [](double) { return 1.0; });
}

double AbsoluteDeviation(const RunResult& run, double share) {
  return MeanDeviation(run, share, [](double row) { return 1 / row; });
}

double LargestRelativeDeviation(const RunResult& run, double share) {
  const Array& rows = run.ProbeNear("attention_deviation.layer0", share).array;
  return static_cast<double>(
      *std::max_element(rows.values.begin() + rows.shape[1], rows.values.end()));
}

double ValueDominance(const RunResult& run, double share) {
  return Dominance(ValueMatrix(run, share).values);
}

double DominanceOverChance(const RunResult& run, double share) {
  const Matrix weights = ValueWeights(run, share);
  return std::log2(Dominance(SingularValues(weights).values) /
                   RandomDominance(weights.rows, weights.columns).quantile99);
}

double PeakDominance(const RunResult& run) {
  const double half = DrawnShare(run, Stage::kHalf);
  double peak = 0;
  for (const int64_t step : run.config.probe.steps) {
    const double share = ShareAt(run.config, step);
    if (share <= half) {
      peak = std::max(peak, ValueDominance(run, share));
    }
  }
  return peak;
}

double ValueRank(const RunResult& run, double share) { return RankOf(run, share, "wv"); }
double QueryRank(const RunResult& run, double share) { return RankOf(run, share, "wq"); }
double KeyRank(const RunResult& run, double share) { return RankOf(run, share, "wk"); }

double ReasoningEnergy(const RunResult& run, double share, int64_t index) {
  return Energy(run, share, index, ReasoningAnchors(run.config.task));
}

double MemoryEnergy(const RunResult& run, double share, int64_t index) {
  return Energy(run, share, index, MemoryAnchors(run.config.task));
}

double EnergyContrast(const RunResult& run, double share) {
  return ReasoningEnergy(run, share, 0) - MemoryEnergy(run, share, 0);
}

double FirstOverOthers(const RunResult& run, double share, int64_t directions) {
  double others = 0;
  for (int64_t i = 1; i < directions; ++i) {
    others += ReasoningEnergy(run, share, i) / static_cast<double>(directions - 1);
  }
  return ReasoningEnergy(run, share, 0) - others;
}

double MemoryCosine(const RunResult& run, double share) {
  const std::vector<double> cosines =
      Alignment(ValueMatrix(run, share).left, 0, run, share, MemoryAnchors(run.config.task));
  double sum = 0;
  for (const double cosine : cosines) {
    sum += cosine * cosine;
  }
  return std::sqrt(sum / static_cast<double>(cosines.size()));
}

double ValueNormContrast(const RunResult& run, double share) {
  const AnchorTaskConfig& task = run.config.task;
  return std::log2(RelativeNorm(Normalised(Embeddings(run, share, ReasoningAnchors(task))),
                                Normalised(Embeddings(run, share, MemoryAnchors(task))),
                                ValueWeights(run, share)));
}

std::vector<double> Alignment(const Matrix& left, int64_t index, const RunResult& run, double share,
                              TokenRange tokens) {
  const std::vector<double> vector = Column(left, index);
  const auto cosines = [&](TokenRange range) {
    const Matrix rows = Embeddings(run, share, range);
    std::vector<double> result;
    for (int64_t i = 0; i < rows.rows; ++i) {
      result.push_back(Cosine(vector, rows.Row(i)));
    }
    return result;
  };
  double sum = 0;
  for (const double cosine : cosines(ReasoningAnchors(run.config.task))) {
    sum += cosine;
  }
  std::vector<double> result = cosines(tokens);
  for (double& cosine : result) {
    cosine = sum < 0 ? -cosine : cosine;
  }
  return result;
}

Svd ValueMatrix(const RunResult& run, double share) {
  return SingularValues(ValueWeights(run, share));
}

void AddFirstAttention(const std::string& group, const Runs& runs, const ShareOf& share,
                       FigureData* figure) {
  const RunResult& shown = *runs.front();
  const Array& attention = shown.ProbeNear("attention.layer0", share(shown)).array;
  const int64_t length = attention.shape[1];
  figure->Add(Below(group, kAttentionName), {length, length},
              {attention.values.begin(), attention.values.begin() + length * length}, "1");
  std::vector<std::vector<double>> spectra;
  for (const RunResult* run : runs) {
    spectra.push_back(ValueMatrix(*run, share(*run)).values);
  }
  std::vector<double> indices;
  for (size_t i = 1; i <= spectra.front().size(); ++i) {
    indices.push_back(static_cast<double>(i));
  }
  const std::string spectrum = Below(group, kSingularValueName);
  figure->Add(Below(spectrum, kIndexName), indices, "1");
  AddBand(Below(spectrum, kValueName), "1", spectra, figure);
  AddAlignment(Below(group, kAlignmentName), 0, runs, share, figure);
}

void AddAlignment(const std::string& group, int64_t index, const Runs& runs, const ShareOf& share,
                  FigureData* figure) {
  for (const auto& [kind, tokens] : AnchorKinds(runs.front()->config.task)) {
    std::vector<std::vector<double>> cosines;
    for (const RunResult* run : runs) {
      const double at = share(*run);
      cosines.push_back(Alignment(ValueMatrix(*run, at).left, index, *run, at, tokens));
    }
    const std::string path = Below(group, kind);
    figure->Add(Below(path, kTokenName), TokenIds(tokens), "token");
    AddBand(Below(path, kCosineName), "1", cosines, figure);
  }
}

void AddAveragingOperator(const std::string& path, int64_t length, FigureData* figure) {
  std::vector<double> values;
  for (int64_t i = 1; i <= length; ++i) {
    for (int64_t j = 1; j <= length; ++j) {
      values.push_back(j <= i ? 1.0 / static_cast<double>(i) : 0.0);
    }
  }
  figure->Add(path, {length, length}, std::move(values), "1");
}

void AddFirstAttentionCourse(const std::string& group, const Runs& runs, FigureData* figure) {
  for (const auto& [name, metric] :
       {NamedMeasure{kMeanDeviationName, RelativeDeviation},
        NamedMeasure{kLargestDeviationName, LargestRelativeDeviation},
        NamedMeasure{kDominanceName, ValueDominance},
        NamedMeasure{
            kReasoningEnergyName,
            [](const RunResult&run, double share) { return ReasoningEnergy(run, share, 0); }},
        NamedMeasure{kMemoryEnergyName, [](const RunResult&run, double share) {
                       return MemoryEnergy(run, share, 0);
                     }}}) {
    AddCourse(group, name, runs, metric, figure);
  }
}

}  // namespace initbias
