// GPT-2's encoding without tables and heaps, to hold the fast one against.
#ifndef INITBIAS_TESTS_DATA_TEXT_SLOW_TOKENIZER_H_
#define INITBIAS_TESTS_DATA_TEXT_SLOW_TOKENIZER_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/data/text/bpe.h"
#include "lib/data/text/gpt2_pieces.h"

namespace initbias {

// Of each piece, the parts as strings, merged one by one. Of what is not UTF-8, word for word what
// tiktoken's _encode_bytes does.
class SlowTokenizer {
 public:
  // With the vocabulary of `tokenizer`, which need not outlive this object.
  explicit SlowTokenizer(const BpeTokenizer& tokenizer);

  std::vector<int32_t> Encode(std::string_view text) const;

 private:
  void AppendParts(std::string_view piece, std::vector<std::string>* all) const;

  Gpt2Pattern pattern_;
  std::map<std::string, int32_t> token_of_;
};

}  // namespace initbias

#endif  // INITBIAS_TESTS_DATA_TEXT_SLOW_TOKENIZER_H_
