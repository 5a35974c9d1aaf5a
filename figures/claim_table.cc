// All claims of a results folder: the paper's statement, the measured value with its interval, the
// region it was to lie in, the verdict and the scale of the runs; totals by whose claim it is.
//
//   bazel run //figures:claim_table -- --profile=default
//   bazel run //figures:claim_table -- --short
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "figures/studies.h"
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
  std::string profile = "default";
  std::string results;
  bool brief = false;
};

// The command that makes the figure file of `name` again.
std::string Command(const Flags& flags, const std::string& name) {
  return fmt::format("bazel run //experiments:{} -- --profile={}{}", name, flags.profile,
                     flags.results.empty() ? "" : " --results=" + flags.results);
}

std::string Lines(const FigureData& figure, const Flags& flags) {
  if (!flags.brief) {
    return ClaimRows(figure.claims, figure.scale, static_cast<int>(TerminalWidth(stdout)));
  }
  std::string lines;
  for (const Claim& claim : figure.claims) {
    lines += ClaimLine(claim, figure.scale) + "\n";
  }
  return lines;
}

// Returns the exit status: a file that cannot be read does not hide the claims of the others.
int Run(const Flags& flags) {
  const ResultsFolder folder(ResultsRoot(flags.results), flags.profile);
  std::vector<Claim> claims;
  std::string lines;
  std::string missing;
  std::string errors;
  int64_t made = 0;
  for (const std::string_view study : kStudies) {
    const std::string name(study);
    const fs::path file = folder.Figure(name);
    if (!fs::exists(file)) {
      missing += fmt::format("no {}: not made\n", name);
      continue;
    }
    try {
      const FigureData figure = ReadFigureFile(file);
      ++made;
      claims.insert(claims.end(), figure.claims.begin(), figure.claims.end());
      lines += Lines(figure, flags);
    } catch (const Error& error) {
      errors += fmt::format("{}; to make it again:\n  {}\n", error.what(), Command(flags, name));
    }
  }
  if (made == 0 && errors.empty()) {
    throw Error(
        fmt::format("there are no figure files in {}; make them with\n  make figures PROFILE={}{}",
                    folder.folder().string(), flags.profile,
                    flags.results.empty() ? "" : " RESULTS=" + flags.results));
  }
  fmt::print("Claims of {} figures, {} profile\n\n{}{}{}\n{}", made, flags.profile, lines,
             missing.empty() ? "" : "\n", missing,
             ClaimTotals(claims, static_cast<int>(TerminalWidth(stdout))));
  std::fflush(stdout);
  if (!errors.empty()) {
    fmt::print(stderr, "claim_table: {}", errors);
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  initbias::Flags flags;
  CLI::App app{"Prints the claims of all figures that were made."};
  app.name("bazel run //figures:claim_table --");
  app.add_option("--profile", flags.profile, "whose results: smoke, default, extended or paper")
      ->check(CLI::IsMember({"smoke", "default", "extended", "paper"}))
      ->capture_default_str();
  app.add_option("--results", flags.results, "results folder (default: the workspace's results/)");
  app.add_flag("--short", flags.brief,
               "a line a claim: verdict, id, scale, mean, 95 % interval, region");
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
