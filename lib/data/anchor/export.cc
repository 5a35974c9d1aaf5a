// Writes the data set of an anchor task, for use elsewhere: sequences, labels and what they are
// made of.
//
//   bazel run //lib/data/anchor:export -- --seed=4 --output=/tmp/anchor.npz
//   bazel run //lib/data/anchor:export -- --run=results/default/runs/ID.h5 --output=/tmp/anchor.csv
#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/atomic_file.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/program.h"
#include "lib/config/run_config.h"
#include "lib/config/token_range.h"
#include "lib/data/anchor/anchor_task.h"
#include "lib/result/run_result.h"
#include "lib/store/export_file.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string run;
  int64_t seed = 1;
  std::vector<std::string> overrides;
  std::string output;
};

// The columns of the table, a row a sequence.
struct Table {
  std::vector<int32_t> tokens;  // [n, L]
  std::vector<int32_t> labels;
  std::vector<std::string> kind;
  std::vector<std::string> split;
  std::vector<int32_t> position;  // of the key, from 0
  std::vector<int32_t> key;
  std::vector<int32_t> anchors;  // [n, q]
};

void Append(const AnchorTaskConfig& task, const AnchorSequences& sequences, const char* kind,
            const char* split, Table* table) {
  const auto length = static_cast<size_t>(sequences.length);
  const auto q = static_cast<size_t>(task.num_anchors);
  table->tokens.insert(table->tokens.end(), sequences.tokens.begin(), sequences.tokens.end());
  table->labels.insert(table->labels.end(), sequences.labels.begin(), sequences.labels.end());
  for (size_t row = 0; row < sequences.labels.size(); ++row) {
    table->kind.emplace_back(kind);
    table->split.emplace_back(split);
    const int32_t* const tokens = &sequences.tokens[row * length];
    // Before the first anchor: keys and anchors have no token in common.
    size_t key = 0;
    while (!Holds(MemoryAnchors(task), tokens[key + 1]) &&
           !Holds(ReasoningAnchors(task), tokens[key + 1])) {
      ++key;
      INITBIAS_CHECK(key + q < length);
    }
    table->position.push_back(static_cast<int32_t>(key));
    table->key.push_back(tokens[key]);
    table->anchors.insert(table->anchors.end(), tokens + key + 1, tokens + key + 1 + q);
  }
}

// The paper's config with what is set. Throws UsageError where that is impossible.
RunConfig Config(const Flags& flags) {
  RunConfig config;
  config.seed = flags.seed;
  try {
    for (const std::string& assignment : flags.overrides) {
      if (!assignment.starts_with("task.")) {
        throw Error(
            fmt::format("--set {}: only the fields of the task (task.samples, ..) make the "
                        "data",
                        assignment));
      }
      ApplyOverride(config, assignment);
    }
    Validate(config);
  } catch (const Error& error) {
    throw UsageError(error.what());
  }
  return config;
}

void Export(const Flags& flags) {
  const fs::path output = UserPath(flags.output);
  if (output.extension() != ".csv" && output.extension() != ".npz") {
    throw UsageError(fmt::format("{}: expected a name that ends with .npz or .csv", flags.output));
  }
  std::optional<RunResult> run;
  if (!flags.run.empty()) {
    const fs::path file = TypedFile(flags.run);
    run = ReadRunFile(file);
    CheckName(file, run->config);
  }
  const RunConfig config = run ? run->config : Config(flags);
  if (config.model == ModelKind::kGpt2) {
    throw UsageError(fmt::format("{} is trained on text, not on an anchor task", RunLabel(config)));
  }
  const AnchorTaskConfig& task = config.task;
  if (!task.HasAnchors()) {
    throw UsageError(fmt::format("{} is trained on data of another source", RunLabel(config)));
  }
  const AnchorData data = MakeAnchorData(task, config.seed);
  const std::string digest = DataDigest(data);
  if (run && run->data_digest != digest) {
    throw Error(
        fmt::format("{} was trained on other data than this program makes: it is of "
                    "another version",
                    flags.run));
  }
  Table table;
  Append(task, data.memory, "memory", "train", &table);
  Append(task, data.reasoning_train, "reasoning", "train", &table);
  Append(task, data.reasoning_test, "reasoning", "test", &table);
  const auto n = static_cast<int64_t>(table.labels.size());
  std::vector<ExportArray> arrays = {
      {"sequence", {n, task.length}, table.tokens, ""},
      {"label", {n}, table.labels, ""},
      {"kind", {n}, table.kind, ""},
      {"split", {n}, table.split, ""},
      {"key", {n}, table.key, ""},
      {"key_position", {n}, table.position, ""},
      {"anchor", {n, task.num_anchors}, table.anchors, ""},
  };
  RemoveTemporaries(output);
  if (output.extension() == ".csv") {
    WriteCsv(output, arrays);
  } else {
    arrays.push_back({"seed", {}, std::vector<int64_t>{config.seed}, ""});
    arrays.push_back({"digest", {}, std::vector<std::string>{digest}, ""});
    WriteNpz(output, arrays);
  }
  fmt::print("wrote {}\n  {} sequences of {} tokens, seed {}, digest {}\n", output.string(), n,
             task.length, config.seed, digest.substr(0, 16));
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  initbias::Flags flags;
  initbias::CommandLine app(
      "Writes the data set of an anchor task: sequences, labels, kind (memory, reasoning), "
      "split (train; test: the masked combinations), key, its position, anchors.",
      "bazel run //lib/data/anchor:export --");
  app.Footer(
      "Example: bazel run //lib/data/anchor:export -- --seed=4 --output=/tmp/anchor.npz\n"
      "Exit status: 0, 1 where a file cannot be read or written, 2 wrong usage.");
  initbias::CommandLine::Option run = app.Add("--run", flags.run, "the data of this stored run");
  app.Add("--seed", flags.seed, "of the data").ShowDefault().Excludes(run);
  app.Add("--set", flags.overrides, "a field of the task (default: the paper's values)")
      .EachAddsOne()
      .Excludes(run);
  app.Add("--output", flags.output, "the file to write: .npz or .csv").Required();
  return initbias::RunProgram("export", app, argc, argv, [&flags] {
    initbias::Export(flags);
    return 0;
  });
}
