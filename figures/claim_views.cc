#include "figures/claim_views.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <set>
#include <system_error>

#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/base/program_command.h"
#include "lib/base/shell.h"
#include "lib/base/text.h"
#include "lib/claims/claim_text.h"
#include "lib/config/enums.h"
#include "lib/config/run_labels.h"
#include "lib/store/results.h"

namespace initbias {
namespace {

constexpr size_t kIndent = 15;  // of what stands right of a heading

// `text` in lines, the first one behind `heading`, the others below its end.
std::string Hanging(std::string_view heading, std::string_view text, int width) {
  std::string lines = Wrapped(text, heading.size(), static_cast<size_t>(std::max(width, 40)));
  lines.replace(0, heading.size(), heading);
  return lines;
}

std::string Entry(std::string_view heading, std::string_view text, int width) {
  return Hanging(fmt::format("{:<{}}", heading, kIndent), text, width);
}

std::string Number(double value) {
  return std::isnan(value) ? "NaN" : fmt::format("{:.4g}", value);
}

std::string Numbers(const std::vector<double>& values) {
  std::vector<std::string> texts;
  std::ranges::transform(values, std::back_inserter(texts), Number);
  return fmt::format("{}", fmt::join(texts, ", "));
}

// What the interval is made of.
std::string IntervalOf(const Claim& claim) {
  if (claim.values.size() < 2 || std::isnan(claim.lo)) {
    return fmt::format("mean {}; no interval", Number(claim.mean));
  }
  const auto n = static_cast<double>(claim.values.size());
  const double spread = std::sqrt(Variance(claim.values));
  return fmt::format(
      "mean {}, standard deviation {} (n - 1), n = {}: {} .. {} = mean -+ t * sd / sqrt(n), with "
      "t = {:.4g} (Student, {} degrees of freedom, 95 %)",
      Number(claim.mean), Number(spread), n, Number(claim.lo), Number(claim.hi),
      StudentQuantile(0.975, static_cast<int64_t>(claim.values.size()) - 1), n - 1);
}

std::string RuleOf(const Claim& claim) {
  return claim.rule == ClaimRule::kEverySeed
             ? fmt::format("{} in every seed", IntervalText(claim.expected))
             : fmt::format("{}, of the mean over seeds with its 95 % interval",
                           IntervalText(claim.expected));
}

std::string ConditionText(const Precondition& condition) {
  const bool met = std::ranges::all_of(
      condition.values, [&](double value) { return Contains(condition.expected, value); });
  return fmt::format("{} {} in every seed; measured {}: {}", condition.text,
                     IntervalText(condition.expected), Numbers(condition.values),
                     met                        ? "met"
                     : condition.for_holds_only ? "not met, so it cannot hold, but may differ"
                                                : "not met");
}

// The verdict, made once more from what is stored.
std::string Rejudged(const Claim& claim, const std::string& not_judged) {
  Claim again = claim;
  Judge(not_judged, &again);
  return again.verdict == claim.verdict
             ? "judged once more from these values: the same verdict"
             : fmt::format("judged once more from these values: {}, which is ANOTHER verdict",
                           VerdictName(again.verdict));
}

const Claim& Find(const FigureData& data, std::string_view id) {
  const auto found =
      std::ranges::find_if(data.claims, [&](const Claim& claim) { return claim.id == id; });
  if (found == data.claims.end()) {
    throw Error(fmt::format("{} has no claim {}", data.figure, id));
  }
  return *found;
}

std::string Cell(const Claim* claim) {
  return claim == nullptr ? "-" : fmt::format("{} {:.3g}", VerdictText(*claim), claim->mean);
}

}  // namespace

std::string ExplainClaim(const StoredFigure& figure, std::string_view id,
                         const std::string& results, int width) {
  const FigureData& data = figure.data;
  const Claim& claim = Find(data, id);
  const auto entry = [width](std::string_view heading, const std::string& text) {
    return Entry(heading, text, width);
  };
  std::string page =
      fmt::format("{} at {} scale: {}\n\n", claim.id, data.scale, VerdictText(claim));
  page += entry("Statement", claim.statement);
  page += entry("Place", fmt::format("{}; {}", claim.place, ClaimKindName(claim.kind)));
  page += entry("Metric", claim.metric);
  page += entry("Asked", RuleOf(claim));
  if (!claim.threshold_reason.empty()) {
    page += entry("Why this", claim.threshold_reason);
  }
  for (const Precondition& condition : claim.preconditions) {
    page += entry("Precondition", ConditionText(condition));
  }
  for (size_t i = 0; i < claim.values.size(); ++i) {
    page += entry(i == 0 ? "Values" : "",
                  fmt::format("seed {}: {}", i < claim.seeds.size() ? claim.seeds[i] : 0,
                              Number(claim.values[i])));
  }
  page += entry("Interval", IntervalOf(claim));
  page +=
      entry("Verdict", fmt::format("{}; {}", VerdictText(claim), Rejudged(claim, data.not_judged)));
  if (!claim.why.empty()) {
    page += entry("Why", claim.why);
  }
  if (!claim.reason.empty()) {
    page += entry("Likely reason", claim.reason);
  }
  page += entry("Registered",
                fmt::format("in experiments/claims{}.json{}{}",
                            claim.registration > 1 ? fmt::format("_{}", claim.registration) : "",
                            claim.amended.empty() ? "" : "; amended: " + claim.amended,
                            claim.registered_late
                                ? "; *: when the seeds that judge it had been seen: exploratory"
                                : ""));
  page += entry("File", figure.file.string());
  std::vector<std::string> options = {"--profile=" + data.profile};
  for (const std::string_view model : EnumNames<ModelKind>::kNames) {
    if (figure.file.filename() == fmt::format("{}.{}.h5", data.figure, model)) {
      options.push_back(fmt::format("--model={}", model));
    }
  }
  std::vector<std::string> anew = options;
  std::vector<std::string> verified = options;
  std::error_code none;
  if (IsShipped(figure.file.parent_path().parent_path())) {
    // Nothing is to be trained there; nor is it to be compared with what the user has made.
    verified.push_back("--results=" + (ResultsRoot("") / "reference").string());
  } else if (!results.empty()) {
    options.push_back("--results=" + results);
    verified = options;
    // Where there are figure files alone nothing is to be trained.
    if (std::filesystem::exists(figure.file.parent_path() / "runs", none)) {
      anew = options;
    }
  }
  page += "\n" +
          Wrapped(fmt::format("The file does not say which of its runs a claim uses. These are all "
                              "runs of {}, of which this one uses some or all: id, digest of "
                              "the parameters, run",
                              data.figure),
                  0, static_cast<size_t>(std::max(width, 40)));
  std::vector<ListedRun> runs;
  for (const FigureRun& run : data.runs) {
    runs.push_back({.label = run.label, .config = run.config});
  }
  const std::vector<std::string> labels = DistinctLabels(runs);
  for (size_t i = 0; i < labels.size(); ++i) {
    const FigureRun& run = data.runs[i];
    page += Hanging(fmt::format("  {}  {:.16}  ", run.id, run.parameters_digest), labels[i], width);
  }
  if (data.runs.empty()) {
    page += "  nothing is trained\n";
  }
  const std::string program = "//experiments:" + data.figure;
  if (std::set<std::string>(labels.begin(), labels.end()).size() < labels.size()) {
    page += fmt::format(
        "\nSome differ in a field that this file, of an older program, does not have. By id:\n"
        "  {}\n",
        ProgramCommand(program, ShellWords(options) + " --status"));
  }
  page += fmt::format(
      "\nTo measure and judge it anew (trains what is missing of these runs; --dry-run\n"
      "says how long that takes here):\n"
      "  {}\n"
      "To train the runs again and compare the bits:\n"
      "  {}\n",
      ProgramCommand(program, ShellWords(anew)),
      ProgramCommand(program, ShellWords(verified) + " --verify=all"));
  return page;
}

std::string ComparisonTable(const std::vector<ScaledComparison>& claims, const std::string& a,
                            const std::string& b, size_t width) {
  constexpr size_t kOtherColumns = 57;  // of the widest line beside the id
  size_t id_columns = 5;
  for (const auto& [scale, claim] : claims) {
    id_columns = std::max(id_columns, claim.id.size());
  }
  const bool below = id_columns + kOtherColumns > width;
  const std::string between = below ? "\n          " : "  ";
  id_columns = below ? 0 : id_columns;
  std::string lines = fmt::format("{:<8}  {:<{}}{}{:<18}  {:<18}  same?\n", "scale", "claim",
                                  id_columns, between, a.substr(0, 18), b.substr(0, 18));
  enum { kSame, kValues, kVerdict, kAlone };
  constexpr std::array<const char*, 4> kWords = {"same", "values", "VERDICT", "-"};
  std::array<int64_t, 4> counts{};
  for (const auto& [scale, claim] : claims) {
    const size_t how = claim.a == nullptr || claim.b == nullptr ? kAlone
                       : !claim.same_verdict                    ? kVerdict
                       : claim.same_values                      ? kSame
                                                                : kValues;
    ++counts[how];
    lines += fmt::format("{:<8}  {:<{}}{}{:<18}  {:<18}  {}\n", scale, claim.id, id_columns,
                         between, Cell(claim.a), Cell(claim.b), kWords[how]);
  }
  return lines + "\n" +
         Wrapped(fmt::format("{}: {} the same in all values, {} with the same verdict and "
                             "other values, {} with another verdict, {} in one of both only",
                             Counted(claims.size(), "claim"), counts[kSame], counts[kValues],
                             counts[kVerdict], counts[kAlone]),
                 0, width);
}

}  // namespace initbias
