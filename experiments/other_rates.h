// Figures 4, 5 and 6 at the usual and at large initialisation (appendix C): panels A at gamma = 0.3
// and B at 0.5, the figure's own at that rate, and C, their course over training at all three.
#ifndef INITBIAS_EXPERIMENTS_OTHER_RATES_H_
#define INITBIAS_EXPERIMENTS_OTHER_RATES_H_

#include <functional>
#include <string>
#include <vector>

#include "figures/plot/figure.h"
#include "lib/config/run_config.h"
#include "lib/measure/run_set.h"
#include "lib/measure/stages.h"
#include "lib/run/experiment.h"
#include "lib/store/figure_file.h"

namespace initbias {

// Where the paper says what these figures show.
inline constexpr char kAppendixC[] = "appendix C (known in outline only)";

// Adds something of `runs`, all of one rate, to `figure` below `group`.
using AddOfRate =
    std::function<void(const std::string& group, const Runs& runs, FigureData* figure)>;

// What such a figure has.
struct OtherRates {
  ModelKind model = ModelKind::kTransformer;
  AddOfRate add_panels;              // "A" and "B"
  AddOfRate add_course;              // "C/gamma=0.3" and so on
  std::vector<NamedMeasure> stages;  // at the five stages of every rate's runs (AddStages)
};
void AddOtherRates(const OtherRates& rates, const RunSet& runs, FigureData* figure);

// The groups "A" and "B" with the rate of each, of those of which the file has a course.
struct OtherRate {
  std::string group;
  double gamma = 0;
};
std::vector<OtherRate> OtherRatesOf(const FigureData& data);

// The course of <name> at all rates.
plot::Panel OtherRatesCourse(const FigureData& data, const std::string& name,
                             const std::string& label);

// That there is less of figure `figure`'s structure at gamma = 0.3 than at 0.8 when as much has
// been learned: `agreement` is the correlation of reasoning anchors' cosines with `theory`'s.
struct StructureClaim {
  int figure = 0;
  std::string theory;  // "Eq. 14"
  ModelKind model = ModelKind::kTransformer;
  double (*agreement)(const RunResult& run, double share) = nullptr;
};
ClaimSpec SmallHasMore(const StructureClaim& claim);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_OTHER_RATES_H_
