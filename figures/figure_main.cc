#include "figures/figure_main.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>
#include <set>

#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/claims/claim.h"
#include "lib/plot/render.h"
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
    for (int i = 0; i < panel.row_span; ++i) {
      rows.insert(panel.row + i);
    }
    for (int i = 0; i < panel.column_span; ++i) {
      columns.insert(panel.column + i);
    }
  }
  const auto place = [](const std::set<int>& used, int index) {
    return static_cast<int>(std::distance(used.begin(), used.find(index)));
  };
  const auto keep_used = [](const std::set<int>& used, std::vector<double>* values) {
    std::vector<double> left;
    for (const int index : used) {
      if (static_cast<size_t>(index) < values->size()) {
        left.push_back((*values)[static_cast<size_t>(index)]);
      }
    }
    *values = std::move(left);
  };
  for (plot::Panel& panel : kept) {
    panel.row = place(rows, panel.row);
    panel.column = place(columns, panel.column);
  }
  keep_used(rows, &figure->row_heights_in);
  keep_used(columns, &figure->column_weights);
  figure->columns = static_cast<int>(columns.size());
  figure->panels = std::move(kept);
}

void Run(const Flags& flags, const std::string& name,
         const std::function<plot::Figure(const FigureData&)>& describe) {
  const ResultsFolder folder(ResultsRoot(flags.results), flags.profile);
  const fs::path source = flags.file.empty() ? folder.Figure(name) : UserPath(flags.file);
  const std::string suffix =
      flags.panels.empty() ? "" : fmt::format("_{}", fmt::join(flags.panels, ""));
  const fs::path stem =
      flags.output.empty() ? folder.PictureStem(name + suffix) : UserPath(flags.output);
  if (!fs::exists(source) && !flags.file.empty()) {
    throw Error(fmt::format("there is no file {}", source.string()));
  }
  const std::string command =
      fmt::format("bazel run //experiments:{} -- --profile={}{}", name, flags.profile,
                  flags.results.empty() ? "" : " --results=" + flags.results);
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
  if (!flags.panels.empty()) {
    KeepPanels(flags.panels, &figure);
  }
  plot::Render(figure, stem);
  for (const char* extension : {"svg", "pdf", "png", "csv"}) {
    fmt::print("wrote {}.{}\n", stem.string(), extension);
  }
  const auto count = [&data](Verdict verdict) {
    return std::ranges::count(data.claims, verdict, &Claim::verdict);
  };
  fmt::print("{}: {} claims hold, {} differ, {} not judged\n", name, count(Verdict::kHolds),
             count(Verdict::kDiffers), count(Verdict::kNotJudged));
}

}  // namespace

int FigureMain(int argc, char** argv, const std::string& name,
               const std::function<plot::Figure(const FigureData&)>& describe) {
  Flags flags;
  CLI::App app{"Draws " + name + " from what its experiment stored."};
  app.name("bazel run //figures:" + name + " --");
  app.add_option("--profile", flags.profile, "whose results: smoke, default or paper")
      ->check(CLI::IsMember({"smoke", "default", "paper"}))
      ->capture_default_str();
  app.add_option("--results", flags.results, "results folder (default: the workspace's results/)");
  app.add_option("--file", flags.file, "draw this figure file instead");
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
