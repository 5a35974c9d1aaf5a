// main() of tests that are compiled together (tests_of_one_source in bazel/defs.bzl).
#ifndef INITBIAS_TESTS_MAIN_H_
#define INITBIAS_TESTS_MAIN_H_

namespace initbias {

// After testing::InitGoogleTest: runs the tests of the source that --file=NAME.cc names, or all
// where nothing does or a filter was given. Returns the exit status; a file without tests is an
// error.
int RunTestsOfFile(int argc, char** argv);

}  // namespace initbias

#endif  // INITBIAS_TESTS_MAIN_H_
