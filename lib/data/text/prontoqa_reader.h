// Reads the files that the authors' PrOntoQA generator writes, and second-hand copies of them.
#ifndef INITBIAS_LIB_DATA_TEXT_PRONTOQA_READER_H_
#define INITBIAS_LIB_DATA_TEXT_PRONTOQA_READER_H_

#include <filesystem>
#include <vector>

#include "lib/data/text/prontoqa.h"

namespace initbias {

// All examples of the JSON file `path`, in its order: those given in the context and those asked.
//
//   {"example1": {"in_context_example0": {"question": "..", "query": "..",
//                                         "chain_of_thought": ["..", ..], "answer": "True"},
//                 "test_example": {..}}, ..}
//
// An example whose query is "Prove: .." may have no answer: so the authors' out-of-distribution
// files have it, and all that their generator writes with --proofs-only. The file may also be a
// list of such examples, or of examples as Logic-LM (Pan et al. 2023) and others hand the data set
// on:
//
//   [{"context": "..", "question": "Is the following statement true or false? ..",
//     "options": ["A) True", "B) False"], "answer": "A", "explanation": ["..", ..]}, ..]
//
// These become examples of the authors' form, with "True or false: .." as query. Other members of
// an example ("model_output", "id") are passed over. Whether the chains of thought hold is not
// checked: ProveProntoQa does that. Throws Error, which names the file and the member, where the
// file cannot be read, is not JSON in UTF-8, or is not of this form; where a name occurs twice in
// one object, since one of the two would be lost; and where there is no example.
std::vector<ProntoQaExample> ReadProntoQaJson(const std::filesystem::path& path);

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_TEXT_PRONTOQA_READER_H_
