#include "experiments/text_runs.h"

#include <numeric>

#include "lib/base/error.h"

namespace initbias {
namespace {

Matrix Cosines(const Snapshot& embeddings) {
  const std::vector<int64_t>& shape = embeddings.array.shape;
  return CosineMatrix(MakeMatrix(shape.at(0), shape.at(1), embeddings.array.values));
}

}  // namespace

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

std::vector<double> LossByEntropy(const RunResult& run, const std::string& corpus) {
  const double entropy = run.ProbeNear("unigram_entropy." + corpus, 0).array.values.at(0);
  std::vector<double> shares;
  for (const double loss : run.Get(corpus).loss) {
    shares.push_back(loss / entropy);
  }
  return shares;
}

Matrix TokenCosines(const RunResult& run, const std::string& corpus, double share) {
  return Cosines(run.ProbeNear("own_embedding." + corpus, share));
}

std::vector<double> MeanTokenCosines(const RunResult& run, const std::string& corpus) {
  std::vector<double> means;
  for (const Snapshot* snapshot : run.Probes("own_embedding." + corpus)) {
    means.push_back(MeanOffDiagonal(Cosines(*snapshot)));
  }
  return means;
}

}  // namespace initbias
