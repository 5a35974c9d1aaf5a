#include "lib/data/text/prontoqa_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file_access.h"

namespace initbias {
namespace {

using Json = nlohmann::ordered_json;  // keeps the order of the file

constexpr std::string_view kProve = "Prove: ";
// How lists ask, and how the authors do.
constexpr std::string_view kListAsks = "Is the following statement true or false? ";
constexpr std::string_view kAuthorsAsk = "True or false: ";

// Refuses a name that an object has twice; the parser would keep the last value without a word.
class UniqueNames {
 public:
  bool operator()(int /*depth*/, Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::object_start) {
      names_.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      names_.pop_back();
    } else if (event == Json::parse_event_t::key) {
      if (!names_.back().insert(parsed.get<std::string>()).second) {
        throw Error(fmt::format("the name '{}' occurs twice", parsed.get<std::string>()));
      }
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> names_;  // of the objects that are open
};

Json Parse(const std::filesystem::path& path) {
  if (!IsRegularFile(path)) {
    throw Error("it is missing, or no file");
  }
  const std::string text = ReadFile(path);
  try {
    return Json::parse(text, UniqueNames());
  } catch (const Json::exception& error) {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: .."
    const std::string_view message = error.what();
    const size_t end = message.find("] ");
    throw Error(fmt::format("it is not JSON: {}",
                            end == std::string_view::npos ? message : message.substr(end + 2)));
  }
}

void Expect(bool condition, const std::string& where, const Json& found,
            std::string_view expected) {
  if (!condition) {
    throw Error(fmt::format("{} is of type {}, expected {}", where, found.type_name(), expected));
  }
}

const Json& Member(const Json& object, const std::string& where, const std::string& name) {
  const auto at = object.find(name);
  if (at == object.end()) {
    throw Error(fmt::format("{} has no '{}'", where, name));
  }
  return *at;
}

std::string Text(const Json& value, const std::string& where) {
  Expect(value.is_string(), where, value, "a text");
  std::string text = value.get<std::string>();
  if (text.empty()) {
    throw Error(where + " is empty");
  }
  return text;
}

std::string TextMember(const Json& object, const std::string& where, const std::string& name) {
  return Text(Member(object, where, name), where + "/" + name);
}

std::vector<std::string> Texts(const Json& object, const std::string& where,
                               const std::string& name) {
  const Json& values = Member(object, where, name);
  const std::string values_where = where + "/" + name;
  Expect(values.is_array(), values_where, values, "an array of texts");
  if (values.empty()) {
    throw Error(values_where + " is empty");
  }
  std::vector<std::string> texts;
  for (size_t i = 0; i < values.size(); ++i) {
    texts.push_back(Text(values[i], fmt::format("{}[{}]", values_where, i)));
  }
  return texts;
}

ProntoQaExample ReadExample(const Json& object, const std::string& where) {
  Expect(object.is_object(), where, object, "an object");
  ProntoQaExample example{.question = TextMember(object, where, "question"),
                          .query = TextMember(object, where, "query"),
                          .chain_of_thought = Texts(object, where, "chain_of_thought")};
  if (!object.contains("answer") && example.query.starts_with(kProve)) {
    return example;
  }
  example.answer = TextMember(object, where, "answer");
  if (example.answer != "True" && example.answer != "False") {
    throw Error(fmt::format("{}/answer is '{}', expected True or False", where, example.answer));
  }
  return example;
}

// The option that the example's letter names: "True" or "False".
std::string ChosenOption(const Json& object, const std::string& where) {
  const std::string letter = TextMember(object, where, "answer");
  const std::vector<std::string> options = Texts(object, where, "options");
  for (const char* answer : {"True", "False"}) {
    if (std::ranges::find(options, fmt::format("{}) {}", letter, answer)) != options.end()) {
      return answer;
    }
  }
  throw Error(fmt::format("{}/answer is '{}', expected the letter of an option 'True' or 'False'",
                          where, letter));
}

// An example of a list that has "context".
ProntoQaExample ReadListed(const Json& object, const std::string& where) {
  const std::string asked = TextMember(object, where, "question");
  if (!asked.starts_with(kListAsks)) {
    throw Error(fmt::format("{}/question is '{}', expected '{}..'", where, asked, kListAsks));
  }
  return {.question = TextMember(object, where, "context"),
          .query = std::string(kAuthorsAsk) + asked.substr(kListAsks.size()),
          .chain_of_thought = Texts(object, where, "explanation"),
          .answer = ChosenOption(object, where)};
}

std::vector<ProntoQaExample> ReadList(const Json& root) {
  std::vector<ProntoQaExample> examples;
  for (size_t i = 0; i < root.size(); ++i) {
    const std::string where = fmt::format("[{}]", i);
    Expect(root[i].is_object(), where, root[i], "an object");
    examples.push_back(root[i].contains("context") ? ReadListed(root[i], where)
                                                   : ReadExample(root[i], where));
  }
  return examples;
}

std::vector<ProntoQaExample> ReadNamed(const Json& root) {
  Expect(root.is_object(), "the file's value", root, "an object or a list");
  std::vector<ProntoQaExample> examples;
  for (const auto& [entry, members] : root.items()) {
    Expect(members.is_object(), entry, members, "an object");
    for (const auto& [name, member] : members.items()) {
      const std::string where = entry + "/" + name;
      if (name != "test_example" && !name.starts_with("in_context_example")) {
        throw Error(fmt::format(
            "{} is unknown, expected test_example or in_context_example0, 1, ..", where));
      }
      examples.push_back(ReadExample(member, where));
    }
  }
  return examples;
}

std::vector<ProntoQaExample> ReadAll(const Json& root) {
  std::vector<ProntoQaExample> examples = root.is_array() ? ReadList(root) : ReadNamed(root);
  if (examples.empty()) {
    throw Error("it holds no example");
  }
  return examples;
}

}  // namespace

std::vector<ProntoQaExample> ReadProntoQaJson(const std::filesystem::path& path) {
  try {
    return WhileReading(path, [&path] { return ReadAll(Parse(path)); });
  } catch (const FileRefused&) {
    throw;
  } catch (const Error& error) {
    throw Error(fmt::format("cannot read the PrOntoQA file {}: {}", path.string(), error.what()));
  }
}

}  // namespace initbias
