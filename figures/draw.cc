#include "figures/draw.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <stdexcept>
#include <string_view>

#include "figures/plot/convert.h"
#include "figures/plot/legend.h"
#include "figures/plot/render.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/program_command.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// Whether the figure is one of runs that are not the profile's own.
bool OtherRuns(const fs::path& file, const FigureData& data) {
  return file.stem().extension() == ".custom" || !data.overrides.empty();
}

// `texts` in a line, what is longer than a caption can hold cut short: the figure file has it all.
std::string Joined(const std::vector<std::string>& texts) {
  constexpr size_t kLongest = 300;
  std::string line = fmt::format("{}", fmt::join(texts, ", "));
  if (line.size() > kLongest) {
    line.resize(ValidUtf8Length(std::string_view(line).substr(0, kLongest)));
    line += " ..";
  }
  return line;
}

// What no reader of the picture is to miss; "" where there is nothing.
std::string RunsNote(const fs::path& file, const FigureData& data) {
  std::vector<std::string> notes;
  if (OtherRuns(file, data)) {
    notes.emplace_back("Not the profile's own runs");
    if (!data.overrides.empty()) {
      notes.back() += ": with " + Joined(data.overrides);
    }
  }
  if (data.not_judged.starts_with(kUnfinished)) {
    notes.push_back(data.not_judged + "; nothing is judged");
  } else if (!data.not_judged.empty()) {
    notes.push_back("Nothing is judged: " + Joined({data.not_judged}));
  }
  return fmt::format("{}", fmt::join(notes, ". "));
}

}  // namespace

void SelectPanels(const std::vector<std::string>& letters, plot::Figure* figure) {
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
      throw UsageError(fmt::format("there is no panel '{}'; this figure has {}", wanted,
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

FigureData DrawFigure(const std::string& name, const fs::path& file, const fs::path& stem,
                      const DescribeFigure& describe, const TellFindings& findings,
                      const std::vector<std::string>& panels) {
  return DrawFigureData(name, file, ReadFigureFile(file), stem, describe, findings, panels);
}

FigureData DrawFigureData(const std::string& name, const fs::path& file, FigureData data,
                          const fs::path& stem, const DescribeFigure& describe,
                          const TellFindings& findings, const std::vector<std::string>& panels) {
  if (data.figure != name) {
    throw UsageError(fmt::format("{} is the file of {}, not of {}; what draws it: {}",
                                 file.string(), data.figure, name,
                                 ProgramCommand("//figures:" + data.figure, "")));
  }
  plot::Figure figure;
  std::string found;
  try {
    figure = describe(data);
    found = findings ? findings(data) : "";
  } catch (const std::logic_error& error) {  // of std: a place behind the end of an array, say
    throw Damaged(file, fmt::format("its data are not those of {} ({})", name, error.what()));
  }
  for (const std::string& note : {found, RunsNote(file, data)}) {
    if (!note.empty()) {
      figure.note += (figure.note.empty() ? "" : " ") + note;
      figure.caption += (figure.caption.ends_with('.') ? " " : ". ") + note;
    }
  }
  if (OtherRuns(file, data)) {
    figure.title += " (not the profile's own runs)";
  }
  if (data.not_judged.starts_with(kUnfinished)) {
    figure.title += " (unfinished)";
  }
  if (!panels.empty()) {
    SelectPanels(panels, &figure);
  }
  const std::string left_out = plot::Render(figure, stem);
  if (const std::vector<std::string> shared = plot::SharedLooks(figure); !shared.empty()) {
    std::fflush(stdout);
    Tell(stderr, "note: in {} one look stands for {}{}\n", name, shared.front(),
         shared.size() > 1 ? fmt::format(", and for {}", Counted(shared.size() - 1, "more pair"))
                           : "");
  }
  for (const char* extension : {"svg", "pdf", "png", "csv"}) {
    if (left_out.empty() || *extension == 's' || *extension == 'c') {
      fmt::print("wrote {}.{}\n", stem.string(), extension);
    }
  }
  if (!found.empty()) {
    fmt::print("found: {}\n", found);
  }
  if (!left_out.empty()) {
    std::fflush(stdout);
    Tell(stderr, "{}\n", left_out);
  }
  return data;
}

void WarnOfFont() {
  std::fflush(stdout);
  if (const std::string warning = plot::FontWarning(); !warning.empty()) {
    Tell(stderr, "{}\n", warning);
  }
}

}  // namespace initbias
