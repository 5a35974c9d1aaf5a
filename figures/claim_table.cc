// All claims of a results folder in one table: the paper's statement, the measured value, the
// interval it was to lie in, the verdict.
//
//   bazel run //figures:claim_table -- --profile=default
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>
#include <vector>

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
};

void Run(const Flags& flags) {
  const fs::path folder = ResultsFolder(ResultsRoot(flags.results), flags.profile).folder();
  std::vector<fs::path> files;
  if (fs::exists(folder)) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".h5") {
        files.push_back(entry.path());
      }
    }
  }
  if (files.empty()) {
    throw Error(fmt::format(
        "there are no figure files in {}; make them with\n  make figures "
        "PROFILE={}{}",
        folder.string(), flags.profile, flags.results.empty() ? "" : " RESULTS=" + flags.results));
  }
  // The paper's figures before its appendix.
  std::ranges::sort(files, {}, [](const fs::path& path) {
    const std::string name = path.filename().string();
    return std::pair(!name.starts_with("fig"), name);
  });
  std::vector<Claim> claims;
  for (const fs::path& file : files) {
    try {
      const FigureData figure = ReadFigureFile(file);
      claims.insert(claims.end(), figure.claims.begin(), figure.claims.end());
    } catch (const Error& error) {
      throw Error(fmt::format("{}; to make it again:\n  bazel run //experiments:{} -- --profile={}",
                              error.what(), file.stem().string(), flags.profile));
    }
  }
  fmt::print("Claims of {} figures, {} profile\n\n{}", files.size(), flags.profile,
             ClaimTable(claims, static_cast<int>(TerminalWidth(stdout))));
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  initbias::Flags flags;
  CLI::App app{"Prints the claims of all figures that were made."};
  app.name("bazel run //figures:claim_table --");
  app.add_option("--profile", flags.profile, "whose results: smoke, default or paper")
      ->check(CLI::IsMember({"smoke", "default", "paper"}))
      ->capture_default_str();
  app.add_option("--results", flags.results, "results folder (default: the workspace's results/)");
  if (const std::optional<int> status = initbias::ParseCommandLine(app, argc, argv)) {
    return *status;
  }
  try {
    initbias::Run(flags);
  } catch (const std::exception& error) {
    fmt::print(stderr, "claim_table: {}\n", error.what());
    return 1;
  }
  return 0;
}
