// Proves PrOntoQA examples: that a chain of thought is one, and that the answer is right.
#ifndef INITBIAS_LIB_DATA_TEXT_PRONTOQA_PROOF_H_
#define INITBIAS_LIB_DATA_TEXT_PRONTOQA_PROOF_H_

#include <cstdint>

#include "lib/data/text/prontoqa.h"

namespace initbias {

// Checks `example`, whose sentences must be of the fictional ontology (prontoqa_grammar.h):
//
//   - Each step of the chain of thought is a statement of the question, in any wording, or follows
//     by one rule from what the question and earlier steps say: "Alex is a wumpus." and "Every
//     wumpus is (not) P." give "Alex is (not) P.", for a concept or a property P.
//   - The last step is the query's statement or its negation, and the answer says which.
//   - The answer is what follows from the question, found without the chain of thought: one of the
//     query's statement and its negation follows, and not both.
//
// Returns how many steps follow from others: the hops. Throws Error, which says what is wrong and
// quotes the step.
int64_t ProveProntoQa(const ProntoQaExample& example);

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_TEXT_PRONTOQA_PROOF_H_
