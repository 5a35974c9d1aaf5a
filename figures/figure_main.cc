#include "figures/figure_main.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <utility>

#include "figures/stored_figures.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/program.h"
#include "lib/base/program_command.h"
#include "lib/base/text.h"
#include "lib/claims/claim.h"
#include "lib/config/enums.h"
#include "lib/config/profile.h"
#include "lib/store/figure_file.h"
#include "lib/store/results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string profile{EnumName(Profile::kDefault)};
  std::string results;
  std::string file;
  std::string output;
  std::vector<std::string> panels;
  bool custom = false;
  bool unfinished = false;
};

void Run(const Flags& flags, const std::string& name, const DescribeFigure& describe,
         const TellFindings& findings) {
  const ResultsFolder folder(ResultsRoot(flags.results), flags.profile);
  // Of runs that are not the profile's own, or not done, there is a file beside the profile's.
  const std::string stored = name + (flags.custom       ? ".custom"
                                     : flags.unfinished ? ".unfinished"
                                                        : "");
  const fs::path source = flags.file.empty() ? folder.Figure(stored) : TypedFile(flags.file);
  const std::string suffix =
      flags.panels.empty() ? "" : fmt::format("_{}", fmt::join(flags.panels, ""));
  const fs::path stem = flags.output.empty() ? folder.PictureStem(stored + suffix)
                                             : OutputStem(flags.output, "pictures", "picture",
                                                          {".svg", ".pdf", ".png", ".csv"});
  std::string results = flags.results;
  if (const fs::path root = source.lexically_normal().parent_path().parent_path();
      !flags.file.empty() && root != ResultsRoot("").lexically_normal()) {
    results = root.string();
  }
  if (!FileExists(source)) {
    const bool shipped = IsShipped(source.parent_path().parent_path());
    const std::string note =
        flags.results.empty() ? "" : ProfileFolderNote(ResultsRoot(flags.results));
    throw Error(
        fmt::format("there is no {}{}{}{}{}", source.string(),
                    shipped ? ": it is not shipped; to make one of your own" : "; to make it",
                    HowMade(name, source, results), note.empty() ? "" : "\n", note));
  }
  // Of a file that lies elsewhere it is not known how it was made.
  const auto again = [&](const Error& error) {
    return Error(error.what() + HowMadeAgain(name, source, results));
  };
  FigureData data;
  try {
    data = ReadFigureFile(source);
  } catch (const FileRefused&) {
    throw;  // it may be whole
  } catch (const Error& error) {
    throw again(error);
  }
  try {
    data = DrawFigureData(name, source, std::move(data), stem, describe, findings, flags.panels);
  } catch (const NoSuchFigureData& error) {
    throw again(error);
  } catch (const DamagedFile& error) {
    throw again(error);
  }
  if (!data.claims.empty()) {
    fmt::print("{}, {} scale: {}\n", name, data.scale, CountsText(CountClaims(data.claims)));
  }
  WarnOfFont();
}

}  // namespace

int FigureMain(int argc, char** argv, const std::string& name, const DescribeFigure& describe,
               const TellFindings& findings) {
  Flags flags;
  CommandLine app("Draws " + name + " from what its experiment stored.",
                  ProgramCommand("//figures:" + name));
  CommandLine::Option profile =
      app.Add("--profile", flags.profile, "whose results: " + OrList(EnumNames<Profile>::kNames));
  profile.OneOf(EnumNames<Profile>::kNames).ShowDefault();
  const CommandLine::Option results =
      app.Add("--results", flags.results, "results folder (default: the workspace's results/)");
  const CommandLine::Option output =
      app.Add("--output", flags.output, "path of the pictures; their extensions are added");
  const CommandLine::Option file = app.Add("--file", flags.file, "draw this figure file instead")
                                       .Needs(output)
                                       .Excludes(profile)
                                       .Excludes(results);
  const CommandLine::Option custom =
      app.AddFlag("--custom", flags.custom,
                  "draw the last runs with --set or other --seeds (NAME.custom.h5)")
          .Excludes(file);
  app.AddFlag("--unfinished", flags.unfinished,
              "draw the runs as far as they were trained (NAME.unfinished.h5)")
      .Excludes(custom)
      .Excludes(file);
  app.Add("--panel", flags.panels, "draw only the panels of these letters, e.g. A,C")
      .Separator(',');
  app.Footer(
      "Example: " + ProgramCommand("//figures:" + name, "--profile=smoke") +
      "\nExit status: 0, 1 where a file is not made yet or cannot be read or written, 2 wrong "
      "usage.");
  return RunProgram(name, app, argc, argv, [&] {
    Run(flags, name, describe, findings);
    return 0;
  });
}

}  // namespace initbias
