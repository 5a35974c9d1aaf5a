#include "tests/bench/answers.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {

std::string AwaitAnswer(Subprocess& process, const std::string& kind) {
  for (std::optional<std::string> line; (line = process.ReadLine());) {
    const std::string_view words = Trim(*line);
    if (words == kind || words.starts_with(kind + " ")) {
      return std::string(Trim(words.substr(kind.size())));
    }
  }
  throw Error(
      fmt::format("{} ended before its '{}'\n{}", process.program(), kind, process.ErrorOutput()));
}

std::string FieldOf(const std::string& text, const std::string& name) {
  for (const std::string& word : Split(text, ' ')) {
    if (word.starts_with(name + "=")) {
      return word.substr(name.size() + 1);
    }
  }
  throw Error(fmt::format("there is no {} in '{}'", name, text));
}

double NumberOf(const std::string& text, const std::string& name) {
  const std::string field = FieldOf(text, name);
  const std::optional<double> number = ParseDouble(field);
  if (!number) {
    throw Error(fmt::format("{}={} is no number", name, field));
  }
  return *number;
}

}  // namespace initbias
