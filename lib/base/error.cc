#include "lib/base/error.h"

#include <cstdio>
#include <cstdlib>

namespace initbias {

int ExitStatus(const std::exception& error) {
  return dynamic_cast<const UsageError*>(&error) != nullptr ? kWrongUsage : 1;
}

namespace internal {

void CheckFailed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: internal error: %s does not hold\n", file, line, condition);
  std::abort();
}

}  // namespace internal
}  // namespace initbias
