#!/bin/bash
# study_names.sh NAME...: a C++ header with the studies' names in the order given.
cat <<'END'
// The studies of experiments/studies.bzl in their order. Written by tools/study_names.sh.
#ifndef INITBIAS_EXPERIMENTS_STUDY_NAMES_H_
#define INITBIAS_EXPERIMENTS_STUDY_NAMES_H_

#include <string_view>

namespace initbias {

inline constexpr std::string_view kStudies[] = {
END
printf '    "%s",\n' "$@"
cat <<'END'
};

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_STUDY_NAMES_H_
END
