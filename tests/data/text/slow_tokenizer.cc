#include "tests/data/text/slow_tokenizer.h"

#include <cstddef>

#include "lib/base/utf8.h"

namespace initbias {

SlowTokenizer::SlowTokenizer(const BpeTokenizer& tokenizer) {
  for (int32_t token = 0; token < BpeTokenizer::kEndOfText; ++token) {
    token_of_[std::string(tokenizer.TokenBytes(token))] = token;
  }
}

std::vector<int32_t> SlowTokenizer::Encode(std::string_view text) const {
  const size_t valid = ValidUtf8Length(text);
  Gpt2Pieces pieces(pattern_, text.substr(0, valid), Gpt2Pieces::Method::kPattern);
  std::vector<std::string> parts;
  size_t last_piece = 0;
  for (std::string_view piece = pieces.Next(); !piece.empty(); piece = pieces.Next()) {
    last_piece = parts.size();
    AppendParts(piece, &parts);
  }
  if (valid < text.size()) {
    const auto is_blank = [&parts](size_t i) {
      return parts[i].find_first_not_of(" \n\t") == std::string::npos;
    };
    if (!parts.empty() && is_blank(last_piece)) {
      while (last_piece > 0 && is_blank(last_piece - 1)) {
        --last_piece;
      }
    }
    std::string rest;
    for (size_t i = last_piece; i < parts.size(); ++i) {
      rest += parts[i];
    }
    parts.resize(last_piece);
    AppendParts(rest + std::string(text.substr(valid)), &parts);
  }
  std::vector<int32_t> tokens;
  for (const std::string& part : parts) {
    tokens.push_back(token_of_.at(part));
  }
  return tokens;
}

void SlowTokenizer::AppendParts(std::string_view piece, std::vector<std::string>* all) const {
  std::vector<std::string> parts;
  if (token_of_.contains(std::string(piece))) {
    parts.emplace_back(piece);
  } else {
    for (const char byte : piece) {
      parts.emplace_back(1, byte);
    }
  }
  while (true) {
    int32_t best = BpeTokenizer::kEndOfText;
    size_t best_place = 0;
    for (size_t i = 0; i + 1 < parts.size(); ++i) {
      const auto found = token_of_.find(parts[i] + parts[i + 1]);
      if (found != token_of_.end() && found->second < best) {
        best = found->second;
        best_place = i;
      }
    }
    if (best == BpeTokenizer::kEndOfText) {
      break;
    }
    parts[best_place] += parts[best_place + 1];
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(best_place) + 1);
  }
  all->insert(all->end(), parts.begin(), parts.end());
}

}  // namespace initbias
