// The language of PrOntoQA's fictional ontology: its words, and its sentences as statements.
//
// Words and sentences are those of files that the authors' generator wrote (data/prontoqa/README.md
// says which). Negated concepts ("Alex is not a wumpus.") are of the language but not in the files.
// Not here: the authors' other ontologies, with real animals.
#ifndef INITBIAS_LIB_DATA_TEXT_PRONTOQA_GRAMMAR_H_
#define INITBIAS_LIB_DATA_TEXT_PRONTOQA_GRAMMAR_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace initbias {

// The words, in a fixed order which prontoqa_generator's numbers refer to.
std::span<const std::string> ProntoQaNames();
std::span<const std::string> ProntoQaConcepts();  // in the singular

// The properties by family, e.g. {"blue", "red", "brown", "orange"}: what one thing may be.
std::span<const std::vector<std::string>> ProntoQaPropertyFamilies();

// How a statement is worded. A fact is about a name, the others are rules about a concept.
enum class ProntoQaForm {
  kFact,    // "Alex is a wumpus."
  kEach,    // "Each wumpus is a yumpus."
  kEvery,   // "Every wumpus is not red."
  kPlural,  // "Wumpuses are yumpuses."
};

// A sentence. Concepts are in the singular whatever the wording.
struct ProntoQaStatement {
  ProntoQaForm form = ProntoQaForm::kFact;
  std::string subject;  // a name where `form` is kFact, else a concept
  bool negated = false;
  std::string predicate;  // a concept or a property

  bool operator==(const ProntoQaStatement&) const = default;
};

// Whether `word` is a concept in the singular.
bool IsProntoQaConcept(std::string_view word);

// Whether both say the same: the wording of rules does not matter.
bool SameMeaning(const ProntoQaStatement& a, const ProntoQaStatement& b);

// The sentence, with its full stop. The words of `statement` must be of the language.
std::string ProntoQaSentence(const ProntoQaStatement& statement);

// The one statement whose sentence is `sentence`, byte for byte. Throws Error, which quotes the
// sentence and says what is wrong with it, where there is none.
ProntoQaStatement ParseProntoQaSentence(std::string_view sentence);

// The statements of a question: sentences with one space between them. Throws Error as above.
std::vector<ProntoQaStatement> ParseProntoQaQuestion(std::string_view question);

// The statement that a query, "True or false: <sentence>", is about: a fact. Throws Error as above.
ProntoQaStatement ParseProntoQaQuery(std::string_view query);

// The query about `statement`, a fact.
std::string ProntoQaQuery(const ProntoQaStatement& statement);

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_TEXT_PRONTOQA_GRAMMAR_H_
