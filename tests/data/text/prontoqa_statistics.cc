#include "tests/data/text/prontoqa_statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "lib/base/error.h"
#include "lib/data/text/prontoqa_grammar.h"

namespace initbias {
namespace {

using Statement = ProntoQaStatement;
using Form = ProntoQaForm;

std::string FamilyOf(const std::string& property) {
  for (const std::vector<std::string>& family : ProntoQaPropertyFamilies()) {
    if (std::ranges::find(family, property) != family.end()) {
      return family.front();
    }
  }
  return "";
}

std::string FormName(Form form) {
  switch (form) {
    case Form::kEach:
      return "each";
    case Form::kEvery:
      return "every";
    case Form::kPlural:
      return "plural";
    case Form::kFact:
      break;
  }
  return "fact";
}

// One example taken apart; adds what it finds to `counts`.
class Anatomy {
 public:
  Anatomy(const ProntoQaExample& example, int64_t hops,
          std::map<std::string, std::map<std::string, int64_t>>* counts)
      : example_(example), hops_(hops), counts_(counts) {}

  void Describe() {
    statements_ = ParseProntoQaQuestion(example_.question);
    query_ = ParseProntoQaQuery(example_.query);
    for (const std::string& sentence : example_.chain_of_thought) {
      chain_.push_back(ParseProntoQaSentence(sentence));
    }
    DescribeFacts();
    DescribeChain();
    SortRules();
    DescribeTree();
    DescribeDistractors();
    DescribeWording();
  }

 private:
  void Require(bool condition, std::string_view what) const {
    if (!condition) {
      throw Error(fmt::format("{}: {}", what, example_.question));
    }
  }

  void Count(const std::string& feature, const std::string& value) { ++(*counts_)[feature][value]; }
  void CountSign(const std::string& feature, bool negated) {
    Count(feature, negated ? "negated" : "plain");
  }

  // Two facts about one name at the end, rules before them.
  void DescribeFacts() {
    Require(statements_.size() >= 9, "it has fewer than nine sentences");
    rules_ = std::span(statements_).first(statements_.size() - 2);
    const std::span<const Statement> facts = std::span(statements_).last(2);
    Require(std::ranges::none_of(rules_, [](const Statement& s) { return s.form == Form::kFact; }),
            "a fact stands before a rule");
    for (const Statement& fact : facts) {
      Require(fact.form == Form::kFact && fact.subject == query_.subject && !fact.negated &&
                  IsProntoQaConcept(fact.predicate),
              "the last two sentences are not facts about the query's name");
    }
    const bool first = chain_.front() == facts[0];
    Require(first || chain_.front() == facts[1], "the chain of thought begins with no fact");
    start_ = chain_.front().predicate;
    second_ = facts[first ? 1 : 0].predicate;
    Require(start_ != second_, "both facts are the same");
    Count("place of the fact that is used", first ? "last but one" : "last");
    Count("name", query_.subject);
    Count("concept of the fact that is used", start_);
    Count("sentences", fmt::format("{:2}", statements_.size()));
  }

  // A fact; then a rule and the fact that it gives, `hops` times, in the question's words.
  void DescribeChain() {
    Require(static_cast<int64_t>(chain_.size()) == 2 * hops_ + 1, "the chain's length is wrong");
    int64_t last_place = -1;
    for (size_t i = 1; i < chain_.size(); i += 2) {
      const Statement& rule = chain_[i];
      const Statement& given = chain_[i + 1];
      const auto at = std::ranges::find(rules_, rule);
      Require(at != rules_.end(), "a rule of the chain is not in the question");
      Require(rule.subject == chain_[i - 1].predicate && given.form == Form::kFact &&
                  given.negated == rule.negated && given.predicate == rule.predicate &&
                  given.subject == query_.subject,
              "a step does not follow from the two before it");
      Require(IsProntoQaConcept(rule.predicate) == (i + 2 < chain_.size()),
              "a property is not at the chain's end");
      const int64_t place = at - rules_.begin();
      Count("quarter of the question in which a rule that is used stands",
            std::to_string(4 * place / static_cast<int64_t>(rules_.size()) + 1));
      if (i > 1) {
        Count("rules used one after the other stand", place > last_place ? "so" : "reversed");
      }
      last_place = place;
    }
    asked_ = chain_[chain_.size() - 2];
    Require(query_.predicate == asked_.predicate, "asked for is not the chain's last property");
    CountSign("query", query_.negated);
    CountSign("property asked for", asked_.negated);
    Count("family of the property asked for", FamilyOf(asked_.predicate));
    Count("answer", example_.answer);
    Require((query_.negated == asked_.negated) == (example_.answer == "True"), "wrong answer");
  }

  void SortRules() {
    std::set<std::string> families;
    for (const Statement& rule : rules_) {
      if (IsProntoQaConcept(rule.predicate)) {
        Require(!rule.negated, "a rule with a negated concept");
        Require(below_.emplace(rule.predicate, rule.subject).second, "a concept with two below it");
        above_[rule.subject].push_back(rule.predicate);
      } else {
        Require(properties_.emplace(rule.subject, rule).second, "a concept with two properties");
        const bool opposite = rule.predicate == asked_.predicate && rule.subject != asked_.subject;
        Require(opposite || families.insert(FamilyOf(rule.predicate)).second,
                "two properties are of one family");
      }
    }
  }

  void DescribeTree() {
    std::string at = start_;
    int64_t start_level = 0;
    for (; below_.contains(at); at = below_[at]) {
      ++start_level;
    }
    int64_t depth = 0;
    while (above_.contains(at)) {
      ++depth;
      const std::vector<std::string> next = above_[at];
      Require(next.size() == 2, "a concept of the tree has not two above it");
      Require(properties_.contains(at), "a concept of the tree has no property");
      const bool has_above[2] = {above_.contains(next[0]), above_.contains(next[1])};
      const int64_t with_property =
          (properties_.contains(next[0]) ? 1 : 0) + (properties_.contains(next[1]) ? 1 : 0);
      Require(!has_above[0] || !has_above[1], "the tree has two branches");
      const bool last = !has_above[0] && !has_above[1];
      Require(with_property == (last ? 1 : 2), "not all but one of the concepts have a property");
      tree_.insert(at);
      tree_.insert(next.begin(), next.end());
      at = next[has_above[0] ? 0 : 1];
    }
    Require(tree_.contains(asked_.subject), "the rule asked for is not of the tree");
    Require(static_cast<int64_t>(statements_.size()) == 4 * depth + 5,
            "the number of sentences does not fit the tree");
    Count("levels of the ontology, level of the fact that is used",
          fmt::format("{}, {}", depth, start_level));
  }

  void DescribeDistractors() {
    Require(!tree_.contains(second_) && !below_.contains(second_) &&
                properties_.contains(second_) && above_[second_].size() == 1,
            "the second fact's concept has not a property and one concept above it");
    const std::string& above = above_[second_].front();
    Require(!above_.contains(above) && !properties_.contains(above),
            "the concept above the second fact's is used again");
    int64_t opposites = 0;
    for (const auto& [concept_name, property] : properties_) {
      if (property.predicate == asked_.predicate && concept_name != asked_.subject) {
        Require(property.negated != asked_.negated, "the property asked for occurs twice");
        Require(!tree_.contains(concept_name) && concept_name != second_ &&
                    !above_.contains(concept_name),
                "the concept with the opposite property is used again");
        ++opposites;
      }
    }
    Require(opposites == 1, "not one concept has the opposite property");
  }

  void DescribeWording() {
    std::set<std::string> passed;
    for (size_t i = 1; i + 2 < chain_.size(); i += 2) {
      passed.insert(chain_[i].subject);
    }
    for (const Statement& rule : rules_) {
      const bool is_concept = IsProntoQaConcept(rule.predicate);
      Count(is_concept ? "wording of a rule with a concept" : "wording of a rule with a property",
            FormName(rule.form));
      Count("rule with", is_concept ? "a concept" : "a property");
      if (is_concept && rule.form != Form::kPlural) {
        Count("article", ProntoQaSentence(rule).find(" an ") != std::string::npos ? "an" : "a");
      }
      if (is_concept) {
        continue;
      }
      Count("property", rule.predicate);
      if (passed.contains(rule.subject)) {
        CountSign("property of a concept that the proof passes", rule.negated);
      } else if (rule.predicate != asked_.predicate) {
        CountSign("other property", rule.negated);
      }
    }
  }

  const ProntoQaExample& example_;
  int64_t hops_;
  std::map<std::string, std::map<std::string, int64_t>>* counts_;
  std::vector<Statement> statements_;
  Statement query_;
  std::vector<Statement> chain_;
  std::span<const Statement> rules_;
  std::string start_;                         // concept of the fact that the chain begins with
  std::string second_;                        // concept of the other fact
  Statement asked_;                           // the chain's last rule
  std::map<std::string, std::string> below_;  // of a concept, the one below it
  std::map<std::string, std::vector<std::string>> above_;  // those above it
  std::map<std::string, Statement> properties_;            // by concept
  std::set<std::string> tree_;                             // concepts of the tree
};

Moments MomentsOf(std::span<const double> values) {
  Moments moments{.n = static_cast<int64_t>(values.size())};
  for (const double value : values) {
    moments.mean += value / static_cast<double>(values.size());
  }
  for (const double value : values) {
    const double difference = value - moments.mean;
    moments.deviation += difference * difference / static_cast<double>(values.size() - 1);
  }
  moments.deviation = std::sqrt(moments.deviation);
  return moments;
}

using Counts = std::map<std::string, int64_t>;

double Total(const Counts& counts) {
  double total = 0;
  for (const auto& [value, count] : counts) {
    total += static_cast<double>(count);
  }
  return total;
}

double CountOf(const Counts& counts, const std::string& value) {
  const auto at = counts.find(value);
  return at == counts.end() ? 0.0 : static_cast<double>(at->second);
}

// Nothing where there is one value alone.
std::optional<double> Homogeneity(const Counts& a, const Counts& b) {
  std::set<std::string> values;
  for (const Counts* counts : {&a, &b}) {
    for (const auto& [value, count] : *counts) {
      values.insert(value);
    }
  }
  if (values.size() < 2) {
    return std::nullopt;
  }
  const double total_a = Total(a);
  const double total_b = Total(b);
  double chi_square = 0;
  for (const std::string& value : values) {
    const double in_a = CountOf(a, value);
    const double in_b = CountOf(b, value);
    const double share = (in_a + in_b) / (total_a + total_b);
    for (const auto& [found, total] : {std::pair(in_a, total_a), std::pair(in_b, total_b)}) {
      const double difference = found - share * total;
      chi_square += difference * difference / (share * total);
    }
  }
  const double freedom = static_cast<double>(values.size() - 1);
  const double variance = 2.0 / (9.0 * freedom);
  return (std::cbrt(chi_square / freedom) - (1.0 - variance)) / std::sqrt(variance);
}

}  // namespace

ProntoQaStatistics DescribeProntoQa(std::span<const ProntoQaExample> examples, int64_t hops) {
  ProntoQaStatistics statistics{.examples = static_cast<int64_t>(examples.size())};
  std::vector<double> lengths;
  for (const ProntoQaExample& example : examples) {
    Anatomy(example, hops, &statistics.counts).Describe();
    std::istringstream text(ProntoQaText(example));
    double words = 0;
    for (std::string word; text >> word; ++words) {
      if (word.ends_with('.') || word.ends_with(':')) {
        word.pop_back();
      }
      statistics.vocabulary.insert(word);
    }
    lengths.push_back(words);
  }
  statistics.words = MomentsOf(lengths);
  return statistics;
}

std::vector<Difference> Compare(const ProntoQaStatistics& a, const ProntoQaStatistics& b) {
  std::set<std::string> features;
  for (const ProntoQaStatistics* statistics : {&a, &b}) {
    for (const auto& [feature, counts] : statistics->counts) {
      features.insert(feature);
    }
  }
  std::vector<Difference> differences;
  for (const std::string& feature : features) {
    const auto in_a = a.counts.find(feature);
    const auto in_b = b.counts.find(feature);
    if (in_a == a.counts.end() || in_b == b.counts.end()) {
      throw Error(fmt::format("only one of the two samples has the feature '{}'", feature));
    }
    if (const auto sigmas = Homogeneity(in_a->second, in_b->second)) {
      differences.push_back({feature, *sigmas});
    }
  }
  const double error = std::hypot(a.words.deviation / std::sqrt(static_cast<double>(a.words.n)),
                                  b.words.deviation / std::sqrt(static_cast<double>(b.words.n)));
  differences.push_back({"words", std::abs(a.words.mean - b.words.mean) / error});
  return differences;
}

}  // namespace initbias
