// The learning curves of a results folder while experiments write to it, as text and as a page.
#ifndef INITBIAS_LIB_STORE_LIVE_CURVES_H_
#define INITBIAS_LIB_STORE_LIVE_CURVES_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "lib/result/run_result.h"

namespace initbias {

// A run as far as it is known.
struct LiveRun {
  RunResult run;      // config, profile and curves alone
  std::string label;  // that no other run of the folder has
  bool finished = false;
  std::filesystem::file_time_type changed;
};

// The runs of a results folder. Reads again what has changed since, and nothing else. Files may be
// replaced, cut short or removed at any time: of one that cannot be read now, what was read before
// stays.
class LiveRuns {
 public:
  // `folder`: results/ or results/<profile>; it need not be there yet.
  explicit LiveRuns(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Unfinished runs first; of these and of the others what changed last comes first. A finished run
  // stands for its checkpoint.
  std::vector<LiveRun> Read();

  // The files of runs that could not be read as they are, the last time: damaged, locked, of
  // another version. In alphabetical order, below the folder.
  const std::vector<std::filesystem::path>& unread() const { return unread_; }

  // Of the files of runs that hold another run than their names say, and are not shown, what
  // WrongName says (run_file.h), in the order of their paths.
  const std::vector<std::string>& misnamed() const { return misnamed_; }

 private:
  struct Known {
    std::filesystem::file_time_type changed;
    uintmax_t bytes = 0;
    LiveRun run;
    bool readable = false;   // there is a run
    bool current = false;    // of the file as it is
    std::string wrong_name;  // of the file as it is
  };
  std::filesystem::path folder_;
  std::map<std::filesystem::path, Known> files_;
  std::vector<std::filesystem::path> unread_;
  std::vector<std::string> misnamed_;
};

// "2 files of runs cannot be read, the first: smoke/runs/0123456789abcdef.h5"; "" for none.
std::string UnreadText(const std::vector<std::filesystem::path>& unread);

// The first of LiveRuns::misnamed, and of how many files that is to be said; "" for none.
std::string MisnamedText(const std::vector<std::string>& misnamed);

// How curves are drawn with letters.
struct TextStyle {
  size_t columns = 80;  // of a line
  bool ascii = false;   // without block characters
  bool color = false;   // ANSI colours
};

// `columns` characters, one an equal part of 0 .. x_end: the height of the curve there, the last
// known before where there is none, between 0 and y_end; a blank before the first value, after the
// last, and for NaN. `x` rises, `y` is as long.
std::string Sparkline(std::span<const double> x, std::span<const double> y, double x_end,
                      double y_end, size_t columns, bool ascii);

// The lines of a run: its label and how far it is (on a line of its own where the label leaves no
// room), then for each set of sequences its losses over the
// epochs of the whole run (from 0 to the run's largest), last loss and accuracy.
std::vector<std::string> RunLines(const LiveRun& run, const TextStyle& style);

// A page (HTML, without scripts or other files) of the losses of all runs, which a browser loads
// again every `seconds`. `title` is shown, with the time `now`, and those of `notes` that say
// something.
std::string CurvesPage(const std::vector<LiveRun>& runs, const std::string& title,
                       const std::string& now, double seconds,
                       const std::vector<std::string>& notes = {});

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_LIVE_CURVES_H_
