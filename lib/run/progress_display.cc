#include "lib/run/progress_display.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/config/set_names.h"

namespace initbias {
namespace {

constexpr double kTerminalSeconds = 0.2;  // between two drawings
constexpr double kLogSeconds = 30;        // between two lines where there is no terminal

// Short names, so that a worker's line fits 80 columns.
std::string ShortGroup(const std::string& group) {
  if (group == kMemorySet) {
    return "mem";
  }
  if (group == kReasoningTrainSet) {
    return "rsn";
  }
  return group == kReasoningTestSet ? "test"
         : group == kProntoQa       ? "qa"
         : group == kTinyStories    ? "stories"
                                    : group;
}

std::string Cut(const std::string& line, size_t width) { return line.substr(0, width); }

}  // namespace

std::vector<std::string> StatusLines(const PlanStatus& status, size_t width, size_t height) {
  std::vector<std::string> lines;
  double rate = 0;
  const size_t room = height - 1;  // for workers
  const size_t shown = status.workers.size() <= room ? status.workers.size() : room - 1;
  for (const WorkerStatus& worker : status.workers) {
    rate += worker.rate;
    if (lines.size() == shown) {
      continue;
    }
    std::string line =
        fmt::format("{:<29} {:3.0f}% {:4.0f}/s", worker.label, 100 * worker.done, worker.rate);
    for (const auto& [group, loss] : worker.losses) {
      line += fmt::format("  {} {:.2f}", ShortGroup(group), loss);
    }
    lines.push_back(Cut(line, width));
  }
  if (shown < status.workers.size()) {
    lines.push_back(Cut(fmt::format("... {} more", status.workers.size() - shown), width));
  }
  std::string total = fmt::format("total: {}/{} {:3.0f}%", status.finished,
                                  Counted(status.total, "run"), 100 * status.done);
  if (rate > 0) {
    total += fmt::format(", {:.0f} steps/s", rate);
  }
  if (status.failed > 0) {
    total += fmt::format(", {} failed", status.failed);
  }
  if (status.seconds_left >= 0 && status.finished + status.failed < status.total) {
    total += fmt::format(", {} left", FormatDuration(status.seconds_left));
  }
  lines.push_back(Cut(total, width));
  return lines;
}

ProgressDisplay::ProgressDisplay(std::FILE* stream)
    : stream_(stream), terminal_(MovesCursor(stream)) {}

ProgressDisplay::~ProgressDisplay() {
  if (terminal_ && updated_) {
    Erase();
    for (const std::string& line : lines_) {
      TellText(stream_, line + "\n");
    }
  } else if (updated_) {
    Tell(stream_, "{}\n", lines_.back());
  }
  std::fflush(stream_);
}

void ProgressDisplay::Erase() {
  if (drawn_ > 0) {
    // To the first column (a typed ^C stands there), up, and clear to the end of the screen.
    TellText(stream_, fmt::format("\r\x1b[{}A\x1b[J", drawn_));
    drawn_ = 0;
  }
}

void ProgressDisplay::Update(const PlanStatus& status) {
  const auto now = std::chrono::steady_clock::now();
  // One column and one row are kept free: a full line would wrap on some terminals, and a full
  // screen would scroll.
  lines_ = terminal_ ? StatusLines(status, TerminalWidth(stream_) - 1,
                                   std::max<size_t>(TerminalHeight(stream_), 3) - 1)
                     : StatusLines(status, 1000, 1000);
  const double since = std::chrono::duration<double>(now - last_).count();
  if (updated_ && since < (terminal_ ? kTerminalSeconds : kLogSeconds)) {
    return;
  }
  updated_ = true;
  last_ = now;
  if (terminal_) {
    Erase();
    for (const std::string& line : lines_) {
      TellText(stream_, line + "\n");
    }
    drawn_ = lines_.size();
  } else {
    Tell(stream_, "{}\n", lines_.back());
  }
  std::fflush(stream_);
}

void ProgressDisplay::Print(const std::string& line) {
  Erase();
  Tell(stream_, "{}\n", line);
  if (terminal_ && updated_) {
    for (const std::string& status : lines_) {
      TellText(stream_, status + "\n");
    }
    drawn_ = lines_.size();
  }
  std::fflush(stream_);
}

}  // namespace initbias
