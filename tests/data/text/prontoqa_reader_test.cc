// The authors' files are read as they are; what is not of their form is refused by name.
#include "lib/data/text/prontoqa_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/data/text/prontoqa.h"
#include "lib/rng/stream.h"
#include "tests/data/text/prontoqa_files.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// A file of this test's own with `content`.
fs::path Write(std::string_view content) {
  fs::path path = fs::path(testing::TempDir()) / "prontoqa_reader_test.json";
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

std::vector<ProntoQaExample> Read(std::string_view content) {
  return ReadProntoQaJson(Write(content));
}

std::string Refusal(std::string_view content) {
  const std::string message = ErrorOf([content] { Read(content); });
  const std::string start = "cannot read the PrOntoQA file " + Write(content).string() + ": ";
  EXPECT_TRUE(message.starts_with(start)) << message;
  return message.substr(std::min(start.size(), message.size()));
}

// A file with one example, whose test_example is `member`.
std::string File(std::string_view member) {
  return "{\"example1\": {\"test_example\": " + std::string(member) + "}}";
}

constexpr std::string_view kGood =
    R"({"question": "Wumpuses are red. Alex is a wumpus.", "query": "True or false: Alex is red.",
        "chain_of_thought": ["Alex is a wumpus.", "Wumpuses are red.", "Alex is red."],
        "answer": "True"})";

// kGood with its first `from` replaced.
std::string Changed(std::string_view from, std::string_view to) {
  std::string member(kGood);
  const size_t at = member.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return File(member.replace(at, from.size(), to));
}

TEST(ProntoQaReaderTest, ReadsTheShippedExcerpts) {
  for (const int64_t hops : {1, 3, 5}) {
    const std::vector<ProntoQaExample> examples = ReadProntoQaJson(ProntoQaExcerpt(hops));
    ASSERT_EQ(examples.size(), 20U);
    for (const ProntoQaExample& example : examples) {
      EXPECT_EQ(static_cast<int64_t>(example.chain_of_thought.size()), 2 * hops + 1);
    }
  }
  const ProntoQaExample expected = {
      .question =
          "Numpuses are vumpuses. Tumpuses are numpuses. Each tumpus is not transparent. "
          "Each vumpus is red. Lempuses are jompuses. Tumpuses are yumpuses. Numpuses are "
          "dumpuses. Every numpus is not melodic. Every zumpus is melodic. Lempuses are "
          "floral. Yumpuses are not moderate. Stella is a numpus. Stella is a lempus.",
      .query = "True or false: Stella is not melodic.",
      .chain_of_thought = {"Stella is a numpus.", "Every numpus is not melodic.",
                           "Stella is not melodic."},
      .answer = "True"};
  EXPECT_EQ(ReadProntoQaJson(ProntoQaExcerpt(1))[1], expected);
}

TEST(ProntoQaReaderTest, TakesAllInTheFilesOrder) {
  std::string file = "{";
  for (const std::string entry : {"example10", "example9", "a"}) {
    file += file.size() > 1 ? "," : "";
    file += "\"" + entry + "\": {";
    for (const std::string name : {"in_context_example1", "in_context_example0", "test_example"}) {
      std::string member(kGood);
      member.replace(member.find("Wumpuses"), 8, entry + "/" + name);
      file += (name == "in_context_example1" ? "\"" : ",\"") + name + "\": " + member;
    }
    file += "}";
  }
  const std::vector<ProntoQaExample> examples = Read(file + "}");
  ASSERT_EQ(examples.size(), 9U);
  size_t i = 0;
  for (const std::string entry : {"example10", "example9", "a"}) {
    for (const std::string name : {"in_context_example1", "in_context_example0", "test_example"}) {
      EXPECT_TRUE(examples[i].question.starts_with(entry + "/" + name)) << examples[i].question;
      ++i;
    }
  }
}

TEST(ProntoQaReaderTest, OtherMembersOfAnExampleArePassedOver) {
  const auto examples = Read(Changed("{\"question", "{\"model_output\": 7, \"question"));
  EXPECT_EQ(examples, Read(File(kGood)));
}

TEST(ProntoQaReaderTest, TextMayBeAnyUnicode) {
  const auto examples = Read(Changed("Wumpuses", "W\xc3\xbcmpuses\\u0021\\n"));
  EXPECT_EQ(examples[0].question, "W\xc3\xbcmpuses!\n are red. Alex is a wumpus.");
}

TEST(ProntoQaReaderTest, WhatIsNotJsonIsRefused) {
  const std::vector<std::string> cases = {
      "",
      " ",
      "{",
      "}",
      "nonsense",
      "\xff\xfe{",
      std::string("\0", 1),
      File(kGood) + "}",
      File(kGood).substr(0, 100),
      Changed("\"Alex is red.\"]", "\"Alex is red.\",]"),
      Changed("Wumpuses", "W\xfcmpuses"),    // Latin-1
      Changed("Wumpuses", "W\xc3"),          // a character that is cut
      Changed("Wumpuses", "W\xed\xa0\x80"),  // half a pair of surrogates
      Changed("Wumpuses", "\\ud800"),        // the same, escaped
      Changed("Wumpuses", "W\n"),            // a line break that is not escaped
      std::string(1'000'000, '['),
      std::string(1'000'000, '[') + std::string(1'000'000, ']') + "x",
  };
  for (const std::string& file : cases) {
    EXPECT_TRUE(Refusal(file).starts_with("it is not JSON: parse error at line "))
        << file.substr(0, 200);
  }
}

TEST(ProntoQaReaderTest, OtherJsonIsRefused) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"null", "the file's value is of type null, expected an object or a list"},
      {"7", "the file's value is of type number, expected an object or a list"},
      {"{}", "it holds no example"},
      {"[]", "it holds no example"},
      {"{\"example1\": {}}", "it holds no example"},
      {"{\"example1\": []}", "example1 is of type array, expected an object"},
      {"{\"example1\": {\"tst_example\": {}}}",
       "example1/tst_example is unknown, expected test_example or in_context_example0, 1, .."},
      {File("[]"), "example1/test_example is of type array, expected an object"},
      {File(deep), "example1/test_example is of type array, expected an object"},
      {File("{}"), "example1/test_example has no 'question'"},
      {Changed("\"query\"", "\"Query\""), "example1/test_example has no 'query'"},
      {Changed("chain_of_thought", "chain"), "example1/test_example has no 'chain_of_thought'"},
      {Changed("answer", "result"), "example1/test_example has no 'answer'"},
      {Changed("\"Wumpuses are red. Alex is a wumpus.\"", "1"),
       "example1/test_example/question is of type number, expected a text"},
      {Changed("Wumpuses are red. Alex is a wumpus.", ""),
       "example1/test_example/question is empty"},
      {Changed("\"True or false: Alex is red.\"", "null"),
       "example1/test_example/query is of type null, expected a text"},
      {Changed("[\"Alex is a wumpus.\", \"Wumpuses are red.\", \"Alex is red.\"]", "\"Alex\""),
       "example1/test_example/chain_of_thought is of type string, expected an array of texts"},
      {Changed("[\"Alex is a wumpus.\", \"Wumpuses are red.\", \"Alex is red.\"]", "[]"),
       "example1/test_example/chain_of_thought is empty"},
      {Changed("[\"Alex is a wumpus.\"", "[[]"),
       "example1/test_example/chain_of_thought[0] is of type array, expected a text"},
      {Changed("\"Alex is red.\"]", "\"\"]"), "example1/test_example/chain_of_thought[2] is empty"},
      {Changed("\"True\"", "true"),
       "example1/test_example/answer is of type boolean, expected a text"},
      {Changed("\"True\"", "\"true\""),
       "example1/test_example/answer is 'true', expected True or False"},
      {Changed("{\"question\"", "{\"query\": \"\", \"question\""), "the name 'query' occurs twice"},
      {"{\"example1\": {}, \"example1\": {}}", "the name 'example1' occurs twice"},
  };
  for (const auto& [file, reason] : cases) {
    EXPECT_EQ(Refusal(file), reason);
  }
}

// A proof as the authors' generator writes it with --proofs-only; a step may end a paragraph.
constexpr std::string_view kProof =
    R"({"question": "Every a is a b and a c. Ada is a a.", "query": "Prove: Ada is a b.",
        "chain_of_thought": ["Ada is a a.", "Every a is a b and a c.", "Ada is a b and a c.\n\n",
                             "Ada is a b."]})";

TEST(ProntoQaReaderTest, ProofsHaveNoAnswer) {
  const std::string proof(kProof);
  const auto examples =
      Read(R"({"example1": {"in_context_example0": )" + proof + R"(, "test_example": )" +
           std::string(kGood) + R"(}, "example2": {"test_example": )" + proof + "}}");
  ASSERT_EQ(examples.size(), 3U);
  EXPECT_EQ(examples[0],
            (ProntoQaExample{.question = "Every a is a b and a c. Ada is a a.",
                             .query = "Prove: Ada is a b.",
                             .chain_of_thought = {"Ada is a a.", "Every a is a b and a c.",
                                                  "Ada is a b and a c.\n\n", "Ada is a b."}}));
  EXPECT_EQ(examples[1].answer, "True");
  EXPECT_EQ(examples[2], examples[0]);
  EXPECT_EQ(ProntoQaText(examples[0]), ProntoQaPrompt(examples[0]));
}

// Beside proofs, a question must have its answer; and an answer that is there is looked at.
TEST(ProntoQaReaderTest, WhereProofsAndQuestionsMixEachIsHeldToItsForm) {
  const std::string start = R"({"a": {"test_example": )" + std::string(kProof) + "}, \"b\": ";
  EXPECT_EQ(Refusal(start + Changed("\"answer\"", "\"result\"") + "}"),
            "b/example1 is unknown, expected test_example or in_context_example0, 1, ..");
  std::string question(kGood);
  question.replace(question.find("\"answer\""), 8, "\"result\"");
  EXPECT_EQ(Refusal(start + "{\"test_example\": " + question + "}}"),
            "b/test_example has no 'answer'");
  std::string proof(kProof);
  proof.replace(proof.rfind('}'), 1, ", \"answer\": \"Perhaps\"}");
  EXPECT_EQ(Refusal(File(proof)),
            "example1/test_example/answer is 'Perhaps', expected True or False");
  proof = kProof;
  proof.replace(proof.find("Prove: "), 7, "Prove ");
  EXPECT_EQ(Refusal(File(proof)), "example1/test_example has no 'answer'");
}

// As Logic-LM and others hand the data set on.
constexpr std::string_view kListed =
    R"({"id": "ProntoQA_1", "context": "Wumpuses are red. Alex is a wumpus.",
        "question": "Is the following statement true or false? Alex is red.",
        "options": ["A) True", "B) False"], "answer": "A",
        "explanation": ["Alex is a wumpus.", "Wumpuses are red.", "Alex is red."]})";

TEST(ProntoQaReaderTest, AListHoldsExamplesOfEitherForm) {
  std::string other(kListed);
  other.replace(other.find("\"A\""), 3, "\"B\"");
  const auto examples = Read("[" + std::string(kListed) + "," + std::string(kGood) + "," +
                             std::string(kProof) + "," + other + "]");
  ASSERT_EQ(examples.size(), 4U);
  EXPECT_EQ(examples[0], Read(File(kGood))[0]);
  EXPECT_EQ(examples[1], examples[0]);
  EXPECT_EQ(examples[2], Read(File(kProof))[0]);
  EXPECT_EQ(examples[3].answer, "False");
}

TEST(ProntoQaReaderTest, WhatIsWrongInAListIsNamed) {
  const auto changed = [](std::string_view from, std::string_view to) {
    std::string listed(kListed);
    const size_t at = listed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return "[" + std::string(kGood) + "," + listed.replace(at, from.size(), to) + "]";
  };
  const std::pair<std::string, std::string> cases[] = {
      {"[7]", "[0] is of type number, expected an object"},
      {"[[]]", "[0] is of type array, expected an object"},
      {"[{}]", "[0] has no 'question'"},
      {R"([{"context": "a"}])", "[0] has no 'question'"},
      {changed("\"context\"", "\"text\""), "[1] has no 'query'"},
      {changed("\"explanation\"", "\"proof\""), "[1] has no 'explanation'"},
      {changed("\"answer\"", "\"label\""), "[1] has no 'answer'"},
      {changed("\"options\"", "\"choices\""), "[1] has no 'options'"},
      {changed("Is the following statement true or false? Alex", "Is Alex"),
       "[1]/question is 'Is Alex is red.', expected 'Is the following statement true or false? ..'"},
      {changed("\"A\"", "\"C\""),
       "[1]/answer is 'C', expected the letter of an option 'True' or 'False'"},
      {changed("A) True", "A) Unknown"),
       "[1]/answer is 'A', expected the letter of an option 'True' or 'False'"},
      {changed("[\"Alex is a wumpus.\"", "[\"\""), "[1]/explanation[0] is empty"},
      {changed("{\"id\"", "{\"answer\": \"A\", \"id\""), "the name 'answer' occurs twice"},
  };
  for (const auto& [file, reason] : cases) {
    EXPECT_EQ(Refusal(file), reason);
  }
}

TEST(ProntoQaReaderTest, MissingFilesAndFoldersAreRefused) {
  for (const fs::path& path :
       {fs::path("no/such/file.json"), fs::path(testing::TempDir()), fs::path()}) {
    EXPECT_EQ(ErrorOf([&path] { ReadProntoQaJson(path); }),
              "cannot read the PrOntoQA file " + path.string() + ": it is missing, or no file");
  }
}

// Not called JSON that is cut short: it may be whole.
TEST(ProntoQaReaderTest, AFailingDiskIsSaidToBeOne) {
  EXPECT_TRUE(ErrorOf([] {
                ReadProntoQaJson("/proc/self/mem");
              }).starts_with("cannot read /proc/self/mem: Input/output error"));
}

// Bytes changed, cut out, doubled: an Error, or examples that are complete.
TEST(ProntoQaReaderTest, MutatedFilesAreReadOrRefused) {
  const std::string files[] = {
      "{\"a\": {\"in_context_example0\": " + std::string(kGood) + ", \"test_example\": " +
          std::string(kGood) + "}, \"b\": {" + "\"test_example\": " + std::string(kProof) + "}}",
      "[" + std::string(kListed) + "," + std::string(kGood) + "," + std::string(kProof) + "]"};
  for (const std::string& file : files) {
    ASSERT_EQ(Read(file).size(), 3U);
  }
  constexpr std::string_view kBytes = "{}[]\",:\\u0d/\x80\xc3\xff\n tn-1e";
  Stream stream(1, "test/prontoqa_reader");
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 1500; ++i) {
    std::string mutated = files[i % 2];
    for (uint64_t change = stream.UniformInt(uint64_t{3}); change < 3; ++change) {
      const size_t at = stream.UniformInt(mutated.size());
      const size_t size = std::min(stream.UniformInt(uint64_t{40}) + 1, mutated.size() - at);
      switch (stream.UniformInt(uint64_t{4})) {
        case 0:
          mutated[at] = kBytes[stream.UniformInt(kBytes.size())];
          break;
        case 1:
          mutated[at] = static_cast<char>(stream.UniformInt(uint64_t{256}));
          break;
        case 2:
          mutated.erase(at, size);
          break;
        default:
          mutated.insert(stream.UniformInt(mutated.size()), mutated.substr(at, size));
      }
    }
    try {
      const std::vector<ProntoQaExample> examples = Read(mutated);
      EXPECT_FALSE(examples.empty());
      for (const ProntoQaExample& example : examples) {
        EXPECT_FALSE(example.question.empty() || example.query.empty() ||
                     example.chain_of_thought.empty());
        EXPECT_TRUE(example.answer == "True" || example.answer == "False" ||
                    (example.answer.empty() && example.query.starts_with("Prove: ")))
            << example.answer;
      }
      ++accepted;
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GE(accepted, 100);
  EXPECT_GE(refused, 100);
}

}  // namespace
}  // namespace initbias
