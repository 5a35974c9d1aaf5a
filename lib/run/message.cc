#include "lib/run/message.h"

#include <algorithm>
#include <array>
#include <vector>

#include "lib/base/text.h"

namespace initbias {
namespace {

constexpr std::array<std::string_view, 7> kKinds = {"started",  "note",    "progress", "measured",
                                                    "finished", "stopped", "error"};

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

double Message::Number(const std::string& field) const {
  return ParseDouble(Text(field)).value_or(0.0);
}

std::string Message::Text(const std::string& field) const {
  const auto found = fields.find(field);
  return found == fields.end() ? "" : found->second;
}

std::string FormatMessage(const Message& message) {
  std::string line = message.kind;
  for (const auto& [name, value] : message.fields) {
    std::string flat = value;
    std::ranges::replace_if(
        flat, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    line += "\t" + name + "=" + flat;
  }
  return line;
}

Message ParseMessage(std::string_view line) {
  const std::vector<std::string> parts = Split(line, '\t');
  Message message{.kind = parts[0]};
  bool well_formed = std::ranges::find(kKinds, parts[0]) != kKinds.end();
  for (size_t i = 1; i < parts.size(); ++i) {
    const size_t equals = parts[i].find('=');
    well_formed = well_formed && equals != std::string::npos;
    if (well_formed) {
      message.fields[parts[i].substr(0, equals)] = parts[i].substr(equals + 1);
    }
  }
  if (!well_formed) {
    return {.kind = "note", .fields = {{"text", std::string(line)}}};
  }
  return message;
}

}  // namespace initbias
