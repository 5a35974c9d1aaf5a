// Where the files of texts lie, and what is said of those that are missing or not as planned.
// Whether they suffice for a run: text_corpus_test.
#include "lib/data/text/text_files.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/error_of.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const DataFolders kFolders = {
    .shipped = "data", .downloaded = "nowhere", .user = testing::TempDir()};

std::filesystem::path WriteUserFile(const std::string& name, const std::string& text) {
  std::filesystem::path path = kFolders.user / name;
  std::ofstream(path) << text;
  return path;
}

TEST(TextFilesTest, LieInTheFolderOfTheirKind) {
  TextConfig text;
  text.tinystories = "excerpt";
  EXPECT_EQ(StoriesPath(text, kFolders), "data/tinystories/tinystories_sample.txt");
  text.tinystories = "full";
  EXPECT_EQ(StoriesPath(text, kFolders), "nowhere/tinystories/full/TinyStories-train.txt");
  text.tinystories = "mine.txt";
  EXPECT_EQ(StoriesPath(text, kFolders), kFolders.user / "mine.txt");
  text.tinystories = "/mine.txt";
  EXPECT_EQ(StoriesPath(text, kFolders), "/mine.txt");
  text.prontoqa = "mine.json";
  EXPECT_EQ(ExamplesPath(text, kFolders), kFolders.user / "mine.json");
}

TEST(TextFilesTest, MissingFilesAreNamedWithTheCommandThatHelps) {
  TextConfig text = SmallGpt2Run().text;
  text.tinystories = "full";
  EXPECT_THAT(ErrorOf([&] { CheckTextFiles(text, kFolders); }),
              AllOf(HasSubstr("nowhere/tinystories/full"),
                    HasSubstr("bazel run //data:fetch_tinystories")));
  text.tinystories = "no_such_file.txt";
  EXPECT_THAT(ErrorOf([&] { CheckTextFiles(text, kFolders); }), HasSubstr("no_such_file.txt"));
  text.tinystories = "excerpt";
  EXPECT_NO_THROW(CheckTextFiles(text, kFolders));
  text.prontoqa = "no_such_file.json";
  EXPECT_THAT(ErrorOf([&] { CheckTextFiles(text, kFolders); }), HasSubstr("no_such_file.json"));
}

TEST(TextFilesTest, AFolderIsNoFileOfTexts) {
  std::filesystem::create_directories(kFolders.user / "folder.txt");
  TextConfig text = SmallGpt2Run().text;
  text.tinystories = "folder.txt";
  EXPECT_THAT(ErrorOf([&] { CheckTextFiles(text, kFolders); }),
              HasSubstr("folder.txt is not a regular file"));
}

TEST(TextFilesTest, ExamplesAreToldApartByTheirHops) {
  const ExamplesByHops examples = ReadExamplesByHops(WriteUserFile("by_hops.json", R"({
    "example1": {"test_example": {"question": "Q.", "query": "True or false: c",
                                  "chain_of_thought": ["a", "b", "c"], "answer": "True"}},
    "example2": {"test_example": {"question": "Q.", "query": "True or false: e",
                                  "chain_of_thought": ["a", "b", "c", "d", "e"],
                                  "answer": "True"}},
    "example3": {"test_example": {"question": "Q.", "query": "Prove: a",
                                  "chain_of_thought": ["a"]}}})"));
  ASSERT_EQ(examples.size(), 2u);
  ASSERT_EQ(examples.at(1).size(), 2u);
  EXPECT_EQ(examples.at(2).size(), 1u);
  EXPECT_EQ(CountAnswered(examples.at(1)), 1);
  EXPECT_EQ(CountAnswered(examples.at(1), 1), 0);
  TextConfig text;
  text.prontoqa_sequences = 3;
  EXPECT_THAT(TooFewExamples(text, "by_hops.json", examples, 1).what(),
              AllOf(HasSubstr("by_hops.json has only 2 examples of 1 hop (1 with an answer)"),
                    HasSubstr("text.prontoqa_sequences = 3"),
                    HasSubstr("it has 1 of 2 hops, and text.hops chooses")));
}

TEST(TextFilesTest, AFileThatHasChangedIsNotThatOfThePlan) {
  WriteUserFile("changing.txt", "A cat sat.\n\n");
  TextConfig text = SmallGpt2Run().text;
  text.tinystories = "changing.txt";
  FileDigests known;
  SetTextDigests(kFolders, &known, &text);
  EXPECT_NO_THROW(CheckUnchanged(text, kFolders));
  WriteUserFile("changing.txt", "A dog sat.\n\n");
  EXPECT_THAT(ErrorOf([&] { CheckUnchanged(text, kFolders); }),
              AllOf(HasSubstr("changing.txt"), HasSubstr("has changed since the run was planned")));
  TextConfig again = text;
  SetTextDigests(kFolders, &known, &again);
  EXPECT_EQ(again.tinystories_sha256, text.tinystories_sha256) << "not read again";
}

}  // namespace
}  // namespace initbias
