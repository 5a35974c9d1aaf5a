// UTF-8 by Unicode's table 3-7 (The Unicode Standard, section 3.9): no overlong forms, no
// surrogates, nothing above U+10FFFF, no sequence cut short.
#ifndef INITBIAS_LIB_BASE_UTF8_H_
#define INITBIAS_LIB_BASE_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace initbias {

struct Utf8Character {
  uint32_t code_point = 0;
  size_t length = 0;  // in bytes; 0: not UTF-8
};

// The character that `text`, not empty, begins with.
Utf8Character DecodeUtf8(std::string_view text);

// The length in bytes of the longest prefix of `text` that is UTF-8; text.size() where all of it
// is.
size_t ValidUtf8Length(std::string_view text);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_UTF8_H_
