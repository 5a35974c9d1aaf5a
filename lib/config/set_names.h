// The sets of sequences whose losses a run file has: names of its groups, and of groups of figures;
// and the two kinds of anchors and of sequences.
#ifndef INITBIAS_LIB_CONFIG_SET_NAMES_H_
#define INITBIAS_LIB_CONFIG_SET_NAMES_H_

#include <cstdint>
#include <string>

namespace initbias {

// The kinds of anchors, and of the sequences that have them.
inline constexpr char kMemoryKind[] = "memory";
inline constexpr char kReasoningKind[] = "reasoning";

// Of the anchor task; the last are the masked sequences.
inline constexpr char kMemorySet[] = "memory";
inline constexpr char kReasoningTrainSet[] = "reasoning_train";
inline constexpr char kReasoningTestSet[] = "reasoning_test";
// "memory_group1" for index 0: of a group of memory anchors (task.memory_groups), where there are
// several.
inline std::string MemoryGroupSet(int64_t index) {
  return "memory_group" + std::to_string(index + 1);
}

// Of text: its two corpora.
inline constexpr char kProntoQa[] = "prontoqa";
inline constexpr char kTinyStories[] = "tinystories";
// "answer_hops3": the questions of so many hops that are to be answered (text.hops).
inline std::string AnswersSet(int64_t hops) { return "answer_hops" + std::to_string(hops); }

}  // namespace initbias

#endif  // INITBIAS_LIB_CONFIG_SET_NAMES_H_
