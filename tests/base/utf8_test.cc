#include "lib/base/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace initbias {
namespace {

// The UTF-8 of a number up to 2^21, in its shortest form, whether it is a character or not.
std::string Utf8Of(uint32_t code_point) {
  const auto byte = [](uint32_t value) { return static_cast<char>(value); };
  if (code_point < 0x80) {
    return {byte(code_point)};
  }
  std::string continuation(1, byte(0x80 | (code_point & 0x3F)));
  if (code_point < 0x800) {
    return byte(0xC0 | code_point >> 6) + continuation;
  }
  continuation.insert(0, 1, byte(0x80 | (code_point >> 6 & 0x3F)));
  if (code_point < 0x10000) {
    return byte(0xE0 | code_point >> 12) + continuation;
  }
  continuation.insert(0, 1, byte(0x80 | (code_point >> 12 & 0x3F)));
  return byte(0xF0 | code_point >> 18) + continuation;
}

bool IsCharacter(uint32_t code_point) {
  return code_point < 0xD800 || (code_point > 0xDFFF && code_point < 0x110000);
}

// As ValidUtf8Length, by another way: decode what the leading byte promises, then check whether it
// is what the number would be encoded as.
size_t ExpectedLength(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (at + length > text.size()) {
      break;
    }
    uint32_t code_point = lead < 0x80 ? lead : lead & (0x7FU >> length);
    for (size_t i = 1; i < length; ++i) {
      code_point = code_point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
    }
    if (!IsCharacter(code_point) || Utf8Of(code_point) != text.substr(at, length)) {
      break;
    }
    at += length;
  }
  return at;
}

TEST(Utf8, EveryCodePoint) {
  for (uint32_t code_point = 0; code_point < 0x200000; ++code_point) {
    const std::string text = Utf8Of(code_point);
    ASSERT_EQ(ValidUtf8Length(text), IsCharacter(code_point) ? text.size() : 0) << code_point;
    const Utf8Character character = DecodeUtf8(text + "more");
    ASSERT_EQ(character.length, IsCharacter(code_point) ? text.size() : 0) << code_point;
    ASSERT_EQ(character.code_point, IsCharacter(code_point) ? code_point : 0);
  }
}

// All sequences of four bytes from those where the rules change.
TEST(Utf8, EverySequenceAtTheBorders) {
  const std::string_view bytes(
      "\x00\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xEC\xED\xEE\xEF\xF0\xF1\xF3\xF4"
      "\xF5\xFF",
      24);
  std::string text(4, '\0');
  for (const char first : bytes) {
    text[0] = first;
    for (const char second : bytes) {
      text[1] = second;
      for (const char third : bytes) {
        text[2] = third;
        for (const char fourth : bytes) {
          text[3] = fourth;
          ASSERT_EQ(ValidUtf8Length(text), ExpectedLength(text)) << testing::PrintToString(text);
        }
      }
    }
  }
}

// ASCII is skipped eight bytes at a time: what follows it is found wherever it is.
TEST(Utf8, AfterAscii) {
  for (size_t before = 0; before < 40; ++before) {
    for (size_t after = 0; after < 20; ++after) {
      const std::string ascii(before, 'a');
      const std::string more(after, 'b');
      EXPECT_EQ(ValidUtf8Length(ascii + "\xFF" + more), before);
      EXPECT_EQ(ValidUtf8Length(ascii + "\xE2\x82" + more), before);
      EXPECT_EQ(ValidUtf8Length(ascii + "\xE2\x82\xAC" + more), before + 3 + after);
    }
  }
}

}  // namespace
}  // namespace initbias
