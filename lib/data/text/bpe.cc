#include "lib/data/text/bpe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <functional>
#include <optional>
#include <queue>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/utf8.h"
#include "lib/config/run_config.h"

namespace initbias {
namespace {

constexpr uint32_t kMerges = 50'000;
constexpr uint32_t kBytes = 256;  // also the first token that is the result of a merge
constexpr std::string_view kEndOfTextText = "<|endoftext|>";

// Stands for "no token". Greater than every token, so the minimum of merges is never this.
constexpr uint32_t kNone = 0xFFFF;
constexpr uint32_t kFreeSlot = 0xFFFFFFFF;

// At most 3/8 full, so that a search ends after a slot or two.
constexpr size_t kTokenSlots = size_t{1} << 17;

// Up to so many bytes, searching all pairs for the smallest is faster than keeping a heap.
constexpr size_t kShortPiece = 64;

// GPT-2 writes a byte that is no visible character of Latin-1 as the character 256 + n, n counting
// such bytes (encoder.py, bytes_to_unicode).
constexpr bool IsWrittenAsItself(uint32_t byte) {
  return (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

// The bytes in the order of their tokens: those written as themselves, then the others.
constexpr std::array<unsigned char, kBytes> kByteOfToken = [] {
  std::array<unsigned char, kBytes> bytes{};
  size_t count = 0;
  for (const bool as_itself : {true, false}) {
    for (uint32_t byte = 0; byte < kBytes; ++byte) {
      if (IsWrittenAsItself(byte) == as_itself) {
        bytes[count++] = static_cast<unsigned char>(byte);
      }
    }
  }
  return bytes;
}();

constexpr std::array<uint32_t, kBytes> kTokenOfByte = [] {
  std::array<uint32_t, kBytes> tokens{};
  for (uint32_t token = 0; token < kBytes; ++token) {
    tokens[kByteOfToken[token]] = token;
  }
  return tokens;
}();

constexpr uint32_t kVisibleBytes = [] {
  uint32_t count = 0;
  for (uint32_t byte = 0; byte < kBytes; ++byte) {
    count += IsWrittenAsItself(byte) ? 1 : 0;
  }
  return count;
}();

// The byte that the character with this code point stands for, if it stands for one.
std::optional<char> ByteOfCharacter(uint32_t code_point) {
  if (code_point < kBytes) {
    return IsWrittenAsItself(code_point) ? std::optional(static_cast<char>(code_point))
                                         : std::nullopt;
  }
  const uint32_t token = kVisibleBytes + (code_point - kBytes);
  return token < kBytes ? std::optional(static_cast<char>(kByteOfToken[token])) : std::nullopt;
}

// The bytes of a token as the file of merges writes it, if it is written so.
std::optional<std::string> BytesOfWritten(std::string_view written) {
  std::string bytes;
  while (!written.empty()) {
    const Utf8Character character = DecodeUtf8(written);
    const std::optional<char> byte =
        character.length > 0 ? ByteOfCharacter(character.code_point) : std::nullopt;
    if (!byte) {
      return std::nullopt;
    }
    bytes += *byte;
    written.remove_prefix(character.length);
  }
  return bytes;
}

// Mixes all of `value`'s bits into the upper ones (the constant is 2^64 divided by the golden
// ratio).
uint64_t Mix(uint64_t value) {
  value *= 0x9E3779B97F4A7C15;
  value ^= value >> 32;
  return value * 0x9E3779B97F4A7C15;
}

uint64_t HashOf(std::string_view bytes) {
  uint64_t hash = bytes.size();
  uint64_t word = 0;
  size_t at = 0;
  for (; at + sizeof word <= bytes.size(); at += sizeof word) {
    std::memcpy(&word, bytes.data() + at, sizeof word);
    hash = Mix(hash ^ word);
  }
  word = 0;
  for (; at < bytes.size(); ++at) {
    word = word << 8 | static_cast<unsigned char>(bytes[at]);
  }
  return Mix(hash ^ word);
}

// The upper 17 bits are the slot's index, the 16 below them are stored in the slot.
size_t SlotOf(uint64_t hash) { return hash >> (64 - std::countr_zero(kTokenSlots)); }
uint32_t TagOf(uint64_t hash) { return static_cast<uint32_t>(hash >> 16) & 0xFFFF0000; }

// The beginning of a line, for a message.
std::string_view Shown(std::string_view line) {
  const std::string_view beginning = line.substr(0, 60);
  return beginning.substr(0, ValidUtf8Length(beginning));
}

}  // namespace

BpeTokenizer::BpeTokenizer(const std::filesystem::path& merges)
    : begins_{0}, token_table_(kTokenSlots, kFreeSlot) {
  for (const unsigned char byte : kByteOfToken) {
    const char character = static_cast<char>(byte);
    INITBIAS_CHECK(AddToken({&character, 1}));
  }

  const std::string text = ReadFile(merges);
  size_t number = 0;  // of the line, from 1
  size_t at = 0;
  const auto refuse = [&merges, &number](const std::string& why) {
    throw Error(fmt::format("{}:{}: {}", merges.string(), number, why));
  };
  for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', at)) {
    const std::string_view line = std::string_view(text).substr(at, end - at);
    at = end + 1;
    ++number;
    if (number == 1) {
      if (!line.starts_with("#version")) {
        refuse(fmt::format("found \"{}\", expected a line that begins with \"#version\"",
                           Shown(line)));
      }
    } else if (number > 1 + kMerges) {
      refuse(fmt::format("found a further line, expected {} merges", kMerges));
    } else if (const std::string why = AddMerge(line); !why.empty()) {
      refuse(why);
    }
  }
  if (number <= kMerges || at != text.size()) {
    ++number;
    refuse(
        fmt::format("the file ends before the end of this line, expected {} merges; is it cut "
                    "short?",
                    kMerges));
  }

  AddPairs();
  bytes_ += kEndOfTextText;
  begins_.push_back(static_cast<uint32_t>(bytes_.size()));
  static_assert(kVocabulary == kGpt2Vocabulary);
  INITBIAS_CHECK(begins_.size() == kVocabulary + 1);
}

// Adds the token that a line of the file makes. Returns what is wrong with the line, or "".
std::string BpeTokenizer::AddMerge(std::string_view line) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos) {
    return fmt::format("found \"{}\", expected two tokens with a space between them", Shown(line));
  }
  std::string merged;
  for (const std::string_view written : {line.substr(0, space), line.substr(space + 1)}) {
    const std::optional<std::string> bytes = BytesOfWritten(written);
    if (!bytes || TokenOf(*bytes) == kNone) {
      return fmt::format(
          "found \"{}\", expected a byte as GPT-2 writes it or the result of an earlier merge",
          Shown(written));
    }
    merged += *bytes;
  }
  return AddToken(merged)
             ? ""
             : fmt::format("\"{}\" makes a token that an earlier merge has made", Shown(line));
}

// Adds a token with the next number. Returns false, and adds nothing, where there is one already.
bool BpeTokenizer::AddToken(std::string_view bytes) {
  if (TokenOf(bytes) != kNone) {
    return false;
  }
  const auto token = static_cast<uint32_t>(begins_.size() - 1);
  const uint64_t hash = HashOf(bytes);
  size_t slot = SlotOf(hash);
  while (token_table_[slot] != kFreeSlot) {
    slot = (slot + 1) % kTokenSlots;
  }
  token_table_[slot] = TagOf(hash) | token;
  bytes_ += bytes;
  begins_.push_back(static_cast<uint32_t>(bytes_.size()));
  return true;
}

// Any two tokens that joined are a token may be merged, not just those of the token's own line in
// the file: tiktoken looks for the bytes alone.
void BpeTokenizer::AddPairs() {
  std::vector<Pair> pairs;
  for (uint32_t token = kBytes; token < kBytes + kMerges; ++token) {
    const std::string_view bytes = TokenBytes(static_cast<int32_t>(token));
    for (size_t middle = 1; middle < bytes.size(); ++middle) {
      const uint32_t left = TokenOf(bytes.substr(0, middle));
      const uint32_t right = TokenOf(bytes.substr(middle));
      if (left != kNone && right != kNone) {
        pairs.push_back({.left_right = left << 16 | right, .merged = token});
      }
    }
  }
  pair_table_.resize(std::bit_ceil(2 * pairs.size()));
  for (const Pair& pair : pairs) {
    size_t slot = PairSlot(pair.left_right);
    while (pair_table_[slot].merged != 0) {
      slot = (slot + 1) % pair_table_.size();
    }
    pair_table_[slot] = pair;
  }
}

// The token with these bytes, or kNone.
uint32_t BpeTokenizer::TokenOf(std::string_view bytes) const {
  const uint64_t hash = HashOf(bytes);
  const uint32_t tag = TagOf(hash);
  for (size_t slot = SlotOf(hash); token_table_[slot] != kFreeSlot;
       slot = (slot + 1) % kTokenSlots) {
    const uint32_t token = token_table_[slot] & 0xFFFF;
    if ((token_table_[slot] & 0xFFFF0000) == tag &&
        TokenBytes(static_cast<int32_t>(token)) == bytes) {
      return token;
    }
  }
  return kNone;
}

// Where the search for a pair begins.
size_t BpeTokenizer::PairSlot(uint32_t left_right) const {
  return static_cast<size_t>(Mix(left_right) >> 32) & (pair_table_.size() - 1);
}

// The token that two tokens joined make, or kNone.
uint32_t BpeTokenizer::Merged(uint32_t left, uint32_t right) const {
  const uint32_t left_right = left << 16 | right;
  for (size_t slot = PairSlot(left_right); pair_table_[slot].merged != 0;
       slot = (slot + 1) & (pair_table_.size() - 1)) {
    if (pair_table_[slot].left_right == left_right) {
      return pair_table_[slot].merged;
    }
  }
  return kNone;
}

std::vector<int32_t> BpeTokenizer::Encode(std::string_view text) const {
  std::vector<int32_t> tokens;
  const size_t valid = ValidUtf8Length(text);
  size_t last_begin = 0;  // where the last piece begins, in the text and in the tokens
  size_t last_token = 0;
  Gpt2Pieces pieces(pattern_, text.substr(0, valid));
  for (std::string_view piece = pieces.Next(); !piece.empty(); piece = pieces.Next()) {
    last_begin = static_cast<size_t>(piece.data() - text.data());
    last_token = tokens.size();
    AppendPiece(piece, &tokens);
  }
  if (valid < text.size()) {
    // Where the last piece begins with a token of blanks, tiktoken goes back over such tokens
    // before it too. The piece is a word with a space before it then, and as no token has a space
    // after another blank, no merge reaches across: the tokens are the same without.
    tokens.resize(last_token);
    AppendPiece(text.substr(last_begin), &tokens);
  }
  return tokens;
}

std::string BpeTokenizer::Decode(std::span<const int32_t> tokens) const {
  std::string text;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i] < 0 || tokens[i] >= kVocabulary) {
      throw Error(
          fmt::format("cannot decode {} (number {} of {} tokens): GPT-2's tokens are 0 to {}",
                      tokens[i], i + 1, tokens.size(), kVocabulary - 1));
    }
    text += TokenBytes(tokens[i]);
  }
  return text;
}

std::string_view BpeTokenizer::TokenBytes(int32_t token) const {
  INITBIAS_CHECK(token >= 0 && static_cast<size_t>(token) + 1 < begins_.size());
  const uint32_t begin = begins_[static_cast<size_t>(token)];
  const uint32_t end = begins_[static_cast<size_t>(token) + 1];
  return {bytes_.data() + begin, end - begin};
}

// Appends the tokens of a piece. One that is a token as a whole is that token, also where merging
// would not lead to it.
void BpeTokenizer::AppendPiece(std::string_view piece, std::vector<int32_t>* tokens) const {
  if (const uint32_t token = TokenOf(piece); token != kNone) {
    tokens->push_back(static_cast<int32_t>(token));
  } else if (piece.size() <= kShortPiece) {
    MergeShort(piece, tokens);
  } else {
    MergeLong(piece, tokens);
  }
}

void BpeTokenizer::MergeShort(std::string_view piece, std::vector<int32_t>* tokens) const {
  std::array<uint32_t, kShortPiece> parts{};
  std::array<uint32_t, kShortPiece> merged{};  // of parts i and i + 1
  size_t count = piece.size();
  for (size_t i = 0; i < count; ++i) {
    parts[i] = kTokenOfByte[static_cast<unsigned char>(piece[i])];
  }
  for (size_t i = 0; i + 1 < count; ++i) {
    merged[i] = Merged(parts[i], parts[i + 1]);
  }
  while (count > 1) {
    uint32_t* const best = std::min_element(merged.data(), merged.data() + count - 1);
    if (*best == kNone) {
      break;
    }
    const auto i = static_cast<size_t>(best - merged.data());
    parts[i] = *best;
    std::copy(parts.data() + i + 2, parts.data() + count, parts.data() + i + 1);
    --count;
    std::copy(merged.data() + i + 1, merged.data() + count, merged.data() + i);
    if (i + 1 < count) {
      merged[i] = Merged(parts[i], parts[i + 1]);
    }
    if (i > 0) {
      merged[i - 1] = Merged(parts[i - 1], parts[i]);
    }
  }
  tokens->insert(tokens->end(), parts.data(), parts.data() + count);
}

void BpeTokenizer::MergeLong(std::string_view piece, std::vector<int32_t>* tokens) const {
  // A linked list, so that a merge moves nothing. A part is known by the place of its first byte.
  struct Part {
    size_t previous;
    size_t next;
    uint32_t token;   // kNone where the part went into the one before it
    uint32_t merged;  // with the next part
  };
  const size_t size = piece.size();
  std::vector<Part> parts(size);
  for (size_t i = 0; i < size; ++i) {
    parts[i] = {.previous = i - 1,
                .next = i + 1,
                .token = kTokenOfByte[static_cast<unsigned char>(piece[i])],
                .merged = kNone};
  }

  // The smallest entry, merged << 48 | place, is the earliest token and of these the leftmost.
  constexpr int kPlaceBits = 48;
  std::vector<uint64_t> entries;
  const auto update = [this, &parts, size](size_t place) {
    Part& part = parts[place];
    part.merged = part.next < size ? Merged(part.token, parts[part.next].token) : kNone;
    return uint64_t{part.merged} << kPlaceBits | place;
  };
  for (size_t i = 0; i < size; ++i) {
    if (const uint64_t entry = update(i); parts[i].merged != kNone) {
      entries.push_back(entry);
    }
  }
  std::priority_queue<uint64_t, std::vector<uint64_t>, std::greater<>> queue(std::greater<>{},
                                                                             std::move(entries));
  const auto update_and_push = [&parts, &queue, &update](size_t place) {
    if (const uint64_t entry = update(place); parts[place].merged != kNone) {
      queue.push(entry);
    }
  };
  while (!queue.empty()) {
    const uint64_t entry = queue.top();
    queue.pop();
    const size_t place = entry & ((uint64_t{1} << kPlaceBits) - 1);
    Part& part = parts[place];
    if (part.token == kNone || part.merged != entry >> kPlaceBits) {
      continue;  // one of the two has been merged with another since
    }
    part.token = part.merged;
    parts[part.next].token = kNone;
    part.next = parts[part.next].next;
    if (part.next < size) {
      parts[part.next].previous = place;
    }
    update_and_push(place);
    if (place > 0) {
      update_and_push(part.previous);
    }
  }
  for (size_t i = 0; i < size; i = parts[i].next) {
    tokens->push_back(static_cast<int32_t>(parts[i].token));
  }
}

}  // namespace initbias
