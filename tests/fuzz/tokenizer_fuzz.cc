// GPT-2's tokenizer: any bytes are encoded as the slow algorithm encodes them, and decoded to
// themselves; numbers are decoded or refused.
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/runfile.h"
#include "lib/base/utf8.h"
#include "lib/data/text/bpe.h"
#include "lib/data/text/gpt2_pieces.h"
#include "tests/data/text/slow_tokenizer.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/target.h"

namespace initbias::fuzz {
namespace {

// Of a longer input its beginning alone: the slow algorithm takes time quadratic in a piece.
constexpr size_t kMostBytes = 2048;
constexpr size_t kMostSlowBytes = 96;

const BpeTokenizer& Tokenizer() {
  static const BpeTokenizer tokenizer(FindRunfile("data/gpt2/merges.txt"));
  return tokenizer;
}

void CheckPieces(std::string_view text) {
  static const Gpt2Pattern pattern;
  Gpt2Pieces by_hand(pattern, text, Gpt2Pieces::Method::kAsciiByHand);
  Gpt2Pieces by_pattern(pattern, text, Gpt2Pieces::Method::kPattern);
  size_t at = 0;
  while (at < text.size()) {
    const std::string_view piece = by_hand.Next();
    Hold(!piece.empty() && piece.data() == text.data() + at, "pieces joined are the text");
    Hold(by_pattern.Next() == piece, "both methods find the same pieces");
    at += piece.size();
  }
  Hold(by_hand.Next().empty() && by_pattern.Next().empty(), "pieces end with the text");
}

void CheckText(std::string_view text) {
  static const SlowTokenizer slow(Tokenizer());
  const std::vector<int32_t> tokens = Tokenizer().Encode(text);
  Hold(tokens.size() <= text.size(), "a token has a byte");
  Hold(Tokenizer().Decode(tokens) == text, "what was encoded is decoded to itself");
  const std::string_view part = text.substr(0, kMostSlowBytes);
  Hold(Tokenizer().Encode(part) == slow.Encode(part), "the slow algorithm gives the same tokens");
}

// The bytes as numbers.
void CheckNumbers(std::string_view bytes) {
  std::vector<int32_t> tokens(bytes.size() / sizeof(int32_t));
  for (size_t i = 0; i < tokens.size(); ++i) {
    std::memcpy(&tokens[i], bytes.data() + i * sizeof(int32_t), sizeof(int32_t));
  }
  bool valid = true;
  for (const int32_t token : tokens) {
    valid = valid && token >= 0 && token < BpeTokenizer::kVocabulary;
  }
  std::string text;
  const bool refused = RefusalOf([&] { text = Tokenizer().Decode(tokens); }).has_value();
  Hold(refused != valid, "what are no tokens is refused, and nothing else");
  Hold(refused || Tokenizer().Decode(Tokenizer().Encode(text)) == text,
       "what was decoded goes both ways");
}

void CheckInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  text = text.substr(0, kMostBytes);
  CheckText(text);
  CheckPieces(text.substr(0, ValidUtf8Length(text)));
  CheckNumbers(text);
}

}  // namespace

Corpus MakeCorpus() {
  using std::string_literals::operator""s;
  return {.seeds = {"Once upon a time, there was a little girl named Lily.\n\nShe didn't go.",
                    "Every wumpus is a yumpus. Alex isn't red; they've 12,345 (6.7e-8)!",
                    "  \t\n \xC2\xA0\xE3\x80\x80x   y  ",
                    "na\xC3\xAFve \xCE\xB3 = 0.3 \xE4\xBD\xA0\xE5\xA5\xBD\xF0\x9F\x98\x80",
                    "<|endoftext|>"s + std::string(80, 'a') + std::string(80, ' '),
                    "\xFF\xFE\0\x80 'll"s, "\x62\x3C\0\0\x50\xC4\0\0\xFF\xFF\xFF\xFF"s,
                    std::string(300, '=') + "aB1 "},
          .words = {" ", "  ", "\n", "'s", "'re", "'ll", " the", "\xC2\x85", "\xE2\x80\x9C",
                    "\xD9\xA3", "\xF0\x9F\x98\x80", "\xCC\x81", "\xED\xA0\x80", "\xE2\x80",
                    "<|endoftext|>", "\0"s}};
}

}  // namespace initbias::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  initbias::fuzz::CheckInput(data, size);
  return 0;
}
