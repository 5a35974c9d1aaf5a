// What //tests/bench:speed says: the table on the terminal and the file of the store.
#ifndef INITBIAS_TESTS_BENCH_REPORT_H_
#define INITBIAS_TESTS_BENCH_REPORT_H_

#include <string>
#include <vector>

#include "lib/store/figure_file.h"
#include "tests/bench/session.h"

namespace initbias {

// The speeds with what is expected of them and whether it holds, why contenders are missing, ours'
// parts of a step, and the machine; at most 80 columns. What was not measured is "-". Where
// `judged` is false, the targets are left out.
std::string SpeedTable(const std::vector<Measurement>& measurements, bool judged);

// The machine and the versions, a line each.
std::vector<std::string> MachineLines(const std::vector<Measurement>& measurements);

// The same numbers, every round's, to be stored.
FigureData SpeedFigure(const std::vector<Measurement>& measurements, bool judged);

}  // namespace initbias

#endif  // INITBIAS_TESTS_BENCH_REPORT_H_
