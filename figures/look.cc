#include "figures/look.h"

#include <fmt/format.h>

#include "lib/base/error.h"
#include "lib/config/paper_rates.h"

namespace initbias {

using plot::Dash;
using plot::Hue;
using plot::Marker;

plot::Look RoleLook(Role role) {
  switch (role) {
    case Role::kMemory:
      return {.hue = Hue::kVermillion, .dash = Dash::kSolid, .marker = Marker::kCircle};
    case Role::kReasoningTrain:
      return {.hue = Hue::kBlue, .dash = Dash::kDashed, .marker = Marker::kSquare};
    case Role::kReasoningTest:
      return {.hue = Hue::kSkyBlue, .dash = Dash::kDotted, .marker = Marker::kTriangle};
    case Role::kKey:
      return {.hue = Hue::kGreen, .dash = Dash::kDashDot, .marker = Marker::kDiamond};
    case Role::kLabel:
      return {.hue = Hue::kPurple, .dash = Dash::kSolid, .marker = Marker::kTriangle};
    case Role::kTheory:
      return {.hue = Hue::kBlack, .dash = Dash::kDashed, .marker = Marker::kOpenCircle};
    case Role::kMeasured:
      return {.hue = Hue::kGreen, .dash = Dash::kSolid, .marker = Marker::kSquare};
  }
  return {};
}

plot::Look GammaLook(double gamma) {
  if (gamma == kLargeInit) {
    return {.hue = Hue::kOrange, .dash = Dash::kSolid, .marker = Marker::kCircle};
  }
  if (gamma == kUsualInit) {
    return {.hue = Hue::kGreen, .dash = Dash::kDashed, .marker = Marker::kSquare};
  }
  if (gamma == kSmallInit) {
    return {.hue = Hue::kPurple, .dash = Dash::kDashDot, .marker = Marker::kTriangle};
  }
  throw Error(
      fmt::format("no look is fixed for γ = {}: only {}, {} and {} have one; colour a sweep by "
                  "Series::value",
                  gamma, kLargeInit, kUsualInit, kSmallInit));
}

}  // namespace initbias
