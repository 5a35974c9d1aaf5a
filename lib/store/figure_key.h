// Names in a figure file that both a study's assembly and its picture use.
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

// "A/memory/cosine": what is called `name` below `group`.
std::string Below(std::string_view group, std::string_view name);

// The arrays of a curve over seeds (AddBand of lib/measure/run_set.h).
struct BandKeys {
  std::string median;  // "A/norm"
  std::string lo;      // "A/norm_lo": the smallest over seeds at each point
  std::string hi;      // "A/norm_hi"
  std::string seeds;   // "A/norm_seeds": the curves themselves, a row a seed
};
BandKeys BandOf(std::string_view path);

// Whether `path` is one of these but the median.
bool IsBesideMedian(std::string_view path);

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_FIGURE_KEY_H_
