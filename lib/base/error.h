// Errors: the two ways in which initbias refuses to go on.
//
// Bad input, a bad file or an impossible config throws `Error`; a programmer's mistake aborts
// through INITBIAS_CHECK. Library code never calls exit(): `main` catches Error once, and ends with
// ExitStatus.
#ifndef INITBIAS_LIB_BASE_ERROR_H_
#define INITBIAS_LIB_BASE_ERROR_H_

#include <exception>
#include <stdexcept>
#include <string>

namespace initbias {

// What a user can cause and can mend. The message says what happened, where, what was found, what
// was expected and, where there is one, the way out. One sentence a line; no trailing newline.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One in what was typed: a program that it ends has the status of an option that there is not.
class UsageError : public Error {
 public:
  using Error::Error;
};

// The exit status of a program whose command line asks for what there is not.
inline constexpr int kWrongUsage = 2;

// With which a program ends because of `error`: kWrongUsage for a UsageError, else 1.
int ExitStatus(const std::exception& error);

namespace internal {
[[noreturn]] void CheckFailed(const char* file, int line, const char* condition);
}  // namespace internal
}  // namespace initbias

// Aborts with file and line unless `condition` holds. For programmers' errors only; always on.
#define INITBIAS_CHECK(condition)                                        \
  do {                                                                   \
    if (!(condition)) {                                                  \
      ::initbias::internal::CheckFailed(__FILE__, __LINE__, #condition); \
    }                                                                    \
  } while (false)

#endif  // INITBIAS_LIB_BASE_ERROR_H_
