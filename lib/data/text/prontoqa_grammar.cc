#include "lib/data/text/prontoqa_grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

constexpr std::string_view kQueryStart = "True or false: ";
constexpr std::string_view kPluralEnd = "es";

// An ASCII letter in upper case; anything else as it is.
char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view Article(std::string_view concept_name) {
  return std::string_view("aeiou").find(concept_name.front()) != std::string_view::npos ? "an"
                                                                                        : "a";
}

bool IsName(std::string_view word) {
  return std::ranges::find(ProntoQaNames(), word) != ProntoQaNames().end();
}

bool IsProperty(std::string_view word) {
  return std::ranges::any_of(ProntoQaPropertyFamilies(), [word](const auto& family) {
    return std::ranges::find(family, word) != family.end();
  });
}

// The concept whose plural is `word`, or nothing: "" is no concept.
std::string SingularOf(std::string_view word) {
  if (!word.ends_with(kPluralEnd)) {
    return "";
  }
  const std::string_view singular = word.substr(0, word.size() - kPluralEnd.size());
  return IsProntoQaConcept(singular) ? std::string(singular) : "";
}

[[noreturn]] void Refuse(std::string_view sentence, const std::string& reason) {
  throw Error(
      fmt::format("'{}' is no sentence of PrOntoQA's fictional ontology: {}", sentence, reason));
}

// Reads the words of one sentence from left to right.
class SentenceParser {
 public:
  explicit SentenceParser(std::string_view sentence) : sentence_(sentence) {
    if (!sentence.ends_with('.')) {
      Refuse(sentence, "it does not end with a full stop");
    }
    words_ = Split(sentence.substr(0, sentence.size() - 1), ' ');
  }

  ProntoQaStatement Parse() {
    ProntoQaStatement statement;
    const std::string first = Next();
    if (first == "Each" || first == "Every") {
      statement.form = first == "Each" ? ProntoQaForm::kEach : ProntoQaForm::kEvery;
      statement.subject = Next();
      if (!IsProntoQaConcept(statement.subject)) {
        Refuse(sentence_, fmt::format("'{}' is no concept", statement.subject));
      }
    } else if (IsName(first)) {
      statement.subject = first;
    } else {
      statement.form = ProntoQaForm::kPlural;
      statement.subject = SubjectInPlural(first);
    }
    const bool plural = statement.form == ProntoQaForm::kPlural;
    const std::string verb = Next();
    if (verb != (plural ? "are" : "is")) {
      Refuse(sentence_, fmt::format("found '{}', expected '{}'", verb, plural ? "are" : "is"));
    }
    std::string word = Next();
    if (word == "not") {
      statement.negated = true;
      word = Next();
    }
    statement.predicate = plural ? PredicateInPlural(word) : PredicateInSingular(word);
    if (at_ != words_.size()) {
      Refuse(sentence_, fmt::format("it goes on after '{}'", words_[at_ - 1]));
    }
    return statement;
  }

 private:
  std::string Next() {
    if (at_ == words_.size()) {
      Refuse(sentence_, "it is not complete");
    }
    return words_[at_++];
  }

  std::string SubjectInPlural(const std::string& word) const {
    std::string singular;
    if (!word.empty() && word.front() != Lower(word.front())) {
      singular = SingularOf(std::string(1, Lower(word.front())) + word.substr(1));
    }
    if (singular.empty()) {
      Refuse(sentence_,
             fmt::format("'{}' is no name, no concept in the plural, not Each, not Every", word));
    }
    return singular;
  }

  std::string PredicateInPlural(const std::string& word) const {
    const std::string singular = SingularOf(word);
    if (singular.empty() && !IsProperty(word)) {
      Refuse(sentence_, fmt::format("'{}' is no property and no concept in the plural", word));
    }
    return singular.empty() ? word : singular;
  }

  std::string PredicateInSingular(const std::string& word) {
    if (IsProperty(word)) {
      return word;
    }
    if (word != "a" && word != "an") {
      Refuse(sentence_, fmt::format("'{}' is no property and no article", word));
    }
    std::string concept_name = Next();
    if (!IsProntoQaConcept(concept_name)) {
      Refuse(sentence_, fmt::format("'{}' is no concept", concept_name));
    }
    if (word != Article(concept_name)) {
      Refuse(sentence_, fmt::format("found '{} {}', expected '{} {}'", word, concept_name,
                                    Article(concept_name), concept_name));
    }
    return concept_name;
  }

  std::string_view sentence_;
  std::vector<std::string> words_;
  size_t at_ = 0;
};

}  // namespace

std::span<const std::string> ProntoQaNames() {
  static const std::vector<std::string> names = {"Alex",  "Fae", "Max",    "Polly", "Rex",
                                                 "Sally", "Sam", "Stella", "Wren"};
  return names;
}

std::span<const std::string> ProntoQaConcepts() {
  static const std::vector<std::string> concepts = {
      "brimpus", "dumpus",  "gorpus",  "grimpus", "impus",  "jompus", "lempus", "lorpus", "numpus",
      "rompus",  "shumpus", "sterpus", "tumpus",  "vumpus", "wumpus", "yumpus", "zumpus"};
  return concepts;
}

std::span<const std::vector<std::string>> ProntoQaPropertyFamilies() {
  static const std::vector<std::vector<std::string>> families = {
      {"blue", "red", "brown", "orange"},
      {"small", "large"},
      {"metallic", "wooden", "luminous", "liquid"},
      {"transparent", "opaque"},
      {"nervous", "happy", "feisty", "shy"},
      {"bright", "dull"},
      {"sweet", "sour", "spicy", "bitter"},
      {"floral", "fruity", "earthy"},
      {"hot", "cold", "temperate"},
      {"kind", "mean", "angry", "amenable", "aggressive"},
      {"melodic", "muffled", "discordant", "loud"},
      {"slow", "moderate", "fast"},
      {"windy", "sunny", "overcast", "rainy", "snowy"}};
  return families;
}

bool IsProntoQaConcept(std::string_view word) {
  return std::ranges::find(ProntoQaConcepts(), word) != ProntoQaConcepts().end();
}

bool SameMeaning(const ProntoQaStatement& a, const ProntoQaStatement& b) {
  return a.subject == b.subject && a.negated == b.negated && a.predicate == b.predicate;
}

std::string ProntoQaSentence(const ProntoQaStatement& statement) {
  const bool is_concept = IsProntoQaConcept(statement.predicate);
  const std::string_view negation = statement.negated ? "not " : "";
  if (statement.form == ProntoQaForm::kPlural) {
    return fmt::format("{}{}{} are {}{}{}.", Upper(statement.subject.front()),
                       statement.subject.substr(1), kPluralEnd, negation, statement.predicate,
                       is_concept ? kPluralEnd : "");
  }
  std::string_view quantifier;
  if (statement.form != ProntoQaForm::kFact) {
    quantifier = statement.form == ProntoQaForm::kEach ? "Each " : "Every ";
  }
  return fmt::format("{}{} is {}{}{}{}.", quantifier, statement.subject, negation,
                     is_concept ? Article(statement.predicate) : "", is_concept ? " " : "",
                     statement.predicate);
}

ProntoQaStatement ParseProntoQaSentence(std::string_view sentence) {
  return SentenceParser(sentence).Parse();
}

std::vector<ProntoQaStatement> ParseProntoQaQuestion(std::string_view question) {
  constexpr std::string_view kBetween = ". ";
  std::vector<ProntoQaStatement> statements;
  for (;;) {
    const size_t end = question.find(kBetween);
    if (end == std::string_view::npos) {
      statements.push_back(ParseProntoQaSentence(question));
      return statements;
    }
    statements.push_back(ParseProntoQaSentence(question.substr(0, end + 1)));
    question.remove_prefix(end + kBetween.size());
  }
}

ProntoQaStatement ParseProntoQaQuery(std::string_view query) {
  if (!query.starts_with(kQueryStart)) {
    throw Error(fmt::format("the query '{}' does not begin with '{}'", query, Trim(kQueryStart)));
  }
  ProntoQaStatement statement = ParseProntoQaSentence(query.substr(kQueryStart.size()));
  if (statement.form != ProntoQaForm::kFact) {
    throw Error(fmt::format("the query '{}' is not about a name", query));
  }
  return statement;
}

std::string ProntoQaQuery(const ProntoQaStatement& statement) {
  return std::string(kQueryStart) + ProntoQaSentence(statement);
}

}  // namespace initbias
