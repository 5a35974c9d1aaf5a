// Unicode's letters, numbers and white space, as tables of our own.
//
// The tables are those of Unicode 16.0, as tiktoken 0.14.0 has them. A regular expression library
// has the Unicode of its own version: PCRE2 10.42 is at 14.0, and its \s holds U+180E. With these
// tables a text gives the same tokens on every system.
#ifndef INITBIAS_LIB_DATA_TEXT_UNICODE_CLASSES_H_
#define INITBIAS_LIB_DATA_TEXT_UNICODE_CLASSES_H_

#include <cstdint>
#include <span>

namespace initbias {

// The code points first .. last.
struct CodePoints {
  uint32_t first = 0;
  uint32_t last = 0;
};

// The code points of the general categories L (\p{L}) and N (\p{N}), and those with the property
// White_Space (\s), in ascending order, no two ranges adjacent.
std::span<const CodePoints> UnicodeLetters();
std::span<const CodePoints> UnicodeNumbers();
std::span<const CodePoints> UnicodeWhiteSpace();

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_TEXT_UNICODE_CLASSES_H_
