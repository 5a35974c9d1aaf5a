// The reader of PrOntoQA's JSON: refused with the file's name, or examples that are complete; they
// are written and read as the same. The prover proves or refuses, and its sentences go both ways.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/runfile.h"
#include "lib/base/utf8.h"
#include "lib/data/text/prontoqa.h"
#include "lib/data/text/prontoqa_grammar.h"
#include "lib/data/text/prontoqa_proof.h"
#include "lib/data/text/prontoqa_reader.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/target.h"

namespace initbias::fuzz {
namespace {

constexpr char kFile[] = "examples.json";

void CheckSentence(std::string_view sentence) {
  ProntoQaStatement statement;
  if (!RefusalOf([&] { statement = ParseProntoQaSentence(sentence); })) {
    Hold(ProntoQaSentence(statement) == sentence, "a sentence goes both ways");
  }
}

// What stands between quotes, whether or not it is JSON.
void CheckParts(std::string_view text) {
  constexpr size_t kMost = 60;
  Choices parts(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  for (size_t i = 0; i < kMost && !parts.empty();) {
    const std::string_view part = parts.Until('"');
    if (!part.ends_with('.')) {
      continue;
    }
    ++i;
    CheckSentence(part);
    ProntoQaStatement query;
    if (!RefusalOf([&] { query = ParseProntoQaQuery(part); })) {
      Hold(ProntoQaQuery(query) == part, "a query goes both ways");
    }
    (void)RefusalOf([&] { ParseProntoQaQuestion(part); });
  }
}

void CheckExample(const ProntoQaExample& example) {
  Hold(!example.question.empty() && !example.query.empty() && !example.chain_of_thought.empty(),
       "an example is complete");
  Hold(example.answer == "True" || example.answer == "False" ||
           (example.answer.empty() && example.query.starts_with("Prove: ")),
       "an answer is True or False, or there is none to a proof");
  const std::string text = ProntoQaText(example);
  Hold(ValidUtf8Length(text) == text.size(), "an example is UTF-8");
  Hold(text.ends_with(example.answer) && text.starts_with(ProntoQaPrompt(example)),
       "a text is the prompt and the answer");
  for (const std::string& sentence : example.chain_of_thought) {
    Hold(!sentence.empty(), "a step has words");
    CheckSentence(sentence);
  }
  int64_t hops = 0;
  if (!RefusalOf([&] { hops = ProveProntoQa(example); })) {
    Hold(hops >= 0 && hops <= static_cast<int64_t>(example.chain_of_thought.size()),
         "no more hops than steps");
    ProntoQaExample opposite = example;
    opposite.answer = example.answer == "True" ? "False" : "True";
    Hold(RefusalOf([&] { ProveProntoQa(opposite); }).has_value(), "one answer alone is proved");
  }
}

std::string Written(const std::vector<ProntoQaExample>& examples) {
  nlohmann::ordered_json root;
  for (size_t i = 0; i < examples.size(); ++i) {
    const ProntoQaExample& example = examples[i];
    root["example" + std::to_string(i)]["test_example"] = {
        {"question", example.question},
        {"query", example.query},
        {"chain_of_thought", example.chain_of_thought}};
    if (!example.answer.empty()) {
      root["example" + std::to_string(i)]["test_example"]["answer"] = example.answer;
    }
  }
  return root.dump();
}

void CheckInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckParts(text);
  const std::filesystem::path path = ScratchFile(kFile, text);
  std::vector<ProntoQaExample> examples;
  if (const auto refusal = RefusalOf([&] { examples = ReadProntoQaJson(path); })) {
    Hold(refusal->find(path.string()) != std::string::npos, "an error names the file");
    return;
  }
  Hold(!examples.empty(), "a file that is read has an example");
  for (const ProntoQaExample& example : examples) {
    CheckExample(example);
  }
  Hold(ReadProntoQaJson(ScratchFile(kFile, Written(examples))) == examples,
       "examples that are written are read as the same");
}

}  // namespace

Corpus MakeCorpus() {
  Corpus corpus;
  for (const char* name : {"1hop", "3hop", "5hop"}) {
    const std::string path =
        std::string("data/prontoqa/prontoqa_") + name + "_random_seed1_excerpt.json";
    corpus.seeds.push_back(Bytes(FindRunfile(path)));
  }
  const std::string example =
      R"({"question": "Every wumpus is not red. Alex is a wumpus.", "query": "True or false: Alex is red.",)"
      R"( "chain_of_thought": ["Alex is a wumpus.", "Every wumpus is not red.", "Alex is not red."],)"
      R"( "answer": "False"})";
  corpus.seeds.push_back(R"({"example1": {"in_context_example0": )" + example +
                         R"(, "test_example": )" + example + "}}");
  const std::string proof =
      R"({"question": "Alex is a wumpus and red.", "query": "Prove: Alex is red.",)"
      R"( "chain_of_thought": ["Alex is a wumpus and red.", "Alex is red."]})";
  const std::string listed =
      R"({"id": "1", "context": "Every wumpus is red. Alex is a wumpus.",)"
      R"( "question": "Is the following statement true or false? Alex is not red.",)"
      R"( "options": ["A) True", "B) False"], "answer": "B",)"
      R"( "explanation": ["Alex is a wumpus.", "Every wumpus is red.", "Alex is red."]})";
  corpus.seeds.push_back(R"({"a": {"test_example": )" + proof + "}}");
  corpus.seeds.push_back("[" + listed + ", " + example + ", " + proof + "]");
  corpus.seeds.push_back(R"({"a": {"test_example": )" + example + R"(}, "b": {"test_example": )" +
                         example + "}}");
  corpus.words = {"{",
                  "}",
                  "[",
                  "]",
                  ",",
                  ":",
                  "null",
                  "1e999",
                  "\"\"",
                  "\\u0000",
                  "\\ud83d",
                  "\\ud83d\\ude00",
                  "\"test_example\":",
                  "\"in_context_example0\":",
                  "\"question\":",
                  "\"query\":",
                  "\"answer\":",
                  "\"chain_of_thought\":",
                  "\"True\"",
                  "\"False\"",
                  "Prove: ",
                  "not ",
                  " red",
                  " not",
                  " wumpus",
                  " a wumpus",
                  "Each ",
                  "Every ",
                  "Wumpuses are ",
                  "an impus",
                  "a wumpus",
                  ". ",
                  "[[[[[[[[",
                  "{\"a\":{\"a\":",
                  "\xEF\xBB\xBF",
                  "\xFF"};
  for (const std::string& concept_name : ProntoQaConcepts()) {
    corpus.words.push_back(concept_name);
  }
  return corpus;
}

}  // namespace initbias::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  initbias::fuzz::CheckInput(data, size);
  return 0;
}
