#include "experiments/first_attention.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/base_runs.h"

namespace initbias {
namespace {

// Why these claims may differ; written after a first look at the results.
constexpr char kNorm[] =
    "with LayerNorm before the attention the scores are large from the first steps on, whatever the "
    "size of the embeddings: attention leaves averaging at once, and W_V takes several directions; "
    "appendix_open_choices shows the other places of the norm";

double MeanAbsolute(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) {
    sum += std::fabs(value);
  }
  return sum / static_cast<double>(values.size());
}

}  // namespace

FirstAttention MeasureFirstAttention(const RunResult& run, double stage) {
  FirstAttention measured;
  const Array& rows = run.ProbeNear("attention_deviation.layer0", stage).array;
  const auto length = static_cast<size_t>(rows.shape[1]);
  double count = 0;
  for (size_t i = 1; i < length; ++i) {
    const auto entries = static_cast<double>(i + 1);  // of row i
    measured.deviation_mean += static_cast<double>(rows.values[i]) * entries;
    measured.deviation_largest =
        std::max(measured.deviation_largest, static_cast<double>(rows.values[length + i]));
    count += entries;
  }
  measured.deviation_mean /= count;
  const Svd svd = ValueMatrix(run, stage);
  measured.dominance = svd.values[0] / svd.values[1];
  const AnchorTaskConfig& task = run.config.task;
  measured.alignment_reasoning =
      MeanAbsolute(Alignment(svd.left, 0, run, stage, ReasoningAnchors(task)));
  measured.alignment_memory = MeanAbsolute(Alignment(svd.left, 0, run, stage, MemoryAnchors(task)));
  return measured;
}

std::vector<double> Alignment(const Matrix& left, int64_t index, const RunResult& run, double stage,
                              TokenRange tokens) {
  std::vector<double> vector;
  for (int64_t i = 0; i < left.rows; ++i) {
    vector.push_back(left(i, index));
  }
  const auto cosines = [&](TokenRange range) {
    const Matrix rows = Embeddings(run, stage, range);
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

Svd ValueMatrix(const RunResult& run, double stage) {
  const Array& wv = run.ProbeNear("parameter.layer0.attn.wv", stage).array;
  return SingularValues(MakeMatrix(wv.shape[0], wv.shape[1], wv.values));
}

std::vector<Claim> FirstAttentionClaims(const std::string& prefix, const Runs& runs) {
  const double stage = StructureStage(runs.front()->config);
  std::vector<FirstAttention> measured;
  for (const RunResult* run : runs) {
    measured.push_back(MeasureFirstAttention(*run, stage));
  }
  const auto values = [&measured](double FirstAttention::*field) {
    std::vector<double> result;
    for (const FirstAttention& one : measured) {
      result.push_back(one.*field);
    }
    return result;
  };
  return {
      {.id = prefix + "averaging",
       .statement =
           "The first attention module is close to the averaging operator: row i is near 1/i.",
       .metric = "mean of |A_ij i - 1| over sequences and j <= i, i >= 2",
       .expected = AtMost(0.1),
       .values = values(&FirstAttention::deviation_mean),
       .reason = kNorm},
      {.id = prefix + "dominance",
       .statement = "The first singular value of W_V dominates.",
       .metric = "first over second singular value",
       .expected = AtLeast(2),
       .values = values(&FirstAttention::dominance),
       .reason = kNorm},
      {.id = prefix + "reasoning_aligned",
       .statement = "The first left singular vector of W_V is aligned with the reasoning anchors' "
                    "embeddings.",
       .metric = "mean |cosine| with the reasoning anchors' embeddings",
       .expected = AtLeast(0.5),
       .values = values(&FirstAttention::alignment_reasoning),
       .reason = kNorm},
      {.id = prefix + "memory_orthogonal",
       .statement =
           "The first left singular vector of W_V is nearly orthogonal to the memory anchors' "
           "embeddings.",
       .metric = "mean |cosine| with the memory anchors' embeddings",
       .expected = AtMost(0.2),
       .values = values(&FirstAttention::alignment_memory),
       .reason = kNorm},
  };
}

void AddFirstAttention(const std::string& group, const Runs& runs, double stage,
                       FigureData* figure) {
  const Array& attention = runs.front()->ProbeNear("attention.layer0", stage).array;
  const int64_t length = attention.shape[1];
  figure->Add(group + "/attention", {length, length},
              {attention.values.begin(), attention.values.begin() + length * length}, "1");
  std::vector<std::vector<double>> spectra;
  for (const RunResult* run : runs) {
    spectra.push_back(ValueMatrix(*run, stage).values);
  }
  std::vector<double> indices;
  for (size_t i = 1; i <= spectra.front().size(); ++i) {
    indices.push_back(static_cast<double>(i));
  }
  figure->Add(group + "/singular_value/index", indices, "1");
  AddBand(group + "/singular_value/value", "1", spectra, figure);
  const AnchorTaskConfig& task = runs.front()->config.task;
  for (const auto& [kind, tokens] :
       {std::pair("memory", MemoryAnchors(task)), std::pair("reasoning", ReasoningAnchors(task))}) {
    std::vector<std::vector<double>> cosines;
    for (const RunResult* run : runs) {
      cosines.push_back(Alignment(ValueMatrix(*run, stage).left, 0, *run, stage, tokens));
    }
    const std::string path = fmt::format("{}/alignment/{}", group, kind);
    figure->Add(path + "/token", TokenIds(tokens), "token");
    AddBand(path + "/cosine", "1", cosines, figure);
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
  const RunConfig& config = runs.front()->config;
  const auto steps_per_epoch = static_cast<double>(StepsPerEpoch(config));
  const auto total = static_cast<double>(TotalSteps(config));
  std::vector<double> epochs;
  std::vector<double> stages;
  for (const int64_t step : config.probe.steps) {
    epochs.push_back(static_cast<double>(step) / steps_per_epoch);
    stages.push_back(static_cast<double>(step) / total);
  }
  figure->Add(group + "/epoch", epochs, "epochs");
  std::vector<std::vector<FirstAttention>> measured;
  for (const RunResult* run : runs) {
    std::vector<FirstAttention>& course = measured.emplace_back();
    for (const double stage : stages) {
      course.push_back(MeasureFirstAttention(*run, stage));
    }
  }
  struct Course {
    const char* name;
    double FirstAttention::*field;
  };
  for (const auto& [name, field] :
       {Course{"deviation_mean", &FirstAttention::deviation_mean},
        Course{"deviation_largest", &FirstAttention::deviation_largest},
        Course{"dominance", &FirstAttention::dominance},
        Course{"alignment_reasoning", &FirstAttention::alignment_reasoning},
        Course{"alignment_memory", &FirstAttention::alignment_memory}}) {
    std::vector<std::vector<double>> curves;
    for (const std::vector<FirstAttention>& course : measured) {
      std::vector<double>& curve = curves.emplace_back();
      for (const FirstAttention& one : course) {
        curve.push_back(one.*field);
      }
    }
    AddBand(fmt::format("{}/{}", group, name), "1", curves, figure);
  }
}

}  // namespace initbias
