// All claims of a results folder: the paper's statement, the measured value with its interval, the
// region it was to lie in, and the verdict, at the scales of kScales side by side; totals by whose
// claim it is. With --profile those of one profile alone.
//
//   bazel run //figures:claim_table
//   bazel run //figures:claim_table -- --short
//   bazel run //figures:claim_table -- --profile=smoke
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "experiments/study_names.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/terminal.h"
#include "lib/claims/claim.h"
#include "lib/store/figure_file.h"
#include "lib/store/results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string profile;  // "": all scales side by side
  std::string results;
  bool brief = false;
  bool json = false;
};

// The profiles whose claims stand side by side, each at its one of kScales.
constexpr std::array<std::string_view, kScales.size()> kProfiles = {"default", "extended", "paper"};

int Width() { return static_cast<int>(TerminalWidth(stdout)); }

// The figure files of one profile.
class Figures {
 public:
  Figures(const Flags& flags, std::string profile)
      : profile_(std::move(profile)),
        results_(flags.results),
        folder_(ResultsRoot(flags.results), profile_) {}

  // Takes in the file of the study; false where there is none that can be read.
  bool Read(const std::string& name) {
    study_.clear();
    scale_.clear();
    const fs::path file = folder_.Figure(name);
    if (!fs::exists(file)) {
      missing_.push_back(name);
      return false;
    }
    try {
      FigureData figure = ReadFigureFile(file);
      study_ = std::move(figure.claims);
      scale_ = figure.scale;
    } catch (const Error& error) {
      errors_ += fmt::format(
          "{}; to make it again:\n  bazel run //experiments:{} -- --profile={}{}\n", error.what(),
          name, profile_, results_.empty() ? "" : " --results=" + results_);
      return false;
    }
    ++made_;
    claims_.insert(claims_.end(), study_.begin(), study_.end());
    return true;
  }

  fs::path folder() const { return folder_.folder(); }
  const std::vector<Claim>& study() const { return study_; }  // of the last file
  const std::string& scale() const { return scale_; }         // likewise
  const std::vector<Claim>& claims() const { return claims_; }
  const std::vector<std::string>& missing() const { return missing_; }
  const std::string& errors() const { return errors_; }
  int64_t made() const { return made_; }

 private:
  std::string profile_;
  std::string results_;
  ResultsFolder folder_;
  std::vector<Claim> study_;
  std::string scale_;
  std::vector<Claim> claims_;
  std::vector<std::string> missing_;
  std::string errors_;
  int64_t made_ = 0;
};

[[noreturn]] void NothingMade(const Flags& flags, const std::string& folders,
                              const std::string& profile) {
  throw Error(fmt::format("there are no figure files in {}; make them with\n  make figures{}{}",
                          folders, profile.empty() ? "" : " PROFILE=" + profile,
                          flags.results.empty() ? "" : " RESULTS=" + flags.results));
}

// Returns the exit status: a file that cannot be read does not hide the claims of the others.
int Status(const std::string& errors) {
  std::fflush(stdout);
  if (!errors.empty()) {
    fmt::print(stderr, "claim_table: {}", errors);
    return 1;
  }
  return 0;
}

// "\nno fig1: not made\n" and so on.
std::string NotMade(const std::vector<std::string>& studies) {
  std::string lines;
  for (const std::string& name : studies) {
    lines += fmt::format("{}no {}: not made\n", lines.empty() ? "\n" : "", name);
  }
  return lines;
}

int PrintProfile(const Flags& flags) {
  Figures figures(flags, flags.profile);
  std::string lines;
  for (const std::string_view study : kStudies) {
    if (!figures.Read(std::string(study))) {
      continue;
    }
    if (!flags.brief) {
      lines += ClaimRows(figures.study(), figures.scale(), Width());
      continue;
    }
    for (const Claim& claim : figures.study()) {
      lines += ClaimLine(claim, figures.scale()) + "\n";
    }
  }
  if (figures.made() == 0 && figures.errors().empty()) {
    NothingMade(flags, figures.folder().string(), flags.profile);
  }
  fmt::print("Claims of {} figures, {} profile\n\n{}{}\n{}", figures.made(), flags.profile, lines,
             NotMade(figures.missing()), ClaimTotals(figures.claims(), Width()));
  return Status(figures.errors());
}

std::string Totals(std::string_view scale, const Figures& figures) {
  const auto amended = std::ranges::count_if(
      figures.claims(), [](const Claim& claim) { return !claim.amended.empty(); });
  return fmt::format("\n{} scale: {} figures{}\n{}", scale, figures.made(),
                     amended > 0 ? fmt::format(", {} of the claims amended", amended) : "",
                     ClaimTotals(figures.claims(), Width()));
}

int PrintScales(const Flags& flags) {
  std::vector<Figures> scales;
  for (const std::string_view profile : kProfiles) {
    scales.emplace_back(flags, std::string(profile));
  }
  // The claims of each study; what is matched points into them.
  std::vector<std::array<std::vector<Claim>, kScales.size()>> studies(std::size(kStudies));
  std::vector<ScaledClaim> claims;
  std::vector<std::string> missing;
  for (size_t i = 0; i < studies.size(); ++i) {
    const std::string name(kStudies[i]);
    bool made = false;
    for (size_t scale = 0; scale < kScales.size(); ++scale) {
      made = scales[scale].Read(name) || made;
      studies[i][scale] = scales[scale].study();
    }
    if (!made) {
      missing.push_back(name);
    }
    std::ranges::copy(MatchClaims(studies[i]), std::back_inserter(claims));
  }
  std::string errors;
  std::string totals;
  std::vector<std::string> folders;
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    errors += scales[scale].errors();
    folders.push_back(scales[scale].folder().string());
    totals += scales[scale].made() > 0 ? Totals(kScales[scale], scales[scale]) : "";
  }
  if (totals.empty() && errors.empty()) {
    NothingMade(flags, fmt::format("{}", fmt::join(folders, " or ")), "");
  }
  fmt::print("Claims at {} scale\n(profiles {}; - where not made)\n\n{}{}{}\n{}",
             fmt::join(kScales, " | "), fmt::join(kProfiles, " | "),
             flags.brief ? ClaimLines(claims) : ClaimRows(claims, Width()), NotMade(missing),
             totals, ScaleNote(scales.back().missing(), std::size(kStudies), Width()));
  return Status(errors);
}

// All claims of all scales that there are, a JSON array: for tools.
int PrintJson(const Flags& flags) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  std::string errors;
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    const std::string profile(kProfiles[scale]);
    if (!flags.profile.empty() && flags.profile != profile) {
      continue;
    }
    Figures figures(flags, profile);
    for (const std::string_view study : kStudies) {
      if (!figures.Read(std::string(study))) {
        continue;
      }
      for (const Claim& claim : figures.study()) {
        list.push_back({{"study", study},
                        {"scale", kScales[scale]},
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
    errors += figures.errors();
  }
  fmt::print("{}\n", list.dump(1));
  return Status(errors);
}

int Run(const Flags& flags) {
  if (flags.json) {
    return PrintJson(flags);
  }
  return flags.profile.empty() ? PrintScales(flags) : PrintProfile(flags);
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  initbias::Flags flags;
  CLI::App app{"Prints the claims of all figures that were made."};
  app.name("bazel run //figures:claim_table --");
  app.add_option("--profile", flags.profile,
                 "of this profile alone: smoke, default, extended or paper (default: all but smoke "
                 "side by side)")
      ->check(CLI::IsMember({"smoke", "default", "extended", "paper"}));
  app.add_option("--results", flags.results, "results folder (default: the workspace's results/)");
  app.add_flag(
      "--short", flags.brief,
      "a line a claim: verdict, id, mean, region if there is room; of one profile its scale and 95 % "
      "interval too");
  app.add_flag("--json", flags.json,
               "all that is known of each claim, as JSON; a value that is no number is null");
  if (const std::optional<int> status = initbias::ParseCommandLine(app, argc, argv)) {
    return *status;
  }
  try {
    return initbias::Run(flags);
  } catch (const std::exception& error) {
    fmt::print(stderr, "claim_table: {}\n", error.what());
    return 1;
  }
}
