// What the paper says of losses on memory, reasoning and masked sequences (figure 3A), as claims on
// Transformers at three rates.
#ifndef INITBIAS_EXPERIMENTS_LEARNING_CONTRAST_H_
#define INITBIAS_EXPERIMENTS_LEARNING_CONTRAST_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/measure/learning.h"
#include "lib/measure/run_set.h"
#include "lib/measure/seed_values.h"
#include "lib/run/experiment.h"

namespace initbias {

// Why claims whose words alone changed have a second entry.
inline constexpr char kReworded[] =
    "the statement can be read alone now; what is asked is unchanged";

// Throws Error where a config has no masked sequences, of which figure 3 speaks.
void CheckMasked(const RunConfig& config);

// Why a factor of two is asked for where the paper says "significantly".
inline constexpr char kSignificantly[] =
    "\"significantly\": a factor of two, seen at a glance in a figure";

// That `runs`, at the rate `gamma`, have learned some reasoning: their smallest loss on reasoning
// training sequences as a share of the guess level is at most kHalfLearned.
PreconditionSpec ReasoningTrainLearns(const ChooseRuns& runs, double gamma);

// That small weights have learned something, without which their bias would mean nothing: the
// larger of the smallest losses on reasoning training and masked sequences, as a share of the guess
// level, is at most kHalfLearned.
PreconditionSpec ReasoningIsLearned(const ChooseRuns& runs);

// That large weights, the ones of `runs`, have learned something: without it a bias beside them
// would mean nothing. `kReferenceAmended`: why claims got this precondition.
PreconditionSpec ReferenceLearns(const ChooseRuns& runs);
inline constexpr char kReferenceAmended[] =
    "the bias at gamma = 0.8 beside that at 0.3 was judged even where nothing was learned at 0.3; a "
    "precondition asks for it now";

// Figure 3A's claims on Transformers at three rates, with ids "<prefix>large_same_rate" and so on;
// `place` is their place and `kind` whose statement they are.
struct Contrast {
  std::string prefix;
  std::string place;
  ClaimKind kind = ClaimKind::kText;
  ChooseRuns large;
  ChooseRuns usual;
  ChooseRuns small;
};
std::vector<ClaimSpec> ContrastClaims(const Contrast& contrast);

// Of TestLead and TrainLead, in metrics: "lead of the masked loss over the memory loss"; with
// " (mean over training)" behind it; and of small beside large weights with the definition, which
// `before` opens: "lead .. (<before>mean over training, .., of ..), at gamma = 0.8 minus at 0.3".
std::string LeadText(std::string_view set = "masked");
std::string MeanLeadText(std::string_view set = "masked");
std::string LeadContrastText(std::string_view before = "");

// Of ReasoningSpeed, in metrics, `level` being the loss to which steps are counted.
std::string ReasoningSpeedText(std::string_view level);

// The runs that `at` chooses at each rate of kAllGammas, in their order.
std::vector<ChooseRuns> EachRate(const std::function<ChooseRuns(double gamma)>& at);

// "0.12 at gamma = 0.3, 0.15 at gamma = 0.5, 0.20 at gamma = 0.8": the mean over seeds of `metric`
// at each of `rates` (EachRate). For the reasons of claims.
struct RatesFormat {
  int decimals = 2;
  bool gamma_once = false;  // "0.12 at gamma = 0.3, 0.15 at 0.5, 0.20 at 0.8"
};
std::string AtRatesText(const RunSet& runs, const std::vector<ChooseRuns>& rates,
                        const std::function<double(const RunResult&)>& metric,
                        const RatesFormat& format);

// What was reached at the end on each set: "at the end memory 2.36 nats (accuracy 0.31), ..", means
// over seeds, beside the guess levels. For the reasons of claims.
std::string ReachedText(const Runs& runs);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_LEARNING_CONTRAST_H_
