#include "lib/data/text/prontoqa_reader.h"

#include <fmt/format.h>

#include <fstream>
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

// What to do about a file of another layout.
constexpr std::string_view kFits =
    "What fits is a file of their generator (run_experiment.py of asaparov/prontoqa with "
    "--ontology fictional and without --proofs-only), whose examples have an answer, True or "
    "False; or no file: text.prontoqa=generated makes the same kind of text";

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
  CheckReadable(path);
  std::ifstream file(path, std::ios::binary);
  try {
    return Json::parse(file, UniqueNames());
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

ProntoQaExample ReadExample(const Json& object, const std::string& where) {
  Expect(object.is_object(), where, object, "an object");
  const auto text = [&object, &where](const std::string& name) {
    return Text(Member(object, where, name), where + "/" + name);
  };
  ProntoQaExample example{.question = text("question"), .query = text("query")};
  const Json& steps = Member(object, where, "chain_of_thought");
  const std::string steps_where = where + "/chain_of_thought";
  Expect(steps.is_array(), steps_where, steps, "an array of texts");
  if (steps.empty()) {
    throw Error(steps_where + " is empty");
  }
  for (size_t i = 0; i < steps.size(); ++i) {
    example.chain_of_thought.push_back(Text(steps[i], fmt::format("{}[{}]", steps_where, i)));
  }
  if (!object.contains("answer") && example.query.starts_with("Prove: ")) {
    throw Error(fmt::format(
        "{} is to be proved and has no answer: the file is one of proofs alone, as the authors' "
        "out-of-distribution files and --proofs-only of their generator have them. {}",
        where, kFits));
  }
  example.answer = text("answer");
  if (example.answer != "True" && example.answer != "False") {
    throw Error(fmt::format("{}/answer is '{}', expected True or False", where, example.answer));
  }
  return example;
}

std::vector<ProntoQaExample> ReadAll(const Json& root) {
  if (root.is_array()) {
    throw Error(fmt::format(
        "it is a list, as second-hand copies of the data set are (context, question, options). {}",
        kFits));
  }
  Expect(root.is_object(), "the file's value", root, "an object");
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
  if (examples.empty()) {
    throw Error("it holds no example");
  }
  return examples;
}

}  // namespace

std::vector<ProntoQaExample> ReadProntoQaJson(const std::filesystem::path& path) {
  try {
    return ReadAll(Parse(path));
  } catch (const Error& error) {
    throw Error(fmt::format("cannot read the PrOntoQA file {}: {}", path.string(), error.what()));
  }
}

}  // namespace initbias
