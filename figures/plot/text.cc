#include "figures/plot/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>

#include "figures/plot/font_widths.h"
#include "lib/base/utf8.h"

namespace initbias::plot {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// The character at `at`. U+FFFE and U+FFFF, which XML forbids, count as what is not UTF-8.
Utf8Character Decode(std::string_view text, size_t at) {
  const Utf8Character character = DecodeUtf8(text.substr(at));
  return character.code_point == 0xFFFE || character.code_point == 0xFFFF ? Utf8Character{}
                                                                          : character;
}

double RunWidth(std::string_view text, bool bold) {
  double width = 0;
  for (size_t at = 0; at < text.size();) {
    const Utf8Character character = Decode(text, at);
    at += std::max<size_t>(character.length, 1);
    width += AdvanceWidth(character.code_point, bold);
  }
  return width;
}

bool OpensScript(std::string_view line, size_t at) {
  return at + 1 < line.size() && (line[at] == '_' || line[at] == '^') && line[at + 1] == '{';
}

// Appends to the last run where the level is the same.
void Append(std::vector<TextRun>& runs, std::string_view text, TextRun::Level level) {
  if (text.empty()) {
    return;
  }
  if (runs.empty() || runs.back().level != level) {
    runs.push_back({.text = "", .level = level});
  }
  runs.back().text += text;
}

std::vector<TextRun> Runs(std::string_view line, bool markup) {
  return markup ? ParseMarkup(line) : std::vector<TextRun>{{.text = std::string(line)}};
}

// The words of a line; a space inside markup's braces does not end one.
std::vector<std::string> Words(std::string_view line, bool markup) {
  std::vector<std::string> words(1);
  bool in_script = false;
  for (size_t at = 0; at < line.size(); ++at) {
    if (markup && OpensScript(line, at) && line.find('}', at) != std::string_view::npos) {
      in_script = true;
    }
    if (line[at] == '}') {
      in_script = false;
    }
    if (line[at] == ' ' && !in_script) {
      words.emplace_back();
    } else {
      words.back() += line[at];
    }
  }
  return words;
}

// The words on lines that are as full as `width` allows; at least one.
std::vector<std::string> FillLines(const std::vector<std::string>& words, double width, double size,
                                   bool markup) {
  std::vector<std::string> lines = {words.front()};
  for (size_t i = 1; i < words.size(); ++i) {
    const std::string longer = lines.back().empty() ? words[i] : lines.back() + " " + words[i];
    if (!lines.back().empty() && TextWidth(longer, size, markup) > width) {
      lines.push_back(words[i]);
    } else {
      lines.back() = longer;
    }
  }
  return lines;
}

// As FillLines; but of two lines, the first ends with a comma where one can, else both are about
// equally wide, so that none is left with a single word.
std::vector<std::string> BreakParagraph(const std::vector<std::string>& words, double width,
                                        double size, bool markup) {
  std::vector<std::string> lines = FillLines(words, width, size, markup);
  if (lines.size() != 2) {
    return lines;
  }
  double least = std::numeric_limits<double>::infinity();
  for (auto middle = words.begin() + 1; middle != words.end(); ++middle) {
    const std::string first = fmt::format("{}", fmt::join(words.begin(), middle, " "));
    const std::string second = fmt::format("{}", fmt::join(middle, words.end(), " "));
    const double widest = std::max(TextWidth(first, size, markup), TextWidth(second, size, markup));
    const double cost = first.ends_with(',') ? widest - width : widest;
    if (widest <= width && cost < least) {
      least = cost;
      lines = {first, second};
    }
  }
  return lines;
}

}  // namespace

std::string CleanText(std::string_view text) {
  std::string clean;
  for (size_t at = 0; at < text.size();) {
    const Utf8Character character = Decode(text, at);
    if (character.length == 0) {
      clean += kReplacement;
      ++at;
      continue;
    }
    const bool control = (character.code_point < 0x20 && character.code_point != '\n') ||
                         (character.code_point >= 0x7F && character.code_point < 0xA0);
    clean += control ? std::string_view(" ") : text.substr(at, character.length);
    at += character.length;
  }
  return clean;
}

std::string Literal(std::string_view text) {
  std::string literal;
  for (size_t at = 0; at < text.size(); ++at) {
    if (OpensScript(text, at)) {
      literal += '\\';
    }
    literal += text[at];
  }
  return literal;
}

std::vector<TextRun> ParseMarkup(std::string_view line) {
  std::vector<TextRun> runs;
  for (size_t at = 0; at < line.size();) {
    if (line[at] == '\\' && OpensScript(line, at + 1)) {
      Append(runs, line.substr(at + 1, 2), TextRun::Level::kBase);
      at += 3;
      continue;
    }
    const size_t end = OpensScript(line, at) ? line.find('}', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      Append(runs, line.substr(at, 1), TextRun::Level::kBase);
      ++at;
      continue;
    }
    Append(runs, line.substr(at + 2, end - at - 2),
           line[at] == '_' ? TextRun::Level::kSub : TextRun::Level::kSuper);
    at = end + 1;
  }
  return runs;
}

double TextWidth(std::string_view line, double size, bool markup, bool bold) {
  double width = 0;
  for (const TextRun& run : Runs(line, markup)) {
    width += RunWidth(run.text, bold) * (run.level == TextRun::Level::kBase ? 1.0 : kScriptScale);
  }
  return width * size;
}

std::vector<std::string> BreakLines(std::string_view text, double width, double size, bool markup) {
  std::vector<std::string> lines;
  while (true) {
    const size_t end = text.find('\n');
    const std::vector<std::string> broken =
        BreakParagraph(Words(text.substr(0, end), markup), width, size, markup);
    lines.insert(lines.end(), broken.begin(), broken.end());
    if (end == std::string_view::npos) {
      return lines;
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace initbias::plot
