#!/bin/bash
# study_names.sh NAME... -- NAME...: a C++ header with the studies' names in the order given: of the paper's, and of those
# beyond it.
cat <<'END'
// The studies of experiments/studies.bzl in their order. Written by tools/study_names.sh.
#ifndef INITBIAS_EXPERIMENTS_STUDY_NAMES_H_
#define INITBIAS_EXPERIMENTS_STUDY_NAMES_H_

#include <string_view>

namespace initbias {

inline constexpr std::string_view kStudies[] = {
END
while [[ $# -gt 0 && $1 != -- ]]; do
  printf '    "%s",\n' "$1"
  shift
done
shift || true
cat <<'END'
};

// Beyond the paper: where they have not been trained, nothing of the paper is missing.
inline constexpr std::string_view kBeyondStudies[] = {
END
printf '    "%s",\n' "$@"
cat <<'END'
};

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_STUDY_NAMES_H_
END
