#include "experiments/run_list.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "experiments/base_runs.h"
#include "experiments/rates.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/program_command.h"
#include "lib/base/text.h"
#include "lib/config/run_config.h"
#include "lib/run/experiment.h"
#include "lib/run/flags.h"
#include "lib/store/catalog.h"
#include "lib/store/header.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"
#include "lib/store/run_index.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

constexpr size_t kColumns = 80;

// A file of a run, or what is wrong with it.
struct Entry {
  fs::path path;      // below the folder
  std::string state;  // "finished", "unfinished", or what is wrong
  double bytes = 0;
  std::optional<RunSummary> run;
  std::string error;
};

// `index`: of the run files of the profile. Nothing for a file that went meanwhile, as a checkpoint
// does whose run is done.
std::optional<Entry> ReadEntry(const fs::path& folder, const CatalogFile& file, RunIndex* index) {
  Entry entry{.path = file.path};
  std::error_code status;
  const uintmax_t bytes = fs::file_size(folder / file.path, status);
  entry.bytes = status ? 0 : static_cast<double>(bytes);  // a folder or a pipe has none
  if (file.kind == FileKind::kSetAside) {
    entry.state = "set aside";
    const bool damaged = file.path.extension().string().starts_with(".damaged");
    entry.error = damaged ? "was found damaged, and moved aside"
                          : "is of other kernels, or another version or run, and was moved aside";
    return entry;
  }
  try {
    if (file.kind == FileKind::kRun) {
      entry.run = index->Get(file.path.filename().string());
      entry.state = "finished";
    } else {
      entry.run = Summarize(ReadCheckpoint(folder / file.path).partial);
      entry.state = "unfinished";
    }
    entry.error = WrongName(folder / file.path, entry.run->config);
    if (!entry.error.empty()) {
      entry.state = "of another name";
      entry.run.reset();
    }
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
  if (!entry.run &&
      fs::symlink_status(folder / file.path, status).type() == fs::file_type::not_found) {
    return std::nullopt;
  }
  return entry;
}

// The run of figures 3 or 7 of this model at the profile, or nothing where they have none.
std::optional<RunConfig> ProfilesRun(const RunSummary& run) {
  Profile profile{};
  try {
    ParseValue(run.profile, &profile);
  } catch (const Error&) {
    return std::nullopt;
  }
  return ModelRun(run.config.model, profile, run.config.init.gamma, run.config.seed);
}

// "transformer.norm=pre train.epochs=2": what the run has otherwise than its profile's main run.
std::vector<std::string> Differences(const RunSummary& run) {
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

// A number is itself here, to --seeds as many seeds.
std::vector<int64_t> SeedsOf(const std::string& text) {
  const bool single = text.find_first_of(",.") == std::string::npos;
  try {
    return ParseSeeds(single ? fmt::format("{}..{}", text, text) : text);
  } catch (const Error&) {
    throw Error(fmt::format("'{}' names no seeds: 4, 1,7 or 4..8", text));
  }
}

void PrintRun(const Entry& entry) {
  const RunSummary& run = *entry.run;
  const RunConfig& config = run.config;
  fmt::print("{:<16}  {:<11}  {:>5}  {:>4}  {:>9}  {:<10}  {:>7}\n", entry.path.stem().string(),
             FormatValue(config.model), config.init.gamma, config.seed,
             fmt::format("{:.4g}/{}", EpochOf(config, run.step), config.train.epochs), entry.state,
             FormatBytes(entry.bytes));
  std::vector<std::string> losses;
  for (const auto& [group, loss] : run.losses) {
    losses.push_back(fmt::format("{} {:.3f}", group, loss));
  }
  fmt::print("{}", Wrapped("    loss", losses));
  if (const std::vector<std::string> differences = Differences(run); !differences.empty()) {
    fmt::print("{}", Wrapped("    with", differences));
  }
}

// The runs of one profile's folder, "" for `folder` itself. Returns how many files cannot be read
// or are of another name.
int64_t PrintProfile(const fs::path& folder, const fs::path& profile,
                     const std::vector<CatalogFile>& files, const RunFilter& filter, bool check) {
  std::vector<Entry> entries;
  int64_t unreadable = 0;
  std::vector<std::string> figures;
  std::set<fs::path> finished;
  RunIndex index(folder / profile / "runs");
  if (check) {
    index.Forget();
  }
  index.Prepare(RunFileNames(files));
  for (const CatalogFile& file : files) {
    if (file.kind == FileKind::kFigure) {
      figures.push_back(file.path.stem().string());
    } else if (file.kind != FileKind::kCheckpoint || !finished.contains(file.path.stem())) {
      std::optional<Entry> entry = ReadEntry(folder, file, &index);
      if (entry && entry->state == "finished") {
        finished.insert(file.path.stem());
      }
      // What cannot be read may be one that is asked for.
      if (entry && (!entry->run || filter.Accepts(entry->run->config))) {
        unreadable += !entry->run && file.kind != FileKind::kSetAside ? 1 : 0;
        entries.push_back(*std::move(entry));
      }
    }
  }
  index.Save();
  std::ranges::stable_sort(entries, {}, [](const Entry& entry) {
    return entry.run ? std::tuple(false, entry.run->config.model, entry.run->config.init.gamma,
                                  entry.run->config.seed)
                     : std::tuple(true, ModelKind{}, 0.0, int64_t{0});
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
  fmt::print("{}\n  {}{}{}, {}\n", (folder / profile).string(),
             Counted(entries.size(), "file of runs", "files of runs"), counts.empty() ? "" : ": ",
             fmt::join(counts, ", "), FormatBytes(bytes));
  fmt::print("{}\n", Wrapped("  figure files:",
                             figures.empty() ? std::vector<std::string>{"none"} : figures));
  if (entries.empty()) {
    return 0;
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
  return unreadable;
}

}  // namespace

bool RunFilter::Accepts(const RunConfig& config) const {
  return (model.empty() || FormatValue(config.model) == model) &&
         (gammas.empty() ||
          std::ranges::find(gammas, RoundedRate(config.init.gamma)) != gammas.end()) &&
         (seeds.empty() || std::ranges::find(seeds, config.seed) != seeds.end());
}

void DeclareFilter(CommandLine& app, RunFilter* filter) {
  app.Add("--model", filter->model, "only runs of emb_mlp, transformer or gpt2")
      .OneOf(EnumNames<ModelKind>::kNames);
  app.AddFunction(
         "--gamma", [filter](const std::string& text) { filter->gammas = ParseRates(text); },
         "only of these rates: 0.3,0.65 or 0.2:1.2:0.1")
      .Check(CheckRates);
  app.AddFunction(
         "--seed", [filter](const std::string& text) { filter->seeds = SeedsOf(text); },
         "only of these seeds: 4, 1,7 or 4..8")
      .Check([](const std::string& text) { return ErrorText(SeedsOf, text); });
}

fs::path ListedFolder(const std::string& typed) {
  if (!typed.empty()) {
    return TypedFolder(typed);
  }
  fs::path root = ResultsRoot("");
  if (!FileExists(root)) {
    throw Error(fmt::format("there is no folder {}: nothing is trained yet; in seconds, by\n  {}",
                            root.string(),
                            ProgramCommand("//experiments:fig3", "--profile=smoke")));
  }
  return root;
}

int64_t PrintRuns(const fs::path& folder, const RunFilter& filter, bool check) {
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
  int64_t unreadable = 0;
  for (const auto& [profile, files] : profiles) {
    unreadable += PrintProfile(folder, profile, files, filter, check);
  }
  return unreadable;
}

}  // namespace initbias
