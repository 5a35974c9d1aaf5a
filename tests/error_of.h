// The message of the Error that an action throws.
#ifndef INITBIAS_TESTS_ERROR_OF_H_
#define INITBIAS_TESTS_ERROR_OF_H_

#include <gtest/gtest.h>

#include <string>

#include "lib/base/error.h"

namespace initbias {

// Runs `action` and returns the message of the Error it throws; fails the test, and returns "",
// where it throws none.
template <typename Action>
std::string ErrorOf(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "no Error was thrown";
  return "";
}

}  // namespace initbias

#endif  // INITBIAS_TESTS_ERROR_OF_H_
