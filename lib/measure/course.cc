#include "lib/measure/course.h"

#include <algorithm>
#include <cmath>

#include "lib/analysis/learning_events.h"
#include "lib/base/nan.h"
#include "lib/measure/embeddings.h"
#include "lib/measure/learning.h"

namespace initbias {
Course CourseOf(const RunResult& run, const ShareMeasure& measure) {
  Course course{.steps = run.config.probe.steps};
  for (const int64_t step : course.steps) {
    course.values.push_back(measure(run, ShareAt(run.config, step)));
  }
  return course;
}

double LargestChange(const Course& course) {
  double largest = course.values.empty() ? kNan : 0;
  for (const double value : course.values) {
    const double change = value - course.values.front();
    if (std::isnan(change)) {
      return kNan;
    }
    largest = std::abs(change) > std::abs(largest) ? change : largest;
  }
  return largest;
}

double StepsToHalfChange(const Course& course) {
  const double largest = LargestChange(course);
  if (std::isnan(largest) || largest == 0 ||
      std::abs(largest) < kLeastChange * std::abs(course.values.front())) {
    return kNan;
  }
  std::vector<double> left;  // of the way, a share
  for (const double value : course.values) {
    left.push_back(1 - (value - course.values.front()) / largest);
  }
  return StepsTo(left, course.steps, 0.5);
}

double StepsToHalfChange(const RunResult& run, const ShareMeasure& measure) {
  return StepsToHalfChange(CourseOf(run, measure));
}

double RelativeChange(const Course& course) {
  return course.values.empty() ? kNan : LargestChange(course) / course.values.front();
}

double PeakOf(const RunResult& run, const ShareMeasure& measure) {
  return std::ranges::max(CourseOf(run, measure).values);
}

double OrderBeforeLoss(const RunResult& run, double level) {
  const double fallen = StepsToLoss(run, kReasoningTrainSet,
                                    kPlateauEnds * GuessLevel(run.config.task, kReasoningTrainSet));
  for (const int64_t step : run.config.probe.steps) {
    const double share = ShareAt(run.config, step);
    if (step > 0 && DecayProbability(run, share) <= level) {
      return std::isfinite(fallen) ? std::log2(fallen / static_cast<double>(step)) : kNan;
    }
  }
  return kNan;
}

}  // namespace initbias
