#include "lib/base/utf8.h"

#include <cstring>

namespace initbias {
namespace {

// What may follow a leading byte: so many bytes, the first of them in first_min .. first_max, the
// others in 0x80 .. 0xBF. Of a byte that leads nothing the length is 0.
struct Continuation {
  size_t length = 0;
  unsigned char first_min = 0x80;
  unsigned char first_max = 0xBF;
};

Continuation ContinuationOf(unsigned char lead) {
  if (lead < 0xC2) {
    return {};  // a continuation byte, or the beginning of an overlong form
  }
  if (lead < 0xE0) {
    return {.length = 1};
  }
  if (lead < 0xF0) {
    return {.length = 2,
            .first_min = static_cast<unsigned char>(lead == 0xE0 ? 0xA0 : 0x80),
            .first_max = static_cast<unsigned char>(lead == 0xED ? 0x9F : 0xBF)};
  }
  if (lead < 0xF5) {
    return {.length = 3,
            .first_min = static_cast<unsigned char>(lead == 0xF0 ? 0x90 : 0x80),
            .first_max = static_cast<unsigned char>(lead == 0xF4 ? 0x8F : 0xBF)};
  }
  return {};
}

}  // namespace

Utf8Character DecodeUtf8(std::string_view text) {
  const auto byte = [&text](size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) < 0x80) {
    return {.code_point = byte(0), .length = 1};
  }
  const Continuation continuation = ContinuationOf(byte(0));
  if (continuation.length == 0 || text.size() <= continuation.length ||
      byte(1) < continuation.first_min || byte(1) > continuation.first_max) {
    return {};
  }
  uint32_t code_point = byte(0) & (0x3FU >> continuation.length);
  for (size_t i = 1; i <= continuation.length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) {
      return {};
    }
    code_point = code_point << 6 | (byte(i) & 0x3FU);
  }
  return {.code_point = code_point, .length = 1 + continuation.length};
}

size_t ValidUtf8Length(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    // Eight bytes of ASCII at a time.
    uint64_t eight = 0;
    if (text.size() - at >= sizeof eight) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const size_t length = DecodeUtf8(text.substr(at)).length;
    if (length == 0) {
      break;
    }
    at += length;
  }
  return at;
}

}  // namespace initbias
