// PrOntoQA (Saparov & He, "Language models are greedy reasoners", ICLR 2023): questions about a
// made-up ontology, each with a chain of thought that proves its answer. This is what generator
// (prontoqa_generator.h), reader (prontoqa_reader.h) and prover (prontoqa_proof.h) share.
#ifndef INITBIAS_LIB_DATA_TEXT_PRONTOQA_H_
#define INITBIAS_LIB_DATA_TEXT_PRONTOQA_H_

#include <string>
#include <vector>

namespace initbias {

// One question with its answer, in the authors' words and with their names for the parts.
struct ProntoQaExample {
  std::string question;                       // "Every wumpus is red. [..] Alex is a wumpus."
  std::string query;                          // "True or false: Alex is not red."
  std::vector<std::string> chain_of_thought;  // one sentence each
  std::string answer;  // "True" or "False"; "" of a statement to be proved, which has none

  bool operator==(const ProntoQaExample&) const = default;
};

// "Q: <question> <query>\nA: <chain of thought>", the sentences of the chain joined by spaces, as
// in the authors' prompts: what a model is given that is to answer.
std::string ProntoQaPrompt(const ProntoQaExample& example);

// The text of the example: the prompt, a space and the answer; of a proof without one, the prompt.
std::string ProntoQaText(const ProntoQaExample& example);

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_TEXT_PRONTOQA_H_
