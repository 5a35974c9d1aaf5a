#include "figures/figure_main.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>
#include <set>

#include "figures/plot/render.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/claims/claim.h"
#include "lib/store/header.h"
#include "lib/store/results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string profile = "default";
  std::string results;
  std::string file;
  std::string output;
  std::vector<std::string> panels;
  bool custom = false;
  bool unfinished = false;
};

// Leaves those panels whose letter is among `letters` (a panel without one belongs to the letter
// before it), and no empty rows or columns.
void KeepPanels(const std::vector<std::string>& letters, plot::Figure* figure) {
  std::vector<std::string> known;
  std::vector<plot::Panel> kept;
  std::string letter;
  for (const plot::Panel& panel : figure->panels) {
    letter = panel.letter.empty() ? letter : panel.letter;
    if (!letter.empty() && std::ranges::find(known, letter) == known.end()) {
      known.push_back(letter);
    }
    if (std::ranges::find(letters, letter) != letters.end()) {
      kept.push_back(panel);
    }
  }
  for (const std::string& wanted : letters) {
    if (std::ranges::find(known, wanted) == known.end()) {
      throw Error(fmt::format("there is no panel '{}'; this figure has {}", wanted,
                              known.empty() ? "a single one, without a letter"
                                            : fmt::format("{}", fmt::join(known, ", "))));
    }
  }
  std::set<int> rows;
  std::set<int> columns;
  for (const plot::Panel& panel : kept) {
    rows.insert(panel.row);
    for (int i = 0; i < panel.column_span; ++i) {
      columns.insert(panel.column + i);
    }
  }
  const auto place = [](const std::set<int>& used, int index) {
    return static_cast<int>(std::distance(used.begin(), used.find(index)));
  };
  std::vector<double> heights;
  for (const int row : rows) {
    if (static_cast<size_t>(row) < figure->row_heights_in.size()) {
      heights.push_back(figure->row_heights_in[static_cast<size_t>(row)]);
    }
  }
  for (plot::Panel& panel : kept) {
    panel.row = place(rows, panel.row);
    panel.column = place(columns, panel.column);
  }
  figure->row_heights_in = std::move(heights);
  figure->columns = static_cast<int>(columns.size());
  figure->panels = std::move(kept);
}

// Whether the figure is one of runs that are not the profile's own.
bool OtherRuns(const Flags& flags, const FigureData& data) {
  return flags.custom || !data.overrides.empty();
}

// What no reader of the picture is to miss; "" where there is nothing.
std::string RunsNote(const Flags& flags, const FigureData& data) {
  std::vector<std::string> notes;
  if (OtherRuns(flags, data)) {
    notes.emplace_back("Not the profile's own runs");
    if (!data.overrides.empty()) {
      notes.back() += fmt::format(": with {}", fmt::join(data.overrides, ", "));
    }
  }
  if (data.not_judged.starts_with(kUnfinished)) {
    notes.push_back(data.not_judged + "; nothing is judged");
  } else if (!data.not_judged.empty()) {
    notes.push_back("Nothing is judged: " + data.not_judged);
  }
  return fmt::format("{}", fmt::join(notes, ". "));
}

void Run(const Flags& flags, const std::string& name,
         const std::function<plot::Figure(const FigureData&)>& describe) {
  const ResultsFolder folder(ResultsRoot(flags.results), flags.profile);
  // Of runs that are not the profile's own, or not done, there is a file beside the profile's.
  const std::string stored = name + (flags.custom       ? ".custom"
                                     : flags.unfinished ? ".unfinished"
                                                        : "");
  const fs::path source = flags.file.empty() ? folder.Figure(stored) : UserPath(flags.file);
  const std::string suffix =
      flags.panels.empty() ? "" : fmt::format("_{}", fmt::join(flags.panels, ""));
  const fs::path stem =
      flags.output.empty() ? folder.PictureStem(stored + suffix) : UserPath(flags.output);
  if (!fs::exists(source) && !flags.file.empty()) {
    throw Error(fmt::format("there is no file {}", source.string()));
  }
  const std::string command = fmt::format(
      "bazel run //experiments:{} -- --profile={}{}{}{}", name, flags.profile,
      flags.results.empty() ? "" : " --results=" + flags.results,
      flags.unfinished ? " --unfinished" : "", flags.custom ? ", with --set or other --seeds" : "");
  if (!fs::exists(source)) {
    throw Error(fmt::format("there is no {}; make it with\n  {}", source.string(), command));
  }
  const FigureData data = [&] {
    try {
      return ReadFigureFile(source);
    } catch (const SchemaVersionError& error) {
      throw Error(fmt::format("{}; to make it again:\n  {}", error.what(), command));
    }
  }();
  if (data.figure != name) {
    throw Error(fmt::format("{} is the file of {}, not of {}", source.string(), data.figure, name));
  }
  plot::Figure figure = describe(data);
  if (const std::string note = RunsNote(flags, data); !note.empty()) {
    figure.note = note;
    figure.caption += ". " + note;
  }
  if (OtherRuns(flags, data)) {
    figure.title += " (not the profile's own runs)";
  }
  if (data.not_judged.starts_with(kUnfinished)) {
    figure.title += " (unfinished)";
  }
  if (!flags.panels.empty()) {
    KeepPanels(flags.panels, &figure);
  }
  plot::Render(figure, stem);
  for (const char* extension : {"svg", "pdf", "png", "csv"}) {
    fmt::print("wrote {}.{}\n", stem.string(), extension);
  }
  if (!data.claims.empty()) {
    fmt::print("{}, {} scale: {}\n", name, data.scale, CountsText(CountClaims(data.claims)));
  }
}

}  // namespace

int FigureMain(int argc, char** argv, const std::string& name,
               const std::function<plot::Figure(const FigureData&)>& describe) {
  Flags flags;
  CLI::App app{"Draws " + name + " from what its experiment stored."};
  app.name("bazel run //figures:" + name + " --");
  app.add_option("--profile", flags.profile, "whose results: smoke, default, extended or paper")
      ->check(CLI::IsMember({"smoke", "default", "extended", "paper"}))
      ->capture_default_str();
  app.add_option("--results", flags.results, "results folder (default: the workspace's results/)");
  app.add_option("--file", flags.file, "draw this figure file instead");
  CLI::Option* const custom = app.add_flag(
      "--custom", flags.custom, "draw the last runs with --set or other --seeds (NAME.custom.h5)");
  app.add_flag("--unfinished", flags.unfinished,
               "draw the runs as far as they were trained (NAME.unfinished.h5)")
      ->excludes(custom);
  app.add_option("--panel", flags.panels, "draw only the panels of these letters, e.g. A,C")
      ->delimiter(',');
  app.add_option("--output", flags.output, "path of the pictures without their extension");
  if (const std::optional<int> status = ParseCommandLine(app, argc, argv)) {
    return *status;
  }
  try {
    Run(flags, name, describe);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", name, error.what());
    return 1;
  }
  return 0;
}

}  // namespace initbias
