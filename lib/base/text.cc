#include "lib/base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

namespace initbias {
namespace {

template <typename T>
std::optional<T> ParseNumber(std::string_view text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [rest, status] = std::from_chars(text.data(), end, value);
  if (text.empty() || status != std::errc() || rest != end) {
    return std::nullopt;
  }
  return value;
}

size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

// Whether a part of `whole` at its beginning or end is `part`: "masked" of "masked_accuracy".
bool HasEnd(std::string_view whole, std::string_view part) {
  constexpr std::string_view kBetween = "._";
  const size_t rest = whole.size() - std::min(whole.size(), part.size());
  return rest > 0 && !part.empty() &&
         ((whole.starts_with(part) &&
           kBetween.find(whole[part.size()]) != std::string_view::npos) ||
          (whole.ends_with(part) && kBetween.find(whole[rest - 1]) != std::string_view::npos));
}

// What stands behind the last dot, all of it without one; and what stands before that.
std::string_view LastPart(std::string_view name) { return name.substr(name.rfind('.') + 1); }
std::string_view SectionOf(std::string_view name) {
  return name.substr(0, name.size() - LastPart(name).size());
}

// "lr" of "learning_rate"; "" of a single word.
std::string Initials(std::string_view name) {
  std::string initials;
  for (const std::string& word : Split(name, '_')) {
    initials += word.substr(0, 1);
  }
  return initials.size() < 2 ? "" : initials;
}

// The name that `name` is short for: "optimizer.lr" or "lr" for "optimizer.learning_rate",
// "train.batch" for "train.batch_size". Of two letters only initials count. `names`.end() where
// there is none.
auto ShortFor(std::string_view name, std::span<const std::string> names) {
  constexpr size_t kFewest = 3;  // letters of a beginning
  const std::string_view section = SectionOf(name);
  const std::string_view last = LastPart(name);
  const auto initials = [last](const std::string& known) {
    return !last.empty() && Initials(LastPart(known)) == last;
  };
  const auto found = std::ranges::find_if(names, [&](const std::string& known) {
    const std::string_view whole = LastPart(known);
    return (section.empty() || SectionOf(known) == section) &&
           (initials(known) ||
            (last.size() >= kFewest && (whole.starts_with(last) || HasEnd(whole, last))));
  });
  // "train.lr": in another section.
  return found != names.end() ? found : std::ranges::find_if(names, initials);
}

// As DidYouMean says; "" for none.
std::string MeantName(std::string_view name, std::span<const std::string> names) {
  const std::string behind_dot = fmt::format(".{}", name);
  const auto field = std::ranges::find_if(names, [&](const std::string& known) {
    return !name.empty() && known.ends_with(behind_dot);
  });
  const auto part =
      field != names.end() ? field : std::ranges::find_if(names, [name](const std::string& known) {
        return HasEnd(known, name);
      });
  if (part != names.end()) {
    return *part;
  }
  if (const auto whole = ShortFor(name, names); whole != names.end()) {
    return *whole;
  }
  if (std::string nearest = NearestName(name, names); !nearest.empty()) {
    return nearest;
  }
  std::vector<std::string> ends;
  for (const std::string& known : names) {
    ends.emplace_back(LastPart(known));
  }
  const auto end = std::ranges::find(ends, NearestName(name, ends));
  return end == ends.end() || end->empty() ? "" : names[static_cast<size_t>(end - ends.begin())];
}

// The words of a shell's command with their quotes, as they stand in it.
std::vector<std::string> ShellWordsOf(std::string_view command) {
  std::vector<std::string> words;
  bool quoted = false;  // by '
  bool inside = false;  // of a word
  for (size_t i = 0; i < command.size(); ++i) {
    const char letter = command[i];
    if (letter == ' ' && !quoted) {
      inside = false;
      continue;
    }
    if (!inside) {
      words.emplace_back();
      inside = true;
    }
    words.back() += letter;
    if (letter == '\'') {
      quoted = !quoted;
    } else if (letter == '\\' && !quoted && i + 1 < command.size()) {
      words.back() += command[++i];
    }
  }
  return words;
}

}  // namespace

std::optional<int64_t> ParseInt(std::string_view text) { return ParseNumber<int64_t>(text); }

std::optional<double> ParseDouble(std::string_view text) { return ParseNumber<double>(text); }

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  size_t start = 0;
  for (;;) {
    const size_t end = text.find(separator, start);
    if (end == std::string_view::npos) {
      parts.emplace_back(text.substr(start));
      return parts;
    }
    parts.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
}

std::string NearestName(std::string_view name, std::span<const std::string> names) {
  std::string best;
  size_t best_distance = std::max<size_t>(2, name.size() / 2) + 1;
  for (const std::string& candidate : names) {
    const size_t distance = EditDistance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string DidYouMean(std::string_view name, std::span<const std::string> names) {
  const std::string meant = MeantName(name, names);
  return meant.empty() ? "" : fmt::format("; did you mean {}?", meant);
}

std::string PointForComma(std::string_view text) {
  std::string pointed(text);
  const size_t comma = pointed.find(',');
  if (comma == std::string::npos) {
    return "";
  }
  pointed[comma] = '.';
  if (comma + 1 == pointed.size()) {
    return "";  // a list that ends too early
  }
  return ParseDouble(pointed) ? fmt::format("; did you mean {}?", pointed) : "";
}

std::string Counted(int64_t count, std::string_view one, std::string_view many) {
  return count != 1 && many.empty() ? fmt::format("{} {}s", count, one)
                                    : fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string OrList(std::span<const std::string_view> names) {
  if (names.size() < 2) {
    return names.empty() ? "" : std::string(names.front());
  }
  return fmt::format("{} or {}", fmt::join(names.first(names.size() - 1), ", "), names.back());
}

std::string FormatDuration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) {
    return "unknown";
  }
  if (seconds < 10) {
    return fmt::format("{:.1f} s", seconds);
  }
  constexpr double kManyYears = 1e11;  // beyond it integers overflow
  if (seconds > kManyYears) {
    return "more than 3000 years";
  }
  const int64_t s = std::llround(seconds);
  if (s < 60) {
    return fmt::format("{} s", s);
  }
  if (s < 3600) {
    return fmt::format("{} min {} s", s / 60, s % 60);
  }
  if (s < 86400) {
    return fmt::format("{} h {} min", s / 3600, s % 3600 / 60);
  }
  return fmt::format("{} d {} h", s / 86400, s % 86400 / 3600);
}

std::string FormatBytes(double bytes) {
  constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  constexpr double kRoundsUp = 999.5;  // prints as 1000
  size_t unit = 0;
  while (bytes >= kRoundsUp && unit < 4) {
    bytes /= 1000;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, bytes < 9.95 && unit > 0 ? 1 : 0, kUnits[unit]);
}

std::string Wrapped(std::string_view text, size_t indent, size_t width) {
  std::string lines;
  std::string line;
  for (const std::string& word : Split(text, ' ')) {
    if (!line.empty() && indent + line.size() + 1 + word.size() > width) {
      lines += fmt::format("{:{}}{}\n", "", indent, line);
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return lines + fmt::format("{:{}}{}\n", "", indent, line);
}

std::string WrappedCommand(std::string_view before, std::string_view command, size_t width) {
  constexpr size_t kDeeper = 4;
  constexpr std::string_view kGoesOn = " \\";
  const size_t blanks = std::min(before.find_first_not_of(' '), before.size());
  if (before.size() + command.size() <= width) {
    return fmt::format("{}{}", before, command);
  }
  std::string lines;
  std::string line(before);
  bool first = true;  // of its line
  const std::vector<std::string> words = ShellWordsOf(command);
  for (size_t i = 0; i < words.size(); ++i) {
    const size_t end = i + 1 < words.size() ? kGoesOn.size() : 0;
    if (!first && line.size() + 1 + words[i].size() + end > width) {
      lines += fmt::format("{}{}\n", line, kGoesOn);
      line = std::string(blanks + kDeeper, ' ');
      first = true;
    }
    line += (first ? "" : " ") + words[i];
    first = false;
  }
  return lines + line;
}

std::string WrappedLines(std::string_view text, size_t width) {
  std::string wrapped;
  for (const std::string& line : Split(text, '\n')) {
    const size_t blanks = std::min(line.find_first_not_of(' '), line.size());
    const std::string_view rest = std::string_view(line).substr(blanks);
    const bool command = rest.starts_with("bazel ") || rest.starts_with("make ");
    wrapped += blanks == 0 ? Wrapped(line, 0, width)
               : command   ? WrappedCommand(line.substr(0, blanks), rest, width) + "\n"
                           : line + "\n";
  }
  wrapped.pop_back();  // `text` has one line break less than lines
  return wrapped;
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

}  // namespace initbias
