#include "lib/measure/text.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "lib/analysis/learning_events.h"
#include "lib/analysis/statistics.h"
#include "lib/base/nan.h"
#include "lib/measure/learning.h"

namespace initbias {
namespace {

std::vector<double> Values(const RunResult& run, const std::string& probe) {
  const std::vector<float>& values = run.ProbeNear(probe, 0).array.values;
  return {values.begin(), values.end()};
}

// The mean of the entries of `square` between different ones of `chosen`.
double MeanAmong(const Matrix& square, const std::vector<int64_t>& chosen) {
  double sum = 0;
  for (const int64_t i : chosen) {
    for (const int64_t j : chosen) {
      sum += i == j ? 0 : square(i, j);
    }
  }
  const auto n = static_cast<double>(chosen.size());
  return chosen.size() < 2 ? kNan : sum / (n * (n - 1));
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

std::vector<double> LossByEntropy(const RunResult& run, const std::string& corpus) {
  const double entropy = Values(run, "unigram_entropy." + corpus).at(0);
  std::vector<double> shares;
  for (const double loss : run.Get(corpus).loss) {
    shares.push_back(loss / entropy);
  }
  return shares;
}

double StepsToShare(const RunResult& run, const std::string& corpus, double share) {
  return StepsTo(LossByEntropy(run, corpus), run.step, share);
}

double SmallestShareOfEntropy(const RunResult& run, const std::string& corpus) {
  return std::ranges::min(LossByEntropy(run, corpus));
}

double ProntoQaSpeed(const RunResult& run) {
  const double tinystories =
      std::min(StepsToShare(run, kTinyStories, kHalfLearned), static_cast<double>(run.step.back()));
  return FiniteLog2(tinystories / StepsToShare(run, kProntoQa, kHalfLearned));
}

double ContrastAt(const RunResult& run, double progress) {
  return Interpolated(LossContrast(run), run.step, StepsToShare(run, kTinyStories, progress));
}

double LeadAt(const RunResult& run, double progress) {
  const double step = StepsToShare(run, kTinyStories, progress);
  return 1 - Interpolated(LossByEntropy(run, kProntoQa), run.step, step) / progress;
}

double LeadByEntropy(const RunResult& run) {
  return MeanLead(LossByEntropy(run, kProntoQa), LossByEntropy(run, kTinyStories), run.step);
}

int64_t HalfLearnedStep(const RunResult& run) {
  const std::optional<size_t> first = FirstAtMost(LossByEntropy(run, kProntoQa), kHalfLearned);
  return first ? run.step.at(*first) : -1;
}

double HalfLearnedShare(const RunResult& run) {
  const int64_t step = HalfLearnedStep(run);
  return step < 0 ? 1 : ShareAt(run.config, step);
}

double MeanAnswerAccuracy(const RunResult& run, int64_t hops) {
  return MeanOver(run.Get(AnswersSet(hops)).accuracy, run.step);
}

double AnswersByChance(const RunResult& run) {
  constexpr double kGuess = 0.5;  // True or False
  double smallest = 1;
  for (const int64_t hops : run.config.text.hops) {
    const std::vector<double>& accuracy = run.Get(AnswersSet(hops)).accuracy;
    // As many as are asked at an evaluation.
    const int64_t answers = std::min(run.config.text.answer_samples, run.config.train.eval_samples);
    const int64_t right = std::llround(std::ranges::max(accuracy) * static_cast<double>(answers));
    smallest = std::min(
        smallest, BinomialUpperTail(right, answers, kGuess) * static_cast<double>(accuracy.size()));
  }
  return smallest;
}

Matrix TokenCosines(const RunResult& run, const std::string& corpus, double share) {
  const Array& embeddings = run.ProbeNear("own_embedding." + corpus, share).array;
  return CosineMatrix(
      MakeMatrix(embeddings.shape.at(0), embeddings.shape.at(1), embeddings.values));
}

double MeanTokenCosine(const RunResult& run, const std::string& corpus, double share) {
  return MeanOffDiagonal(TokenCosines(run, corpus, share));
}

std::vector<IndexPair> MatchTokens(const RunResult& run, double factor) {
  return MatchCounts(Values(run, std::string("own_counts.") + kProntoQa),
                     Values(run, std::string("own_counts.") + kTinyStories), factor);
}

double MatchedDifference(const RunResult& run, double share, double factor) {
  std::vector<int64_t> prontoqa;
  std::vector<int64_t> tinystories;
  for (const IndexPair& pair : MatchTokens(run, factor)) {
    prontoqa.push_back(pair.a);
    tinystories.push_back(pair.b);
  }
  return MeanAmong(TokenCosines(run, kTinyStories, share), tinystories) -
         MeanAmong(TokenCosines(run, kProntoQa, share), prontoqa);
}

std::vector<double> AtSnapshots(const RunResult& run,
                                const std::function<double(const RunResult&, double)>& metric) {
  std::vector<double> values;
  for (const Snapshot* snapshot : run.Probes(std::string("own_embedding.") + kProntoQa)) {
    values.push_back(metric(run, ShareAt(run.config, snapshot->step)));
  }
  return values;
}

}  // namespace initbias
