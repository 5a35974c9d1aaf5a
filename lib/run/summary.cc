#include "lib/run/summary.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "lib/base/text.h"
#include "lib/run/cost.h"
#include "lib/run/flags.h"

namespace initbias {
namespace {

// A processor of two cores with AVX-512, and a fifth more than the arithmetic for evaluations,
// snapshots and cores that idle at the end.
constexpr int kTypicalCores = 2;
constexpr double kTypicalGflopPerCore = 170;  // a second
constexpr double kTypicalOverhead = 1.2;

constexpr Profile kProfiles[] = {Profile::kSmoke, Profile::kDefault, Profile::kExtended,
                                 Profile::kPaper};

// GFLOP of each run, by its id.
std::map<std::string, double> RunCosts(const Experiment& experiment, Profile profile) {
  std::map<std::string, double> costs;
  if (!experiment.trains) {
    return costs;
  }
  for (const int64_t seed : Seeds(experiment, ExperimentFlags{}, profile)) {
    for (const RunConfig& config : experiment.plan(profile, seed)) {
      costs[RunId(config)] = RunFlops(config) / 1e9;
    }
  }
  return costs;
}

}  // namespace

std::string TypicalMachine() {
  return fmt::format("{} AVX-512 cores at {} GFLOP/s each", kTypicalCores, kTypicalGflopPerCore);
}

double TypicalSeconds(double gflop) {
  return kTypicalOverhead * gflop / (kTypicalCores * kTypicalGflopPerCore);
}

std::string CostText(const Experiment& experiment) {
  if (!experiment.trains) {
    return "Cost: nothing is trained.";
  }
  std::vector<std::string> parts;
  for (const Profile profile : {Profile::kDefault, Profile::kExtended, Profile::kPaper}) {
    double sum = 0;
    for (const auto& [id, gflop] : RunCosts(experiment, profile)) {
      sum += gflop;
    }
    parts.push_back(fmt::format("{} {:.0f} GFLOP, {}", FormatValue(profile), std::ceil(sum),
                                FormatDuration(TypicalSeconds(sum))));
  }
  return fmt::format(
      "Cost of all runs, on {}: {}; smoke: seconds. Stored runs are not trained again; --dry-run "
      "measures this machine.",
      TypicalMachine(), fmt::join(parts, "; "));
}

std::string SummaryText(const Experiment& experiment) {
  nlohmann::ordered_json runs = nlohmann::ordered_json::object();
  for (const Profile profile : kProfiles) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const auto& [id, gflop] : RunCosts(experiment, profile)) {
      list.push_back({id, gflop});
    }
    runs[FormatValue(profile)] = list;
  }
  return nlohmann::ordered_json{{"name", experiment.name},
                                {"caption", experiment.caption},
                                {"machine", TypicalMachine()},
                                {"seconds_per_gflop", TypicalSeconds(1)},
                                {"runs", runs}}
      .dump();
}

}  // namespace initbias
