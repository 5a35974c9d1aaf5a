// Data that the tests of panels draw.
#ifndef INITBIAS_TESTS_FIGURES_PANELS_SAMPLE_CURVE_H_
#define INITBIAS_TESTS_FIGURES_PANELS_SAMPLE_CURVE_H_

#include <string>

#include "lib/store/figure_file.h"

namespace initbias {

// A curve of three epochs with its band at <group>/<name>.
inline void AddCurve(const std::string& group, const std::string& name, FigureData* data) {
  if (!data->Has(group + "/epoch")) {
    data->Add(group + "/epoch", {0, 1, 2}, "epochs");
  }
  data->Add(group + "/" + name, {3, 2, 1}, "nats");
  data->Add(group + "/" + name + "_lo", {2.5, 1.5, 0.5}, "nats");
  data->Add(group + "/" + name + "_hi", {3.5, 2.5, 1.5}, "nats");
}

}  // namespace initbias

#endif  // INITBIAS_TESTS_FIGURES_PANELS_SAMPLE_CURVE_H_
