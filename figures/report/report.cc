// All figures, claims, runs and costs of a results folder in one page, report.html, that needs no
// network, and the same in short as report.md.
//
//   bazel run //figures:report
//   bazel run //figures:report -- --results=data/reference --output=/tmp/report
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "experiments/study_names.h"
#include "figures/report/page.h"
#include "figures/stored_figures.h"
#include "lib/base/atomic_file.h"
#include "lib/base/build_info.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/program.h"
#include "lib/base/program_command.h"
#include "lib/base/runfile.h"
#include "lib/base/shell.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/process/subprocess.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string results;
  std::string output;
};

// The picture of a figure file: the one beside it, where that is not older, or else drawn anew in
// the folder `scratch`. "" where it cannot be drawn, which is said.
std::string PictureOf(const std::string& study, const fs::path& file, fs::path drawn,
                      const fs::path& scratch) {
  std::error_code error;
  drawn += ".svg";
  const auto picture_time = fs::last_write_time(drawn, error);
  if (error || picture_time < fs::last_write_time(file, error)) {
    const fs::path stem = scratch / file.stem();
    Subprocess draw({FindRunfile("figures/" + study).string(), "--file=" + file.string(),
                     "--output=" + stem.string()},
                    {.input = ""});
    const std::string said = draw.ReadAll();
    if (const std::string how = draw.Wait(); !how.empty()) {
      Tell(stderr, "report: {} could not be drawn: {}\n{}", file.string(), how, draw.ErrorOutput());
      return "";
    }
    drawn = stem.string() + ".svg";
  }
  return ReadFile(drawn);
}

// Of costs.tsv: what it says before the table, and the costs of each study.
void AddCosts(Report* report) {
  std::string note;
  for (const std::string& line : Split(ReadFile(FindRunfile("experiments/costs.tsv")), '\n')) {
    if (line.starts_with("# ")) {
      // Its second line explains the file.
      note += note.empty() ? line.substr(2) : "";
      continue;
    }
    const std::vector<std::string> cells = Split(line, '\t');
    for (ReportStudy& study : report->studies) {
      if (cells[0] == study.name && cells.size() == 1 + study.costs.size()) {
        std::copy(cells.begin() + 1, cells.end(), study.costs.begin());
      }
    }
  }
  report->cost_note = note.substr(0, note.find(';')) + ": see Costs for each study";
}

// The run files that are there, each with the first study that has it.
void AddRuns(const ResultsFolder& folder, const std::string& study, const FigureData& data,
             Report* report) {
  for (const FigureRun& run : data.runs) {
    std::error_code error;
    const fs::path file = folder.Run(run.id);
    if (report->runs.contains(run.id) || !fs::exists(file, error)) {
      continue;
    }
    try {
      RunDetail detail{.result = ReadRunFile(file), .study = study};
      CheckName(file, detail.result.config);
      detail.result.probes.clear();
      detail.result.parameters.clear();
      report->runs.emplace(run.id, std::move(detail));
    } catch (const Error& refused) {
      Tell(stderr, "report: left out: {}\n", refused.what());
    }
  }
}

// What shows a claim of these results in full, up to its id. As one types it in the project's
// folder: the page may be read elsewhere, where the paths of this machine mean nothing.
std::string ExplainCommand(const std::string& results) {
  if (InBundle()) {
    const std::string flag = results.empty() ? "" : ShellWord("--results=" + results) + " ";
    return ProgramCommand("//figures:claim_table", flag + "--explain=");
  }
  return fmt::format("make claims{} CLAIM=", MakeSettings(results));
}

int Run(const Flags& flags) {
  const fs::path root = ResultsRoot(flags.results);
  const fs::path stem = flags.output.empty()
                            ? root / "report"
                            : OutputStem(flags.output, "pages", "report", {".html", ".md"});
  Report report{.commit = kGitCommit, .explain = ExplainCommand(flags.results)};
  for (const std::string_view name : kStudies) {
    report.studies.push_back({.name = std::string(name)});
  }
  for (const std::string_view name : kBeyondStudies) {
    report.studies.push_back({.name = std::string(name), .beyond = true});
  }
  AddCosts(&report);
  const fs::path scratch = fs::path(stem.string() + ".pictures");
  std::string errors;
  int64_t made = 0;
  bool writable = false;  // the pages' folder
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    StoredFigures figures(flags.results, std::string(kScaleProfiles[scale]));
    for (ReportStudy& study : report.studies) {
      std::optional<StoredFigure> figure = figures.Read(study.name);
      if (!figure) {
        continue;
      }
      if (!std::exchange(writable, true)) {  // to be told once, not of each picture
        MakeFolders(stem.parent_path());
        CheckWritableFolder(stem.parent_path());
      }
      AddRuns(figures.folder(), study.name, figure->data, &report);
      const fs::path drawn = figures.folder().PictureStem(figure->file.stem().string());
      study.figures[scale] = {.data = std::move(figure->data),
                              .svg = PictureOf(study.name, figure->file, drawn, scratch),
                              .file = fs::path(kScaleProfiles[scale]) / figure->file.filename()};
    }
    AddErrors(figures.errors(), &errors);
    made += figures.made();
  }
  std::error_code ignored;
  fs::remove_all(scratch, ignored);
  if (made == 0 && errors.empty()) {
    NoFigures(root.string(), flags.results, "");
  }
  if (made == 0) {
    Tell(stderr, "report: {}", errors);
    return 1;
  }
  report.refused = errors;
  WriteTextAtomically(stem.string() + ".html", HtmlPage(report));
  WriteTextAtomically(stem.string() + ".md", MarkdownPage(report));
  fmt::print("{}, {}\nwrote {}.html\nwrote {}.md\n", Counted(made, "figure"),
             Counted(report.runs.size(), "run file"), stem.string(), stem.string());
  if (!errors.empty()) {
    std::fflush(stdout);
    Tell(stderr, "report: {}", errors);
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  initbias::Flags flags;
  initbias::CommandLine app(
      "Writes all figures and claims of a results folder into one page, report.html.",
      initbias::ProgramCommand("//figures:report"));
  app.Add("--results", flags.results, "results folder (default: the workspace's results/)");
  app.Add("--output", flags.output,
          "path of the pages; .html and .md are added (default: report in the results "
          "folder)");
  app.Footer("Example:\n  " + initbias::ProgramCommand("//figures:report") +
             " --results=data/reference --output=/tmp/report\n"
             "Exit status: 0, 1 where something cannot be read or written, 2 wrong usage.");
  return initbias::RunProgram("report", app, argc, argv, [&flags] { return initbias::Run(flags); });
}
