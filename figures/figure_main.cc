#include "figures/figure_main.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>

#include "lib/base/error.h"
#include "lib/claims/claim.h"
#include "lib/plot/render.h"
#include "lib/store/results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string profile = "default";
  std::string results;
  std::string file;
  std::string output;
};

void Run(const Flags& flags, const std::string& name,
         const std::function<plot::Figure(const FigureData&)>& describe) {
  const ResultsFolder folder(ResultsRoot(flags.results), flags.profile);
  const fs::path source = flags.file.empty() ? folder.Figure(name) : UserPath(flags.file);
  const fs::path stem = flags.output.empty() ? folder.PictureStem(name) : UserPath(flags.output);
  if (!fs::exists(source) && !flags.file.empty()) {
    throw Error(fmt::format("there is no file {}", source.string()));
  }
  if (!fs::exists(source)) {
    throw Error(
        fmt::format("there is no {}; make it with\n  bazel run //experiments:{} -- "
                    "--profile={}{}",
                    source.string(), name, flags.profile,
                    flags.results.empty() ? "" : " --results=" + flags.results));
  }
  const FigureData data = ReadFigureFile(source);
  if (data.figure != name) {
    throw Error(fmt::format("{} is the file of {}, not of {}", source.string(), data.figure, name));
  }
  plot::Render(describe(data), stem);
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
  app.add_option("--output", flags.output, "path of the pictures without their extension");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    constexpr int kWrongUsage = 2;
    return app.exit(error) == 0 ? 0 : kWrongUsage;
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
