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

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_PANEL_NAMES_H_
