#include "lib/data/text/prontoqa.h"

#include <fmt/format.h>

namespace initbias {

std::string ProntoQaPrompt(const ProntoQaExample& example) {
  return fmt::format("Q: {} {}\nA: {}", example.question, example.query,
                     fmt::join(example.chain_of_thought, " "));
}

std::string ProntoQaText(const ProntoQaExample& example) {
  const std::string prompt = ProntoQaPrompt(example);
  return example.answer.empty() ? prompt : prompt + " " + example.answer;
}

}  // namespace initbias
