// Reads the files that the authors' PrOntoQA generator writes.
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
// Other members of an example ("model_output") are passed over. Whether the chains of thought hold
// is not looked at: ProveProntoQa does that. Throws Error, which names the file and the member,
// where the file cannot be read, is not JSON in UTF-8, or is not of this form; where a name occurs
// twice in one object, since one of the two would be lost; and where there is no example.
std::vector<ProntoQaExample> ReadProntoQaJson(const std::filesystem::path& path);

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_TEXT_PRONTOQA_READER_H_
