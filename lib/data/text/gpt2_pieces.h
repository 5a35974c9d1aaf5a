// GPT-2's split of a text into pieces: words with the space before them, numbers, punctuation,
// white space. Its byte-pair encoding never merges across their borders.
//
// The pattern is that of GPT-2's encoder.py (OpenAI, 2019),
//
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// in the equivalent form that tiktoken gives it, matched by PCRE2 with the classes of
// unicode_classes.h. Where ASCII alone decides, pieces are found by hand, without PCRE2: far
// faster, and the same.
#ifndef INITBIAS_LIB_DATA_TEXT_GPT2_PIECES_H_
#define INITBIAS_LIB_DATA_TEXT_GPT2_PIECES_H_

#include <cstddef>
#include <memory>
#include <string_view>

namespace initbias {

// The compiled pattern. Constant once made: threads may share it.
class Gpt2Pattern {
 public:
  Gpt2Pattern();
  ~Gpt2Pattern();
  Gpt2Pattern(const Gpt2Pattern&) = delete;
  Gpt2Pattern& operator=(const Gpt2Pattern&) = delete;

 private:
  friend class Gpt2Pieces;
  struct Code;
  std::unique_ptr<Code> code_;
};

// Reads the pieces of one text one after the other. One thread at a time.
class Gpt2Pieces {
 public:
  // How pieces are found; the pieces are the same.
  enum class Method { kAsciiByHand, kPattern };

  // `text` must be UTF-8; it and `pattern` must outlive this object.
  Gpt2Pieces(const Gpt2Pattern& pattern, std::string_view text,
             Method method = Method::kAsciiByHand);
  ~Gpt2Pieces();
  Gpt2Pieces(const Gpt2Pieces&) = delete;
  Gpt2Pieces& operator=(const Gpt2Pieces&) = delete;

  // The next piece, not empty, as a part of the text; empty at its end. The pieces joined are the
  // text. The time is linear in the text's length. Throws Error where PCRE2 finds no memory.
  std::string_view Next();

 private:
  struct Match;

  size_t PieceEndByPattern();

  const Gpt2Pattern& pattern_;
  std::string_view text_;
  Method method_;
  size_t at_ = 0;                 // where the next piece begins
  std::unique_ptr<Match> match_;  // made when the pattern is first needed
};

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_TEXT_GPT2_PIECES_H_
