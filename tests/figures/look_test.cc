// What the figures show must stay apart for readers who see fewer colours, and in grey.
#include "figures/look.h"

#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "lib/base/error.h"
#include "tests/figures/plot/color_vision.h"

namespace initbias {
namespace {

using plot::kClearlyApart;
using plot::Look;
using plot::SmallestDistance;

TEST(LookTest, RolesAreApartInEveryVision) {
  EXPECT_GT(SmallestDistance({RoleLook(Role::kMemory).hue, RoleLook(Role::kReasoningTrain).hue,
                              RoleLook(Role::kReasoningTest).hue}),
            kClearlyApart);
  EXPECT_GT(SmallestDistance({RoleLook(Role::kMemory).hue, RoleLook(Role::kReasoningTrain).hue,
                              RoleLook(Role::kKey).hue}),
            kClearlyApart);
}

TEST(LookTest, GammasAreApartInEveryVision) {
  EXPECT_GT(SmallestDistance({GammaLook(0.3).hue, GammaLook(0.5).hue, GammaLook(0.8).hue}),
            kClearlyApart);
}

TEST(LookTest, LinesOfOnePanelDifferWithoutColour) {
  const auto dashes = [](const std::vector<Look>& looks) {
    std::set<plot::Dash> set;
    for (const Look& look : looks) {
      set.insert(look.dash);
    }
    return set.size();
  };
  EXPECT_EQ(dashes({RoleLook(Role::kMemory), RoleLook(Role::kReasoningTrain),
                    RoleLook(Role::kReasoningTest)}),
            3U);
  EXPECT_EQ(dashes({RoleLook(Role::kTheory), RoleLook(Role::kMeasured)}), 2U);
  EXPECT_EQ(dashes({GammaLook(0.3), GammaLook(0.5), GammaLook(0.8)}), 3U);
}

TEST(LookTest, OtherGammasAreRefused) {
  try {
    GammaLook(0.4);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "no look is fixed for γ = 0.4: only 0.3, 0.5 and 0.8 have one; colour a sweep by "
                 "Series::value");
  }
}

}  // namespace
}  // namespace initbias
