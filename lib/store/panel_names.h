// Names of the arrays of a figure file that measures write below a group (lib/measure) and panels
// read there (figures/panels).
#ifndef INITBIAS_LIB_STORE_PANEL_NAMES_H_
#define INITBIAS_LIB_STORE_PANEL_NAMES_H_

namespace initbias {

// Of a course over training: the epochs of its entries.
inline constexpr char kEpochName[] = "epoch";

// Of the learning curve of a set of sequences, beside its epochs.
inline constexpr char kLossName[] = "loss";
inline constexpr char kAccuracyName[] = "accuracy";

// Of a matrix of cosines: the cosines, and the tokens of its rows.
inline constexpr char kCosineName[] = "cosine";
inline constexpr char kTokensName[] = "tokens";
// Their mean by the distance of two tokens.
inline constexpr char kDistanceName[] = "distance";
inline constexpr char kByDistanceName[] = "by_distance";

// Of values by token: the token of each.
inline constexpr char kTokenName[] = "token";

// Of principal components: the groups of the keys and of all other tokens, beside those of the
// anchors (lib/config/set_names.h); in each the first two components; and the shares of the
// variance that these have.
inline constexpr char kKeysName[] = "keys";
inline constexpr char kOtherName[] = "other";
inline constexpr char kFirstComponentName[] = "pc1";
inline constexpr char kSecondComponentName[] = "pc2";
inline constexpr char kVarianceName[] = "variance";

// Of one anchor's cosines: measured, and of Theorem 1.
inline constexpr char kRealName[] = "real";
inline constexpr char kTheoryName[] = "theory";

// Of the first attention module: the attention; the group of W_V's singular values with the index
// and the value of each; the group of its first left singular vector's cosines.
inline constexpr char kAttentionName[] = "attention";
inline constexpr char kSingularValueName[] = "singular_value";
inline constexpr char kIndexName[] = "index";
inline constexpr char kValueName[] = "value";
inline constexpr char kAlignmentName[] = "alignment";

// Of its course over training.
inline constexpr char kMeanDeviationName[] = "deviation_mean";
inline constexpr char kLargestDeviationName[] = "deviation_largest";
inline constexpr char kDominanceName[] = "dominance";
inline constexpr char kReasoningEnergyName[] = "energy_reasoning";
inline constexpr char kMemoryEnergyName[] = "energy_memory";

// Of Section 5 beside training: the steps of the snapshots; an entry a snapshot and anchor, cosines
// of the predicted direction with the negative gradient, with the change to the next snapshot, and
// with the negative gradient by our formula; an entry an anchor, norms; over what runs differ in,
// Theorem 1's deviation over its order, and the noise that was taken.
inline constexpr char kStepName[] = "step";
inline constexpr char kGradientName[] = "gradient";
inline constexpr char kChangeName[] = "change";
inline constexpr char kOursName[] = "ours";
inline constexpr char kPredictedName[] = "predicted";
inline constexpr char kMeasuredName[] = "measured";
inline constexpr char kRatioName[] = "ratio";
inline constexpr char kNoiseName[] = "noise";

// Of groups of labels: the epochs of the snapshots and the steps in one; of each group, the share
// of outputs inside its range at each snapshot, its range and the share of each label among its
// outputs; how many groups there are.
inline constexpr char kProbeEpochName[] = "probe_epoch";
inline constexpr char kStepsPerEpochName[] = "steps_per_epoch";
inline constexpr char kArgmaxInRangeName[] = "in_range_argmax";
inline constexpr char kProbabilityInRangeName[] = "in_range_probability";
inline constexpr char kRangeName[] = "range";
inline constexpr char kOutputsName[] = "outputs";
inline constexpr char kGroupsName[] = "groups";

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_PANEL_NAMES_H_
