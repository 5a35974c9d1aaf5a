#include "experiments/text_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "experiments/base_runs.h"
#include "lib/analysis/learning_curves.h"
#include "lib/base/error.h"

namespace initbias {
namespace {

Matrix Cosines(const Snapshot& embeddings) {
  const std::vector<int64_t>& shape = embeddings.array.shape;
  return CosineMatrix(MakeMatrix(shape.at(0), shape.at(1), embeddings.array.values));
}

}  // namespace

Runs TextRuns(const RunSet& runs, double gamma) { return runs.Where(ModelKind::kGpt2, gamma); }

std::vector<double> SmallerStep(const RunSet& runs, double (*metric)(const RunResult&)) {
  std::vector<double> smaller =
      PerSeedDifference(TextRuns(runs, kUsualInit), TextRuns(runs, kLargeInit), metric);
  const std::vector<double> second =
      PerSeedDifference(TextRuns(runs, kSmallInit), TextRuns(runs, kUsualInit), metric);
  for (size_t i = 0; i < smaller.size(); ++i) {
    smaller[i] = std::min(smaller[i], second.at(i));
  }
  return smaller;
}

std::vector<double> LossContrast(const RunResult& run) {
  const std::vector<double>& prontoqa = run.Get(kProntoQa).loss;
  const std::vector<double>& tinystories = run.Get(kTinyStories).loss;
  std::vector<double> contrast;
  for (size_t i = 0; i < prontoqa.size(); ++i) {
    contrast.push_back((tinystories[i] - prontoqa[i]) / prontoqa[i]);
  }
  return contrast;
}

double MeanLossContrast(const RunResult& run) {
  const std::vector<double> contrast = LossContrast(run);
  INITBIAS_CHECK(contrast.size() > 1);
  return std::accumulate(contrast.begin() + 1, contrast.end(), 0.0) /
         static_cast<double>(contrast.size() - 1);
}

double FinalLossContrast(const RunResult& run) { return LossContrast(run).back(); }

std::vector<double> LossByEntropy(const RunResult& run, const std::string& corpus) {
  const double entropy = run.ProbeNear("unigram_entropy." + corpus, 0).array.values.at(0);
  std::vector<double> shares;
  for (const double loss : run.Get(corpus).loss) {
    shares.push_back(loss / entropy);
  }
  return shares;
}

double TextLead(const RunResult& run) {
  return RelativeLead(run.Get(kProntoQa).loss, run.Get(kTinyStories).loss);
}

double TextLeadByEntropy(const RunResult& run) {
  return RelativeLead(LossByEntropy(run, kProntoQa), LossByEntropy(run, kTinyStories));
}

double MeanAnswerAccuracy(const RunResult& run, int64_t hops) {
  const std::vector<double>& accuracy = run.Get(fmt::format("answer_hops{}", hops)).accuracy;
  return std::accumulate(accuracy.begin(), accuracy.end(), 0.0) /
         static_cast<double>(accuracy.size());
}

Matrix TokenCosines(const RunResult& run, const std::string& corpus, double share) {
  return Cosines(run.ProbeNear("own_embedding." + corpus, share));
}

double EarlyTokenCosine(const RunResult& run, const std::string& corpus) {
  return MeanOffDiagonal(TokenCosines(run, corpus, kTextEarly));
}

std::vector<double> MeanTokenCosines(const RunResult& run, const std::string& corpus) {
  std::vector<double> means;
  for (const Snapshot* snapshot : run.Probes("own_embedding." + corpus)) {
    means.push_back(MeanOffDiagonal(Cosines(*snapshot)));
  }
  return means;
}

}  // namespace initbias
