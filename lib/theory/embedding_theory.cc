#include "lib/theory/embedding_theory.h"

#include <fmt/format.h>

#include <cmath>

#include "lib/base/error.h"
#include "lib/rng/stream.h"

namespace initbias {

std::vector<double> CentredDistribution(std::span<const double> distribution) {
  std::vector<double> centred(distribution.begin(), distribution.end());
  for (double& value : centred) {
    value -= 1.0 / static_cast<double>(distribution.size());
  }
  return centred;
}

std::vector<double> EmbeddingVelocity(std::span<const double> distribution, double factor,
                                      std::span<const float> w1, std::span<const float> w2,
                                      int64_t d_model, int64_t d_ff) {
  const auto dm = static_cast<size_t>(d_model);
  const auto df = static_cast<size_t>(d_ff);
  const size_t vocabulary = distribution.size();
  INITBIAS_CHECK(w1.size() == dm * df && w2.size() == df * vocabulary);
  const std::vector<double> drive = CentredDistribution(distribution);
  std::vector<double> hidden(df, 0.0);  // drive W2^T
  for (size_t j = 0; j < df; ++j) {
    for (size_t i = 0; i < vocabulary; ++i) {
      hidden[j] += drive[i] * static_cast<double>(w2[j * vocabulary + i]);
    }
  }
  std::vector<double> velocity(dm, 0.0);
  for (size_t k = 0; k < dm; ++k) {
    for (size_t j = 0; j < df; ++j) {
      velocity[k] += hidden[j] * static_cast<double>(w1[k * df + j]);
    }
    velocity[k] *= factor;
  }
  return velocity;
}

std::vector<double> ApproximateEmbedding(int64_t s, bool reasoning_anchor, int64_t d_model,
                                         double gamma, int64_t seed) {
  const auto width = static_cast<double>(d_model);
  const double std = std::pow(width, -gamma);
  Stream stream(static_cast<uint64_t>(seed), fmt::format("theory/embedding/{}", s));
  std::vector<double> embedding;
  for (int64_t i = 1; i <= d_model; ++i) {
    const auto distance = static_cast<double>(i - s);
    const double bump = std::exp(-distance * distance / 12.0);  // 12: Eq. 14
    embedding.push_back(bump - (reasoning_anchor ? 1.0 / width : 0.0) + std * stream.Normal());
  }
  return embedding;
}

double ApproximationErrorOrder(int64_t d_model, int64_t num_anchors, double gamma) {
  const auto width = static_cast<double>(d_model);
  return std::pow(width, 1.0 - gamma) / std::sqrt(static_cast<double>(num_anchors)) +
         std::pow(width, -gamma);
}

}  // namespace initbias
