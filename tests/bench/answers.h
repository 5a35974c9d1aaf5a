// What the children of a benchmark say: lines of a word and "name=value" words.
#ifndef INITBIAS_TESTS_BENCH_ANSWERS_H_
#define INITBIAS_TESTS_BENCH_ANSWERS_H_

#include <string>

#include "lib/process/subprocess.h"

namespace initbias {

// Waits for the next line of the child's that begins with the word `kind`, and returns the rest of
// it; other lines are left out. Throws Error with what it wrote to standard error where it ends
// before.
std::string AwaitAnswer(Subprocess& process, const std::string& kind);

// The value of `name` in a text of "name=value" words. Throws Error where there is none.
std::string FieldOf(const std::string& text, const std::string& name);

// The same as a number.
double NumberOf(const std::string& text, const std::string& name);

}  // namespace initbias

#endif  // INITBIAS_TESTS_BENCH_ANSWERS_H_
