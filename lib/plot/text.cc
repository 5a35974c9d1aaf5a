#include "lib/plot/text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace initbias::plot {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr double kScriptScale = 0.8;  // gnuplot's size of sub- and superscripts.

// Advance widths of DejaVu Sans (2.37, table hmtx) for U+0020 to U+007E, in 1/1000 em.
constexpr std::array<uint16_t, 95> kAsciiWidths = {
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361,  318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635,  611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352,  635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,  525, 636, 337, 636, 838};
constexpr double kOtherWidth = 0.66;  // em; Greek and accented Latin letters are near it.
constexpr double kWideWidth = 1.0;    // em; from U+1100 on: dashes, arrows, ideographs.
constexpr double kBoldScale = 1.13;   // Mean of DejaVu Sans Bold's widths over those above.

struct CodePoint {
  uint32_t value;
  size_t length;  // Bytes; 0: not UTF-8.
};

CodePoint Decode(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(at);
  if (first < 0x80) {
    return {first, 1};
  }
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + length > text.size()) {
    return {0, 0};
  }
  uint32_t value = first & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) {
      return {0, 0};
    }
    value = (value << 6) | (byte(at + i) & 0x3Fu);
  }
  // Overlong forms, surrogates, non-characters that XML forbids, beyond Unicode.
  constexpr std::array<uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool bad = value < kSmallest[length] || (value >= 0xD800 && value <= 0xDFFF) ||
                   value == 0xFFFE || value == 0xFFFF || value > 0x10FFFF;
  return bad ? CodePoint{0, 0} : CodePoint{value, length};
}

double RunWidth(std::string_view text) {
  double width = 0;
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = Decode(text, at);
    at += std::max<size_t>(point.length, 1);
    if (point.value >= 0x20 && point.value <= 0x7E) {
      width += kAsciiWidths[point.value - 0x20] / 1000.0;
    } else {
      width += point.value >= 0x1100 ? kWideWidth : kOtherWidth;
    }
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

}  // namespace

std::string CleanText(std::string_view text) {
  std::string clean;
  for (size_t at = 0; at < text.size();) {
    const CodePoint point = Decode(text, at);
    if (point.length == 0) {
      clean += kReplacement;
      ++at;
      continue;
    }
    const bool control =
        (point.value < 0x20 && point.value != '\n') || (point.value >= 0x7F && point.value < 0xA0);
    clean += control ? std::string_view(" ") : text.substr(at, point.length);
    at += point.length;
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
    width += RunWidth(run.text) * (run.level == TextRun::Level::kBase ? 1.0 : kScriptScale);
  }
  return width * size * (bold ? kBoldScale : 1.0);
}

std::vector<std::string> BreakLines(std::string_view text, double width, double size, bool markup) {
  std::vector<std::string> lines;
  while (true) {
    const size_t end = text.find('\n');
    std::string line;
    for (const std::string& word : Words(text.substr(0, end), markup)) {
      const std::string longer = line.empty() ? word : line + " " + word;
      if (!line.empty() && TextWidth(longer, size, markup) > width) {
        lines.push_back(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.push_back(line);
    if (end == std::string_view::npos) {
      return lines;
    }
    text.remove_prefix(end + 1);
  }
}

std::string GnuplotQuote(std::string_view text) {
  // gnuplot's own '' for an apostrophe fails at the start of a string, so apostrophes are parts of
  // their own, joined by its operator ".".
  std::string quoted = "'";
  for (const char c : text) {
    // A line break would end gnuplot's string; texts are drawn line by line, so none should be
    // left.
    quoted += c == '\n' ? " " : c == '\'' ? "'.\"\\047\".'" : std::string(1, c);
  }
  return quoted + "'";
}

std::string GnuplotEnhanced(const std::vector<TextRun>& runs, bool bold) {
  constexpr std::string_view kSpecial = "{}^_@&~\\";
  std::string enhanced;
  for (const TextRun& run : runs) {
    if (run.level != TextRun::Level::kBase) {
      enhanced += run.level == TextRun::Level::kSub ? "_{" : "^{";
    }
    for (size_t at = 0; at < run.text.size(); ++at) {
      if (kSpecial.find(run.text[at]) != std::string_view::npos) {
        enhanced += '\\';
      }
      enhanced += run.text[at];
      // gnuplot takes \U+xxxx for a code point even after an escaped backslash: an empty group
      // parts it.
      if (std::string_view(run.text).substr(at).starts_with("U+") && at > 0 &&
          run.text[at - 1] == '\\') {
        enhanced += "{}";
      }
    }
    if (run.level != TextRun::Level::kBase) {
      enhanced += '}';
    }
  }
  return bold ? "{/:Bold " + enhanced + "}" : enhanced;
}

std::string XmlEscape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace initbias::plot
