// How large an experiment is run.
#ifndef INITBIAS_LIB_CONFIG_PROFILE_H_
#define INITBIAS_LIB_CONFIG_PROFILE_H_

#include <array>
#include <string_view>

#include "lib/config/enums.h"

namespace initbias {

enum class Profile {
  kSmoke,     // seconds, tiny models: does it work at all; claims are not judged
  kDefault,   // minutes on two cores, at reduced sizes
  kExtended,  // a night: the paper's data, model and batch, about 50 of its 1000 epochs
  kPaper,     // the paper's sizes
};
template <>
struct EnumNames<Profile> {
  static constexpr std::array<std::string_view, 4> kNames = {"smoke", "default", "extended",
                                                             "paper"};
};

}  // namespace initbias

#endif  // INITBIAS_LIB_CONFIG_PROFILE_H_
