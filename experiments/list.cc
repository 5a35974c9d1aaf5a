// Names the runs of a results folder in words: their files are named by digests.
//
//   bazel run //lib/store:list
//   bazel run //lib/store:list -- results/default
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "experiments/base_runs.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/text.h"
#include "lib/config/run_config.h"
#include "lib/run/experiment.h"
#include "lib/store/catalog.h"
#include "lib/store/header.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

constexpr size_t kColumns = 80;

// A file of a run, or what is wrong with it.
struct Entry {
  fs::path path;      // below the folder
  std::string state;  // "finished", "unfinished", or what is wrong
  double bytes = 0;
  std::optional<RunResult> run;
  std::string error;
};

Entry ReadEntry(const fs::path& folder, const CatalogFile& file) {
  Entry entry{.path = file.path};
  std::error_code status;
  entry.bytes = static_cast<double>(fs::file_size(folder / file.path, status));
  if (file.kind == FileKind::kSetAside) {
    entry.state = "set aside";
    entry.error = "was found damaged, and moved aside";
    return entry;
  }
  try {
    const bool finished = file.kind == FileKind::kRun;
    entry.run = finished ? ReadRunFile(folder / file.path)
                         : std::move(ReadCheckpoint(folder / file.path).partial);
    entry.state = finished ? "finished" : "unfinished";
  } catch (const SchemaVersionError& error) {
    entry.state = "another version";
    entry.error = error.what();
  } catch (const FileRefused& error) {
    entry.state = "not readable";
    entry.error = error.what();
  } catch (const Error& error) {
    entry.state = "damaged";
    entry.error = error.what();
  }
  return entry;
}

// The run of figures 3 or 7 of this model at the profile, or nothing where there is none such.
std::optional<RunConfig> ProfilesRun(const RunResult& run) {
  Profile profile{};
  try {
    ParseValue(run.profile, &profile);
  } catch (const Error&) {
    return std::nullopt;
  }
  return ModelRun(run.config.model, profile, run.config.init.gamma, run.config.seed);
}

// "transformer.norm=pre train.epochs=2": what the run has otherwise than its profile's main run.
std::vector<std::string> Differences(const RunResult& run) {
  std::optional<RunConfig> other = ProfilesRun(run);
  if (!other) {
    return {};
  }
  RunConfig mine = WithoutPaths(run.config);
  *other = WithoutPaths(*other);
  const FieldList theirs = Fields(*other);
  std::vector<std::string> differences;
  for (const Field& field : Fields(mine)) {
    const Field* const twin = theirs.Find(field.name);
    // Snapshots follow the length of the run, and do not change it. A file's digest goes with it.
    if (field.name.starts_with("probe.") || field.name.ends_with("_sha256") ||
        (twin != nullptr && twin->get() == field.get())) {
      continue;
    }
    differences.push_back(fmt::format("{}={}", field.name, field.get()));
  }
  return differences;
}

// `words` after `first`, in lines that go on below their beginning.
std::string Wrapped(const std::string& first, const std::vector<std::string>& words) {
  std::string text;
  std::string line = first;
  for (const std::string& word : words) {
    if (line.size() + 2 + word.size() > kColumns && line.size() > first.size()) {
      text += line + "\n";
      line = std::string(first.size(), ' ');
    }
    line += "  " + word;
  }
  return text + line + "\n";
}

void PrintRun(const Entry& entry) {
  const RunResult& run = *entry.run;
  const RunConfig& config = run.config;
  const int64_t steps = run.step.empty() ? 0 : run.step.back();
  fmt::print("{:<16}  {:<11}  {:>5}  {:>4}  {:>9}  {:<10}  {:>7}\n", entry.path.stem().string(),
             FormatValue(config.model), config.init.gamma, config.seed,
             fmt::format("{:.4g}/{}",
                         static_cast<double>(steps) / static_cast<double>(StepsPerEpoch(config)),
                         config.train.epochs),
             entry.state, FormatBytes(entry.bytes));
  std::vector<std::string> losses;
  for (const Series& series : run.series) {
    if (!series.loss.empty()) {
      losses.push_back(fmt::format("{} {:.3f}", series.group, series.loss.back()));
    }
  }
  fmt::print("{}", Wrapped("    loss", losses));
  if (const std::vector<std::string> differences = Differences(run); !differences.empty()) {
    fmt::print("{}", Wrapped("    with", differences));
  }
}

// The runs of one profile's folder, "" for `folder` itself.
void PrintProfile(const fs::path& folder, const fs::path& profile,
                  const std::vector<CatalogFile>& files) {
  std::vector<Entry> entries;
  std::vector<std::string> figures;
  std::set<fs::path> finished;
  for (const CatalogFile& file : files) {
    if (file.kind == FileKind::kFigure) {
      figures.push_back(file.path.stem().string());
    } else if (file.kind != FileKind::kCheckpoint || !finished.contains(file.path.stem())) {
      entries.push_back(ReadEntry(folder, file));
      if (entries.back().state == "finished") {
        finished.insert(file.path.stem());
      }
    }
  }
  std::ranges::stable_sort(entries, [](const Entry& a, const Entry& b) {
    const auto key = [](const Entry& entry) {
      const RunConfig config = entry.run ? entry.run->config : RunConfig{};
      return std::tuple(!entry.run, config.model, config.init.gamma, config.seed);
    };
    return key(a) < key(b);
  });
  std::map<std::string, size_t> states;
  double bytes = 0;
  for (const Entry& entry : entries) {
    ++states[entry.state];
    bytes += entry.bytes;
  }
  std::vector<std::string> counts;
  for (const auto& [state, count] : states) {
    counts.push_back(fmt::format("{} {}", count, state));
  }
  fmt::print("{}\n  {} files of runs{}{}, {}\n", (folder / profile).string(), entries.size(),
             counts.empty() ? "" : ": ", fmt::join(counts, ", "), FormatBytes(bytes));
  fmt::print("{}\n", Wrapped("  figure files:",
                             figures.empty() ? std::vector<std::string>{"none"} : figures));
  if (entries.empty()) {
    return;
  }
  fmt::print("{:<16}  {:<11}  {:>5}  {:>4}  {:>9}  {:<10}  {:>7}\n", "id", "model", "gamma", "seed",
             "epochs", "state", "size");
  for (const Entry& entry : entries) {
    if (entry.run) {
      PrintRun(entry);
    } else {
      fmt::print("{}  {}, {}\n    {}\n", entry.path.string(), entry.state, FormatBytes(entry.bytes),
                 entry.error);
    }
  }
  fmt::print("\n");
}

void List(const fs::path& folder) {
  // By the profile's folder; "" for files of the folder itself.
  std::map<fs::path, std::vector<CatalogFile>> profiles;
  for (CatalogFile& file : ListFiles(folder)) {
    const auto depth = std::distance(file.path.begin(), file.path.end());
    const bool below = depth == (file.kind == FileKind::kFigure ? 2 : 3);
    profiles[below ? *file.path.begin() : fs::path()].push_back(std::move(file));
  }
  if (profiles.empty()) {
    throw Error(
        fmt::format("{} holds no files of the store: name a results folder (results/), or "
                    "that of a profile (results/default)",
                    folder.string()));
  }
  for (const auto& [profile, files] : profiles) {
    PrintProfile(folder, profile, files);
  }
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  std::string folder;
  CLI::App app{
      "Names the runs of a results folder in words: model, gamma, seed, epochs done, last\n"
      "losses, what is otherwise than in the main run of model and profile (with ..)."};
  app.name("bazel run //lib/store:list --");
  app.footer(
      "Example: bazel run //lib/store:list -- results/default\n"
      "Exit status: 0, 1 where the folder cannot be read, 2 wrong usage.");
  app.add_option("FOLDER", folder, "results/ or results/<profile> (default: results/)");
  if (const std::optional<int> status = initbias::ParseCommandLine(app, argc, argv)) {
    return *status;
  }
  try {
    initbias::List(initbias::ResultsRoot(folder));
  } catch (const std::exception& error) {
    std::fflush(stdout);
    fmt::print(stderr, "list: {}\n", error.what());
    return 1;
  }
  return 0;
}
