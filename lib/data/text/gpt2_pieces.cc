#include "lib/data/text/gpt2_pieces.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "lib/base/error.h"
#include "lib/data/text/unicode_classes.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace initbias {
namespace {

// The ranges as the inside of a character class of PCRE2.
std::string ClassOf(std::span<const CodePoints> ranges) {
  std::string text;
  for (const CodePoints& range : ranges) {
    text += fmt::format("\\x{{{:x}}}-\\x{{{:x}}}", range.first, range.last);
  }
  return text;
}

// tiktoken's form of the pattern (openai_public.py, r50k_pat_str). It differs from GPT-2's in that
// nothing is tried twice: \s++\z takes white space at the end of the text, where \s+(?!\S) would.
std::string PatternText() {
  const std::string letters = ClassOf(UnicodeLetters());
  const std::string numbers = ClassOf(UnicodeNumbers());
  const std::string space = ClassOf(UnicodeWhiteSpace());
  return fmt::format(
      "'(?:[sdmt]|ll|ve|re)| ?[{0}]++| ?[{1}]++| ?[^{2}{0}{1}]++|[{2}]++\\z|[{2}]+(?![^{2}])|[{2}]",
      letters, numbers, space);
}

std::string Pcre2Message(int code) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(code, text.data(), text.size());
  return {text.begin(), std::find(text.begin(), text.end(), 0)};
}

enum class Kind : uint8_t { kLetter, kNumber, kWhiteSpace, kOther, kBeyondAscii };

constexpr Kind KindOf(int byte) {
  if (byte >= 0x80) {
    return Kind::kBeyondAscii;
  }
  if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')) {
    return Kind::kLetter;
  }
  if (byte >= '0' && byte <= '9') {
    return Kind::kNumber;
  }
  return byte == ' ' || (byte >= '\t' && byte <= '\r') ? Kind::kWhiteSpace : Kind::kOther;
}

constexpr std::array<Kind, 256> kKinds = [] {
  std::array<Kind, 256> kinds{};
  for (int byte = 0; byte < 256; ++byte) {
    kinds[static_cast<size_t>(byte)] = KindOf(byte);
  }
  return kinds;
}();

Kind KindAt(std::string_view text, size_t at) {
  return kKinds[static_cast<unsigned char>(text[at])];
}

// The first place at or after `begin` that is not of this kind.
size_t RunEnd(std::string_view text, size_t begin, Kind kind) {
  while (begin < text.size() && KindAt(text, begin) == kind) {
    ++begin;
  }
  return begin;
}

// The length of the contraction that `text`, which begins with an apostrophe, begins with, or 0.
size_t ContractionLength(std::string_view text) {
  if (text.size() > 1 && (text[1] == 's' || text[1] == 't' || text[1] == 'm' || text[1] == 'd')) {
    return 2;
  }
  const std::string_view three = text.substr(0, 3);
  return three == "'re" || three == "'ve" || three == "'ll" ? 3 : 0;
}

// The end of the piece that begins at `begin`, or 0 where it hangs on characters beyond ASCII.
// Takes the alternatives of the pattern in their order. A run of one kind that a byte beyond ASCII
// ends could go on with it, so that is left to the pattern; all else no later byte can change.
size_t AsciiPieceEnd(std::string_view text, size_t begin) {
  if (text[begin] == '\'') {
    if (const size_t length = ContractionLength(text.substr(begin)); length != 0) {
      return begin + length;
    }
  }
  const auto end_or_unknown = [text](size_t end) {
    return end < text.size() && KindAt(text, end) == Kind::kBeyondAscii ? 0 : end;
  };
  const size_t word = begin + (text[begin] == ' ' ? 1 : 0);
  const Kind kind = word < text.size() ? KindAt(text, word) : Kind::kWhiteSpace;
  if (kind == Kind::kBeyondAscii) {
    return 0;
  }
  if (kind != Kind::kWhiteSpace) {
    return end_or_unknown(RunEnd(text, word, kind));
  }
  const size_t end = end_or_unknown(RunEnd(text, word, Kind::kWhiteSpace));
  // Before a word, a run of white space leaves its last character to the next piece.
  return end == text.size() || end <= begin + 1 ? end : end - 1;
}

}  // namespace

struct Gpt2Pattern::Code {
  pcre2_code* pcre2 = nullptr;
  Code() = default;
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  ~Code() { pcre2_code_free(pcre2); }
};

struct Gpt2Pieces::Match {
  pcre2_match_data* pcre2 = pcre2_match_data_create(1, nullptr);
  Match() = default;
  Match(const Match&) = delete;
  Match& operator=(const Match&) = delete;
  ~Match() { pcre2_match_data_free(pcre2); }
};

Gpt2Pattern::Gpt2Pattern() : code_(std::make_unique<Code>()) {
  const std::string pattern = PatternText();
  int error = 0;
  size_t place = 0;
  code_->pcre2 = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                               PCRE2_UTF | PCRE2_ANCHORED, &error, &place, nullptr);
  if (code_->pcre2 == nullptr) {
    throw Error(fmt::format("PCRE2 does not compile GPT-2's split pattern: {}, at character {}",
                            Pcre2Message(error), place));
  }
  // Where there is no compiler to machine code, or it may not run, the interpreter matches.
  pcre2_jit_compile(code_->pcre2, PCRE2_JIT_COMPLETE);
}

Gpt2Pattern::~Gpt2Pattern() = default;

Gpt2Pieces::Gpt2Pieces(const Gpt2Pattern& pattern, std::string_view text, Method method)
    : pattern_(pattern), text_(text), method_(method) {}

Gpt2Pieces::~Gpt2Pieces() = default;

std::string_view Gpt2Pieces::Next() {
  if (at_ == text_.size()) {
    return {};
  }
  size_t end = method_ == Method::kAsciiByHand ? AsciiPieceEnd(text_, at_) : 0;
  if (end == 0) {
    end = PieceEndByPattern();
  }
  const std::string_view piece = text_.substr(at_, end - at_);
  at_ = end;
  return piece;
}

size_t Gpt2Pieces::PieceEndByPattern() {
  if (match_ == nullptr) {
    match_ = std::make_unique<Match>();
    if (match_->pcre2 == nullptr) {
      throw Error("PCRE2 finds no memory for a match");
    }
  }
  const int result = pcre2_match(pattern_.code_->pcre2, reinterpret_cast<PCRE2_SPTR>(text_.data()),
                                 text_.size(), at_, PCRE2_NO_UTF_CHECK, match_->pcre2, nullptr);
  // Every character is in one of the pattern's classes, so there is always a match.
  INITBIAS_CHECK(result != PCRE2_ERROR_NOMATCH);
  if (result < 0) {
    throw Error(fmt::format("PCRE2 does not match GPT-2's split pattern at byte {}: {}", at_,
                            Pcre2Message(result)));
  }
  return pcre2_get_ovector_pointer(match_->pcre2)[1];
}

}  // namespace initbias
