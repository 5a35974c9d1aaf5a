// Names of groups in a figure file that both a study's assembly and its picture use.
#ifndef INITBIAS_LIB_STORE_FIGURE_KEY_H_
#define INITBIAS_LIB_STORE_FIGURE_KEY_H_

#include <string>
#include <string_view>

namespace initbias {

// "A/gamma=0.3": the group of an initialisation rate below `panel`.
std::string Key(std::string_view panel, double gamma);

// "A/gamma=0.3/prontoqa": a part of that group.
std::string Key(std::string_view panel, double gamma, std::string_view part);

// "A/gamma=": what the groups of all rates begin with.
std::string RateKeys(std::string_view panel);

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_FIGURE_KEY_H_
