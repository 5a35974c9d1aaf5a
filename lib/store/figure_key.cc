#include "lib/store/figure_key.h"

#include <fmt/format.h>

namespace initbias {
namespace {

constexpr std::string_view kLo = "_lo";
constexpr std::string_view kHi = "_hi";
constexpr std::string_view kSeeds = "_seeds";

}  // namespace

std::string Key(std::string_view panel, double gamma) {
  return fmt::format("{}{}", RateKeys(panel), gamma);
}

std::string Key(std::string_view panel, double gamma, std::string_view part) {
  return fmt::format("{}/{}", Key(panel, gamma), part);
}

std::string RateKeys(std::string_view panel) { return fmt::format("{}/gamma=", panel); }

std::string Below(std::string_view group, std::string_view name) {
  return fmt::format("{}/{}", group, name);
}

BandKeys BandOf(std::string_view path) {
  return {.median = std::string(path),
          .lo = fmt::format("{}{}", path, kLo),
          .hi = fmt::format("{}{}", path, kHi),
          .seeds = fmt::format("{}{}", path, kSeeds)};
}

bool IsBesideMedian(std::string_view path) {
  return path.ends_with(kLo) || path.ends_with(kHi) || path.ends_with(kSeeds);
}

}  // namespace initbias
