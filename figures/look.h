// The looks of what the figures show, so that it looks the same in all of them. Wherever two of
// these may meet in one panel they differ in dash or marker, too.
#ifndef INITBIAS_FIGURES_LOOK_H_
#define INITBIAS_FIGURES_LOOK_H_

#include "figures/plot/style.h"
#include "lib/config/set_names.h"

namespace initbias {

// What a series or a token stands for. One role has one look in all figures.
enum class Role {
  kMemory,          // D_mem, memory anchors, TinyStories
  kReasoningTrain,  // D_rsn,train, reasoning anchors, PrOntoQA
  kReasoningTest,   // D_rsn,test, the masked combinations
  kKey,             // key tokens
  kLabel,           // the label to predict
  kTheory,          // a prediction drawn beside a measurement
  kMeasured,        // that measurement
};

// The two kinds of anchors, as figures name them, with what they stand for.
struct AnchorRole {
  const char* name;
  Role role;
};
inline constexpr AnchorRole kAnchorRoles[] = {{kMemoryKind, Role::kMemory},
                                              {kReasoningKind, Role::kReasoningTrain}};

// The look of `role`; the role's marker is set for scatters and drawn on lines only where
// Series::markers asks for it.
plot::Look RoleLook(Role role);

// The look of the paper's initialisation rates (lib/config/paper_rates.h). Throws Error for any
// other: colour a sweep by value (Series::value) instead.
plot::Look GammaLook(double gamma);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_LOOK_H_
