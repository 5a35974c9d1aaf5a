// What differs between two files of the store, or between two folders of results: bits, claims,
// runs.
//
//   bazel run //lib/store:diff -- data/reference/default/fig3.h5 results/default/fig3.h5
//   bazel run //lib/store:diff -- data/reference results
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "figures/overlay.h"
#include "figures/plot/render.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/program.h"
#include "lib/base/program_command.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/claims/claim.h"
#include "lib/config/run_config.h"
#include "lib/result/run_result.h"
#include "lib/store/catalog.h"
#include "lib/store/compare.h"
#include "lib/store/content_digest.h"
#include "lib/store/figure_file.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/header.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

constexpr int kEqual = 0;
constexpr int kDifferent = 1;
constexpr int kCannot = 2;  // wrong usage, or what cannot be read

struct Flags {
  std::string a;
  std::string b;
  std::string output;
  bool brief = false;
};

// A file of the store, whole. Its content has been checked against its digests, and its name.
struct StoreFile {
  explicit StoreFile(const fs::path& path) : file(Hdf5File::Open(path)) {
    kind = ReadKind(file, path);
    if (kind == "figure") {
      figure = ReadFigureFile(path);
    } else {
      run = kind == "run" ? ReadRunFile(path) : ReadCheckpoint(path).partial;
      CheckName(path, run.config);
    }
  }

  std::vector<OverlayCurve> Curves() const {
    return kind == "figure" ? CurvesOf(figure) : CurvesOf(run);
  }
  std::string Label() const { return kind == "figure" ? figure.figure : RunLabel(run.config); }

  Hdf5File file;
  std::string kind;
  FigureData figure;  // of a figure file
  RunResult run;      // of the others
};

// Prints "  <what>  <name>  <label>", the label below where it does not fit 80 columns.
void PrintLine(std::string_view what, const std::string& name, const std::string& label) {
  constexpr size_t kColumns = 80;
  const std::string line = fmt::format("  {:<11}  {}", what, name);
  const std::string_view gap =
      line.size() + 2 + label.size() > kColumns ? "\n               " : "  ";
  fmt::print("{}{}{}\n", line, label.empty() ? "" : gap, label);
}

std::string ClaimText(const Claim* claim) {
  return claim == nullptr ? "not there"
                          : fmt::format("{} {:.4g}", VerdictName(claim->verdict), claim->mean);
}

// How many claims are the same, and what differs.
struct ClaimCount {
  size_t all = 0;
  size_t same = 0;
  size_t same_verdict = 0;
};

// Prints a line for each claim, two for one that differs; of those alone where `brief`.
void PrintClaims(const std::vector<Claim>& a, const std::vector<Claim>& b, bool brief,
                 ClaimCount* count) {
  for (const ClaimComparison& claim : CompareClaims(a, b)) {
    ++count->all;
    count->same += claim.same_values ? 1 : 0;
    count->same_verdict += claim.same_verdict ? 1 : 0;
    if (!claim.same_values) {
      fmt::print("  {}  {}\n              A {}, B {}\n",
                 claim.same_verdict ? "other value" : "DIFFERS    ", claim.id, ClaimText(claim.a),
                 ClaimText(claim.b));
    } else if (!brief) {
      fmt::print("  same         {}: {}\n", claim.id, ClaimText(claim.a));
    }
  }
}

std::string CountText(const ClaimCount& count) {
  return fmt::format("{}: {} the same, {} with another value, {} with another verdict",
                     Counted(count.all, "claim"), count.same, count.same_verdict - count.same,
                     count.all - count.same_verdict);
}

// Prints how many runs of two figure files are the same, and those that are not.
void PrintRuns(const std::vector<FigureRun>& a, const std::vector<FigureRun>& b) {
  size_t both = 0;
  size_t same = 0;
  fmt::print("\nruns\n");
  for (const FigureRun& run : a) {
    const auto twin = std::ranges::find(b, run.id, &FigureRun::id);
    if (twin == b.end()) {
      PrintLine("only in A", run.id, run.label);
      continue;
    }
    ++both;
    if (run.data_digest == twin->data_digest && run.parameters_digest == twin->parameters_digest) {
      ++same;
    } else {
      PrintLine(run.data_digest == twin->data_digest ? "DIFFERS" : "other data", run.id, run.label);
    }
  }
  for (const FigureRun& run : b) {
    if (std::ranges::find(a, run.id, &FigureRun::id) == a.end()) {
      PrintLine("only in B", run.id, run.label);
    }
  }
  fmt::print("{} in both: {} with the same parameters\n", Counted(both, "run"), same);
}

// Prints the first `most` differences, below a line that begins at `indent`.
void PrintDifferences(const FileComparison& comparison, size_t most, size_t indent) {
  for (size_t i = 0; i < std::min(most, comparison.differences.size()); ++i) {
    const ObjectDifference& one = comparison.differences[i];
    fmt::print("{:{}}{}: {}\n", "", indent + 2, one.path, one.what);
    for (const std::string& line : one.details) {
      fmt::print("{:{}}{}\n", "", indent + 4, line);
    }
  }
  if (comparison.differences.size() > most) {
    fmt::print("{:{}}.. and {} more\n", "", indent + 2, comparison.differences.size() - most);
  }
}

int DiffFiles(const Flags& flags, const fs::path& path_a, const fs::path& path_b) {
  const fs::path stem = flags.output.empty() ? fs::path()
                                             : OutputStem(flags.output, "pictures", "overlay",
                                                          {".svg", ".pdf", ".png", ".csv"});
  const StoreFile a(path_a);
  const StoreFile b(path_b);
  if (a.kind != b.kind) {
    throw Error(fmt::format("a {} file and a {} file: give two of a kind", a.kind, b.kind));
  }
  fmt::print("A {}\n  {} file: {}\nB {}\n  {} file: {}\n\n", path_a.string(), a.kind, a.Label(),
             path_b.string(), b.kind, b.Label());
  const FileComparison comparison = CompareFiles(a.file, b.file);
  const std::string digest_a = ContentDigest(a.file);
  const std::string digest_b = ContentDigest(b.file);
  if (comparison.equal()) {
    fmt::print("equal: digest {}.., {}\n", digest_a.substr(0, 16),
               Counted(comparison.objects, "object"));
  } else {
    fmt::print("DIFFERENT: digest {}.. in A, {}.. in B\n{} of {}; the first:\n",
               digest_a.substr(0, 16), digest_b.substr(0, 16), comparison.differences.size(),
               Counted(comparison.objects, "object"));
    PrintDifferences(comparison, flags.brief ? 1 : 8, 0);
  }
  if (a.kind == "figure") {
    ClaimCount count;
    fmt::print("\nclaims\n");
    PrintClaims(a.figure.claims, b.figure.claims, flags.brief, &count);
    fmt::print("{}\n", CountText(count));
    PrintRuns(a.figure.runs, b.figure.runs);
  }
  if (!stem.empty()) {
    std::fflush(stdout);
    const std::string left_out = plot::Render(OverlayFigure(a.Curves(), b.Curves()), stem);
    fmt::print("\nA solid, B dashed: wrote {}.svg{} and .csv\n", stem.string(),
               left_out.empty() ? ", .pdf, .png" : "");
    if (!left_out.empty()) {
      Tell(stderr, "{}\n", left_out);
    }
  }
  return comparison.equal() ? kEqual : kDifferent;
}

// Figure and run files by their paths below the folder.
std::map<std::string, FileKind> Files(const fs::path& folder) {
  std::map<std::string, FileKind> files;
  for (const CatalogFile& file : ListFiles(folder)) {
    if (file.kind == FileKind::kFigure || file.kind == FileKind::kRun) {
      files[file.path.string()] = file.kind;
    }
  }
  return files;
}

void PrintOnly(const std::map<std::string, FileKind>& files,
               const std::map<std::string, FileKind>& others, const fs::path& folder,
               std::string_view which, bool brief) {
  size_t count = 0;
  for (const auto& [name, kind] : files) {
    if (others.contains(name)) {
      continue;
    }
    ++count;
    if (brief) {
      continue;
    }
    std::string label;
    try {
      label = StoreFile(folder / name).Label();
    } catch (const Error& error) {
      fmt::print("  UNREADABLE   {}, only in {}: {}\n", name, which, error.what());
      continue;
    }
    PrintLine(fmt::format("only in {}", which), name, kind == FileKind::kRun ? label : "");
  }
  if (brief && count > 0) {
    fmt::print("  {} only in {}\n", Counted(count, "file"), which);
  }
}

int DiffFolders(const Flags& flags, const fs::path& folder_a, const fs::path& folder_b) {
  const std::map<std::string, FileKind> files_a = Files(folder_a);
  const std::map<std::string, FileKind> files_b = Files(folder_b);
  fmt::print("A {}\nB {}\n\n", folder_a.string(), folder_b.string());
  size_t both = 0;
  size_t equal = 0;
  size_t unreadable = 0;
  std::vector<std::array<std::vector<Claim>, 2>> claims;  // of each figure, in A and B
  for (const auto& [name, kind] : files_a) {
    if (!files_b.contains(name)) {
      continue;
    }
    ++both;
    try {
      const StoreFile a(folder_a / name);
      const StoreFile b(folder_b / name);
      if (kind == FileKind::kFigure) {
        claims.push_back({a.figure.claims, b.figure.claims});
      }
      const FileComparison comparison = CompareFiles(a.file, b.file);
      if (!comparison.equal()) {
        PrintLine("DIFFERS", name, kind == FileKind::kRun ? a.Label() : "");
        PrintDifferences(comparison, 1, 13);
        continue;
      }
      ++equal;
      if (!flags.brief) {
        PrintLine("equal", name, kind == FileKind::kRun ? a.Label() : "");
      }
    } catch (const Error& error) {
      ++unreadable;
      fmt::print("  UNREADABLE   {}: {}\n", name, error.what());
    }
  }
  PrintOnly(files_a, files_b, folder_a, "A", flags.brief);
  PrintOnly(files_b, files_a, folder_b, "B", flags.brief);
  const size_t only_a = files_a.size() - both;
  const size_t only_b = files_b.size() - both;
  fmt::print("{} in both: {} equal, {} differ{}; {} only in A, {} only in B\n",
             Counted(both, "file"), equal, both - equal - unreadable,
             unreadable == 0 ? "" : fmt::format(", {} cannot be read", unreadable), only_a, only_b);
  if (both == 0) {
    fmt::print("nothing is in both: give two folders of results, or two of the same profile\n");
  }
  if (!claims.empty()) {
    ClaimCount count;
    fmt::print("\nclaims\n");
    for (const auto& [in_a, in_b] : claims) {
      PrintClaims(in_a, in_b, flags.brief, &count);
    }
    fmt::print("{}\n", CountText(count));
  }
  if (unreadable > 0) {
    return kCannot;
  }
  return equal == both && both > 0 && only_a + only_b == 0 ? kEqual : kDifferent;
}

int Run(const Flags& flags) {
  const fs::path a = TypedFileOrFolder(flags.a);
  const fs::path b = TypedFileOrFolder(flags.b);
  if (fs::is_directory(a) != fs::is_directory(b)) {
    throw Error("a file and a folder: give two files or two folders");
  }
  if (!fs::is_directory(a)) {
    return DiffFiles(flags, a, b);
  }
  if (!flags.output.empty()) {
    throw Error("--output draws the curves of two files, not of folders");
  }
  return DiffFolders(flags, a, b);
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  initbias::Flags flags;
  initbias::CommandLine app(
      "Says what differs between two run files, two figure files or two folders of "
      "results: whether the bits are the same (all but /provenance), the first "
      "differences with place and size, claim by claim verdict and mean, and what "
      "only one of them has.",
      initbias::ProgramCommand("//lib/store:diff"));
  app.Footer("Example: " + initbias::ProgramCommand("//lib/store:diff") +
             " data/reference/default results/default\n"
             "Exit status: 0 equal, 1 different, 2 wrong usage or a file that cannot be read.");
  app.Add("A", flags.a, "a file or a folder").Required();
  app.Add("B", flags.b, "what it is compared with").Required();
  app.AddFlag("--short", flags.brief, "leave out what is the same");
  app.Add("--output", flags.output, "draw the curves of two files: <output>.svg, .pdf, ..");
  return initbias::RunProgram("diff", app, argc, argv, [&flags] {
    try {
      return initbias::Run(flags);
    } catch (const std::exception& error) {
      initbias::EndWith("diff", error);
      return initbias::kCannot;
    }
  });
}
