#include "lib/run/experiment.h"

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>

namespace initbias {

std::string_view ScaleName(Profile profile) {
  static_assert(kScales.size() + 1 == EnumNames<Profile>::kNames.size());
  return profile == Profile::kSmoke ? EnumName(profile) : kScales[static_cast<size_t>(profile) - 1];
}

Claim Measure(const ClaimSpec& spec, const RunSet& runs) {
  Claim claim{.id = spec.id,
              .statement = spec.statement,
              .place = spec.place,
              .kind = spec.kind,
              .metric = spec.metric,
              .expected = spec.expected,
              .rule = spec.rule,
              .threshold_reason = spec.threshold_reason,
              .amended = spec.amended,
              .registration = spec.registration,
              .values = spec.measure(runs)};
  std::set<int64_t> seeds;
  for (const RunResult& run : runs.all()) {
    seeds.insert(run.config.seed);
  }
  claim.seeds.assign(seeds.begin(), seeds.end());
  for (const PreconditionSpec& precondition : spec.preconditions) {
    claim.preconditions.push_back({precondition.text, precondition.expected,
                                   precondition.measure(runs), precondition.for_holds_only});
  }
  if (spec.reason) {
    claim.reason = spec.reason(runs);
  }
  return claim;
}

std::string RegistryText(const std::string& study, const std::vector<ClaimSpec>& claims,
                         const std::vector<int64_t>& seeds) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const ClaimSpec& spec : claims) {
    nlohmann::ordered_json conditions = nlohmann::ordered_json::array();
    for (const PreconditionSpec& precondition : spec.preconditions) {
      conditions.push_back(fmt::format(
          "{} {}{}", precondition.text, IntervalText(precondition.expected),
          precondition.for_holds_only ? " (without it the claim may still differ)" : ""));
    }
    list.push_back({{"id", spec.id},
                    {"study", study},
                    {"registration", spec.registration},
                    {"statement", spec.statement},
                    {"place", spec.place},
                    {"kind", ClaimKindName(spec.kind)},
                    {"metric", spec.metric},
                    {"rule", ClaimRuleName(spec.rule)},
                    {"expected", IntervalText(spec.expected)},
                    {"threshold_reason", spec.threshold_reason},
                    {"preconditions", conditions},
                    {"seeds", seeds},
                    {"amended", spec.amended}});
  }
  return list.dump(1);
}

}  // namespace initbias
