// What a file of the store holds, to tell whether it was read as it was written.
#ifndef INITBIAS_TESTS_STORE_CONTENTS_H_
#define INITBIAS_TESTS_STORE_CONTENTS_H_

#include <string>

#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"

namespace initbias {

// All numbers of a file in one digest.
std::string NumbersDigest(const RunResult& run);
std::string NumbersDigest(const Checkpoint& checkpoint);
std::string NumbersDigest(const FigureData& figure);

}  // namespace initbias

#endif  // INITBIAS_TESTS_STORE_CONTENTS_H_
