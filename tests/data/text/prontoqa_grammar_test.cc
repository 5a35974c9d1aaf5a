// Every sentence of the language has one statement and every statement one sentence; all else is
// refused.
#include "lib/data/text/prontoqa_grammar.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/rng/stream.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

using Form = ProntoQaForm;

std::vector<std::string> Properties() {
  std::vector<std::string> properties;
  for (const std::vector<std::string>& family : ProntoQaPropertyFamilies()) {
    properties.insert(properties.end(), family.begin(), family.end());
  }
  return properties;
}

// All statements that there are: 17 concepts in three wordings and 9 names, with 17 concepts and 45
// properties, with and without "not".
std::vector<ProntoQaStatement> AllStatements() {
  std::vector<std::pair<Form, std::string>> subjects;
  for (const std::string& name : ProntoQaNames()) {
    subjects.emplace_back(Form::kFact, name);
  }
  for (const std::string& concept_name : ProntoQaConcepts()) {
    for (const Form form : {Form::kEach, Form::kEvery, Form::kPlural}) {
      subjects.emplace_back(form, concept_name);
    }
  }
  std::vector<std::string> predicates = Properties();
  predicates.insert(predicates.end(), ProntoQaConcepts().begin(), ProntoQaConcepts().end());
  std::vector<ProntoQaStatement> statements;
  for (const auto& [form, subject] : subjects) {
    for (const std::string& predicate : predicates) {
      statements.push_back({form, subject, false, predicate});
      statements.push_back({form, subject, true, predicate});
    }
  }
  return statements;
}

TEST(ProntoQaGrammarTest, NoWordHasTwoRoles) {
  std::vector<std::string> words = Properties();
  EXPECT_EQ(words.size(), 45U);
  for (const auto list : {ProntoQaNames(), ProntoQaConcepts()}) {
    words.insert(words.end(), list.begin(), list.end());
  }
  EXPECT_EQ(std::set<std::string>(words.begin(), words.end()).size(), 45U + 9U + 17U);
}

TEST(ProntoQaGrammarTest, Sentences) {
  const std::pair<std::string, ProntoQaStatement> cases[] = {
      {"Each wumpus is a yumpus.", {Form::kEach, "wumpus", false, "yumpus"}},
      {"Every impus is not a gorpus.", {Form::kEvery, "impus", true, "gorpus"}},
      {"Every shumpus is an impus.", {Form::kEvery, "shumpus", false, "impus"}},
      {"Impuses are lorpuses.", {Form::kPlural, "impus", false, "lorpus"}},
      {"Grimpuses are not impuses.", {Form::kPlural, "grimpus", true, "impus"}},
      {"Sterpuses are not overcast.", {Form::kPlural, "sterpus", true, "overcast"}},
      {"Each lempus is orange.", {Form::kEach, "lempus", false, "orange"}},
      {"Fae is an impus.", {Form::kFact, "Fae", false, "impus"}},
      {"Wren is not an impus.", {Form::kFact, "Wren", true, "impus"}},
      {"Max is not feisty.", {Form::kFact, "Max", true, "feisty"}},
  };
  for (const auto& [sentence, statement] : cases) {
    EXPECT_EQ(ParseProntoQaSentence(sentence), statement) << sentence;
    EXPECT_EQ(ProntoQaSentence(statement), sentence);
  }
}

TEST(ProntoQaGrammarTest, EveryStatementHasASentenceOfItsOwn) {
  const std::vector<ProntoQaStatement> statements = AllStatements();
  EXPECT_EQ(statements.size(), (17U * 3U + 9U) * (17U + 45U) * 2U);
  std::set<std::string> sentences;
  for (const ProntoQaStatement& statement : statements) {
    const std::string sentence = ProntoQaSentence(statement);
    EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
    EXPECT_EQ(ParseProntoQaSentence(sentence), statement) << sentence;
  }
}

TEST(ProntoQaGrammarTest, WordingIsNotMeaning) {
  const ProntoQaStatement each = ParseProntoQaSentence("Each wumpus is red.");
  EXPECT_TRUE(SameMeaning(each, ParseProntoQaSentence("Wumpuses are red.")));
  EXPECT_FALSE(SameMeaning(each, ParseProntoQaSentence("Each wumpus is not red.")));
  EXPECT_FALSE(SameMeaning(each, ParseProntoQaSentence("Each wumpus is blue.")));
  EXPECT_FALSE(SameMeaning(each, ParseProntoQaSentence("Each yumpus is red.")));
}

TEST(ProntoQaGrammarTest, OtherSentencesAreRefused) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "it does not end with a full stop"},
      {".", "'' is no name, no concept in the plural, not Each, not Every"},
      {"Each wumpus is red", "it does not end with a full stop"},
      {"Each wumpus is red. ", "it does not end with a full stop"},
      {"Each wumpus is red..", "'red.' is no property and no article"},
      {"Each.", "it is not complete"},
      {"Each wumpus is.", "it is not complete"},
      {"Each wumpus is not.", "it is not complete"},
      {"Each wumpus is a.", "it is not complete"},
      {"each wumpus is red.", "'each' is no name, no concept in the plural, not Each, not Every"},
      {"wumpuses are red.", "'wumpuses' is no name, no concept in the plural, not Each, not Every"},
      {"Each wumpuses is red.", "'wumpuses' is no concept"},
      {"Each Alex is red.", "'Alex' is no concept"},
      {"Some wumpus is red.", "'Some' is no name, no concept in the plural, not Each, not Every"},
      {"Bob is red.", "'Bob' is no name, no concept in the plural, not Each, not Every"},
      {"Wumpus is red.", "'Wumpus' is no name, no concept in the plural, not Each, not Every"},
      {"Each wumpus are red.", "found 'are', expected 'is'"},
      {"Wumpuses is red.", "found 'is', expected 'are'"},
      {"Alex was red.", "found 'was', expected 'is'"},
      {"Each  wumpus is red.", "'' is no concept"},
      {"Each wumpus is redd.", "'redd' is no property and no article"},
      {"Each wumpus is not not red.", "'not' is no property and no article"},
      {"Each wumpus is an yumpus.", "found 'an yumpus', expected 'a yumpus'"},
      {"Each wumpus is a impus.", "found 'a impus', expected 'an impus'"},
      {"Each wumpus is yumpus.", "'yumpus' is no property and no article"},
      {"Each wumpus is a red.", "'red' is no concept"},
      {"Wumpuses are yumpus.", "'yumpus' is no property and no concept in the plural"},
      {"Wumpuses are a yumpus.", "'a' is no property and no concept in the plural"},
      {"Each wumpus is red blue.", "it goes on after 'red'"},
      {"Each wumpus is red .", "it goes on after 'red'"},
      {"Each wumpus is r\xc3\xa9"
       "d.",
       "'r\xc3\xa9"
       "d' is no property and no article"},
  };
  for (const auto& [sentence, reason] : cases) {
    const std::string message = ErrorOf([&text = sentence] { ParseProntoQaSentence(text); });
    EXPECT_TRUE(message.starts_with("'" + sentence + "' is no sentence")) << message;
    EXPECT_NE(message.find(reason), std::string::npos) << message;
  }
  const std::string with_nul("Each wumpus is red\0.", 20);
  EXPECT_NE(ErrorOf([&with_nul] { ParseProntoQaSentence(with_nul); }), "");
}

TEST(ProntoQaGrammarTest, Questions) {
  const auto statements =
      ParseProntoQaQuestion("Wumpuses are red. Every yumpus is not red. Alex is a yumpus.");
  ASSERT_EQ(statements.size(), 3U);
  EXPECT_EQ(statements[0], (ProntoQaStatement{Form::kPlural, "wumpus", false, "red"}));
  EXPECT_EQ(statements[1], (ProntoQaStatement{Form::kEvery, "yumpus", true, "red"}));
  EXPECT_EQ(statements[2], (ProntoQaStatement{Form::kFact, "Alex", false, "yumpus"}));
  for (const std::string bad :
       {"", "Wumpuses are red.  Alex is a yumpus.", "Wumpuses are red.Alex is a yumpus.",
        "Wumpuses are red. Alex is a yumpus. ", " Wumpuses are red.", "Wumpuses are red.\n"}) {
    EXPECT_NE(ErrorOf([&bad] { ParseProntoQaQuestion(bad); }), "") << bad;
  }
}

TEST(ProntoQaGrammarTest, Queries) {
  const ProntoQaStatement statement{Form::kFact, "Alex", true, "red"};
  EXPECT_EQ(ParseProntoQaQuery("True or false: Alex is not red."), statement);
  EXPECT_EQ(ProntoQaQuery(statement), "True or false: Alex is not red.");
  EXPECT_EQ(ErrorOf([] { ParseProntoQaQuery("Alex is not red."); }),
            "the query 'Alex is not red.' does not begin with 'True or false:'");
  EXPECT_EQ(ErrorOf([] { ParseProntoQaQuery("True or false: Wumpuses are red."); }),
            "the query 'True or false: Wumpuses are red.' is not about a name");
  EXPECT_NE(ErrorOf([] { ParseProntoQaQuery("True or false: "); }), "");
}

// Whatever is accepted is the sentence of what was read, byte for byte.
TEST(ProntoQaGrammarTest, MutatedSentencesAreReadOrRefused) {
  const std::vector<ProntoQaStatement> statements = AllStatements();
  std::set<std::string> words = {"Each", "Every", "is", "are", "not", "a", "an", ""};
  for (const ProntoQaStatement& statement : statements) {
    for (const std::string& word : Split(ProntoQaSentence(statement), ' ')) {
      words.insert(word);
    }
  }
  const std::vector<std::string> all(words.begin(), words.end());
  Stream stream(1, "test/prontoqa_grammar");
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::vector<std::string> parts =
        Split(ProntoQaSentence(statements[stream.UniformInt(statements.size())]), ' ');
    std::string& part = parts[stream.UniformInt(parts.size())];
    if (stream.UniformInt(uint64_t{4}) == 0 && !part.empty()) {
      part[stream.UniformInt(part.size())] = static_cast<char>(stream.UniformInt(uint64_t{256}));
    } else {
      part = all[stream.UniformInt(all.size())];
    }
    std::string sentence = parts[0];
    for (size_t word = 1; word < parts.size(); ++word) {
      sentence += " " + parts[word];
    }
    try {
      EXPECT_EQ(ProntoQaSentence(ParseProntoQaSentence(sentence)), sentence);
      ++accepted;
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GE(accepted, 1000);
  EXPECT_GE(refused, 1000);
}

}  // namespace
}  // namespace initbias
