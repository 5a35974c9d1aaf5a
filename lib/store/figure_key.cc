#include "lib/store/figure_key.h"

#include <fmt/format.h>

namespace initbias {

std::string Key(std::string_view panel, double gamma) {
  return fmt::format("{}{}", RateKeys(panel), gamma);
}

std::string Key(std::string_view panel, double gamma, std::string_view part) {
  return fmt::format("{}/{}", Key(panel, gamma), part);
}

std::string RateKeys(std::string_view panel) { return fmt::format("{}/gamma=", panel); }

}  // namespace initbias
