// One list of fields drives everything a config is used for: command-line overrides, the canonical
// form and its digest, HDF5 attributes, the printed table and the record of open choices.
//
// A config struct names its fields once, in a function that adds pointers to a FieldList. The list
// refers to the struct: it must not outlive it.
#ifndef INITBIAS_LIB_CONFIG_FIELD_LIST_H_
#define INITBIAS_LIB_CONFIG_FIELD_LIST_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/config/enums.h"

namespace initbias {

// Text <-> value. ParseValue throws Error that says what was expected; FormatValue gives the
// shortest text that parses to the same value.
std::string FormatValue(bool value);
std::string FormatValue(int64_t value);
std::string FormatValue(double value);
std::string FormatValue(const std::string& value);
std::string FormatValue(const std::vector<int64_t>& value);      // "1,2,3"
std::string FormatValue(const std::vector<std::string>& value);  // "a,b"
void ParseValue(std::string_view text, bool* value);
void ParseValue(std::string_view text, int64_t* value);
void ParseValue(std::string_view text, double* value);
void ParseValue(std::string_view text, std::string* value);
void ParseValue(std::string_view text, std::vector<int64_t>* value);
void ParseValue(std::string_view text, std::vector<std::string>* value);

// Enums go by the names in EnumNames<E>.
template <typename E>
requires std::is_enum_v<E> std::string FormatValue(E value) { return std::string(EnumName(value)); }
size_t ParseEnum(std::string_view text, std::vector<std::string> names);
template <typename E>
requires std::is_enum_v<E>
void ParseValue(std::string_view text, E* value) {
  const auto& names = EnumNames<E>::kNames;
  *value = static_cast<E>(ParseEnum(text, {names.begin(), names.end()}));
}

// A field of a config, type-erased.
struct Field {
  std::string name;                             // e.g. "transformer.d_ff"
  std::string doc;                              // what it is, with its unit
  std::string open;                             // why this value, where the paper is silent; or ""
  std::function<std::string()> get;             // canonical text
  std::function<void(std::string_view)> parse;  // throws Error on a bad text
  std::optional<std::string> left_out_where =
      {};  // the value with which it is no part of the canonical form
};

// The fields of a config in canonical order, and apart from them those that another value of the
// config leaves without effect: these are found by name, so that they can be set before the field
// that gives them their effect, and are no part of the list.
class FieldList {
 public:
  // Names added after this begin with "<section>.", and the fields have an effect.
  void Section(std::string_view section) {
    prefix_ = std::string(section) + ".";
    in_effect_ = true;
  }

  // Whether the fields added after this, up to the next section, have an effect.
  void InEffect(bool in_effect) { in_effect_ = in_effect; }

  // Adds the field `name` that lives at `value`. `open` is the reason for the default where the
  // paper leaves the value open.
  template <typename T>
  void Add(std::string_view name, T* value, std::string_view doc, std::string_view open = "") {
    (in_effect_ ? fields_ : idle_)
        .push_back({prefix_ + std::string(name), std::string(doc), std::string(open),
                    [value] { return FormatValue(*value); },
                    [value](std::string_view text) { ParseValue(text, value); }});
  }

  // Leaves the field added last out of the canonical form where it has this value: what is younger
  // than stored runs is named by those alone that use it, and the others keep their digests.
  void LeaveOutWhere(std::string_view value) {
    (in_effect_ ? fields_ : idle_).back().left_out_where = value;
  }

  std::vector<Field>::const_iterator begin() const { return fields_.begin(); }
  std::vector<Field>::const_iterator end() const { return fields_.end(); }

  // The fields without effect, in the order in which they were added.
  const std::vector<Field>& idle() const { return idle_; }

  // The field `name`, with effect or without, or nullptr.
  const Field* Find(std::string_view name) const;

 private:
  std::string prefix_;
  bool in_effect_ = true;
  std::vector<Field> fields_;
  std::vector<Field> idle_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_CONFIG_FIELD_LIST_H_
