#include "lib/config/field_list.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

// A list's parts; the empty text is the empty list.
std::vector<std::string> ListParts(std::string_view text) {
  if (Trim(text).empty()) {
    return {};
  }
  std::vector<std::string> parts = Split(text, ',');
  for (std::string& part : parts) {
    part = std::string(Trim(part));
  }
  return parts;
}

}  // namespace

std::string FormatValue(bool value) { return value ? "true" : "false"; }
std::string FormatValue(int64_t value) { return fmt::format("{}", value); }
std::string FormatValue(double value) { return fmt::format("{}", value); }
std::string FormatValue(const std::string& value) { return value; }
std::string FormatValue(const std::vector<int64_t>& value) {
  return fmt::format("{}", fmt::join(value, ","));
}
std::string FormatValue(const std::vector<std::string>& value) {
  return fmt::format("{}", fmt::join(value, ","));
}

void ParseValue(std::string_view text, bool* value) {
  if (text != "true" && text != "false") {
    throw Error(fmt::format("'{}' is neither true nor false", text));
  }
  *value = text == "true";
}

void ParseValue(std::string_view text, int64_t* value) {
  const std::optional<int64_t> parsed = ParseInt(text);
  if (!parsed) {
    throw Error(fmt::format("'{}' is not a whole number", text));
  }
  *value = *parsed;
}

void ParseValue(std::string_view text, double* value) {
  const std::optional<double> parsed = ParseDouble(text);
  if (!parsed) {
    throw Error(fmt::format("'{}' is not a number{}", text, PointForComma(text)));
  }
  *value = *parsed;
}

void ParseValue(std::string_view text, std::string* value) {
  // A line break would let a value pose as further fields of the canonical form.
  if (text.find_first_of("\r\n") != std::string_view::npos) {
    throw Error("a value may not hold a line break");
  }
  *value = std::string(text);
}

void ParseValue(std::string_view text, std::vector<int64_t>* value) {
  std::vector<int64_t> parsed;
  for (const std::string& part : ListParts(text)) {
    ParseValue(part, &parsed.emplace_back());
  }
  *value = std::move(parsed);
}

void ParseValue(std::string_view text, std::vector<std::string>* value) {
  std::vector<std::string> parsed;
  for (const std::string& part : ListParts(text)) {
    ParseValue(part, &parsed.emplace_back());
  }
  *value = std::move(parsed);
}

size_t ParseEnum(std::string_view text, std::vector<std::string> names) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) {
      return i;
    }
  }
  throw Error(fmt::format("'{}' is none of {}", text, fmt::join(names, ", ")));
}

const Field* FieldList::Find(std::string_view name) const {
  for (const std::vector<Field>* fields : {&fields_, &idle_}) {
    for (const Field& field : *fields) {
      if (field.name == name) {
        return &field;
      }
    }
  }
  return nullptr;
}

}  // namespace initbias
