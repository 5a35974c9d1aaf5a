// Where the valid UTF-8 of a text ends.
#ifndef INITBIAS_LIB_DATA_UTF8_H_
#define INITBIAS_LIB_DATA_UTF8_H_

#include <cstddef>
#include <string_view>

namespace initbias {

// The length in bytes of the longest prefix of `text` that is UTF-8 by Unicode's table 3-7 (The
// Unicode Standard, section 3.9): no overlong forms, no surrogates, nothing above U+10FFFF, no
// sequence cut short. text.size() where all of it is.
size_t ValidUtf8Length(std::string_view text);

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_UTF8_H_
