// The sets of sequences whose losses a run file has: names of its groups, and of groups of figures.
#ifndef INITBIAS_LIB_CONFIG_SET_NAMES_H_
#define INITBIAS_LIB_CONFIG_SET_NAMES_H_

namespace initbias {

// Of the anchor task; the last are the masked sequences.
inline constexpr char kMemorySet[] = "memory";
inline constexpr char kReasoningTrainSet[] = "reasoning_train";
inline constexpr char kReasoningTestSet[] = "reasoning_test";

// Of text: its two corpora.
inline constexpr char kProntoQa[] = "prontoqa";
inline constexpr char kTinyStories[] = "tinystories";

}  // namespace initbias

#endif  // INITBIAS_LIB_CONFIG_SET_NAMES_H_
