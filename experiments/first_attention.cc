#include "experiments/first_attention.h"

#include <fmt/format.h>

#include "experiments/learning_contrast.h"
#include "lib/analysis/spectrum.h"
#include "lib/analysis/statistics.h"

namespace initbias {

PreconditionSpec ValuesHaveADirection(const ChooseRuns& runs, Stage stage) {
  return {.text =
              "first over second singular value of W_V, log2 over the 99 % quantile of a Gaussian "
              "matrix of its size, " +
              StageText(stage),
          .expected = Above(0),
          .measure = AtShares(runs, JudgedAt(stage), DominanceOverChance)};
}

std::vector<ClaimSpec> FirstAttentionClaims(const std::string& prefix, const std::string& place,
                                            ClaimKind kind, const ChooseRuns& runs, Stage stage) {
  const std::string when = ", " + StageText(stage);
  const auto measured = [runs, stage](const RunSet& set) {
    const auto mean = [&](double (*metric)(const RunResult&, double)) {
      return Mean(AtShares(runs, JudgedAt(stage), metric)(set));
    };
    const RunConfig& config = runs(set).front()->config;
    return fmt::format(
        "with LayerNorm {} and a {} learning rate, mean over seeds: attention is {:.3f} of an entry "
        "from averaging, first over second singular value of W_V {:.2f}, share of energy along the "
        "first direction {:.3f} of reasoning more than of memory anchors",
        FormatValue(config.transformer.norm), FormatValue(config.optimizer.schedule),
        mean(RelativeDeviation), mean(ValueDominance), mean(EnergyContrast));
  };
  std::vector<ClaimSpec> claims = {
      {.id = "averaging",
       .statement =
           "With small initial weights the first attention module is close to the averaging "
           "operator: row i is near 1/i" +
           when + ".",
       .metric = "mean of |A_ij i - 1| over sequences and j <= i, i >= 2",
       .expected = AtMost(0.1),
       .threshold_reason =
           "close: an entry is on average within a tenth of the averaging operator's, "
           "which a heat map does not show",
       .measure = AtShares(runs, JudgedAt(stage), RelativeDeviation)},
      {.id = "dominance",
       .statement =
           "The largest singular value of W_V is larger than the others, beyond what chance gives" +
           when + ".",
       .metric = fmt::format(
           "log2 of the first over the second singular value of W_V over the 99 % quantile of the "
           "same of {} Gaussian matrices of its size",
           kRandomMatrices),
       .expected = Above(0),
       .amended =
           "\"significantly\" is asked by dominance_size; this one asks for the direction alone",
       .measure = AtShares(runs, JudgedAt(stage), DominanceOverChance)},
      {.id = "dominance_size",
       .statement = "The largest singular value of W_V is significantly larger than the others: at "
                    "least twice the second" +
                    when + ".",
       .metric = "first over second singular value of W_V",
       .expected = AtLeast(2),
       .rule = ClaimRule::kEverySeed,
       .threshold_reason = kSignificantly,
       .registration = 2,
       .measure = AtShares(runs, JudgedAt(stage), ValueDominance)},
      {.id = "aligned",
       .statement =
           "W_V's first left singular vector is aligned with the embeddings of the reasoning anchors, "
           "more than with those of the memory anchors" +
           when + ".",
       .metric =
           "share of the squared norm of the reasoning anchors' embeddings along W_V's first left "
           "singular vector, minus the same of memory anchors",
       .expected = Above(0),
       .amended = kReworded,
       .preconditions = {ValuesHaveADirection(runs, stage)},
       .measure = AtShares(runs, JudgedAt(stage), EnergyContrast)},
      {.id = "memory_orthogonal",
       .statement =
           "W_V's first left singular vector is nearly orthogonal to the embeddings of the "
           "memory anchors" +
           when + ".",
       .metric =
           "root mean square cosine of W_V's first left singular vector with the memory anchors' "
           "embeddings",
       .expected = AtMost(0.174),
       .threshold_reason =
           "nearly orthogonal: within 10 degrees of the right angle, sin 10 = 0.174",
       .amended = kReworded,
       .preconditions = {ValuesHaveADirection(runs, stage)},
       .measure = AtShares(runs, JudgedAt(stage), MemoryCosine)},
      {.id = "passed_on",
       .statement =
           "W_V captures reasoning anchors and passes them on, and does not identify the memory "
           "anchors" +
           when + ".",
       .metric = "log2 of the mean ||w_s W_V|| of reasoning anchors over that of memory anchors, "
                 "embeddings at length 1",
       .expected = Above(0),
       .measure = AtShares(runs, JudgedAt(stage), ValueNormContrast)},
  };
  for (ClaimSpec& claim : claims) {
    claim.id.insert(0, prefix);
    claim.kind = kind;
    claim.place = place;
    claim.reason = measured;
  }
  return claims;
}

}  // namespace initbias
