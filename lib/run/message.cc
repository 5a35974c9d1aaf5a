#include "lib/run/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

// Visits every field of a message with its name: one list for writing and reading.
template <typename M, typename Visitor>
void VisitFields(M& message, const Visitor& visit) {
  using Kind = std::remove_const_t<M>;
  if constexpr (std::is_same_v<Kind, StartedMessage>) {
    visit("device", message.device);
    visit("remark", message.remark);
    visit("torch", message.torch);
    visit("capability", message.capability);
  } else if constexpr (std::is_same_v<Kind, NoteMessage>) {
    visit("text", message.text);
  } else if constexpr (std::is_same_v<Kind, ProgressMessage>) {
    visit("step", message.step);
    visit("total", message.total);
    visit("rate", message.rate);
    visit("loss", message.losses);
  } else if constexpr (std::is_same_v<Kind, MeasuredMessage>) {
    visit("setup", message.setup);
    visit("evaluation", message.evaluation);
    visit("snapshot", message.snapshot);
    visit("flops_per_second", message.flops_per_second);
    visit("memory", message.memory);
  } else if constexpr (std::is_same_v<Kind, FinishedMessage>) {
    visit("seconds", message.seconds);
    visit("evaluation", message.evaluation);
    visit("storage", message.storage);
    visit("memory", message.memory);
  } else if constexpr (std::is_same_v<Kind, StoppedMessage>) {
    visit("step", message.step);
  } else if constexpr (std::is_same_v<Kind, FailedMessage>) {
    visit("error", message.error);
    visit("refused", message.refused);
  } else {
    static_assert(std::is_same_v<Kind, FoundMessage>, "it has no fields");
  }
}

// What stands behind a backslash for each character that would end a field or a line.
constexpr std::array<std::pair<char, char>, 4> kEscapes = {
    {{'\t', 't'}, {'\n', 'n'}, {'\r', 'r'}, {'\\', '\\'}}};

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto* const found = std::ranges::find(kEscapes, c, &std::pair<char, char>::first);
    if (found != kEscapes.end()) {
      escaped += {'\\', found->second};
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// The inverse; nothing where a backslash stands before anything else.
std::optional<std::string> Unescaped(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      plain += text[i];
      continue;
    }
    ++i;
    const auto* const found =
        i < text.size() ? std::ranges::find(kEscapes, text[i], &std::pair<char, char>::second)
                        : kEscapes.end();
    if (found == kEscapes.end()) {
      return std::nullopt;
    }
    plain += found->first;
  }
  return plain;
}

std::string FormatField(const std::string& text) { return Escaped(text); }
std::string FormatField(int64_t number) { return fmt::format("{}", number); }
std::string FormatField(double number) { return fmt::format("{}", number); }

// Each stores the value of a field and returns true, or returns false.
bool ParseField(std::string_view text, std::string* value) {
  const std::optional<std::string> plain = Unescaped(text);
  *value = plain.value_or("");
  return plain.has_value();
}

bool ParseField(std::string_view text, int64_t* value) {
  const std::optional<int64_t> number = ParseInt(text);
  *value = number.value_or(0);
  return number.has_value();
}

bool ParseField(std::string_view text, double* value) {
  const std::optional<double> number = ParseDouble(text);
  *value = number.value_or(0.0);
  return number.has_value();
}

// Writes the fields of a message.
class FieldWriter {
 public:
  explicit FieldWriter(std::string* line) : line_(line) {}

  template <typename T>
  void operator()(std::string_view name, const T& value) const {
    *line_ += fmt::format("\t{}={}", name, FormatField(value));
  }

  // A field of each entry: its number, a blank, its name.
  void operator()(std::string_view name, const std::map<std::string, double>& values) const {
    for (const auto& [entry, value] : values) {
      *line_ += fmt::format("\t{}={} {}", name, FormatField(value), FormatField(entry));
    }
  }

 private:
  std::string* line_;
};

// Takes the fields of a line, whose first part is its kind, out of it.
class FieldReader {
 public:
  explicit FieldReader(const std::vector<std::string>& parts) : kind_(parts[0]) {
    for (size_t i = 1; i < parts.size(); ++i) {
      const size_t equals = parts[i].find('=');
      if (equals == std::string::npos) {
        Refuse(fmt::format("'{}' is no field", parts[i]));
      }
      fields_.emplace(parts[i].substr(0, equals), parts[i].substr(equals + 1));
    }
  }

  template <typename T>
  void operator()(const std::string& name, T& value) {
    const auto field = fields_.find(name);
    if (field == fields_.end()) {
      Refuse(fmt::format("it has no field '{}'", name));
    }
    if (!ParseField(field->second, &value)) {
      RefuseValue(*field);
    }
    fields_.erase(field);
  }

  void operator()(const std::string& name, std::map<std::string, double>& values) {
    for (auto field = fields_.find(name); field != fields_.end(); field = fields_.find(name)) {
      const std::string_view text = field->second;
      const size_t blank = text.find(' ');
      std::string entry;
      double value = 0;
      if (blank == std::string_view::npos || !ParseField(text.substr(0, blank), &value) ||
          !ParseField(text.substr(blank + 1), &entry) || !values.emplace(entry, value).second) {
        RefuseValue(*field);
      }
      fields_.erase(field);
    }
  }

  // Throws Error where fields are left.
  void CheckAllTaken() const {
    if (!fields_.empty()) {
      Refuse(fmt::format("it has a field '{}' too many", fields_.begin()->first));
    }
  }

 private:
  [[noreturn]] void Refuse(const std::string& why) const {
    throw Error(fmt::format("a worker's message '{}' cannot be read: {}", kind_, why));
  }

  [[noreturn]] void RefuseValue(const std::pair<const std::string, std::string>& field) const {
    Refuse(fmt::format("its field '{}' is '{}'", field.first, field.second));
  }

  std::string kind_;
  std::multimap<std::string, std::string> fields_;
};

// The message of those parts of a line; nothing where it is of none of Message's kinds from kIndex
// on.
template <size_t kIndex = 0>
std::optional<Message> ParseParts(const std::vector<std::string>& parts) {
  if constexpr (kIndex == std::variant_size_v<Message>) {
    return std::nullopt;
  } else {
    using Kind = std::variant_alternative_t<kIndex, Message>;
    if (parts[0] != Kind::kKind) {
      return ParseParts<kIndex + 1>(parts);
    }
    Kind message;
    FieldReader reader(parts);
    VisitFields(message, [&reader](const char* name, auto& value) { reader(name, value); });
    reader.CheckAllTaken();
    return message;
  }
}

}  // namespace

std::string FormatOrder(const WorkerOrder& order) {
  // No text of these holds a NUL: all came as arguments of a program.
  std::string text = CanonicalForm(order.config);
  for (const std::string& more :
       {order.argv, order.config.text.prontoqa, order.config.text.tinystories}) {
    text += '\0';
    text += more;
  }
  return text;
}

WorkerOrder ParseOrder(std::string_view text) {
  std::vector<std::string> parts = Split(text, '\0');
  parts.resize(4);
  WorkerOrder order{.config = ParseCanonicalForm(parts[0]), .argv = parts[1]};
  TextConfig& files = order.config.text;
  files.prontoqa = parts[2].empty() ? files.prontoqa : parts[2];
  files.tinystories = parts[3].empty() ? files.tinystories : parts[3];
  return order;
}

std::string_view KindOf(const Message& message) {
  return std::visit([]<typename Kind>(const Kind&) { return Kind::kKind; }, message);
}

std::string FormatMessage(const Message& message) {
  std::string line(KindOf(message));
  std::visit([&line](const auto& kind) { VisitFields(kind, FieldWriter(&line)); }, message);
  return line;
}

std::optional<Message> ParseMessage(std::string_view line) { return ParseParts(Split(line, '\t')); }

}  // namespace initbias
