// The prover accepts proofs and nothing else.
#include "lib/data/text/prontoqa_proof.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "lib/data/text/prontoqa.h"
#include "lib/data/text/prontoqa_generator.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

// "Alex is a wumpus", wumpuses are yumpuses, yumpuses are not red.
ProntoQaExample TwoHops() {
  return {.question =
              "Each yumpus is not red. Wumpuses are yumpuses. Every zumpus is red. "
              "Wumpuses are blue. Alex is a lorpus. Alex is a wumpus.",
          .query = "True or false: Alex is red.",
          .chain_of_thought = {"Alex is a wumpus.", "Wumpuses are yumpuses.", "Alex is a yumpus.",
                               "Each yumpus is not red.", "Alex is not red."},
          .answer = "False"};
}

// The message for `example`; fails where it is proved.
std::string Refusal(const ProntoQaExample& example) {
  return ErrorOf([&example] { ProveProntoQa(example); });
}

bool Says(const std::string& message, std::string_view part) {
  return message.find(part) != std::string::npos;
}

TEST(ProntoQaProofTest, CountsHops) {
  EXPECT_EQ(ProveProntoQa(TwoHops()), 2);
  ProntoQaExample example = TwoHops();
  example.query = "True or false: Alex is not red.";
  example.answer = "True";
  EXPECT_EQ(ProveProntoQa(example), 2);
}

TEST(ProntoQaProofTest, StepsMayBeWordedInAnotherWay) {
  ProntoQaExample example = TwoHops();
  example.chain_of_thought[1] = "Each wumpus is a yumpus.";
  example.chain_of_thought[3] = "Yumpuses are not red.";
  EXPECT_EQ(ProveProntoQa(example), 2);
}

TEST(ProntoQaProofTest, RulesNeedNotBeSaid) {
  ProntoQaExample example = TwoHops();
  example.chain_of_thought = {"Alex is a yumpus.", "Alex is not red."};
  EXPECT_EQ(ProveProntoQa(example), 2);
}

TEST(ProntoQaProofTest, StatementsOfTheQuestionAreNoHops) {
  ProntoQaExample example = TwoHops();
  example.question += " Alex is not red.";
  example.chain_of_thought = {"Alex is not red."};
  EXPECT_EQ(ProveProntoQa(example), 0);
}

TEST(ProntoQaProofTest, NegatedConceptsAreConcludedAndConcludeNothing) {
  ProntoQaExample example = {
      .question = "Wumpuses are not yumpuses. Yumpuses are red. Alex is a wumpus.",
      .query = "True or false: Alex is not a yumpus.",
      .chain_of_thought = {"Alex is a wumpus.", "Wumpuses are not yumpuses.",
                           "Alex is not a yumpus."},
      .answer = "True"};
  EXPECT_EQ(ProveProntoQa(example), 1);
  example.query = "True or false: Alex is red.";
  example.chain_of_thought.insert(example.chain_of_thought.end(),
                                  {"Yumpuses are red.", "Alex is red."});
  EXPECT_TRUE(
      Says(Refusal(example), "'Alex is red.' of the chain of thought follows from nothing"));
}

TEST(ProntoQaProofTest, RingsOfRulesAreNoTrap) {
  EXPECT_EQ(ProveProntoQa({.question = "Wumpuses are yumpuses. Yumpuses are wumpuses. Each yumpus "
                                       "is a yumpus. Yumpuses are red. Alex is a wumpus.",
                           .query = "True or false: Alex is red.",
                           .chain_of_thought = {"Alex is a yumpus.", "Alex is red."},
                           .answer = "True"}),
            2);
}

TEST(ProntoQaProofTest, StepsFromNothingAreRefused) {
  const std::vector<std::pair<size_t, std::string>> changes = {
      {0, "Alex is a zumpus."},       // a fact that is not in the question
      {0, "Sam is a wumpus."},        // about somebody else
      {1, "Wumpuses are zumpuses."},  // a rule that is not in the question
      {1, "Yumpuses are wumpuses."},  // a rule the wrong way round
      {2, "Alex is a zumpus."},       // not what the rule gives
      {2, "Alex is not a yumpus."},   // the opposite
      {2, "Sam is a yumpus."},        // about somebody else
      {3, "Each yumpus is red."},     // the opposite of a rule
      {4, "Alex is red."},            // the opposite of what follows
      {4, "Alex is not blue."},       // another property
  };
  for (const auto& [step, sentence] : changes) {
    ProntoQaExample example = TwoHops();
    example.chain_of_thought[step] = sentence;
    EXPECT_TRUE(Says(Refusal(example),
                     "'" + sentence + "' of the chain of thought follows from nothing before it"))
        << sentence;
  }
  ProntoQaExample leap = TwoHops();
  leap.chain_of_thought = {"Alex is a wumpus.", "Alex is not red."};
  EXPECT_TRUE(Says(Refusal(leap), "'Alex is not red.' of the chain of thought follows"));
}

TEST(ProntoQaProofTest, OtherFaultsAreRefused) {
  ProntoQaExample wrong = TwoHops();
  wrong.answer = "True";
  EXPECT_TRUE(Says(Refusal(wrong), "the answer to 'True or false: Alex is red.' is not True"));

  ProntoQaExample neither = TwoHops();
  neither.answer = "Maybe";
  EXPECT_EQ(Refusal(neither), "the answer is 'Maybe', not True or False");

  ProntoQaExample empty = TwoHops();
  empty.chain_of_thought.clear();
  EXPECT_EQ(Refusal(empty), "the chain of thought is empty");

  ProntoQaExample short_of_it = TwoHops();
  short_of_it.chain_of_thought.pop_back();
  EXPECT_EQ(Refusal(short_of_it),
            "the last step, 'Each yumpus is not red.', does not decide 'True or false: Alex is "
            "red.'");

  ProntoQaExample unasked = TwoHops();
  unasked.query = "True or false: Alex is blue.";
  EXPECT_TRUE(Says(Refusal(unasked), "does not decide 'True or false: Alex is blue.'"));

  ProntoQaExample contradiction = TwoHops();
  contradiction.question = "Wumpuses are zumpuses. " + contradiction.question;
  EXPECT_TRUE(Says(Refusal(contradiction),
                   "the question contradicts itself on 'True or false: Alex is red.'"));

  ProntoQaExample foreign = TwoHops();
  foreign.question = "Cats are carnivores. " + foreign.question;
  EXPECT_TRUE(Says(Refusal(foreign), "'Cats are carnivores.' is no sentence"));
}

// What is done to generated examples, each of which was proved before.
class ProntoQaFaultTest : public testing::TestWithParam<int64_t> {
 protected:
  void SetUp() override {
    ProntoQaGenerator generator(3, "test/prontoqa_faults");
    for (int i = 0; i < 200; ++i) {
      examples_.push_back(generator.Make(GetParam()));
      ASSERT_EQ(ProveProntoQa(examples_.back()), GetParam());
    }
  }

  std::vector<ProntoQaExample> examples_;
};

TEST_P(ProntoQaFaultTest, TheOtherAnswer) {
  for (ProntoQaExample example : examples_) {
    example.answer = example.answer == "True" ? "False" : "True";
    EXPECT_TRUE(Says(Refusal(example), "is not " + example.answer));
  }
}

TEST_P(ProntoQaFaultTest, AnyFactButTheFirstAndTheLastLeftOut) {
  for (const ProntoQaExample& example : examples_) {
    for (size_t step = 2; step + 1 < example.chain_of_thought.size(); step += 2) {
      ProntoQaExample without = example;
      without.chain_of_thought.erase(without.chain_of_thought.begin() +
                                     static_cast<std::ptrdiff_t>(step));
      EXPECT_TRUE(Says(Refusal(without), "follows from nothing before it"));
    }
  }
}

TEST_P(ProntoQaFaultTest, AnySentenceThatIsUsedLeftOutOfTheQuestion) {
  for (const ProntoQaExample& example : examples_) {
    std::vector<std::string> used = {example.chain_of_thought[0]};
    for (size_t step = 1; step < example.chain_of_thought.size(); step += 2) {
      used.push_back(example.chain_of_thought[step]);
    }
    for (const std::string& sentence : used) {
      ProntoQaExample without = example;
      const size_t at = without.question.find(sentence);
      ASSERT_NE(at, std::string::npos);
      const bool is_last = at + sentence.size() == without.question.size();
      without.question.erase(is_last ? at - 1 : at, sentence.size() + 1);
      EXPECT_TRUE(Says(Refusal(without), "'" + sentence + "' of the chain of thought follows"));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Hops, ProntoQaFaultTest, testing::Values(2, 3, 5));

}  // namespace
}  // namespace initbias
