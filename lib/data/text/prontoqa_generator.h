// Makes PrOntoQA examples of the form of the authors' files (fictional ontology, random order of
// sentences, with distractors). Written from those files, not from the authors' code.
//
// Each example has its own ontology, drawn at random, L levels deep:
//
//   - Concepts c_0 .. c_L and s_1 .. s_L: every c_(i-1) is a c_i, and every c_(i-1) is an s_i. Each
//     of them has one property, but for c_L or s_L, by chance.
//   - The entity is a c_s with 0 <= s <= L - hops, and the query is about the property of
//     c_(s + hops - 1): a hop is the use of one rule, the last of them gives the property.
//   - Distractors, apart from the s_i: a concept that has the asked property with the opposite
//     sign; and a second concept of the entity, with a property and one concept above it.
//
// No two properties are of one family, but for the asked one and its opposite. All rules stand in
// random order, after them the two facts about the entity, in either order: 4 L + 5 sentences.
//
// Concepts, families, values, names and the order of sentences are uniform; a rule is worded in the
// plural half of the time, else with "each" or "every"; half of the queries are wrong. The other
// shares (L, negated properties) are measured ones, see prontoqa_generator.cc.
#ifndef INITBIAS_LIB_DATA_TEXT_PRONTOQA_GENERATOR_H_
#define INITBIAS_LIB_DATA_TEXT_PRONTOQA_GENERATOR_H_

#include <cstdint>
#include <string_view>

#include "lib/data/text/prontoqa.h"
#include "lib/rng/stream.h"

namespace initbias {

// More are impossible: 2 L + 1 properties are of different families, and there are 13.
inline constexpr int64_t kMaxProntoQaHops = 6;

// Makes examples one after the other, from one stream. One thread at a time.
class ProntoQaGenerator {
 public:
  // All randomness comes from the stream `stream_name` of `seed`.
  ProntoQaGenerator(int64_t seed, std::string_view stream_name);

  // The next example. Throws Error unless `hops` is in 1 .. kMaxProntoQaHops.
  ProntoQaExample Make(int64_t hops);

 private:
  Stream stream_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_TEXT_PRONTOQA_GENERATOR_H_
