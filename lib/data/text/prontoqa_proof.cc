#include "lib/data/text/prontoqa_proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.h"
#include "lib/data/text/prontoqa_grammar.h"

namespace initbias {
namespace {

using Statements = std::vector<ProntoQaStatement>;

bool Contains(const Statements& statements, const ProntoQaStatement& wanted) {
  return std::ranges::any_of(statements, [&wanted](const ProntoQaStatement& statement) {
    return SameMeaning(statement, wanted);
  });
}

// Whether one rule of `known` gives `step` from a fact of `known`.
bool Follows(const Statements& known, const ProntoQaStatement& step) {
  if (step.form != ProntoQaForm::kFact) {
    return false;
  }
  return std::ranges::any_of(known, [&known, &step](const ProntoQaStatement& rule) {
    return rule.form != ProntoQaForm::kFact && rule.negated == step.negated &&
           rule.predicate == step.predicate &&
           Contains(known, {.subject = step.subject, .predicate = rule.subject});
  });
}

// All that follows about `name`: every fact that the rules give, again and again.
Statements FactsAbout(std::string_view name, const Statements& known) {
  Statements facts;
  for (const ProntoQaStatement& statement : known) {
    if (statement.form == ProntoQaForm::kFact && statement.subject == name &&
        !Contains(facts, statement)) {
      facts.push_back(statement);
    }
  }
  for (size_t i = 0; i < facts.size(); ++i) {
    const ProntoQaStatement fact = facts[i];
    if (fact.negated) {
      continue;
    }
    for (const ProntoQaStatement& rule : known) {
      ProntoQaStatement given = rule;
      given.form = ProntoQaForm::kFact;
      given.subject = fact.subject;
      if (rule.form != ProntoQaForm::kFact && rule.subject == fact.predicate &&
          !Contains(facts, given)) {
        facts.push_back(given);
      }
    }
  }
  return facts;
}

}  // namespace

int64_t ProveProntoQa(const ProntoQaExample& example) {
  const Statements question = ParseProntoQaQuestion(example.question);
  const ProntoQaStatement query = ParseProntoQaQuery(example.query);
  ProntoQaStatement opposite = query;
  opposite.negated = !query.negated;
  if (example.answer != "True" && example.answer != "False") {
    throw Error(fmt::format("the answer is '{}', not True or False", example.answer));
  }
  const bool answer = example.answer == "True";

  if (example.chain_of_thought.empty()) {
    throw Error("the chain of thought is empty");
  }
  Statements known = question;
  int64_t hops = 0;
  for (const std::string& sentence : example.chain_of_thought) {
    const ProntoQaStatement step = ParseProntoQaSentence(sentence);
    if (!Contains(known, step)) {
      if (!Follows(known, step)) {
        throw Error(fmt::format("'{}' of the chain of thought follows from nothing before it: {}",
                                sentence, example.question));
      }
      ++hops;
      known.push_back(step);
    }
  }
  const std::string& last = example.chain_of_thought.back();
  const ProntoQaStatement conclusion = ParseProntoQaSentence(last);
  if (!SameMeaning(conclusion, query) && !SameMeaning(conclusion, opposite)) {
    throw Error(fmt::format("the last step, '{}', does not decide '{}'", last, example.query));
  }

  const Statements facts = FactsAbout(query.subject, question);
  const bool is_true = Contains(facts, query);
  if (is_true && Contains(facts, opposite)) {
    throw Error(fmt::format("the question contradicts itself on '{}': {}", example.query,
                            example.question));
  }
  if (SameMeaning(conclusion, query) != answer || is_true != answer) {
    throw Error(fmt::format("the answer to '{}' is not {}: {}", example.query, example.answer,
                            example.question));
  }
  return hops;
}

}  // namespace initbias
