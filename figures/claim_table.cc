// All claims of a results folder: the paper's statement, the measured value with its interval, the
// region it was to lie in, and the verdict, at the scales of kScales side by side; totals by whose
// claim it is. With --profile those of one profile alone, with --studies those of some studies.
//
//   bazel run //figures:claim_table
//   bazel run //figures:claim_table -- --short
//   bazel run //figures:claim_table -- --profile=smoke
//   bazel run //figures:claim_table -- --studies=fig3,fig5
//   bazel run //figures:claim_table -- --explain=fig3.A.progressive
//   bazel run //figures:claim_table -- --compare=data/reference
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/study_names.h"
#include "figures/claim_views.h"
#include "figures/stored_figures.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/program.h"
#include "lib/base/program_command.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/claims/claim.h"
#include "lib/claims/claim_text.h"
#include "lib/config/enums.h"
#include "lib/config/profile.h"
#include "lib/store/results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string profile;  // "": all scales side by side
  std::string results;
  std::string explain;               // a claim's id
  std::string compare;               // another results folder
  std::vector<std::string> studies;  // these alone; none: all
  bool brief = false;
  bool json = false;
};

// The paper's studies, then those beyond it.
std::vector<std::string> AllStudies() {
  std::vector<std::string> names(std::begin(kStudies), std::end(kStudies));
  names.insert(names.end(), std::begin(kBeyondStudies), std::end(kBeyondStudies));
  return names;
}

// The studies that are asked for.
std::vector<std::string> AskedStudies(const Flags& flags) {
  return flags.studies.empty() ? AllStudies() : flags.studies;
}

// Of `studies` those that are missed where they have no file: of all, the paper's.
std::vector<std::string> Missed(std::vector<std::string> studies, const Flags& flags) {
  if (!flags.studies.empty()) {
    return studies;
  }
  std::erase_if(studies, [](const std::string& name) {
    return std::ranges::find(kBeyondStudies, name) != std::end(kBeyondStudies);
  });
  return studies;
}

int Width() { return static_cast<int>(TerminalWidth(stdout)); }

// Of a claim's line: a file, where no line wraps, gets all of it.
int ClaimLineWidth() { return isatty(STDOUT_FILENO) != 0 ? Width() : kClaimLineWidth; }

// The claims of the figure files of one profile.
class Figures {
 public:
  Figures(const Flags& flags, const std::string& profile) : files_(flags.results, profile) {}

  // Takes in the file of the study; false where there is none that can be read.
  bool Read(const std::string& name) {
    std::optional<StoredFigure> figure = files_.Read(name);
    study_ = figure ? std::move(figure->data.claims) : std::vector<Claim>();
    scale_ = figure ? figure->data.scale : "";
    claims_.insert(claims_.end(), study_.begin(), study_.end());
    return figure.has_value();
  }

  fs::path folder() const { return files_.folder().folder(); }
  const std::vector<Claim>& study() const { return study_; }  // of the last file
  const std::string& scale() const { return scale_; }         // likewise
  const std::vector<Claim>& claims() const { return claims_; }
  const std::vector<std::string>& missing() const { return files_.missing(); }
  const std::vector<std::string>& partial() const { return files_.partial(); }
  const std::string& errors() const { return files_.errors(); }
  int64_t made() const { return files_.made(); }

 private:
  StoredFigures files_;
  std::vector<Claim> study_;
  std::string scale_;
  std::vector<Claim> claims_;
};

// Returns the exit status: a file that cannot be read does not hide the claims of the others.
int Status(const std::string& errors) {
  std::fflush(stdout);
  if (!errors.empty()) {
    Tell(stderr, "claim_table: {}", errors);
    return 1;
  }
  return 0;
}

// "\nno fig1: not made\n" and so on, of those that are missed.
std::string NotMade(const std::vector<std::string>& studies, const Flags& flags) {
  std::string lines;
  for (const std::string& name : Missed(studies, flags)) {
    lines += fmt::format("{}no {}: not made\n", lines.empty() ? "\n" : "", name);
  }
  return lines;
}

int PrintProfile(const Flags& flags) {
  Figures figures(flags, flags.profile);
  std::string lines;
  for (const std::string& study : AskedStudies(flags)) {
    if (!figures.Read(study)) {
      continue;
    }
    if (!flags.brief) {
      lines += ClaimRows(figures.study(), figures.scale(), Width());
      continue;
    }
    for (const Claim& claim : figures.study()) {
      lines += ClaimLine(claim, figures.scale(), ClaimLineWidth()) + "\n";
    }
  }
  if (figures.made() == 0) {
    if (!figures.errors().empty()) {
      return Status(figures.errors());
    }
    NoFigures(figures.folder().string(), flags.results, flags.profile);
  }
  fmt::print("Claims of {}, {} profile\n\n{}{}\n{}", Counted(figures.made(), "figure"),
             flags.profile, lines, NotMade(figures.missing(), flags),
             ClaimTotals(figures.claims(), Width()));
  return Status(figures.errors());
}

std::string Totals(std::string_view scale, const Figures& figures) {
  const auto amended = std::ranges::count_if(
      figures.claims(), [](const Claim& claim) { return !claim.amended.empty(); });
  return fmt::format("\n{} scale: {}{}\n{}", scale, Counted(figures.made(), "figure"),
                     amended > 0 ? fmt::format(", {} of the claims amended", amended) : "",
                     ClaimTotals(figures.claims(), Width()));
}

int PrintScales(const Flags& flags) {
  std::vector<Figures> scales;
  for (const std::string_view profile : kScaleProfiles) {
    scales.emplace_back(flags, std::string(profile));
  }
  // The claims of each study; what is matched points into them.
  const std::vector<std::string> names = AskedStudies(flags);
  std::vector<std::array<std::vector<Claim>, kScales.size()>> studies(names.size());
  std::vector<ScaledClaim> claims;
  std::vector<std::string> missing;
  for (size_t i = 0; i < studies.size(); ++i) {
    const std::string& name = names[i];
    bool made = false;
    for (size_t scale = 0; scale < kScales.size(); ++scale) {
      made = scales[scale].Read(name) || made;
      studies[i][scale] = scales[scale].study();
    }
    // One that is refused may be there.
    if (!made && std::ranges::all_of(scales, [&name](const Figures& scale) {
          return std::ranges::find(scale.missing(), name) != scale.missing().end();
        })) {
      missing.push_back(name);
    }
    std::ranges::copy(MatchClaims(studies[i]), std::back_inserter(claims));
  }
  std::string errors;
  std::string totals;
  std::vector<std::string> folders;
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    AddErrors(scales[scale].errors(), &errors);
    folders.push_back(scales[scale].folder().string());
    totals += scales[scale].made() > 0 ? Totals(kScales[scale], scales[scale]) : "";
  }
  if (totals.empty()) {
    if (!errors.empty()) {
      return Status(errors);
    }
    NoFigures(fmt::format("{}", fmt::join(folders, " or ")), flags.results, "");
  }
  fmt::print("Claims at {} scale\n(profiles {}; - where not made)\n\n{}{}{}\n{}",
             fmt::join(kScales, " | "), fmt::join(kScaleProfiles, " | "),
             flags.brief ? ClaimLines(claims, ClaimLineWidth()) : ClaimRows(claims, Width()),
             NotMade(missing, flags), totals,
             ScaleNote(Missed(scales.back().missing(), flags), scales.back().partial(),
                       flags.studies.empty() ? std::size(kStudies) : names.size(), Width()));
  return Status(errors);
}

std::vector<std::string> ProfilesOf(const Flags& flags) {
  return flags.profile.empty()
             ? std::vector<std::string>(kScaleProfiles.begin(), kScaleProfiles.end())
             : std::vector<std::string>{flags.profile};
}

// All claims of all scales that there are, a JSON array: for tools.
int PrintJson(const Flags& flags) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  std::string errors;
  int64_t made = 0;
  for (const std::string& profile : ProfilesOf(flags)) {
    Figures figures(flags, profile);
    for (const std::string& study : AskedStudies(flags)) {
      if (!figures.Read(study)) {
        continue;
      }
      for (const Claim& claim : figures.study()) {
        list.push_back({{"study", study},
                        {"scale", figures.scale()},
                        {"id", claim.id},
                        {"statement", claim.statement},
                        {"place", claim.place},
                        {"kind", ClaimKindName(claim.kind)},
                        {"metric", claim.metric},
                        {"rule", ClaimRuleName(claim.rule)},
                        {"expected", IntervalText(claim.expected)},
                        {"amended", claim.amended},
                        {"late", claim.registered_late},
                        {"verdict", VerdictName(claim.verdict)},
                        {"mean", claim.mean},
                        {"lo", claim.lo},
                        {"hi", claim.hi},
                        {"values", claim.values},
                        {"seeds", claim.seeds},
                        {"why", claim.why},
                        {"reason", claim.reason}});
      }
    }
    AddErrors(figures.errors(), &errors);
    made += figures.made();
  }
  if (made == 0 && errors.empty()) {
    NoFigures(ResultsRoot(flags.results).string(), flags.results, flags.profile);
  }
  fmt::print("{}\n", list.dump(1));
  return Status(errors);
}

// One claim in full, at each scale that has it.
int Explain(const Flags& flags) {
  std::vector<std::string> studies = AllStudies();
  // Claims of a study that is not shipped are in no list; their ids begin with its name.
  const std::string named = flags.explain.substr(0, flags.explain.find('.'));
  if (std::ranges::find(studies, named) == studies.end()) {
    studies.push_back(named);
  }
  std::string pages;
  std::string errors;
  std::vector<std::string> known;
  for (const std::string& profile : ProfilesOf(flags)) {
    StoredFigures figures(flags.results, profile);
    for (const std::string& study : studies) {
      const std::optional<StoredFigure> figure = figures.Read(study);
      for (const Claim& claim : figure ? figure->data.claims : std::vector<Claim>()) {
        known.push_back(claim.id);
        if (claim.id == flags.explain) {
          pages +=
              (pages.empty() ? "" : "\n") + ExplainClaim(*figure, claim.id, flags.results, Width());
        }
      }
    }
    AddErrors(figures.errors(), &errors);
    if (figures.made() == 0 && errors.empty() && !flags.profile.empty()) {
      NoFigures(figures.folder().folder().string(), flags.results, profile);
    }
  }
  if (pages.empty() && errors.empty()) {
    if (known.empty()) {
      NoFigures(ResultsRoot(flags.results).string(), flags.results, "");
    }
    throw UsageError(fmt::format(
        "there is no claim {}; --short lists them{}{}", flags.explain,
        InBundle() ? "" : fmt::format(" (make claims{} ARGS=--short)", MakeSettings(flags.results)),
        DidYouMean(flags.explain, known)));
  }
  fmt::print("{}", ForTerminal(pages, stdout));
  return Status(errors);
}

// The claims of two results folders side by side.
int Compare(const Flags& flags) {
  TypedFolder(flags.compare);            // it is there
  std::vector<std::vector<Claim>> keep;  // what the comparisons point into
  keep.reserve(2 * kScaleProfiles.size() * AskedStudies(flags).size());
  std::vector<ScaledComparison> claims;
  std::string errors;
  int64_t made = 0;
  for (const std::string& profile : ProfilesOf(flags)) {
    Flags other = flags;
    other.results = flags.compare;
    Figures theirs(other, profile);
    Figures ours(flags, profile);
    for (const std::string& study : AskedStudies(flags)) {
      theirs.Read(study);
      ours.Read(study);
      const std::string scale = theirs.scale().empty() ? ours.scale() : theirs.scale();
      const std::vector<Claim>& a = keep.emplace_back(theirs.study());
      const std::vector<Claim>& b = keep.emplace_back(ours.study());
      for (const ClaimComparison& claim : CompareClaims(a, b)) {
        claims.push_back({.scale = scale, .claim = claim});
      }
    }
    AddErrors(theirs.errors(), &errors);
    AddErrors(ours.errors(), &errors);
    made += ours.made();
  }
  if (made == 0 && errors.empty()) {
    NoFigures(ResultsRoot(flags.results).string(), flags.results, flags.profile);
  }
  fmt::print("{}", ComparisonTable(claims, "reference", "here", TerminalWidth(stdout)));
  return Status(errors);
}

int Run(const Flags& flags) {
  if (!flags.explain.empty()) {
    return Explain(flags);
  }
  if (!flags.compare.empty()) {
    return Compare(flags);
  }
  if (flags.json) {
    return PrintJson(flags);
  }
  return flags.profile.empty() ? PrintScales(flags) : PrintProfile(flags);
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  initbias::Flags flags;
  initbias::CommandLine app("Prints the claims of all figures that were made.",
                            initbias::ProgramCommand("//figures:claim_table"));
  app.Add("--profile", flags.profile,
          fmt::format("of this profile alone: {} (default: all but smoke side by side)",
                      initbias::OrList(initbias::EnumNames<initbias::Profile>::kNames)))
      .OneOf(initbias::EnumNames<initbias::Profile>::kNames);
  app.Add("--results", flags.results, "results folder (default: the workspace's results/)");
  initbias::CommandLine::Option studies =
      app.Add("--studies", flags.studies,
              "of these studies alone, with commas between them: fig3,fig5")
          .Separator(',')
          .EachAddsOne();
  const initbias::CommandLine::Option brief = app.AddFlag(
      "--short", flags.brief,
      "a line a claim: verdict, id, mean, region if there is room; of one profile its scale and 95 % "
      "interval too");
  const initbias::CommandLine::Option explain = app.Add(
      "--explain", flags.explain,
      "the claim of this id in full: how its verdict comes about, from which runs, and the commands "
      "that do it again");
  studies.Excludes(explain);
  const initbias::CommandLine::Option compare =
      app.Add("--compare", flags.compare,
              "the claims beside those of another results folder, e.g. data/reference: reference, "
              "here, same?");
  const initbias::CommandLine::Option json =
      app.AddFlag("--json", flags.json,
                  "all that is known of each claim, as JSON; a value that is NaN is null");
  initbias::CommandLine::OnlyOne({brief, explain, compare, json},
                                 "In place of the table; one of these");
  app.Footer(
      "Example:\n  " +
      initbias::ProgramCommand("//figures:claim_table", "--explain=fig3.A.progressive") +
      "\nExit status: 0 whatever the verdicts, 1 where there are no figure files or one cannot be "
      "read, 2 wrong usage.");
  return initbias::RunProgram("claim_table", app, argc, argv,
                              [&flags] { return initbias::Run(flags); });
}
