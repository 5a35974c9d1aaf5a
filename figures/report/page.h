// The report: one page that says whether the paper holds, with all that it rests on.
#ifndef INITBIAS_FIGURES_REPORT_PAGE_H_
#define INITBIAS_FIGURES_REPORT_PAGE_H_

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/claims/claim.h"
#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"

namespace initbias {

// What a run file tells beside the figure file: its curves, config and provenance, without probes
// and parameters.
struct RunDetail {
  RunResult result;
  std::string study;  // where its curves stand, the first study that has it
};

// A study at one scale.
struct ReportFigure {
  FigureData data;
  std::string svg;   // the picture's file, whole; "" where it could not be drawn
  std::string file;  // the figure file, as it is to be shown
};

struct ReportStudy {
  std::string name;
  bool beyond = false;  // the paper: where it has not been trained, nothing of the paper is missing
  std::array<std::optional<ReportFigure>, kScales.size()> figures;  // by scale
  std::array<std::string, kScales.size()> costs;                    // "2,771,882 GFLOP, 3 h"
};

struct Report {
  std::vector<ReportStudy> studies;       // in the paper's order, those without a figure, too
  std::map<std::string, RunDetail> runs;  // by id: those whose files are there
  std::string cost_note;                  // on what the costs are
  std::string commit;                     // of the program that wrote the report
  std::string explain;                    // what shows a claim in full, up to its id
  std::string refused;  // figure files that could not be read and why; "" for none
};

// The page: HTML that needs no network and no script; a script adds sorting and filtering.
std::string HtmlPage(const Report& report);

// Outcome, totals, all claims, and what is missing, as Markdown.
std::string MarkdownPage(const Report& report);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_REPORT_PAGE_H_
