// The pieces found by hand are those of the pattern. That the pattern is right is for bpe_test.cc.
#include "lib/data/text/gpt2_pieces.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/data/text/unicode_classes.h"
#include "lib/rng/stream.h"

namespace initbias {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Method = Gpt2Pieces::Method;

const Gpt2Pattern& Pattern() {
  static const Gpt2Pattern pattern;
  return pattern;
}

std::vector<std::string_view> PiecesOf(std::string_view text, Method method) {
  std::vector<std::string_view> pieces;
  Gpt2Pieces reader(Pattern(), text, method);
  for (std::string_view piece = reader.Next(); !piece.empty(); piece = reader.Next()) {
    pieces.push_back(piece);
  }
  return pieces;
}

// Compares both methods. Returns false where they differ or lose a byte, with a message.
bool MethodsAgree(std::string_view text) {
  const auto by_hand = PiecesOf(text, Method::kAsciiByHand);
  std::string joined;
  for (const std::string_view piece : by_hand) {
    joined += piece;
  }
  EXPECT_EQ(joined, text);
  EXPECT_EQ(by_hand, PiecesOf(text, Method::kPattern)) << testing::PrintToString(text);
  return !testing::Test::HasFailure();
}

TEST(Gpt2Pieces, OfASentence) {
  EXPECT_THAT(PiecesOf("It's  12 o'clock,\nI'll go.\n ", Method::kAsciiByHand),
              ElementsAre("It", "'s", " ", " 12", " o", "'", "clock", ",", "\n", "I", "'ll", " go",
                          ".", "\n "));
  EXPECT_THAT(PiecesOf("na\u00EFve caf\u00E9 \u201CHi!\u201D", Method::kAsciiByHand),
              ElementsAre("na\u00EFve", " caf\u00E9", " \u201C", "Hi", "!\u201D"));
  EXPECT_THAT(PiecesOf("", Method::kAsciiByHand), IsEmpty());
}

// One character of each kind, all letters of the contractions, and characters beyond ASCII that go
// on with a run of each kind: a letter, a number, a white space, another.
TEST(Gpt2Pieces, MethodsAgreeOnAllShortTexts) {
  const std::vector<std::string_view> alphabet = {
      "a", "'", "s", "l", "r", "e", " ", "\n", "1", "!", "\u00E9", "\u00B2", "\u00A0", "\u00A9"};
  constexpr int kLength = 5;
  std::vector<size_t> digits(kLength, 0);
  for (bool more = true; more;) {
    std::string text;
    for (const size_t digit : digits) {
      text += alphabet[digit];
    }
    ASSERT_TRUE(MethodsAgree(text));
    size_t place = 0;
    while (place < digits.size() && ++digits[place] == alphabet.size()) {
      digits[place++] = 0;
    }
    more = place < digits.size();
  }
}

TEST(Gpt2Pieces, MethodsAgreeOnEveryPairOfAsciiCharacters) {
  for (int first = 0; first < 128; ++first) {
    for (int second = 0; second < 128; ++second) {
      const std::string pair = {static_cast<char>(first), static_cast<char>(second)};
      ASSERT_TRUE(MethodsAgree(pair));
      ASSERT_TRUE(MethodsAgree("a " + pair + " 1" + pair + "!" + pair));
      ASSERT_TRUE(MethodsAgree(pair + "\u00E9" + pair + "\u3000"));
    }
  }
}

TEST(Gpt2Pieces, MethodsAgreeOnRandomText) {
  const std::string_view ascii(" \n\t\r'stdmrevlSTabc019.,!-\"\0\x1C\x7F", 29);
  const std::vector<std::string_view> wide = {"\u00E9", "\u0436", "\u6F22", "\u00BD",    "\u00A0",
                                              "\u2003", "\u201C", "\u0301", "\U0001F600"};
  Stream stream(1, "test/gpt2_pieces");
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (uint64_t left = stream.UniformInt(80); left > 0; --left) {
      if (stream.UniformInt(12) == 0) {
        text += wide[stream.UniformInt(wide.size())];
      } else {
        // Runs of one character are as likely as a change.
        const char next = ascii[stream.UniformInt(ascii.size())];
        text += stream.UniformInt(3) == 0 && !text.empty() && (text.back() & 0x80) == 0
                    ? text.back()
                    : next;
      }
    }
    ASSERT_TRUE(MethodsAgree(text));
  }
}

TEST(Gpt2Pieces, LongRunsAreOnePiece) {
  for (const char character : {' ', 'a', '1', '!', '\n'}) {
    const std::string run(1'000'000, character);
    for (const Method method : {Method::kAsciiByHand, Method::kPattern}) {
      EXPECT_THAT(PiecesOf(run, method), ElementsAre(run));
    }
  }
}

TEST(UnicodeClasses, RangesAreInOrderAndDisjoint) {
  std::vector<char> class_of(0x110000, 0);
  char number = 0;
  for (const auto& ranges : {UnicodeLetters(), UnicodeNumbers(), UnicodeWhiteSpace()}) {
    ++number;
    ASSERT_FALSE(ranges.empty());
    for (size_t i = 0; i < ranges.size(); ++i) {
      ASSERT_LE(ranges[i].first, ranges[i].last);
      ASSERT_LT(ranges[i].last, class_of.size());
      ASSERT_TRUE(i == 0 || ranges[i - 1].last + 1 < ranges[i].first) << ranges[i].first;
      for (uint32_t code_point = ranges[i].first; code_point <= ranges[i].last; ++code_point) {
        ASSERT_EQ(class_of[code_point], 0) << code_point;
        class_of[code_point] = number;
      }
    }
  }
}

}  // namespace
}  // namespace initbias
