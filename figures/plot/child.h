// Runs a program as a filter: bytes in, bytes out.
#ifndef INITBIAS_FIGURES_PLOT_CHILD_H_
#define INITBIAS_FIGURES_PLOT_CHILD_H_

#include <string>
#include <string_view>
#include <vector>

namespace initbias::plot {

// Runs `program` (looked up in PATH, no shell) with `arguments`, `input` as its standard input, and
// returns its standard output. The child sees the caller's environment, but for a fixed locale
// (C.UTF-8), time zone (UTC) and SOURCE_DATE_EPOCH=0, which makes what it writes independent of
// them.
//
// What it says on standard error goes to ours, but for Fontconfig's lines on a cache that it cannot
// write. Throws ProgramNotFound when the program is not there (`package` is what apt-get installs
// it from), Error with what it said on standard error when it fails.
std::string RunFilter(const std::string& program, const std::vector<std::string>& arguments,
                      std::string_view input, std::string_view package);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_CHILD_H_
