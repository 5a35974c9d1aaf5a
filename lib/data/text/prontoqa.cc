#include "lib/data/text/prontoqa.h"

#include <fmt/format.h>

namespace initbias {

std::string ProntoQaPrompt(const ProntoQaExample& example) {
  return fmt::format("Q: {} {}\nA: {}", example.question, example.query,
                     fmt::join(example.chain_of_thought, " "));
}

std::string ProntoQaText(const ProntoQaExample& example) {
  return ProntoQaPrompt(example) + " " + example.answer;
}

}  // namespace initbias
