#include "lib/result/run_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lib/base/error.h"
#include "lib/base/sha256.h"

namespace initbias {

const LearningCurve& RunResult::Get(std::string_view group) const {
  const auto found = std::ranges::find(curves, group, &LearningCurve::group);
  if (found == curves.end()) {
    throw Error(
        fmt::format("the run {} ({}) has no series '{}'", RunId(config), RunLabel(config), group));
  }
  return *found;
}

std::vector<const Snapshot*> RunResult::Probes(std::string_view name) const {
  std::vector<const Snapshot*> found;
  for (const Snapshot& probe : probes) {
    if (probe.name == name) {
      found.push_back(&probe);
    }
  }
  std::ranges::sort(found, {}, &Snapshot::step);
  return found;
}

const Snapshot& RunResult::ProbeNear(std::string_view name, double share) const {
  const std::vector<const Snapshot*> all = Probes(name);
  if (all.empty()) {
    throw Error(
        fmt::format("the run {} ({}) has no probe '{}'", RunId(config), RunLabel(config), name));
  }
  const double wanted = share * static_cast<double>(TotalSteps(config));
  return **std::ranges::min_element(all, {}, [wanted](const Snapshot* probe) {
    return std::fabs(static_cast<double>(probe->step) - wanted);
  });
}

std::string AccuracyUnits(const RunConfig& config) {
  return config.model == ModelKind::kGpt2 ? "share of labels" : "share of sequences";
}

std::string ArraysDigest(const std::vector<NamedArray>& arrays) {
  std::vector<const NamedArray*> by_name;
  for (const NamedArray& item : arrays) {
    by_name.push_back(&item);
  }
  std::ranges::sort(by_name, {}, &NamedArray::name);
  Sha256 sha;
  for (const NamedArray* item : by_name) {
    sha.Update(item->name);
    for (const int64_t d : item->array.shape) {
      sha.Update(fmt::format(" {}", d));
    }
    sha.Update("\n");
    sha.Update(item->array.values.data(), item->array.values.size() * sizeof(float));
  }
  return sha.HexDigest();
}

}  // namespace initbias
