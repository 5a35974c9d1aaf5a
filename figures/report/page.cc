#include "figures/report/page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <set>
#include <string_view>

#include "figures/report/alt_text.h"
#include "figures/report/html.h"
#include "figures/report/style.h"
#include "figures/stored_figures.h"
#include "lib/base/text.h"
#include "lib/claims/claim_text.h"
#include "lib/config/run_config.h"

namespace initbias {
namespace {

// The claims of each scale of a study, as MatchClaims takes them.
using StudyClaims = std::array<std::vector<Claim>, kScales.size()>;

StudyClaims ClaimsOf(const ReportStudy& study) {
  StudyClaims claims;
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    if (study.figures[scale]) {
      claims[scale] = study.figures[scale]->data.claims;
    }
  }
  return claims;
}

std::vector<Claim> AllClaims(const Report& report, size_t scale) {
  std::vector<Claim> claims;
  for (const ReportStudy& study : report.studies) {
    if (study.figures[scale]) {
      std::ranges::copy(study.figures[scale]->data.claims, std::back_inserter(claims));
    }
  }
  return claims;
}

std::string Chip(const Claim& claim) {
  return fmt::format("<span class=\"{}\">{}</span>", HtmlId(VerdictName(claim.verdict)),
                     VerdictText(claim));
}

std::string Number(double value) {
  return std::isnan(value)   ? "–"
         : std::isinf(value) ? (value < 0 ? "-∞" : "∞")
                             : fmt::format("{:.3g}", value);
}

std::string Measured(const Claim& claim) {
  if (claim.values.empty()) {
    return "–";
  }
  if (claim.rule == ClaimRule::kEverySeed) {
    const auto [lo, hi] = std::ranges::minmax(claim.values);
    return fmt::format("{} .. {} by seed", Number(lo), Number(hi));
  }
  return std::isnan(claim.lo)
             ? Number(claim.mean)
             : fmt::format("{} ({} .. {})", Number(claim.mean), Number(claim.lo), Number(claim.hi));
}

std::string Asked(const Claim& claim) {
  return IntervalText(claim.expected) +
         (claim.rule == ClaimRule::kEverySeed ? " in every seed" : "");
}

// Of the paper's claims, those of ours left out.
struct Outcome {
  int64_t all = 0;
  int64_t holds = 0;
  int64_t differs = 0;
  int64_t undecided = 0;
  int64_t not_judged = 0;  // in no other number
};

Outcome OutcomeOf(const std::vector<Claim>& claims) {
  Outcome outcome;
  for (const Claim& claim : claims) {
    if (claim.kind != ClaimKind::kOurs && claim.verdict == Verdict::kNotJudged) {
      ++outcome.not_judged;
    } else if (claim.kind != ClaimKind::kOurs) {
      ++outcome.all;
      outcome.holds += claim.verdict == Verdict::kHolds ? 1 : 0;
      outcome.differs += claim.verdict == Verdict::kDiffers ? 1 : 0;
      outcome.undecided += claim.verdict == Verdict::kUndecided ? 1 : 0;
    }
  }
  return outcome;
}

std::string OutcomeText(const Report& report, size_t scale) {
  const Outcome outcome = OutcomeOf(AllClaims(report, scale));
  return outcome.all == 0
             ? fmt::format("At {} scale nothing has been judged.", kScales[scale])
             : fmt::format("At {} scale, of {} of the paper: {}, {}, {} could not be told{}.",
                           kScales[scale], Counted(outcome.all, "statement"),
                           Counted(outcome.holds, "holds", "hold"),
                           Counted(outcome.differs, "differs", "differ"), outcome.undecided,
                           outcome.not_judged == 0
                               ? ""
                               : fmt::format("; {} more {} not judged there", outcome.not_judged,
                                             outcome.not_judged == 1 ? "is" : "are"));
}

// Whether the page is to speak of it: what is beyond the paper, where it has been trained.
bool Shown(const ReportStudy& study) {
  return !study.beyond ||
         std::ranges::any_of(study.figures, [](const auto& figure) { return figure.has_value(); });
}

// The paper's studies whose figure is there at a scale, of how many; and those beyond it.
std::string Scope(const Report& report) {
  std::vector<std::string> scopes;
  const auto all = std::ranges::count(report.studies, false, &ReportStudy::beyond);
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    const auto made = [&report, scale](bool beyond) {
      return std::ranges::count_if(report.studies, [=](const ReportStudy& study) {
        return study.beyond == beyond && study.figures[scale].has_value();
      });
    };
    scopes.push_back(fmt::format(
        "{} of {} studies{} at {} scale (profile {})", made(false), all,
        made(true) > 0 ? fmt::format(" and {} beyond the paper", made(true)) : std::string(),
        kScales[scale], kScaleProfiles[scale]));
  }
  return fmt::format("{}", fmt::join(scopes, "; "));
}

std::string Hardware(const Report& report) {
  std::set<std::string> machines;
  for (const auto& [id, detail] : report.runs) {
    const Provenance& from = detail.result.provenance;
    machines.insert(fmt::format("{}, {}{}, LibTorch {}", from.cpu, from.device,
                                from.kernels.empty() ? "" : ", kernels " + from.kernels,
                                from.torch_version));
  }
  if (machines.empty()) {
    for (const ReportStudy& study : report.studies) {
      for (const std::optional<ReportFigure>& figure : study.figures) {
        for (const FigureRun& run : figure ? figure->data.runs : std::vector<FigureRun>{}) {
          if (!run.cpu.empty()) {
            machines.insert(fmt::format("{}, {}", run.cpu, run.device));
          }
        }
      }
    }
  }
  return machines.empty() ? "not known: the run files are not beside these figure files, which are "
                            "older than their record of it"
                          : fmt::format("{}", fmt::join(machines, "; "));
}

std::string Compute(const Report& report) {
  if (report.runs.empty()) {
    return "see Costs";
  }
  double seconds = 0;
  for (const auto& [id, detail] : report.runs) {
    seconds += detail.result.provenance.seconds;
  }
  return fmt::format("{} here, {} of one core in all", Counted(report.runs.size(), "training run"),
                     FormatDuration(seconds));
}

std::string TotalsTable(const Report& report) {
  std::string rows;
  for (const ClaimKind kind : kClaimKinds) {
    constexpr std::array<std::string_view, 4> kWhat = {
        "the paper says it in words", "one of its figures shows it",
        "follows, or an appendix presumably shows it", "hypotheses of ours; never the paper's"};
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td>", ClaimKindName(kind),
                        kWhat[static_cast<size_t>(kind)]);
    for (size_t scale = 0; scale < kScales.size(); ++scale) {
      const ClaimCounts counts = CountClaims(AllClaims(report, scale), kind);
      const int64_t rest = counts.by_verdict[3];
      rows += counts.all == 0 ? "<td>–</td>"
                              : fmt::format("<td>{} / {} / {}{}</td>", counts.by_verdict[0],
                                            counts.by_verdict[1], counts.by_verdict[2],
                                            rest == 0 ? "" : fmt::format(", {} not judged", rest));
    }
    rows += "</tr>\n";
  }
  std::string heads;
  for (const std::string_view scale : kScales) {
    heads += fmt::format("<th scope=\"col\">{}</th>", scale);
  }
  return fmt::format(
      "<div class=\"scroll\"><table><caption class=\"soft\">Hold / differ / undecided</caption>"
      "<thead><tr><th scope=\"col\">kind</th><th scope=\"col\">what</th>{}</tr></thead>\n"
      "<tbody>{}</tbody></table></div>\n",
      heads, rows);
}

std::string ClaimsTable(const Report& report, const std::vector<StudyClaims>& claims) {
  std::string heads =
      "<th scope=\"col\">claim</th><th scope=\"col\">statement</th>"
      "<th scope=\"col\">kind, place</th><th scope=\"col\">asked</th>";
  for (const std::string_view scale : kScales) {
    heads += fmt::format("<th scope=\"col\">{}</th>", scale);
  }
  std::string rows;
  for (size_t i = 0; i < report.studies.size(); ++i) {
    for (const ScaledClaim& claim : MatchClaims(claims[i])) {
      const Claim& first = FirstOf(claim);
      rows += fmt::format(
          "<tr><td><a href=\"#claim-{0}\">{1}</a></td><td>{2}</td><td>{3}; {4}</td>"
          "<td data-name=\"asked\">{5}</td>",
          HtmlId(first.id), Escaped(first.id), Escaped(first.statement), ClaimKindName(first.kind),
          Escaped(first.place), Escaped(Asked(first)));
      for (size_t scale = 0; scale < kScales.size(); ++scale) {
        rows += claim[scale] == nullptr
                    ? fmt::format("<td data-name=\"{}\">–</td>", kScales[scale])
                    : fmt::format("<td data-name=\"{}\">{} {}</td>", kScales[scale],
                                  Chip(*claim[scale]), Measured(*claim[scale]));
      }
      rows += "</tr>\n";
    }
  }
  return fmt::format(
      "<div class=\"filter\" data-table=\"all-claims\"></div>\n"
      "<div class=\"scroll\" role=\"region\" aria-label=\"All claims\" tabindex=\"0\">"
      "<table id=\"all-claims\" class=\"claims sortable\"><thead><tr>{}</tr></thead>\n"
      "<tbody>\n{}</tbody></table></div>\n",
      heads, rows);
}

std::string Entry(std::string_view name, const std::string& text) {
  return text.empty() ? "" : fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, Escaped(text));
}

// What a claim comes to at one scale.
std::string AtScale(const Claim& claim, std::string_view scale) {
  std::string entries;
  for (const Precondition& condition : claim.preconditions) {
    std::vector<std::string> values;
    std::ranges::transform(condition.values, std::back_inserter(values), Number);
    entries += Entry("Precondition",
                     fmt::format("{} {} in every seed; measured {}", condition.text,
                                 IntervalText(condition.expected), fmt::join(values, ", ")));
  }
  std::vector<std::string> values;
  for (size_t i = 0; i < claim.values.size(); ++i) {
    values.push_back(fmt::format("{}: {}", i < claim.seeds.size() ? claim.seeds[i] : 0,
                                 Number(claim.values[i])));
  }
  entries += Entry("By seed", fmt::format("{}", fmt::join(values, ", ")));
  entries += Entry("Why", claim.why);
  entries += Entry("Likely reason", claim.verdict == Verdict::kHolds ? "" : claim.reason);
  return fmt::format("<p>{} scale: {} <span>{}</span></p>\n<dl>{}</dl>\n", scale, Chip(claim),
                     Measured(claim), entries);
}

std::string ClaimArticle(const ReportStudy& study, const ScaledClaim& claim,
                         const std::string& explain) {
  const Claim& first = FirstOf(claim);
  std::string text = fmt::format(
      "<article id=\"claim-{}\"><h4>{}</h4>\n<p>{} <span class=\"soft\">({}; {})</span></p>\n",
      HtmlId(first.id), Escaped(first.id), Escaped(first.statement), ClaimKindName(first.kind),
      Escaped(first.place));
  text += fmt::format("<dl>{}{}{}{}</dl>\n", Entry("Metric", first.metric),
                      Entry("Asked", Asked(first)), Entry("Why this", first.threshold_reason),
                      Entry("Amended", first.amended));
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    if (claim[scale] != nullptr) {
      text += AtScale(*claim[scale], kScales[scale]);
    }
  }
  return text + fmt::format("<p><code>{}</code> <a href=\"#study-{}\">figure</a></p></article>\n",
                            Escaped(explain + first.id), HtmlId(study.name));
}

// The losses of a run over its epochs.
std::string RunPlot(const FigureRun& run, const RunDetail& detail) {
  std::vector<SmallCurve> curves;
  std::string legend;
  std::vector<std::string> courses;
  for (const LearningCurve& curve : detail.result.curves) {
    legend += fmt::format("{}<span style=\"color:{}\">■</span> {}", legend.empty() ? "" : " ",
                          SmallColour(curves.size()), Escaped(curve.group));
    curves.push_back({.label = curve.group, .x = detail.result.epoch, .y = curve.loss});
    if (!curve.loss.empty()) {
      courses.push_back(fmt::format("{} from {} to {}", curve.group, Number(curve.loss.front()),
                                    Number(curve.loss.back())));
    }
  }
  const Provenance& from = detail.result.provenance;
  return fmt::format(
      "<div id=\"run-{}\">{}<p class=\"soft\">{}<br>{}<br>{} on {}</p></div>\n", run.id,
      SmallPlot(curves,
                fmt::format("Losses of {} over epochs: {}", run.label, fmt::join(courses, "; "))),
      Escaped(run.label), legend, FormatDuration(from.seconds), Escaped(from.cpu));
}

std::string Runs(const Report& report, const ReportStudy& study, const FigureData& data) {
  if (data.runs.empty()) {
    return "<p>Nothing is trained for it.</p>\n";
  }
  std::string rows;
  std::string plots;
  std::set<std::string> elsewhere;
  std::string configs;
  for (const FigureRun& run : data.runs) {
    const auto found = report.runs.find(run.id);
    rows += fmt::format(
        "<tr><td><code>{}</code></td><td>{}</td><td><code>{}</code></td><td><code>{}</code></td>"
        "<td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
        run.id, Escaped(run.label), run.config_digest.substr(0, 16), run.data_digest.substr(0, 16),
        run.parameters_digest.substr(0, 16), Escaped(run.cpu), Escaped(run.start));
    const auto add_config = [&configs, &run](const std::string& config) {
      configs += fmt::format("<details><summary>{} {}</summary><pre>{}</pre></details>\n", run.id,
                             Escaped(run.label), Escaped(config));
    };
    if (found == report.runs.end()) {
      if (!run.config.empty()) {
        add_config(run.config);
      }
      continue;
    }
    if (found->second.study != study.name) {
      elsewhere.insert(found->second.study);
      continue;
    }
    plots += RunPlot(run, found->second);
    add_config(CanonicalForm(found->second.result.config));
  }
  std::string text = fmt::format(
      "<details><summary>{}, with their digests</summary><div class=\"scroll\"><table>"
      "<thead><tr><th scope=\"col\">id</th><th scope=\"col\">run</th><th scope=\"col\">config</th>"
      "<th scope=\"col\">data</th><th scope=\"col\">parameters</th><th scope=\"col\">processor</th>"
      "<th scope=\"col\">started</th></tr></thead>"
      "<tbody>{}</tbody></table></div></details>\n",
      Counted(data.runs.size(), "run"), rows);
  if (!plots.empty()) {
    text += fmt::format(
        "<details><summary>Training curves: loss over epochs</summary><div class=\"runs\">{}</div>"
        "</details>\n",
        plots);
  }
  if (!configs.empty()) {
    text += fmt::format("<details><summary>Configs</summary>{}</details>\n", configs);
  }
  for (const std::string& other : elsewhere) {
    text += fmt::format("<p>Training curves of shared runs: <a href=\"#study-{}\">{}</a></p>\n",
                        HtmlId(other), Escaped(other));
  }
  return text;
}

// What the picture says below its panels: what was found, and of which runs it is.
std::string NoteOf(const ReportFigure& figure) {
  const std::string text = PictureText(figure.svg);
  const std::string& caption = figure.data.caption;
  if (!text.starts_with(caption)) {
    return "";
  }
  return std::string(Trim(text.substr(std::min(text.size(), caption.size() + 1))));
}

std::string FigurePart(const Report& report, const ReportStudy& study, size_t scale) {
  const ReportFigure& figure = *study.figures[scale];
  const FigureData& data = figure.data;
  std::string text = fmt::format("<h3>{} scale</h3>\n", kScales[scale]);
  if (!data.not_judged.empty()) {
    text += fmt::format("<p>Not judged: {}</p>\n", Escaped(data.not_judged));
  }
  const std::string note = NoteOf(figure);
  const std::string alt = AltText(data) + (note.empty() ? "" : " " + note);
  text += fmt::format(
      "<figure><div class=\"picture\">{}</div><figcaption>{}</figcaption></figure>\n",
      figure.svg.empty() ? "<p>The picture could not be drawn.</p>"
                         : InlineSvg(figure.svg, fmt::format("{}-{}-", study.name, scale), alt),
      Escaped(data.caption));
  text += fmt::format("<p class=\"soft\">{}; cost: {}</p>\n", Escaped(figure.file),
                      Escaped(study.costs[scale].empty() ? "not known" : study.costs[scale]));
  return text + Runs(report, study, data);
}

// ": " and the first sentence of its caption, "" where no figure is there.
std::string TitleOf(const ReportStudy& study) {
  for (const std::optional<ReportFigure>& figure : study.figures) {
    if (figure) {
      const std::string& caption = figure->data.caption;
      return ": " + caption.substr(0, caption.find(". "));
    }
  }
  return "";
}

std::string StudySection(const Report& report, const ReportStudy& study,
                         const StudyClaims& of_scales) {
  std::string text = fmt::format("<section id=\"study-{0}\"><h2>{0}{1}</h2>\n", HtmlId(study.name),
                                 Escaped(TitleOf(study)));
  const std::vector<ScaledClaim> claims = MatchClaims(of_scales);
  if (!claims.empty()) {
    text += "<p>What the paper says or shows, beside what was found:</p>\n<ul>\n";
    for (const ScaledClaim& claim : claims) {
      const Claim& first = FirstOf(claim);
      std::vector<std::string> chips;
      for (size_t scale = 0; scale < kScales.size(); ++scale) {
        if (claim[scale] != nullptr) {
          chips.push_back(fmt::format("{} ({})", Chip(*claim[scale]), kScales[scale]));
        }
      }
      text += fmt::format("<li>{}{} {} <a href=\"#claim-{}\">{}</a></li>\n",
                          first.kind == ClaimKind::kOurs ? "<em>Ours:</em> " : "",
                          Escaped(first.statement), fmt::join(chips, ", "), HtmlId(first.id),
                          Escaped(first.id));
    }
    text += "</ul>\n";
  }
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    if (study.figures[scale]) {
      text += FigurePart(report, study, scale);
    }
  }
  if (!claims.empty()) {
    text += "<details open><summary>Claims in full</summary>\n";
    for (const ScaledClaim& claim : claims) {
      text += ClaimArticle(study, claim, report.explain);
    }
    text += "</details>\n";
  }
  return text + "</section>\n";
}

// Studies without a figure at a scale: what is not reproduced, with what it would cost.
std::vector<std::pair<std::string, std::string>> Missing(const Report& report, size_t scale) {
  std::vector<std::pair<std::string, std::string>> missing;
  for (const ReportStudy& study : report.studies) {
    if (!study.figures[scale]) {
      if (!study.beyond && study.costs[scale] != "nothing is trained") {
        missing.emplace_back(study.name, study.costs[scale]);
      }
      continue;
    }
    // A file of one model alone: what it has is there, the rest is not.
    const std::filesystem::path stem = std::filesystem::path(study.figures[scale]->file).stem();
    if (stem.has_extension()) {
      missing.emplace_back(
          fmt::format("{} (but for {})", study.name, stem.extension().string().substr(1)),
          study.costs[scale]);
    }
  }
  return missing;
}

constexpr char kOpenTitle[] = "What differs, and what could not be told";

bool IsOpen(const Claim& claim) {
  return claim.verdict == Verdict::kDiffers || claim.verdict == Verdict::kUndecided;
}

// ": " and why a claim does not hold.
std::string WhyOpen(const Claim& claim) {
  return ": " + (!claim.why.empty()      ? claim.why
                 : !claim.reason.empty() ? claim.reason
                                         : Measured(claim) + ", asked " + Asked(claim));
}

std::string MissingSection(const Report& report, const std::vector<StudyClaims>& claims) {
  std::string text = "<section id=\"missing\"><h2>What is not reproduced, and why</h2>\n<ul>\n";
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    for (const auto& [name, cost] : Missing(report, scale)) {
      text += fmt::format("<li>{} at {} scale: not trained ({})</li>\n", Escaped(name),
                          kScales[scale], Escaped(cost.empty() ? "cost not known" : cost));
    }
  }
  text += fmt::format("</ul>\n<h3>{}</h3>\n<ul>\n", kOpenTitle);
  for (const StudyClaims& of_scales : claims) {
    for (size_t scale = 0; scale < kScales.size(); ++scale) {
      for (const Claim& claim : of_scales[scale]) {
        if (IsOpen(claim)) {
          text += fmt::format("<li>{} <a href=\"#claim-{}\">{}</a> at {} scale{}</li>\n",
                              Chip(claim), HtmlId(claim.id), Escaped(claim.id), kScales[scale],
                              Escaped(WhyOpen(claim)));
        }
      }
    }
  }
  return text + "</ul></section>\n";
}

std::string CostsSection(const Report& report) {
  std::string rows;
  for (const ReportStudy& study : report.studies) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th>", Escaped(study.name));
    for (const std::string& cost : study.costs) {
      rows += fmt::format("<td>{}</td>", Escaped(cost.empty() ? "–" : cost));
    }
    rows += "</tr>\n";
  }
  return fmt::format(
      "<section id=\"costs\"><h2>Costs</h2>\n<p>{}</p>\n<div class=\"scroll\"><table><thead><tr>"
      "<th scope=\"col\">study</th><th scope=\"col\">default</th><th scope=\"col\">extended</th>"
      "<th scope=\"col\">paper</th></tr></thead><tbody>{}</tbody></table></div></section>\n",
      Escaped(report.cost_note), rows);
}

// `text` for a cell of a Markdown table.
std::string Cell(std::string text) {
  for (size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
    text.replace(at, 1, "\\|");
  }
  for (size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 4)) {
    text.replace(at, 1, "&lt;");
  }
  return text;
}

// What the pictures say that was found.
std::string FoundList(const Report& report) {
  std::string lines;
  for (const ReportStudy& study : report.studies) {
    for (size_t scale = 0; scale < kScales.size(); ++scale) {
      const std::string note = study.figures[scale] ? NoteOf(*study.figures[scale]) : "";
      if (!note.empty()) {
        lines += fmt::format("- `{}` at {} scale: {}\n", study.name, kScales[scale], Cell(note));
      }
    }
  }
  return lines.empty() ? "" : "\n## Found\n\n" + lines;
}

std::string OpenList(const Report& report) {
  std::string lines;
  for (const ReportStudy& study : report.studies) {
    for (size_t scale = 0; scale < kScales.size(); ++scale) {
      for (const Claim& claim :
           study.figures[scale] ? study.figures[scale]->data.claims : std::vector<Claim>()) {
        if (IsOpen(claim)) {
          lines += fmt::format("- **{}** `{}` at {} scale{}\n", VerdictText(claim), claim.id,
                               kScales[scale], Cell(WhyOpen(claim)));
        }
      }
    }
  }
  return fmt::format("\n## {}\n\n{}", kOpenTitle, lines);
}

constexpr char kTitle[] =
    "Does small initialisation make language models reason first? A reproduction";

}  // namespace

std::string HtmlPage(const Report& report) {
  std::vector<StudyClaims> claims;
  std::ranges::transform(report.studies, std::back_inserter(claims), ClaimsOf);
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}</style></head>\n<body>\n<header><h1>{0}</h1>\n"
      "<p>Of Yao, Zhang, Xu: <em>An Analysis for Reasoning Bias of Language Models with Small "
      "Initialization</em>, ICML 2025, by an independent program; the paper's authors had no part "
      "in it.</p></header>\n",
      kTitle, kReportStyle);
  page += "<main>\n<section id=\"outcome\"><h2>Outcome</h2>\n";
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    page += fmt::format("<p class=\"answer\">{}</p>\n", OutcomeText(report, scale));
  }
  if (!report.refused.empty()) {
    page += fmt::format(
        "<p class=\"differs\">Figure files that could not be read; their claims are "
        "missing:</p>\n<pre>{}</pre>\n",
        Escaped(report.refused));
  }
  page += TotalsTable(report);
  page += fmt::format("<dl>{}{}{}{}{}</dl>\n", Entry("Scope", Scope(report)),
                      Entry("Hardware", Hardware(report)), Entry("Compute", Compute(report)),
                      Entry("Cost of a full replication", report.cost_note),
                      Entry("Program", "initbias, commit " + report.commit));
  page +=
      "<p>A claim holds where the 95 % interval over seeds lies in the region that was registered "
      "before those seeds were trained, differs where it lies outside, and is undecided else. "
      "“Reduced” is evidence at that scale, not proof of the paper's. *: registered or amended "
      "after the seeds of that scale had been seen; exploratory.</p></section>\n";
  page +=
      "<nav aria-label=\"Contents\"><h2>Contents</h2><ul>\n<li><a href=\"#claims\">All "
      "claims</a></li>\n";
  for (const ReportStudy& study : report.studies) {
    if (!Shown(study)) {
      continue;
    }
    page += fmt::format("<li><a href=\"#study-{}\">{}</a></li>\n", HtmlId(study.name),
                        Escaped(study.name));
  }
  page +=
      "<li><a href=\"#missing\">What is not reproduced</a></li>\n"
      "<li><a href=\"#costs\">Costs</a></li></ul></nav>\n";
  page +=
      "<section id=\"claims\"><h2>All claims</h2>\n" + ClaimsTable(report, claims) + "</section>\n";
  for (size_t i = 0; i < report.studies.size(); ++i) {
    page += Shown(report.studies[i]) ? StudySection(report, report.studies[i], claims[i]) : "";
  }
  page += MissingSection(report, claims) + CostsSection(report);
  return page + fmt::format("</main>\n<script>{}</script>\n</body></html>\n", kReportScript);
}

std::string MarkdownPage(const Report& report) {
  std::string page = fmt::format("# {}\n\n", kTitle);
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    page += OutcomeText(report, scale) + "\n";
  }
  if (!report.refused.empty()) {
    page += fmt::format(
        "\n**Figure files that could not be read; their claims are missing:**\n\n```\n{}```\n",
        report.refused);
  }
  page += fmt::format(
      "\n- Scope: {}\n- Hardware: {}\n- Compute: {}\n- Cost of a full replication: {}\n- Program: "
      "initbias, commit {}\n\n## Claims\n\n| claim | statement | asked | {} |\n|---|---|---|{}\n",
      Scope(report), Hardware(report), Compute(report), report.cost_note, report.commit,
      fmt::join(kScales, " | "), "---|---|---|");
  for (const ReportStudy& study : report.studies) {
    const StudyClaims claims = ClaimsOf(study);
    for (const ScaledClaim& claim : MatchClaims(claims)) {
      const Claim& first = FirstOf(claim);
      page += fmt::format("| `{}` | {} *{}; {}* | {} |", first.id, Cell(first.statement),
                          ClaimKindName(first.kind), Cell(first.place), Cell(Asked(first)));
      for (const Claim* const one : claim) {
        page += one == nullptr ? " – |"
                               : fmt::format(" **{}** {} |", VerdictText(*one), Measured(*one));
      }
      page += "\n";
    }
  }
  page += FoundList(report) + OpenList(report);
  page += "\n## Not reproduced\n\n";
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    for (const auto& [name, cost] : Missing(report, scale)) {
      page += fmt::format("- {} at {} scale: not trained ({})\n", name, kScales[scale],
                          cost.empty() ? "cost not known" : cost);
    }
  }
  return page;
}

}  // namespace initbias
