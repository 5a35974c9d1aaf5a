// Results of two trainings compared bit for bit.
#ifndef INITBIAS_TESTS_EXPECT_SAME_H_
#define INITBIAS_TESTS_EXPECT_SAME_H_

#include "lib/result/run_result.h"

namespace initbias {

// Fails the test where a and b differ in anything but their provenance.
void ExpectSame(const RunResult& a, const RunResult& b);

}  // namespace initbias

#endif  // INITBIAS_TESTS_EXPECT_SAME_H_
