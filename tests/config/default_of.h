#ifndef INITBIAS_TESTS_CONFIG_DEFAULT_OF_H_
#define INITBIAS_TESTS_CONFIG_DEFAULT_OF_H_

#include "lib/config/run_config.h"

namespace initbias {

inline RunConfig DefaultOf(ModelKind model) {
  RunConfig config;
  config.model = model;
  return config;
}

}  // namespace initbias

#endif  // INITBIAS_TESTS_CONFIG_DEFAULT_OF_H_
