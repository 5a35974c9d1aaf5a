// Claims with values of one's choice.
#ifndef INITBIAS_TESTS_CLAIMS_CONSTRUCTED_CLAIMS_H_
#define INITBIAS_TESTS_CLAIMS_CONSTRUCTED_CLAIMS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lib/claims/claim.h"

namespace initbias {

inline Claim ClaimOf(const Interval& expected, std::vector<double> values) {
  Claim claim;
  claim.id = "fig3.A.same_rate";
  claim.statement = "memory and reasoning losses fall at nearly the same rate";
  claim.place = "Section 4.1, figure 3A";
  claim.metric = "relative lead of D_rsn_train over D_mem";
  claim.expected = expected;
  claim.values = std::move(values);
  for (size_t i = 0; i < claim.values.size(); ++i) {
    claim.seeds.push_back(kFirstJudgingSeed + static_cast<int64_t>(i));
  }
  return claim;
}

inline Claim EverySeed(const Interval& expected, std::vector<double> values) {
  Claim claim = ClaimOf(expected, std::move(values));
  claim.rule = ClaimRule::kEverySeed;
  return claim;
}

inline Claim Judged(Claim claim, const std::string& not_judged = "") {
  Judge(not_judged, &claim);
  return claim;
}

// One that holds, one that differs, one of our own that is undecided.
inline std::vector<Claim> SomeClaims() {
  std::vector<Claim> claims = {
      ClaimOf(Between(-0.2, 0.2), {0.0123456, -0.02, 0.05}),
      ClaimOf(AtLeast(0.9), {0.25, 0.125, 0.375}),
      EverySeed(Above(0), {1.0}),
  };
  claims[1].id = "fig3.A.reasoning_first";
  claims[1].kind = ClaimKind::kPicture;
  claims[1].reason =
      "the learning rate is fifty times the paper's, so that the model leaves the "
      "neighbourhood of its initialisation sooner";
  claims[2].id = "fig3.B.reasoning_first";
  claims[2].kind = ClaimKind::kOurs;
  claims[0].reason = "must not be shown";
  for (Claim& claim : claims) {
    Judge("", &claim);
  }
  return claims;
}

}  // namespace initbias

#endif  // INITBIAS_TESTS_CLAIMS_CONSTRUCTED_CLAIMS_H_
