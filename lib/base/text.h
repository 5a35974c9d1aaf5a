// Small text helpers that several modules share: parsing of numbers, nearest names, durations.
#ifndef INITBIAS_LIB_BASE_TEXT_H_
#define INITBIAS_LIB_BASE_TEXT_H_

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace initbias {

// Parses all of `text` as a decimal number; nullopt when it is not one or is out of range.
// Independent of the locale.
std::optional<int64_t> ParseInt(std::string_view text);
std::optional<double> ParseDouble(std::string_view text);

// `text` without white space at both ends.
std::string_view Trim(std::string_view text);

// The parts of `text` between separators; "a,,b" has three parts, "" has one, empty.
std::vector<std::string> Split(std::string_view text, char separator);

// The member of `names` with the smallest Levenshtein distance to `name`; empty when none is
// near enough to be what was meant (more than two and more than half of its letters differ).
std::string NearestName(std::string_view name, std::span<const std::string> names);

// "; did you mean init.gamma?", for the end of a message that refuses `name`: the member of `names`
// that ends with ".<name>", else the first that has `name` for its beginning or end ("masked" of
// "masked_accuracy"), else the one that it is short for by the letters its words begin with or by
// its beginning ("optimizer.lr" for "optimizer.learning_rate", "eps" for "optimizer.epsilon"), else
// the nearest, else the one whose part behind its last dot is nearest. "" where there is none of
// these.
std::string DidYouMean(std::string_view name, std::span<const std::string> names);

// "; did you mean 0.3?", for the end of a message that refuses "0,3" as a number: `text` with its
// one comma as a point. "" where that is no number, either.
std::string PointForComma(std::string_view text);

// "1 run", "2 runs"; "1 story", "2 stories" where `many` is not `one` with an s.
std::string Counted(int64_t count, std::string_view one, std::string_view many = "");
template <std::unsigned_integral T>
std::string Counted(T count, std::string_view one, std::string_view many = "") {
  return Counted(static_cast<int64_t>(count), one, many);
}

// "a, b or c".
std::string OrList(std::span<const std::string_view> names);

// A duration for people: "4.2 s", "3 min 20 s", "11 h 5 min", "2 d 3 h".
std::string FormatDuration(double seconds);

// `text` in lines of at most `width` letters, each after `indent` spaces and with its end; a longer
// word stands alone.
std::string Wrapped(std::string_view text, size_t indent, size_t width);

// `command` of a shell behind `before` ("next: ", "  "), in lines of at most `width` letters, each
// but the last with " \\" at its end: they can be pasted as they are. Words in quotes are not
// broken, nor is a longer word. Without a line's end behind the last.
std::string WrappedCommand(std::string_view before, std::string_view command, size_t width);

// The lines of `text`, each in lines of at most `width` letters. One that begins with a blank stays
// whole, but for a command of bazel or make, which can be pasted when it is broken, too
// (WrappedCommand). Ends as `text` does.
std::string WrappedLines(std::string_view text, size_t width);

// `text` for XML and HTML, as content or within double quotes: without & < > ".
std::string XmlEscape(std::string_view text);

// A size for people: "812 kB", "1.4 GB" (powers of 1000).
std::string FormatBytes(double bytes);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_TEXT_H_
