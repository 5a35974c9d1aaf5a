// Shows learning curves while experiments run: in the terminal, and as a page for a browser.
//
//   bazel run //lib/store:watch -- results/default
//   bazel run //lib/store:watch -- results/default --page=/tmp/watch.html
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "lib/base/atomic_file.h"
#include "lib/base/command_line.h"
#include "lib/base/program.h"
#include "lib/base/program_command.h"
#include "lib/base/shell.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/store/live_curves.h"
#include "lib/store/results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string folder;
  std::string page;
  double seconds = 5;
  bool once = false;
  bool ascii = false;
};

// "2026-01-02 03:04:05", of this place.
std::string Now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  std::array<char, 32> text{};
  const size_t size = std::strftime(text.data(), text.size(), "%F %T", &parts);
  return {text.data(), size};
}

// What is shown; on a terminal no more than fits it.
// `note`: lines below the first two.
std::string Screen(const std::vector<LiveRun>& runs, const std::string& note, const Flags& flags,
                   const fs::path& folder, bool terminal) {
  const char* const no_color = std::getenv("NO_COLOR");
  TextStyle style{.columns = TerminalWidth(stdout) - (terminal ? 1 : 0), .ascii = flags.ascii};
  style.color = terminal && (no_color == nullptr || *no_color == '\0');
  size_t unfinished = 0;
  for (const LiveRun& run : runs) {
    unfinished += run.finished ? 0 : 1;
  }
  std::string text = fmt::format("{}\n{}: {}, {} unfinished; losses by epoch\n", folder.string(),
                                 Now(), Counted(runs.size(), "run"), unfinished) +
                     note;
  const size_t taken = 4 + static_cast<size_t>(std::ranges::count(note, '\n'));
  const size_t height = TerminalHeight(stdout);
  const size_t room = terminal && !flags.once ? height - std::min(height, taken) : 1'000'000;
  size_t used = 0;
  size_t shown = 0;
  for (const LiveRun& run : runs) {
    const std::vector<std::string> lines = RunLines(run, style);
    used += lines.size();
    if (used > room) {
      break;
    }
    ++shown;
    for (const std::string& line : lines) {
      text += line + "\n";
    }
  }
  if (shown < runs.size()) {
    text += fmt::format("... and {}\n", Counted(runs.size() - shown, "more run"));
  }
  return runs.empty() ? text + "no runs yet\n" : text;
}

void Watch(const Flags& flags) {
  // One that is yet to come is waited for.
  const fs::path folder =
      (flags.once && !flags.folder.empty() ? TypedFolder(flags.folder) : ResultsRoot(flags.folder))
          .lexically_normal();
  const fs::path page =
      flags.page.empty() ? fs::path() : OutputFile("--page", flags.page, "watch.html");
  const bool terminal = MovesCursor(stdout);
  LiveRuns live(folder);
  for (bool first = true;; first = false) {
    const std::vector<LiveRun> runs = live.Read();
    const std::string unread = UnreadText(live.unread());
    const std::string misnamed = MisnamedText(live.misnamed());
    std::string note = misnamed.empty() ? "" : misnamed + "\n";
    if (!unread.empty()) {
      note += fmt::format("{}; why, tells\n  {}\n", unread,
                          ProgramCommand("//lib/store:list", ShellWord(folder.string())));
    }
    if (!page.empty()) {
      WriteTextAtomically(
          page, CurvesPage(runs, folder.string(), Now(), flags.seconds, {misnamed, unread}));
      if (first) {
        Tell(stderr, "the page is {}\n", page.string());
      }
    }
    // From the top left, and what is below is cleared.
    fmt::print("{}{}", terminal && !flags.once ? "\x1b[H\x1b[2J" : "",
               Screen(runs, ForTerminal(note, stdout), flags, folder, terminal));
    std::fflush(stdout);
    if (flags.once) {
      return;
    }
    std::this_thread::sleep_for(std::chrono::duration<double>(flags.seconds));
  }
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  initbias::Flags flags;
  initbias::CommandLine app(
      "Shows the losses of all runs of a results folder while experiments run, from run "
      "files and checkpoints (written once a minute). Ctrl-C ends it.",
      initbias::ProgramCommand("//lib/store:watch"));
  app.Footer("Example: " + initbias::ProgramCommand("//lib/store:watch") +
             " results/default --page=/tmp/watch.html\n"
             "Exit status: 0, 1 where nothing can be read or written, 2 wrong usage.\n"
             "NO_COLOR in the environment leaves out colours.");
  app.Add("FOLDER", flags.folder, "results/ or results/<profile> (default: results/)");
  app.Add("--every", flags.seconds, "seconds between two looks")
      .Between(0.1, 86'400.0)
      .ShowDefault();
  app.AddFlag("--once", flags.once, "look once, and end");
  app.Add("--page", flags.page, "also write this page, which reloads itself");
  app.AddFlag("--ascii", flags.ascii, "curves without block characters");
  return initbias::RunProgram("watch", app, argc, argv, [&flags] {
    initbias::Watch(flags);
    return 0;
  });
}
