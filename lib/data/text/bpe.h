// GPT-2's byte-level BPE: text to tokens and back, token for token as OpenAI's tiktoken 0.14.0.
//
//   const BpeTokenizer tokenizer("data/gpt2/merges.txt");
//   const std::vector<int32_t> tokens = tokenizer.Encode("Hello world");  // {15496, 995}
//
// A text is split into pieces (gpt2_pieces.h), and in each piece the two neighbours that make the
// earliest token of the vocabulary are merged, the leftmost first, until no two make one (Sennrich
// et al. 2016; Radford et al. 2019). No training of vocabularies, no other vocabularies.
//
// Why hash tables of its own and two ways to merge, where std::unordered_map and a heap would do:
// with these alone TinyStories take 1.4 times as long (61 instead of 88 MB/s on one core) and
// PrOntoQA, whose made-up words are merged from many parts, twice (29 instead of 57). No figure
// needs that, its texts being some MB; tokens are stored nowhere, though, and a run that takes the
// whole of TinyStories (2 GB) makes them anew. The tests hold it against an encoding without tables
// and heaps, tests/data/text/slow_tokenizer.h.
#ifndef INITBIAS_LIB_DATA_TEXT_BPE_H_
#define INITBIAS_LIB_DATA_TEXT_BPE_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/data/text/gpt2_pieces.h"

namespace initbias {

// Tokens are 0 .. kVocabulary - 1: the 256 bytes in GPT-2's order, the results of the 50,000
// merges, kEndOfText. About 4 MB. Constant once made: threads may share it.
class BpeTokenizer {
 public:
  static constexpr int32_t kVocabulary = 50'257;
  static constexpr int32_t kEndOfText = 50'256;  // <|endoftext|>

  // Reads a file of merges in OpenAI's format: a line that begins with "#version", then 50,000
  // lines of two tokens with a space between them, in UTF-8, a byte being the character that GPT-2
  // writes for it. Throws Error with the file, and the line where there is one, when the file is
  // missing, cut short or malformed.
  explicit BpeTokenizer(const std::filesystem::path& merges);

  BpeTokenizer(const BpeTokenizer&) = delete;
  BpeTokenizer& operator=(const BpeTokenizer&) = delete;

  // The tokens of `text`. "<|endoftext|>" in it is text as any other. What is not UTF-8 is treated
  // as tiktoken's _encode_bytes does it: all from the last piece before the first invalid byte on
  // is one piece. Time is n log n in the length n of a piece, and some 50 n bytes are needed while
  // it is merged.
  std::vector<int32_t> Encode(std::string_view text) const;

  // The bytes of the tokens, joined: Decode(Encode(x)) is x for every x. kEndOfText gives
  // "<|endoftext|>". Throws Error where a token is out of range.
  std::string Decode(std::span<const int32_t> tokens) const;

  // The bytes of one token, 0 <= token < kVocabulary; valid as long as the tokenizer.
  std::string_view TokenBytes(int32_t token) const;

 private:
  // A slot of the table of pairs; free where `merged` is 0, a byte, which no pair makes.
  struct Pair {
    uint32_t left_right = 0;  // left << 16 | right
    uint32_t merged = 0;
  };

  std::string AddMerge(std::string_view line);
  bool AddToken(std::string_view bytes);
  void AddPairs();
  uint32_t TokenOf(std::string_view bytes) const;
  size_t PairSlot(uint32_t left_right) const;
  uint32_t Merged(uint32_t left, uint32_t right) const;

  void AppendPiece(std::string_view piece, std::vector<int32_t>* tokens) const;
  void MergeShort(std::string_view piece, std::vector<int32_t>* tokens) const;
  void MergeLong(std::string_view piece, std::vector<int32_t>* tokens) const;

  Gpt2Pattern pattern_;
  std::string bytes_;             // of all tokens, one after the other
  std::vector<uint32_t> begins_;  // token t is bytes_[begins_[t] .. begins_[t + 1])
  // Open hash tables with linear probing; their sizes are powers of two.
  std::vector<uint32_t> token_table_;  // of a token's bytes: hash bits << 16 | token
  std::vector<Pair> pair_table_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_TEXT_BPE_H_
