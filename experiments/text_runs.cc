#include "experiments/text_runs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/base_runs.h"
#include "lib/analysis/learning_events.h"
#include "lib/analysis/statistics.h"
#include "lib/base/error.h"

namespace initbias {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// "half" of a corpus's unigram entropy.
constexpr double kHalf = 0.5;

double FiniteLog2(double ratio) {
  return std::isfinite(ratio) && ratio > 0 ? std::log2(ratio) : kNan;
}

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

Runs TextRuns(const RunSet& runs, double gamma) { return runs.Where(ModelKind::kGpt2, gamma); }

ChooseRuns TextRunsAt(double gamma) {
  return [gamma](const RunSet& runs) { return TextRuns(runs, gamma); };
}

SeedValues SmallerTextStep(double (*metric)(const RunResult&)) {
  return SmallerStep(TextRunsAt(kLargeInit), TextRunsAt(kUsualInit), TextRunsAt(kSmallInit),
                     metric);
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
      std::min(StepsToShare(run, kTinyStories, kHalf), static_cast<double>(run.step.back()));
  return FiniteLog2(tinystories / StepsToShare(run, kProntoQa, kHalf));
}

double ContrastAtProgress(const RunResult& run) {
  return Interpolated(LossContrast(run), run.step, StepsToShare(run, kTinyStories, kProgress));
}

double LeadAtProgress(const RunResult& run) {
  const double step = StepsToShare(run, kTinyStories, kProgress);
  return 1 - Interpolated(LossByEntropy(run, kProntoQa), run.step, step) / kProgress;
}

double LeadByEntropy(const RunResult& run) {
  return MeanLead(LossByEntropy(run, kProntoQa), LossByEntropy(run, kTinyStories), run.step);
}

ClaimSpec::Gate AllReachProgress() {
  return {.text =
              "smallest loss on TinyStories as a share of its unigram entropy, the largest over "
              "the initialisation rates",
          .expected = AtMost(kProgress),
          .measure = [](const RunSet& runs) {
            std::vector<double> largest;
            for (const double gamma : kAllGammas) {
              const std::vector<double> shares = PerSeed(
                  TextRuns(runs, gamma),
                  [](const RunResult& run) { return SmallestShareOfEntropy(run, kTinyStories); });
              largest.resize(shares.size(), 0);
              for (size_t i = 0; i < shares.size(); ++i) {
                largest[i] = std::max(largest[i], shares[i]);
              }
            }
            return largest;
          }};
}

std::string TextReached(const RunSet& runs, const std::vector<double>& gammas) {
  std::vector<std::string> rates;
  for (const double gamma : gammas) {
    const auto smallest = [&](const char* corpus) {
      return Mean(PerSeed(TextRuns(runs, gamma), [corpus](const RunResult& run) {
        return SmallestShareOfEntropy(run, corpus);
      }));
    };
    rates.push_back(fmt::format("TinyStories {:.2f}, PrOntoQA {:.2f} at gamma = {}",
                                smallest(kTinyStories), smallest(kProntoQa), gamma));
  }
  return fmt::format("smallest share of the unigram entropy within {} steps, mean over seeds: {}",
                     runs.all().front().step.back(), fmt::join(rates, "; "));
}

int64_t HalfLearnedStep(const RunResult& run) {
  const std::optional<size_t> first = FirstAtMost(LossByEntropy(run, kProntoQa), kHalf);
  return first ? run.step.at(*first) : -1;
}

double HalfLearnedShare(const RunResult& run) {
  const int64_t step = HalfLearnedStep(run);
  return step < 0 ? 1 : static_cast<double>(step) / static_cast<double>(TotalSteps(run.config));
}

double MeanAnswerAccuracy(const RunResult& run, int64_t hops) {
  return MeanOver(run.Get(fmt::format("answer_hops{}", hops)).accuracy, run.step);
}

double BinomialUpperTail(int64_t successes, int64_t trials, double probability) {
  const auto n = static_cast<double>(trials);
  double tail = 0;
  for (int64_t k = std::max<int64_t>(0, successes); k <= trials; ++k) {
    const auto hits = static_cast<double>(k);
    const double log_choose =
        std::lgamma(n + 1) - std::lgamma(hits + 1) - std::lgamma(n - hits + 1);
    tail +=
        std::exp(log_choose + hits * std::log(probability) + (n - hits) * std::log1p(-probability));
  }
  return std::min(1.0, tail);
}

double AnswersByChance(const RunResult& run) {
  constexpr double kGuess = 0.5;  // True or False
  double smallest = 1;
  for (const int64_t hops : run.config.text.hops) {
    const std::vector<double>& accuracy = run.Get(fmt::format("answer_hops{}", hops)).accuracy;
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

std::vector<IndexPair> MatchCounts(const std::vector<double>& a, const std::vector<double>& b,
                                   double factor) {
  std::vector<IndexPair> pairs;
  std::vector<bool> used(b.size(), false);
  for (size_t i = 0; i < a.size(); ++i) {
    std::optional<size_t> nearest;
    double distance = std::log(factor) + 1e-12;  // so that the factor itself is let in
    for (size_t j = 0; j < b.size(); ++j) {
      const double apart = std::fabs(std::log(a[i] / b[j]));
      if (!used[j] && (nearest ? apart < distance : apart <= distance)) {
        nearest = j;
        distance = apart;
      }
    }
    if (nearest) {
      used[*nearest] = true;
      pairs.push_back({static_cast<int64_t>(i), static_cast<int64_t>(*nearest)});
    }
  }
  return pairs;
}

std::vector<IndexPair> MatchedTokens(const RunResult& run) {
  return MatchCounts(Values(run, std::string("own_counts.") + kProntoQa),
                     Values(run, std::string("own_counts.") + kTinyStories), kCountFactor);
}

double MatchedCosineDifference(const RunResult& run, double share) {
  std::vector<int64_t> prontoqa;
  std::vector<int64_t> tinystories;
  for (const IndexPair& pair : MatchedTokens(run)) {
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
    values.push_back(metric(
        run, static_cast<double>(snapshot->step) / static_cast<double>(TotalSteps(run.config))));
  }
  return values;
}

}  // namespace initbias
