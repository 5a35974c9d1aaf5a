#include "lib/data/text/prontoqa_generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/data/text/prontoqa_grammar.h"

namespace initbias {
namespace {

// An ontology of `hops` + i levels has the weight kDepthWeights[i]; there are no more than
// kMaxDepth levels, or `hops` where that is more. Measured in the authors' files of 1 and 3 hops,
// in both together where both have them: 1093, 950 and 847 of 3,400; 290 and 220 of 1,700.
constexpr std::array<int64_t, 5> kDepthWeights = {100, 87, 77, 64, 48};
constexpr int64_t kMaxDepth = 5;

// How many of 1,000 properties are negated, measured in the authors' three files together: of the
// asked ones (standard error 7), of those of the concepts that the proof passes before (4), of all
// others but the asked one's opposite (3). Why they differ we do not know.
constexpr int64_t kNegatedAsked = 466;
constexpr int64_t kNegatedPassed = 280;
constexpr int64_t kNegatedElsewhere = 328;

// Makes one example. The order in which numbers are drawn decides the data: changing it changes
// every run that reads them.
class ExampleMaker {
 public:
  ExampleMaker(int64_t hops, Stream* stream)
      : hops_(hops),
        stream_(stream),
        concepts_(Shuffled(ProntoQaConcepts())),
        families_(Shuffled(ProntoQaPropertyFamilies())) {}

  ProntoQaExample Make() {
    const int64_t depth = DrawDepth();
    const int64_t start = stream_->UniformInt(int64_t{0}, depth - hops_);
    const int64_t asked = start + hops_ - 1;

    std::string at = NextConcept();  // c_i
    const std::string second = NextConcept();
    std::string first;
    ProntoQaStatement conclusion;
    std::vector<ProntoQaStatement> used;
    for (int64_t i = 0; i < depth; ++i) {
      const bool passed = i >= start && i < asked;
      const std::string next = NextConcept();
      const std::string sibling = NextConcept();
      const ProntoQaStatement property = AddProperty(at, i == asked ? kNegatedAsked
                                                         : passed   ? kNegatedPassed
                                                                    : kNegatedElsewhere);
      const ProntoQaStatement up = AddRule(at, false, next);
      AddRule(at, false, sibling);
      if (i + 1 < depth) {
        AddProperty(sibling, kNegatedElsewhere);
      } else {
        AddProperty(stream_->UniformInt(uint64_t{2}) == 0 ? next : sibling, kNegatedElsewhere);
      }
      if (i == start) {
        first = at;
      }
      if (passed) {
        used.push_back(up);
      }
      if (i == asked) {
        used.push_back(property);
        conclusion = property;
      }
      at = next;
    }
    AddRule(NextConcept(), !conclusion.negated, conclusion.predicate);
    AddProperty(second, kNegatedElsewhere);
    AddRule(second, false, NextConcept());
    stream_->Shuffle(std::span(rules_));

    const std::span<const std::string> names = ProntoQaNames();
    const std::string& name = names[stream_->UniformInt(names.size())];
    const auto about_name = [&name](bool negated, const std::string& predicate) {
      return ProntoQaStatement{.subject = name, .negated = negated, .predicate = predicate};
    };
    std::array<ProntoQaStatement, 2> facts = {about_name(false, first), about_name(false, second)};
    if (stream_->UniformInt(uint64_t{2}) == 0) {
      std::swap(facts[0], facts[1]);
    }
    const bool answer = stream_->UniformInt(uint64_t{2}) == 0;

    ProntoQaExample example;
    std::vector<std::string> sentences;
    for (const std::span<const ProntoQaStatement> part :
         {std::span<const ProntoQaStatement>(rules_), std::span<const ProntoQaStatement>(facts)}) {
      std::ranges::transform(part, std::back_inserter(sentences), ProntoQaSentence);
    }
    example.question = fmt::format("{}", fmt::join(sentences, " "));
    example.query = ProntoQaQuery(about_name(conclusion.negated == answer, conclusion.predicate));
    example.chain_of_thought = {ProntoQaSentence(about_name(false, first))};
    for (const ProntoQaStatement& rule : used) {
      example.chain_of_thought.push_back(ProntoQaSentence(rule));
      example.chain_of_thought.push_back(
          ProntoQaSentence(about_name(rule.negated, rule.predicate)));
    }
    example.answer = answer ? "True" : "False";
    return example;
  }

 private:
  template <typename T>
  std::vector<T> Shuffled(std::span<const T> items) {
    std::vector<T> shuffled(items.begin(), items.end());
    stream_->Shuffle(std::span(shuffled));
    return shuffled;
  }

  int64_t DrawDepth() {
    const int64_t most = std::max(kMaxDepth, hops_);
    const std::span<const int64_t> weights =
        std::span(kDepthWeights).first(static_cast<size_t>(most - hops_ + 1));
    int64_t left = stream_->UniformInt(
        int64_t{0}, std::accumulate(weights.begin(), weights.end(), int64_t{0}) - 1);
    size_t i = 0;
    while (left >= weights[i]) {
      left -= weights[i++];
    }
    return hops_ + static_cast<int64_t>(i);
  }

  std::string NextConcept() {
    std::string next = concepts_.back();
    concepts_.pop_back();
    return next;
  }

  ProntoQaStatement AddRule(const std::string& subject, bool negated,
                            const std::string& predicate) {
    constexpr std::array<ProntoQaForm, 4> kForms = {ProntoQaForm::kPlural, ProntoQaForm::kPlural,
                                                    ProntoQaForm::kEach, ProntoQaForm::kEvery};
    rules_.push_back({kForms[stream_->UniformInt(kForms.size())], subject, negated, predicate});
    return rules_.back();
  }

  // A property of a family that has not been used. It is negated `negated` times of 1,000.
  ProntoQaStatement AddProperty(const std::string& subject, int64_t negated) {
    const std::vector<std::string> family = families_.back();
    families_.pop_back();
    const std::string& value = family[stream_->UniformInt(family.size())];
    const bool is_negated = stream_->UniformInt(int64_t{0}, int64_t{999}) < negated;
    return AddRule(subject, is_negated, value);
  }

  int64_t hops_;
  Stream* stream_;
  std::vector<std::string> concepts_;               // not yet used
  std::vector<std::vector<std::string>> families_;  // not yet used
  std::vector<ProntoQaStatement> rules_;
};

}  // namespace

ProntoQaGenerator::ProntoQaGenerator(int64_t seed, std::string_view stream_name)
    : stream_(static_cast<uint64_t>(seed), stream_name) {}

ProntoQaExample ProntoQaGenerator::Make(int64_t hops) {
  if (hops < 1 || hops > kMaxProntoQaHops) {
    throw Error(fmt::format("there are no PrOntoQA examples of {} hops: expected 1 .. {}", hops,
                            kMaxProntoQaHops));
  }
  return ExampleMaker(hops, &stream_).Make();
}

}  // namespace initbias
