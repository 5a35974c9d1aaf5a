// GPT-2's tokenizer gives the tokens of OpenAI's tiktoken: on goldens, on all code points, on the
// shipped excerpts, and what it does is what a slow, plain algorithm does.
//
// Regenerate bpe_golden.txt as tests/oracle/README.md says.
#include "lib/data/text/bpe.h"

#include <fmt/format.h>
#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/sha256.h"
#include "lib/base/text.h"
#include "lib/rng/stream.h"
#include "tests/data/text/slow_tokenizer.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using Tokens = std::vector<int32_t>;

constexpr char kMergesPath[] = "data/gpt2/merges.txt";

const BpeTokenizer& Tokenizer() {
  static const BpeTokenizer tokenizer(kMergesPath);
  return tokenizer;
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string Digest(const Tokens& tokens) {
  Sha256 sha;
  sha.Update(tokens.data(), tokens.size() * sizeof(int32_t));
  return sha.HexDigest();
}

std::string Unhex(std::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

// All code points but the surrogates, in UTF-8, with `separator` between them.
std::string AllCodePoints(const std::string& separator) {
  std::string text;
  for (uint32_t code = 0; code < 0x110000; ++code) {
    if (code >= 0xD800 && code < 0xE000) {
      continue;
    }
    if (code > 0) {
      text += separator;
    }
    const int extra = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    text +=
        static_cast<char>(extra == 0 ? code : (0xF0U << (3 - extra) & 0xFF) | code >> 6 * extra);
    for (int i = extra - 1; i >= 0; --i) {
      text += static_cast<char>(0x80 | (code >> 6 * i & 0x3F));
    }
  }
  return text;
}

// A line of bpe_golden.txt.
struct Golden {
  std::string name;
  std::string input;
  std::string count;
  std::string tokens;
};

std::vector<Golden> ReadGoldens() {
  std::vector<Golden> goldens;
  for (const std::string& line : Split(ReadFile("tests/data/text/bpe_golden.txt"), '\n')) {
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    const std::vector<std::string> parts = Split(line, '|');
    if (parts.size() != 4) {
      ADD_FAILURE() << "not a golden: " << line;
      continue;
    }
    goldens.push_back({parts[0], parts[1], parts[2], parts[3]});
  }
  return goldens;
}

// The input that a golden is about.
std::string InputOf(const Golden& golden) {
  const size_t colon = golden.input.find(':');
  if (colon == std::string::npos) {
    std::string text;
    for (const std::string& part : Split(golden.input, '+')) {
      const std::vector<std::string> repeated = Split(part, '*');
      const std::string bytes = Unhex(repeated[0]);
      for (int64_t i = repeated.size() == 2 ? ParseInt(repeated[1]).value() : 1; i > 0; --i) {
        text += bytes;
      }
    }
    return text;
  }
  const std::string kind = golden.input.substr(0, colon);
  const std::string what = golden.input.substr(colon + 1);
  if (kind == "code_points") {
    return AllCodePoints(Unhex(what));
  }
  EXPECT_EQ(kind, "file") << golden.name;
  return ReadFile(what);
}

void ExpectGolden(const Golden& golden, const std::string& input) {
  SCOPED_TRACE(golden.name);
  const Tokens tokens = Tokenizer().Encode(input);
  EXPECT_EQ(std::to_string(tokens.size()), golden.count);
  const bool is_digest = golden.tokens.size() == 64 && golden.tokens.find(',') == std::string::npos;
  EXPECT_EQ(is_digest ? Digest(tokens) : fmt::format("{}", fmt::join(tokens, ",")), golden.tokens);
  EXPECT_TRUE(Tokenizer().Decode(tokens) == input);
}

// The vocabulary as the text of OpenAI's encoder.json: each token as GPT-2 writes it, in JSON with
// ASCII alone.
std::string EncoderJson() {
  std::string json;
  for (int32_t token = 0; token < BpeTokenizer::kVocabulary; ++token) {
    json += json.empty() ? "{\"" : ", \"";
    for (const char character : Tokenizer().TokenBytes(token)) {
      uint32_t code = static_cast<unsigned char>(character);
      // A byte without a visible character of Latin-1 is written as one of the 68 from 256 on.
      if (code <= 0x20) {
        code += 0x100;
      } else if (code >= 0x7F && code <= 0xA0) {
        code += 0x121 - 0x7F;
      } else if (code == 0xAD) {
        code = 0x143;
      }
      if (code > 0x7E) {
        json += fmt::format("\\u{:04x}", code);
      } else {
        json += code == '"' || code == '\\' ? "\\" : "";
        json += static_cast<char>(code);
      }
    }
    json += fmt::format("\": {}", token);
  }
  return json + "}";
}

// Returns false where the two encodings of `text` differ or it is not decoded to itself.
bool AgreesWithSlow(const std::string& text) {
  static const SlowTokenizer slow(Tokenizer());
  const Tokens tokens = Tokenizer().Encode(text);
  EXPECT_EQ(tokens, slow.Encode(text)) << testing::PrintToString(text);
  EXPECT_EQ(Tokenizer().Decode(tokens), text);
  return !testing::Test::HasFailure();
}

std::string RandomBytes(uint64_t size, Stream* stream) {
  std::string bytes;
  for (; size > 0; --size) {
    bytes += static_cast<char>(stream->UniformInt(256));
  }
  return bytes;
}

TEST(Bpe, MergesFileIsOpenAis) {
  EXPECT_EQ(Sha256Hex(ReadFile(kMergesPath)),
            "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5");
}

// The digest is that of encoder.json, as tiktoken demands it (openai_public.py).
TEST(Bpe, VocabularyIsOpenAis) {
  EXPECT_EQ(Sha256Hex(EncoderJson()),
            "196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783");
}

// Encode counts on this where it leaves out a rule of tiktoken's for input that is not UTF-8.
TEST(Bpe, NoTokenHasASpaceAfterABlank) {
  for (int32_t token = 0; token < BpeTokenizer::kVocabulary; ++token) {
    const std::string_view bytes = Tokenizer().TokenBytes(token);
    for (const std::string_view blanks : {"  ", "\n ", "\t "}) {
      EXPECT_EQ(bytes.find(blanks), std::string_view::npos) << token;
    }
  }
}

TEST(Bpe, Examples) {
  EXPECT_THAT(Tokenizer().Encode("Hello world"), ElementsAre(15496, 995));
  EXPECT_THAT(Tokenizer().Encode(""), IsEmpty());
  EXPECT_EQ(Tokenizer().TokenBytes(0), "!");
  EXPECT_EQ(Tokenizer().TokenBytes(220), " ");
  EXPECT_EQ(Tokenizer().TokenBytes(262), " the");
  EXPECT_EQ(Tokenizer().TokenBytes(50'255), " gazed");
  EXPECT_EQ(Tokenizer().TokenBytes(BpeTokenizer::kEndOfText), "<|endoftext|>");
}

TEST(Bpe, TokensAreTiktokens) {
  int compared = 0;
  for (const Golden& golden : ReadGoldens()) {
    if (!golden.name.starts_with("excerpt_")) {
      ExpectGolden(golden, InputOf(golden));
      ++compared;
    }
  }
  EXPECT_GT(compared, 300);
}

TEST(Bpe, TokensOfTheShippedExcerptsAreTiktokens) {
  int compared = 0;
  for (const Golden& golden : ReadGoldens()) {
    if (golden.name.starts_with("excerpt_")) {
      ExpectGolden(golden, InputOf(golden));
      ++compared;
    }
  }
  EXPECT_EQ(compared, 5);  // three of PrOntoQA, two of TinyStories
}

// tiktoken itself fails on this, for want of stack.
TEST(Bpe, LongWhiteSpaceBeforeAWord) {
  for (const char character : {' ', '\n', '\t'}) {
    const std::string run(1'000'000, character);
    Tokens expected = Tokenizer().Encode(run.substr(1));
    for (const int32_t token : Tokenizer().Encode(character + std::string("word"))) {
      expected.push_back(token);
    }
    EXPECT_TRUE(Tokenizer().Encode(run + "word") == expected);
  }
}

TEST(Bpe, RandomBytesAgreeWithTheSlowAlgorithm) {
  Stream stream(1, "test/bpe/bytes");
  for (int i = 0; i < 3'000; ++i) {
    ASSERT_TRUE(AgreesWithSlow(RandomBytes(stream.UniformInt(60), &stream)));
  }
}

// Some bytes of each text are replaced, taken out or added.
TEST(Bpe, MutatedTextAgreesWithTheSlowAlgorithm) {
  std::vector<std::string> texts;
  for (const Golden& golden : ReadGoldens()) {
    if (golden.input.find_first_of(":*") == std::string::npos) {
      texts.push_back(InputOf(golden).substr(0, 200));
    }
  }
  ASSERT_GT(texts.size(), 100);
  Stream stream(1, "test/bpe/mutated");
  for (int i = 0; i < 3'000; ++i) {
    std::string text = texts[stream.UniformInt(texts.size())];
    for (uint64_t left = stream.UniformInt(4); left > 0; --left) {
      const uint64_t place = stream.UniformInt(text.size() + 1);
      text.replace(place, stream.UniformInt(3), RandomBytes(stream.UniformInt(3), &stream));
    }
    ASSERT_TRUE(AgreesWithSlow(text));
  }
}

// Blanks and words beyond ASCII before the first invalid byte: tiktoken makes one piece of all from
// the last piece on, or from some tokens before it.
TEST(Bpe, InvalidEndsAgreeWithTheSlowAlgorithm) {
  const std::vector<std::string_view> alphabet = {" ",      " ",      "\n", "\t",         "\r",
                                                  "\u12B0", "\u6F22", "a",  "\U0001D7D9", "\u00A0"};
  Stream stream(1, "test/bpe/invalid_ends");
  for (int i = 0; i < 3'000; ++i) {
    std::string text;
    for (uint64_t left = stream.UniformInt(12); left > 0; --left) {
      text += alphabet[stream.UniformInt(alphabet.size())];
    }
    ASSERT_TRUE(AgreesWithSlow(text + "\xFF" + RandomBytes(stream.UniformInt(4), &stream)));
  }
}

// One piece each, on both sides of the length from which on a heap is kept, of letters that have
// many merges.
TEST(Bpe, LongPiecesAgreeWithTheSlowAlgorithm) {
  Stream stream(1, "test/bpe/long");
  for (const std::string_view alphabet : {"aeinorst", "ab", "a", "-=_", "01"}) {
    for (uint64_t size = 1; size < 300; size += 1 + stream.UniformInt(6)) {
      std::string text;
      while (text.size() < size) {
        text += alphabet[stream.UniformInt(alphabet.size())];
      }
      ASSERT_TRUE(AgreesWithSlow(text));
    }
  }
}

TEST(Bpe, ThreadsShareATokenizer) {
  const std::vector<Golden> goldens = ReadGoldens();
  std::vector<std::string> texts;
  std::vector<Tokens> expected;
  for (const Golden& golden : goldens) {
    if (golden.name.starts_with("random_")) {
      texts.push_back(InputOf(golden));
      expected.push_back(Tokenizer().Encode(texts.back()));
    }
  }
  std::vector<std::vector<Tokens>> found(4);
  std::vector<std::thread> threads;
  for (std::vector<Tokens>& own : found) {
    threads.emplace_back([&texts, &own] {
      for (const std::string& text : texts) {
        own.push_back(Tokenizer().Encode(text));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  for (const std::vector<Tokens>& own : found) {
    EXPECT_EQ(own, expected);
  }
}

TEST(Bpe, DecodeTakesAnyTokens) {
  EXPECT_EQ(Tokenizer().Decode(Tokens{}), "");
  EXPECT_EQ(Tokenizer().Decode(Tokens{15496, BpeTokenizer::kEndOfText, 995}),
            "Hello<|endoftext|> world");
  EXPECT_EQ(Tokenizer().Decode(Tokens{222, 222}), "\x80\x80");
}

TEST(Bpe, DecodeRefusesWhatIsNoToken) {
  const auto decode = [](int32_t token) {
    return ErrorOf([token] { Tokenizer().Decode(Tokens{15496, token}); });
  };
  EXPECT_EQ(decode(50'257),
            "cannot decode 50257 (number 2 of 2 tokens): GPT-2's tokens are 0 to 50256");
  EXPECT_THAT(decode(-1), HasSubstr("decode -1 "));
}

// Files of merges that are not as they should be.
class BpeFile : public testing::Test {
 protected:
  BpeFile() : lines_(Split(ReadFile(kMergesPath), '\n')) {}

  // The message about a file of these lines, without the file's name, which must be in it.
  std::string MessageOf(const std::string& text) {
    const fs::path path = fs::path(testing::TempDir()) / "bpe_test_merges.txt";
    std::ofstream(path, std::ios::binary) << text;
    const std::string message = ErrorOf([&path] { BpeTokenizer{path}; });
    fs::remove(path);
    EXPECT_THAT(message, StartsWith(path.string()));
    return message.substr(std::min(message.size(), path.string().size()));
  }

  // As above, of OpenAI's file with one line, counted from 1, replaced.
  std::string MessageOfLine(size_t number, const std::string& line) {
    std::vector<std::string> lines = lines_;
    lines[number - 1] = line;
    return MessageOf(fmt::format("{}", fmt::join(lines, "\n")));
  }

  std::vector<std::string> lines_;
};

TEST_F(BpeFile, Missing) {
  EXPECT_EQ(ErrorOf([] { BpeTokenizer{"no/such/file"}; }),
            "cannot read no/such/file: No such file or directory");
  EXPECT_EQ(ErrorOf([] { BpeTokenizer{"tests/data"}; }), "cannot read tests/data: it is a folder");
}

TEST_F(BpeFile, CutShort) {
  const std::string text = ReadFile(kMergesPath);
  const std::string_view rest =
      ": the file ends before the end of this line, expected 50000 merges; is it cut short?";
  EXPECT_EQ(MessageOf(""), fmt::format(":1{}", rest));
  EXPECT_EQ(MessageOf(lines_[0]), fmt::format(":1{}", rest));
  EXPECT_EQ(MessageOf(lines_[0] + "\n" + lines_[1] + "\n"), fmt::format(":3{}", rest));
  EXPECT_EQ(MessageOf(text.substr(0, text.size() - 1)), fmt::format(":50001{}", rest));
  EXPECT_EQ(MessageOf(text.substr(0, text.rfind('\n', text.size() - 2) + 1)),
            fmt::format(":50001{}", rest));
}

TEST_F(BpeFile, TooLong) {
  const std::string text = ReadFile(kMergesPath);
  EXPECT_EQ(MessageOf(text + "a b\n"), ":50002: found a further line, expected 50000 merges");
  EXPECT_THAT(MessageOf(text + "a b"), StartsWith(":50002: "));
}

TEST_F(BpeFile, WithoutVersion) {
  EXPECT_EQ(MessageOf("\u0120 t\nh e\n"),
            ":1: found \"\u0120 t\", expected a line that begins with \"#version\"");
}

TEST_F(BpeFile, MalformedLines) {
  const std::string two_tokens = "expected two tokens with a space between them";
  EXPECT_EQ(MessageOfLine(2, "\u0120t"), fmt::format(":2: found \"\u0120t\", {}", two_tokens));
  EXPECT_EQ(MessageOfLine(700, ""), fmt::format(":700: found \"\", {}", two_tokens));
  EXPECT_EQ(MessageOfLine(700, "a b c"), fmt::format(":700: found \"a b c\", {}", two_tokens));

  const std::string token = "expected a byte as GPT-2 writes it or the result of an earlier merge";
  EXPECT_EQ(MessageOfLine(2, "in g"), fmt::format(":2: found \"in\", {}", token));
  EXPECT_EQ(MessageOfLine(50'001, " a"), fmt::format(":50001: found \"\", {}", token));
  EXPECT_EQ(MessageOfLine(9, "a "), fmt::format(":9: found \"\", {}", token));
  // A character that stands for no byte, and what is not UTF-8.
  EXPECT_EQ(MessageOfLine(9, "a \u0144"), fmt::format(":9: found \"\u0144\", {}", token));
  EXPECT_EQ(MessageOfLine(9, "a \u00A0"), fmt::format(":9: found \"\u00A0\", {}", token));
  EXPECT_EQ(MessageOfLine(9, "a \u2003"), fmt::format(":9: found \"\u2003\", {}", token));
  EXPECT_EQ(MessageOfLine(9, "a \xC4"), fmt::format(":9: found \"\", {}", token));
  EXPECT_EQ(MessageOfLine(9, "a \xFF"), fmt::format(":9: found \"\", {}", token));

  EXPECT_EQ(MessageOfLine(12, lines_[4]),
            fmt::format(":12: \"{}\" makes a token that an earlier merge has made", lines_[4]));
  EXPECT_THAT(MessageOfLine(12, lines_[11] + "\r"), EndsWith(token));
}

}  // namespace
}  // namespace initbias
