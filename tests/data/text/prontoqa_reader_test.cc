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
      {"null", "the file's value is of type null, expected an object"},
      {"7", "the file's value is of type number, expected an object"},
      {"{}", "it holds no example"},
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

// Layouts that users have; the message says what they are, and which file fits.
TEST(ProntoQaReaderTest, ProofsAloneAndListsAreNamed) {
  const std::string proof =
      R"({"question": "Every a is a b. Ada is a a.", "query": "Prove: Ada is a b.",)"
      R"( "chain_of_thought": ["Ada is a a."]})";
  const std::pair<std::string, std::string> cases[] = {
      {R"({"example1": {"test_example": )" + proof + "}}",
       "example1/test_example is to be proved and has no answer"},
      {"[" + proof + "]", "it is a list, as second-hand copies"},
      {"[]", "it is a list, as second-hand copies"},
  };
  for (const auto& [file, reason] : cases) {
    const std::string refusal = Refusal(file);
    EXPECT_EQ(refusal.rfind(reason, 0), 0u) << refusal;
    EXPECT_NE(refusal.find("without --proofs-only"), std::string::npos) << refusal;
  }
}

TEST(ProntoQaReaderTest, MissingFilesAndFoldersAreRefused) {
  for (const fs::path& path :
       {fs::path("no/such/file.json"), fs::path(testing::TempDir()), fs::path()}) {
    EXPECT_EQ(ErrorOf([&path] { ReadProntoQaJson(path); }),
              "cannot read the PrOntoQA file " + path.string() + ": it is missing, or no file");
  }
}

// Bytes changed, cut out, doubled: an Error, or examples that are complete.
TEST(ProntoQaReaderTest, MutatedFilesAreReadOrRefused) {
  const std::string file = "{\"a\": {\"in_context_example0\": " + std::string(kGood) +
                           ", \"test_example\": " + std::string(kGood) + "}, \"b\": {" +
                           "\"test_example\": " + std::string(kGood) + "}}";
  ASSERT_EQ(Read(file).size(), 3U);
  constexpr std::string_view kBytes = "{}[]\",:\\u0d/\x80\xc3\xff\n tn-1e";
  Stream stream(1, "test/prontoqa_reader");
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 1500; ++i) {
    std::string mutated = file;
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
        EXPECT_TRUE(example.answer == "True" || example.answer == "False") << example.answer;
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
