// The text of an example is that of the authors' prompts.
#include "lib/data/text/prontoqa.h"

#include <gtest/gtest.h>

namespace initbias {
namespace {

TEST(ProntoQaTest, TextIsPromptAndAnswer) {
  const ProntoQaExample example = {
      .question = "Each wumpus is red. Alex is a wumpus.",
      .query = "True or false: Alex is not red.",
      .chain_of_thought = {"Alex is a wumpus.", "Each wumpus is red.", "Alex is red."},
      .answer = "False"};
  EXPECT_EQ(ProntoQaPrompt(example),
            "Q: Each wumpus is red. Alex is a wumpus. True or false: Alex is not red.\n"
            "A: Alex is a wumpus. Each wumpus is red. Alex is red.");
  EXPECT_EQ(ProntoQaText(example),
            "Q: Each wumpus is red. Alex is a wumpus. True or false: Alex is not red.\n"
            "A: Alex is a wumpus. Each wumpus is red. Alex is red. False");
}

}  // namespace
}  // namespace initbias
