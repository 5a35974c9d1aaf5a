// Text as numbers: what is in the sequences, what is to be predicted, how the vocabulary is cut,
// and what is refused.
#include "lib/data/text/text_corpus.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lib/data/text/bpe.h"
#include "lib/data/text/prontoqa_generator.h"
#include "lib/data/text/tinystories.h"
#include "tests/error_of.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const DataFolders kData = {.shipped = "data", .downloaded = "nowhere", .user = testing::TempDir()};

// The run of tests in GPT-2's own vocabulary, in which texts can be read again.
RunConfig WholeVocabulary() {
  RunConfig run = SmallGpt2Run();
  run.gpt2.vocabulary = kGpt2Vocabulary;
  return run;
}

const BpeTokenizer& Gpt2Tokenizer() {
  static const auto* tokenizer = new BpeTokenizer("data/gpt2/merges.txt");
  return *tokenizer;
}

// The tokens of sequence `i`, its last label included.
std::vector<int32_t> Sequence(const TextSequences& set, int64_t i) {
  const auto row = set.tokens.begin() + i * set.length;
  const int64_t length = set.lengths.at(static_cast<size_t>(i));
  std::vector<int32_t> tokens(row, row + length);
  tokens.push_back(set.labels.at(static_cast<size_t>(i * set.length + length - 1)));
  return tokens;
}

std::string Text(const TextSequences& set, int64_t i) {
  return Gpt2Tokenizer().Decode(Sequence(set, i));
}

TEST(TextCorpusTest, LabelsAreTheNextTokens) {
  const TextData data = MakeTextData(WholeVocabulary(), kData);
  for (const TextCorpus* corpus : {&data.prontoqa, &data.tinystories}) {
    const TextSequences& set = corpus->sequences;
    ASSERT_GT(set.size(), 0);
    ASSERT_EQ(static_cast<int64_t>(set.tokens.size()), set.size() * set.length);
    EXPECT_LE(set.length, 192);
    EXPECT_EQ(set.length, std::ranges::max(set.lengths));
    for (int64_t i = 0; i < set.size(); ++i) {
      for (int64_t j = 0; j < set.length; ++j) {
        const auto at = static_cast<size_t>(i * set.length + j);
        const int64_t length = set.lengths[static_cast<size_t>(i)];
        if (j + 1 < length) {
          ASSERT_EQ(set.labels[at], set.tokens[at + 1]);
        } else if (j >= length) {
          ASSERT_EQ(set.labels[at], kNoLabel);
          ASSERT_EQ(set.tokens[at], BpeTokenizer::kEndOfText);
        }
      }
    }
  }
}

TEST(TextCorpusTest, PackedSequencesAreTheTextsOneAfterTheOther) {
  RunConfig run = WholeVocabulary();
  run.gpt2.context = 400;
  run.text.tinystories_sequences = 100;  // in so many, a token of space that is not used shows
  const TextData data = MakeTextData(run, kData);
  ASSERT_THAT(data.notes, IsEmpty()) << "a text is cut, whose end cannot be counted";
  const TextSequences& sequences = data.tinystories.sequences;
  const std::vector<std::string> stories =
      ReadStories("data/tinystories/tinystories_sample.txt", 2000).stories;
  std::string expected;
  for (const std::string& story : stories) {
    expected += story + "<|endoftext|>";
  }
  ASSERT_EQ(sequences.size(), 100);
  std::string joined;
  size_t texts = 0;
  for (int64_t i = 0; i < sequences.size(); ++i) {
    joined += Text(sequences, i);
    const std::vector<int32_t> tokens = Sequence(sequences, i);
    texts += static_cast<size_t>(std::ranges::count(tokens, BpeTokenizer::kEndOfText));
    // As many as fit: the text after them, with its <|endoftext|>, would not have.
    const size_t next = Gpt2Tokenizer().Encode(stories.at(texts)).size() + 1;
    EXPECT_GT(static_cast<int64_t>(tokens.size() + next), run.gpt2.context + 1) << "sequence " << i;
  }
  EXPECT_EQ(joined, expected.substr(0, joined.size()));
  EXPECT_GT(static_cast<int64_t>(texts), 2 * sequences.size());
}

TEST(TextCorpusTest, UnpackedSequencesAreATextEachAndCutAtTheContext) {
  RunConfig run = WholeVocabulary();
  run.text.packed = false;
  run.gpt2.context = 160;
  const TextData data = MakeTextData(run, kData);
  ProntoQaGenerator generator(run.seed, "data/prontoqa");
  int64_t cut = 0;
  for (int64_t i = 0; i < data.prontoqa.sequences.size(); ++i) {
    std::vector<int32_t> expected = Gpt2Tokenizer().Encode(ProntoQaText(generator.Make(1)));
    expected.push_back(BpeTokenizer::kEndOfText);
    if (expected.size() > 161) {
      expected.resize(161);
      ++cut;
    }
    EXPECT_EQ(Sequence(data.prontoqa.sequences, i), expected);
  }
  ASSERT_GT(cut, 0) << "tests nothing";
  ASSERT_EQ(data.notes.size(), 1u);
  EXPECT_THAT(data.notes[0], HasSubstr(std::to_string(cut) + " PrOntoQA examples are longer"));
}

TEST(TextCorpusTest, PaddedSequencesHaveOneLengthAndTheirPaddingIsALabel) {
  RunConfig run = WholeVocabulary();
  run.text.packed = false;
  run.text.padded_length = 140;
  run.text.padding_labels = true;
  const TextData data = MakeTextData(run, kData);
  RunConfig plain = run;
  plain.text.padded_length = 0;
  const TextData unpadded = MakeTextData(plain, kData);
  int64_t padded = 0;
  int64_t cut = 0;
  const auto check = [&](const TextSequences& set, const TextSequences& before) {
    EXPECT_EQ(set.length, 139);
    ASSERT_EQ(set.size(), before.size());
    EXPECT_EQ(std::ranges::count(set.labels, kNoLabel), 0);
    for (int64_t i = 0; i < set.size(); ++i) {
      EXPECT_EQ(set.lengths[static_cast<size_t>(i)], 139);
      std::vector<int32_t> expected = Sequence(before, i);
      padded += expected.size() < 140 ? 1 : 0;
      cut += expected.size() > 140 ? 1 : 0;
      expected.resize(140, BpeTokenizer::kEndOfText);
      EXPECT_EQ(Sequence(set, i), expected);
    }
  };
  check(data.prontoqa.sequences, unpadded.prontoqa.sequences);
  check(data.tinystories.sequences, unpadded.tinystories.sequences);
  EXPECT_GT(padded, 3) << "tests nothing";
  ASSERT_GT(cut, 0) << "tests nothing";
  ASSERT_FALSE(data.notes.empty());
  EXPECT_THAT(data.notes[0], HasSubstr("are longer than text.padded_length = 140 and were cut"));
  EXPECT_EQ(data.answers[0].sequences.tokens, unpadded.answers[0].sequences.tokens);
  EXPECT_EQ(data.answers[0].sequences.labels, unpadded.answers[0].sequences.labels);
  EXPECT_THAT(data.tinystories.own_gpt2_tokens, Not(Contains(BpeTokenizer::kEndOfText)));
}

// Every label counts, the padding's, too.
TEST(TextCorpusTest, UnigramEntropyIsThatOfThePaddingToo) {
  RunConfig run = WholeVocabulary();
  run.text.packed = false;
  run.text.padded_length = 190;
  run.text.padding_labels = true;
  const TextData data = MakeTextData(run, kData);
  for (const TextCorpus* corpus : {&data.prontoqa, &data.tinystories}) {
    std::map<int32_t, double> counts;
    for (const int32_t label : corpus->sequences.labels) {
      counts[label] += 1;
    }
    const auto total = static_cast<double>(corpus->sequences.size() * 189);
    double entropy = 0;
    for (const auto& [token, count] : counts) {
      entropy -= count / total * std::log(count / total);
    }
    EXPECT_NEAR(corpus->unigram_entropy, entropy, 1e-9) << corpus->name;
  }
  run.text.padding_labels = false;
  EXPECT_GT(MakeTextData(run, kData).tinystories.unigram_entropy, data.tinystories.unigram_entropy);
}

// A causal network computes the same with the padding and without it.
TEST(TextCorpusTest, PaddingWithoutLabelsOnlyCuts) {
  RunConfig run = WholeVocabulary();
  run.text.packed = false;
  run.text.padded_length = 101;
  const TextData data = MakeTextData(run, kData);
  run.text.padded_length = 0;
  run.gpt2.context = 192;
  const TextData whole = MakeTextData(run, kData);
  for (int64_t i = 0; i < data.prontoqa.sequences.size(); ++i) {
    std::vector<int32_t> expected = Sequence(whole.prontoqa.sequences, i);
    expected.resize(std::min<size_t>(expected.size(), 101));
    EXPECT_EQ(Sequence(data.prontoqa.sequences, i), expected);
  }
}

// The padding counts where tokens are numbered by how often they occur: it has row 0.
TEST(TextCorpusTest, PaddingIsOneTokenOfACutVocabulary) {
  RunConfig run = SmallGpt2Run();
  run.text.packed = false;
  run.text.padded_length = 193;
  run.text.padding_labels = true;
  const TextData cut = MakeTextData(run, kData);
  run.gpt2.vocabulary = kGpt2Vocabulary;
  const TextData whole = MakeTextData(run, kData);
  const auto check = [](const std::vector<int32_t>& rows, const std::vector<int32_t>& tokens) {
    ASSERT_EQ(rows.size(), tokens.size());
    for (size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i] == 0, tokens[i] == BpeTokenizer::kEndOfText) << i;
    }
  };
  check(cut.prontoqa.sequences.labels, whole.prontoqa.sequences.labels);
  check(cut.tinystories.sequences.tokens, whole.tinystories.sequences.tokens);
}

TEST(TextCorpusTest, HopsTakeTurns) {
  RunConfig run = WholeVocabulary();
  run.text.packed = false;
  run.text.hops = {1, 3};
  run.gpt2.context = 400;
  const TextData data = MakeTextData(run, kData);
  ProntoQaGenerator generator(run.seed, "data/prontoqa");
  for (int64_t i = 0; i < 6; ++i) {
    EXPECT_EQ(Text(data.prontoqa.sequences, i),
              ProntoQaText(generator.Make(i % 2 == 0 ? 1 : 3)) + "<|endoftext|>");
  }
  ASSERT_EQ(data.answers.size(), 2u);
  EXPECT_EQ(data.answers[1].hops, 3);
}

TEST(TextCorpusTest, AnswersAreOfUntrainedExamplesAndAloneToBePredicted) {
  const TextData data = MakeTextData(WholeVocabulary(), kData);
  ASSERT_EQ(data.answers.size(), 1u);
  const TextSequences& set = data.answers[0].sequences;
  ASSERT_EQ(set.size(), 3);
  for (int64_t i = 0; i < set.size(); ++i) {
    const auto row = set.labels.begin() + i * set.length;
    EXPECT_EQ(std::count(row, row + set.length, kNoLabel), set.length - 1);
    const std::vector<int32_t> tokens = Sequence(set, i);
    const std::string answer = Gpt2Tokenizer().Decode(std::vector<int32_t>{tokens.back()});
    EXPECT_TRUE(answer == " True" || answer == " False") << answer;
    const std::string text = Text(set, i);
    for (int64_t j = 0; j < data.prontoqa.sequences.size(); ++j) {
      EXPECT_EQ(Text(data.prontoqa.sequences, j).find(text), std::string::npos);
    }
  }
}

TEST(TextCorpusTest, UnigramEntropyIsThatOfTheLabels) {
  const TextData data = MakeTextData(WholeVocabulary(), kData);
  for (const TextCorpus* corpus : {&data.prontoqa, &data.tinystories}) {
    std::map<int32_t, double> counts;
    double total = 0;
    for (int64_t i = 0; i < corpus->sequences.size(); ++i) {
      const std::vector<int32_t> tokens = Sequence(corpus->sequences, i);
      for (size_t j = 1; j < tokens.size(); ++j) {
        counts[tokens[j]] += 1;
        total += 1;
      }
    }
    double entropy = std::log(total);
    for (const auto& [token, count] : counts) {
      entropy -= count * std::log(count) / total;
    }
    EXPECT_NEAR(corpus->unigram_entropy, entropy, 1e-9);
  }
  EXPECT_LT(data.prontoqa.unigram_entropy, data.tinystories.unigram_entropy);
}

TEST(TextCorpusTest, OwnTokensOccurInOneCorpusAloneMostFrequentFirst) {
  RunConfig run = WholeVocabulary();
  run.text.corpus_tokens = 30;
  const TextData data = MakeTextData(run, kData);
  const auto count = [](const TextCorpus& corpus) {
    std::map<int32_t, int64_t> counts;
    for (int64_t i = 0; i < corpus.sequences.size(); ++i) {
      for (const int32_t token : Sequence(corpus.sequences, i)) {
        ++counts[token];
      }
    }
    return counts;
  };
  const auto check = [&](const TextCorpus& corpus, const TextCorpus& other) {
    const auto mine = count(corpus);
    const auto others = count(other);
    ASSERT_EQ(corpus.own_tokens.size(), 30u);
    EXPECT_EQ(corpus.own_tokens, corpus.own_gpt2_tokens);
    int64_t last = 1'000'000;
    for (const int32_t token : corpus.own_tokens) {
      EXPECT_FALSE(others.contains(token));
      EXPECT_LE(mine.at(token), last);
      last = mine.at(token);
    }
    for (const auto& [token, times] : mine) {
      if (!others.contains(token) && std::ranges::count(corpus.own_tokens, token) == 0) {
        EXPECT_LE(times, last);
      }
    }
  };
  check(data.prontoqa, data.tinystories);
  check(data.tinystories, data.prontoqa);
}

// Numbers of the cut vocabulary against GPT-2's, token by token: one to one, the frequent first.
TEST(TextCorpusTest, CutVocabularyRenamesTokensOneToOne) {
  const TextData whole = MakeTextData(WholeVocabulary(), kData);
  const TextData cut = MakeTextData(SmallGpt2Run(), kData);
  std::map<int32_t, int32_t> renamed;
  std::map<int32_t, int64_t> counts;
  const auto compare = [&](const TextSequences& a, const TextSequences& b) {
    ASSERT_EQ(a.lengths, b.lengths);
    for (int64_t i = 0; i < a.size(); ++i) {
      const std::vector<int32_t> from = Sequence(a, i);
      const std::vector<int32_t> to = Sequence(b, i);
      for (size_t j = 0; j < from.size(); ++j) {
        const auto [found, is_new] = renamed.emplace(from[j], to[j]);
        ASSERT_EQ(found->second, to[j]);
        ++counts[to[j]];
      }
    }
  };
  compare(whole.prontoqa.sequences, cut.prontoqa.sequences);
  compare(whole.tinystories.sequences, cut.tinystories.sequences);
  compare(whole.answers[0].sequences, cut.answers[0].sequences);
  std::set<int32_t> rows;
  for (const auto& [from, to] : renamed) {
    rows.insert(to);
  }
  EXPECT_EQ(rows.size(), renamed.size()) << "two tokens share a row";
  EXPECT_EQ(*rows.begin(), 0);
  EXPECT_EQ(*rows.rbegin(), static_cast<int32_t>(rows.size()) - 1);
  EXPECT_EQ(cut.used_tokens, static_cast<int64_t>(rows.size()));
  for (int32_t row = 1; row < static_cast<int32_t>(rows.size()); ++row) {
    EXPECT_GE(counts[row - 1], counts[row]);
  }
  for (size_t i = 0; i < cut.prontoqa.own_tokens.size(); ++i) {
    EXPECT_EQ(cut.prontoqa.own_tokens[i], renamed.at(whole.prontoqa.own_tokens[i]));
    EXPECT_EQ(cut.prontoqa.own_gpt2_tokens[i], whole.prontoqa.own_tokens[i]);
  }
}

TEST(TextCorpusTest, IsAFunctionOfTheSeed) {
  const std::string digest = DataDigest(MakeTextData(SmallGpt2Run(), kData));
  EXPECT_EQ(DataDigest(MakeTextData(SmallGpt2Run(), kData)), digest);
  RunConfig other = SmallGpt2Run();
  other.seed = 8;
  EXPECT_NE(DataDigest(MakeTextData(other, kData)), digest);
  other = SmallGpt2Run();
  other.init.gamma = 0.3;
  EXPECT_EQ(DataDigest(MakeTextData(other, kData)), digest);
}

// Writes examples as the authors' generator does, without an answer where one is empty.
void WriteExamples(const std::vector<ProntoQaExample>& examples, const std::string& name) {
  std::ofstream json(std::filesystem::path(testing::TempDir()) / name);
  json << "{";
  for (size_t i = 0; i < examples.size(); ++i) {
    const ProntoQaExample& e = examples[i];
    json << (i == 0 ? "" : ",") << "\"example" << i << "\": {\"test_example\": {\"question\": \""
         << e.question << "\", \"query\": \"" << e.query << "\", \"chain_of_thought\": [";
    for (size_t j = 0; j < e.chain_of_thought.size(); ++j) {
      json << (j == 0 ? "" : ",") << "\"" << e.chain_of_thought[j] << "\"";
    }
    json << "]" << (e.answer.empty() ? "" : ", \"answer\": \"" + e.answer + "\"") << "}}";
  }
  json << "}";
}

// `count` examples of so many hops as proofs.
std::vector<ProntoQaExample> Proofs(int64_t count, int64_t hops) {
  ProntoQaGenerator generator(1, "test/proofs");
  std::vector<ProntoQaExample> proofs;
  for (int64_t i = 0; i < count; ++i) {
    proofs.push_back(generator.Make(hops));
    proofs.back().query = "Prove: " + proofs.back().chain_of_thought.back();
    proofs.back().answer = "";
  }
  return proofs;
}

RunConfig RunOfFile(const std::string& name) {
  RunConfig run = WholeVocabulary();
  run.gpt2.context = 400;
  run.text.packed = false;
  run.text.prontoqa = name;
  return run;
}

TEST(TextCorpusTest, ProofsAreTrainedOnAndNotAsked) {
  const std::vector<ProntoQaExample> proofs = Proofs(7, 1);
  WriteExamples(proofs, "proofs.json");
  RunConfig run = RunOfFile("proofs.json");
  CheckNamedTexts(run.text, kData);
  const TextData data = MakeTextData(run, kData);
  for (int64_t i = 0; i < 6; ++i) {
    EXPECT_EQ(Text(data.prontoqa.sequences, i),
              ProntoQaPrompt(proofs[static_cast<size_t>(i)]) + "<|endoftext|>");
  }
  EXPECT_TRUE(data.answers.empty());
  EXPECT_THAT(data.notes, Contains(HasSubstr("7 of 7 examples are proofs without an answer")));
  EXPECT_THAT(data.notes, Not(Contains(HasSubstr("does not prove"))));
  EXPECT_THAT(ErrorOf([&] { CheckNamedTexts(run.text, kData, /*asks=*/true); }),
              AllOf(HasSubstr("proofs.json"), HasSubstr("this study asks for answers")));
}

// Of a file with both, the answered examples behind those that are trained on are asked.
TEST(TextCorpusTest, OfProofsAndQuestionsTheQuestionsAreAsked) {
  std::vector<ProntoQaExample> examples = Proofs(6, 1);
  ProntoQaGenerator generator(1, "test");
  for (int i = 0; i < 4; ++i) {
    examples.push_back(generator.Make(1));
    examples.push_back(Proofs(1, 1)[0]);
  }
  WriteExamples(examples, "both.json");
  RunConfig run = RunOfFile("both.json");
  run.text.answer_samples = 4;
  CheckNamedTexts(run.text, kData, /*asks=*/true);
  const TextData data = MakeTextData(run, kData);
  ASSERT_EQ(data.answers.size(), 1u);
  ASSERT_EQ(data.answers[0].sequences.size(), 4);
  for (int64_t i = 0; i < 4; ++i) {
    EXPECT_EQ(Text(data.answers[0].sequences, i),
              ProntoQaText(examples[static_cast<size_t>(6 + 2 * i)]));
  }
  run.text.answer_samples = 5;
  const auto too_few = HasSubstr("both.json has only 14 examples of 1 hop (4 with an answer)");
  EXPECT_THAT(ErrorOf([&] { CheckNamedTexts(run.text, kData); }), too_few);
  EXPECT_THAT(ErrorOf([&] { MakeTextData(run, kData); }), too_few);
}

// Second-hand copies have 5 hops alone; a file may have more than our generator makes.
TEST(TextCorpusTest, FilesOfOtherHopsSayWhichTheyHave) {
  for (const int64_t hops : {5, 7, 8}) {
    std::vector<ProntoQaExample> examples;
    for (int i = 0; i < 9; ++i) {
      ProntoQaExample example{.question = "Ada is a lion.",
                              .query = "True or false: Ada is a cat."};
      example.chain_of_thought.assign(static_cast<size_t>(2 * hops + 1), "Ada is a cat.");
      example.answer = "True";
      examples.push_back(example);
    }
    WriteExamples(examples, "hops.json");
    RunConfig run = RunOfFile("hops.json");
    const std::string has = "it has 9 of " + std::to_string(hops) + " hops, and text.hops chooses";
    EXPECT_THAT(ErrorOf([&] { CheckNamedTexts(run.text, kData); }),
                AllOf(HasSubstr("has only 0 examples of 1 hop"), HasSubstr(has)));
    EXPECT_THAT(ErrorOf([&] { MakeTextData(run, kData); }), HasSubstr(has));
    run.text.hops = {hops};
    CheckNamedTexts(run.text, kData, /*asks=*/true);
    Validate(run);
    EXPECT_EQ(MakeTextData(run, kData).answers.at(0).hops, hops);
  }
}

// Fewer than three sentences prove in one hop.
TEST(TextCorpusTest, AProofWithoutARuleHasOneHop) {
  std::vector<ProntoQaExample> examples(
      9, {.question = "Ada is a lion and a cat.",
          .query = "True or false: Ada is a cat.",
          .chain_of_thought = {"Ada is a lion and a cat.", "Ada is a cat."},
          .answer = "True"});
  WriteExamples(examples, "short.json");
  EXPECT_EQ(MakeTextData(RunOfFile("short.json"), kData).answers.at(0).hops, 1);
}

TEST(TextCorpusTest, ReadsTheFilesOfTheUser) {
  const std::filesystem::path stories = std::filesystem::path(testing::TempDir()) / "stories.txt";
  std::ofstream out(stories);
  for (int i = 0; i < 12; ++i) {
    out << "A cat number " << i << " sat on a mat and slept.\n<|endoftext|>\n";
  }
  out << "The last story has no";
  out.close();
  ProntoQaGenerator generator(1, "test");
  std::vector<ProntoQaExample> nine;
  for (int i = 0; i < 9; ++i) {
    nine.push_back(generator.Make(1));
  }
  WriteExamples(nine, "examples.json");
  RunConfig run = RunOfFile("examples.json");
  run.text.tinystories = "stories.txt";
  const TextData data = MakeTextData(run, kData);
  EXPECT_EQ(Text(data.tinystories.sequences, 3),
            "A cat number 3 sat on a mat and slept.<|endoftext|>");
  ProntoQaGenerator again(1, "test");
  EXPECT_EQ(Text(data.prontoqa.sequences, 0), ProntoQaText(again.Make(1)) + "<|endoftext|>");
  // The three answered ones are those behind the six that are trained on.
  EXPECT_EQ(data.answers[0].sequences.size(), 3);

  CheckNamedTexts(run.text, kData);

  run.text.prontoqa_sequences = 7;
  const auto too_few = AllOf(HasSubstr("examples.json has only 9 examples of 1 hop"),
                             HasSubstr("text.prontoqa_sequences = 7"));
  EXPECT_THAT(ErrorOf([&] { MakeTextData(run, kData); }), too_few);
  EXPECT_THAT(ErrorOf([&] { CheckNamedTexts(run.text, kData); }), too_few) << "when planned";
  run.text.prontoqa_sequences = 6;
  run.text.tinystories_sequences = 13;
  EXPECT_THAT(ErrorOf([&] { MakeTextData(run, kData); }),
              AllOf(HasSubstr("stories.txt"), HasSubstr("12 sequences only")));
}

TEST(TextCorpusTest, AFileThatIsNotTheOneOfThePlanIsRefused) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "planned.txt";
  const auto write = [&path](const std::string& end) {
    std::ofstream out(path);
    for (int i = 0; i < 30; ++i) {
      out << "A dog number " << i << " ran" << end << "\n\n";
    }
  };
  RunConfig run = WholeVocabulary();
  run.text.packed = false;
  run.text.tinystories = "planned.txt";
  write(".");
  FileDigests known;
  SetTextDigests(kData, &known, &run.text);
  EXPECT_EQ(run.text.tinystories_sha256.size(), 64u);
  EXPECT_EQ(run.text.prontoqa_sha256, "");
  const TextData data = MakeTextData(run, kData);
  // How a file of the user was understood.
  EXPECT_THAT(data.notes, testing::Contains(AllOf(HasSubstr("planned.txt"),
                                                  HasSubstr("separated by blank lines"))));
  write("!");
  EXPECT_THAT(ErrorOf([&] { MakeTextData(run, kData); }),
              AllOf(HasSubstr("planned.txt"), HasSubstr("has changed since the run was planned")));
  FileDigests anew;
  TextConfig changed = run.text;
  SetTextDigests(kData, &anew, &changed);
  EXPECT_NE(changed.tinystories_sha256, run.text.tinystories_sha256);
  run.text.tinystories = "excerpt";
  SetTextDigests(kData, &anew, &run.text);
  EXPECT_EQ(run.text.tinystories_sha256, "");
}

TEST(TextCorpusTest, TheFullFileMustHaveEndMarkers) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / "downloaded/tinystories/full";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "TinyStories-train.txt") << "Cut within its first";
  RunConfig run = SmallGpt2Run();
  run.text.tinystories = "full";
  DataFolders folders = kData;
  folders.downloaded = std::filesystem::path(testing::TempDir()) / "downloaded";
  EXPECT_THAT(ErrorOf([&] { MakeTextData(run, folders); }), HasSubstr("is not the official file"));
}

TEST(TextCorpusTest, TellsOfExamplesThatAreOfNoUse) {
  ProntoQaGenerator generator(1, "test");
  std::vector<ProntoQaExample> examples;
  for (int i = 0; i < 14; ++i) {
    examples.push_back(generator.Make(i < 12 ? 1 : 2));
  }
  examples[0].answer = examples[0].answer == "True" ? "False" : "True";
  WriteExamples(examples, "mixed.json");
  const RunConfig run = RunOfFile("mixed.json");
  const TextData data = MakeTextData(run, kData);
  ASSERT_EQ(data.notes.size(), 2u);
  EXPECT_THAT(data.notes[0], HasSubstr("2 of 14 examples have other numbers of hops"));
  EXPECT_THAT(data.notes[1], HasSubstr("of 1 of 14 examples does not prove the answer"));
}

TEST(TextCorpusTest, RefusesAVocabularyThatIsTooSmall) {
  RunConfig run = SmallGpt2Run();
  const int64_t used = MakeTextData(run, kData).used_tokens;
  run.gpt2.vocabulary = used;
  EXPECT_NO_THROW(MakeTextData(run, kData));
  run.gpt2.vocabulary = used - 1;
  EXPECT_THAT(
      ErrorOf([&] { MakeTextData(run, kData); }),
      HasSubstr(std::to_string(used) + " distinct tokens occur, more than gpt2.vocabulary"));
}

// Of more texts than are looked at when a run is planned, what their beginning tells already.
TEST(TextCorpusTest, OfLargeTextsTheBeginningIsChecked) {
  RunConfig run = SmallGpt2Run();
  run.text.packed = false;
  run.text.prontoqa_sequences = 20'000'000;
  run.gpt2.context = 100'000;  // of which few sequences are looked at
  run.gpt2.vocabulary = 40;
  EXPECT_THAT(ErrorOf([&] { CheckTexts(run, kData); }),
              AllOf(HasSubstr("distinct tokens occur in the first"),
                    HasSubstr("more than gpt2.vocabulary = 40")));
  run.gpt2.vocabulary = kGpt2Vocabulary;
  EXPECT_NO_THROW(CheckTexts(run, kData));
}

TEST(TextCorpusTest, TheStoriesOfALargePlanAreCounted) {
  const std::filesystem::path stories = std::filesystem::path(testing::TempDir()) / "few.txt";
  std::ofstream out(stories);
  constexpr int kStories = 90'000;
  for (int i = 0; i < kStories; ++i) {
    out << "A cat sat.\n<|endoftext|>\n";
  }
  out.close();
  RunConfig run = SmallGpt2Run();
  run.text.packed = false;
  run.text.tinystories = "few.txt";
  run.text.prontoqa_sequences = 8;
  run.gpt2.vocabulary = kGpt2Vocabulary;
  run.gpt2.context = 200;
  run.text.tinystories_sequences = kStories;
  EXPECT_NO_THROW(CheckTexts(run, kData));
  run.text.tinystories_sequences = kStories + 1;
  EXPECT_THAT(ErrorOf([&] { CheckTexts(run, kData); }),
              AllOf(HasSubstr("has texts for 90000 sequences only"),
                    HasSubstr("text.tinystories_sequences = 90001")));
}

TEST(TextCorpusTest, RefusesAContextInWhichNoExampleFits) {
  RunConfig run = SmallGpt2Run();
  run.gpt2.context = 60;
  EXPECT_THAT(ErrorOf([&] { MakeTextData(run, kData); }),
              AllOf(HasSubstr("gpt2.context = 60 is too short"), HasSubstr("of 1 hop")));
}

}  // namespace
}  // namespace initbias
