// Hands stored numbers to other programs, as CSV or NumPy's npz.
//
//   bazel run //lib/store:export -- data/reference/default/fig3.h5 --format=csv
//   bazel run //lib/store:export -- results/default --format=npz --output=/tmp/npz
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/atomic_file.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/program.h"
#include "lib/base/program_command.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/config/run_config.h"
#include "lib/result/run_result.h"
#include "lib/store/catalog.h"
#include "lib/store/export_file.h"
#include "lib/store/figure_file.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/header.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string input;
  std::string format;
  std::string output;
  bool all = false;
};

template <typename T>
ExportArray Column(std::string name, std::vector<T> values) {
  const auto size = static_cast<int64_t>(values.size());
  return {std::move(name), {size}, std::move(values), ""};
}

// "<prefix>step", "<prefix>epoch" and, of each set, loss and accuracy. `separator` stands between
// set and quantity.
std::vector<ExportArray> Curves(const RunResult& run, const std::string& prefix, char separator) {
  std::vector<ExportArray> arrays = {Column(prefix + "step", run.step),
                                     Column(prefix + "epoch", run.epoch)};
  for (const LearningCurve& curve : run.curves) {
    const std::string name = prefix + curve.group + separator;
    arrays.push_back(Column(name + "loss", curve.loss));
    arrays.push_back(Column(name + "accuracy", curve.accuracy));
  }
  return arrays;
}

// Final parameters and snapshots.
std::vector<ExportArray> Tensors(const RunResult& run) {
  std::vector<ExportArray> arrays;
  for (const NamedArray& item : run.parameters) {
    arrays.push_back({"parameters/" + item.name, item.array.shape, item.array.values, ""});
  }
  for (const Snapshot& probe : run.probes) {
    arrays.push_back({fmt::format("probes/{:010}/{}", probe.step, probe.name), probe.array.shape,
                      probe.array.values, ""});
  }
  return arrays;
}

std::vector<ExportArray> Panels(const FigureData& figure) {
  std::vector<ExportArray> arrays;
  for (const FigureArray& array : figure.arrays) {
    arrays.push_back({"panels/" + array.path, array.shape, array.values, array.units});
  }
  for (const FigureTexts& texts : figure.texts) {
    arrays.push_back(
        {"panels/" + texts.path, {static_cast<int64_t>(texts.values.size())}, texts.values, ""});
  }
  return arrays;
}

ExportArray Single(std::string name, std::string text) {
  return {std::move(name), {}, std::vector<std::string>{std::move(text)}, ""};
}

void Append(std::vector<ExportArray> more, std::vector<ExportArray>* arrays) {
  arrays->insert(arrays->end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
}

void ExportFigure(const FigureData& figure, const Flags& flags, const fs::path& output) {
  if (flags.format == "csv") {
    WriteLongCsv(output, Panels(figure));
    return;
  }
  std::vector<ExportArray> arrays = {Single("figure", figure.figure),
                                     Single("profile", figure.profile),
                                     Single("caption", figure.caption)};
  Append(Panels(figure), &arrays);
  WriteNpz(output, arrays);
}

void ExportRun(const RunResult& run, const Flags& flags, const fs::path& output) {
  if (flags.format == "csv") {
    WriteCsv(output, Curves(run, "", '_'));
    if (flags.all) {
      fs::path tensors = output;
      WriteLongCsv(tensors.replace_extension(".tensors.csv"), Tensors(run));
    }
    return;
  }
  std::vector<ExportArray> arrays = {
      Single("id", RunId(run.config)), Single("label", RunLabel(run.config)),
      Single("profile", run.profile), Single("config", CanonicalForm(run.config))};
  Append(Curves(run, "series/", '/'), &arrays);
  if (flags.all) {
    Append(Tensors(run), &arrays);
  }
  WriteNpz(output, arrays);
}

// Returns the run, where the file is of one. Throws Error where its name is another run's.
std::optional<RunResult> ExportFile(const fs::path& path, const Flags& flags,
                                    const fs::path& output) {
  const std::string kind = ReadKind(Hdf5File::Open(path), path);
  if (kind == "figure") {
    ExportFigure(ReadFigureFile(path), flags, output);
    return std::nullopt;
  }
  RunResult run = kind == "run" ? ReadRunFile(path) : ReadCheckpoint(path).partial;
  CheckName(path, run.config);
  ExportRun(run, flags, output);
  return run;
}

// Returns the exit status: a file that cannot be read does not keep the others from being exported.
int ExportFolder(const fs::path& folder, const Flags& flags, const fs::path& output) {
  std::set<fs::path> finished;
  std::vector<std::string> files;
  std::vector<std::string> ids;
  std::vector<std::string> labels;
  std::vector<std::string> models;
  std::vector<double> gammas;
  std::vector<int64_t> seeds;
  std::vector<std::string> states;
  size_t count = 0;
  size_t failed = 0;
  const std::vector<CatalogFile> catalog = ListFiles(folder);
  if (!catalog.empty()) {  // to be told once, not of each file
    MakeFolders(output);
    CheckWritableFolder(output);
  }
  std::set<fs::path> folders;
  for (const CatalogFile& file : catalog) {
    if (const fs::path below = output / file.path.parent_path(); folders.insert(below).second) {
      RemoveTemporariesIn(below, "." + flags.format);
    }
    const bool checkpoint = file.kind == FileKind::kCheckpoint;
    if (file.kind == FileKind::kSetAside || (checkpoint && finished.contains(file.path.stem()))) {
      continue;
    }
    fs::path exported = file.path;
    exported.replace_extension("." + flags.format);
    try {
      const std::optional<RunResult> run = ExportFile(folder / file.path, flags, output / exported);
      ++count;
      if (run) {
        finished.insert(file.path.stem());
        files.push_back(exported.string());
        ids.push_back(RunId(run->config));
        labels.push_back(RunLabel(run->config));
        models.push_back(FormatValue(run->config.model));
        gammas.push_back(run->config.init.gamma);
        seeds.push_back(run->config.seed);
        states.emplace_back(checkpoint ? "unfinished" : "finished");
      }
    } catch (const Error& error) {
      ++failed;
      Tell(stderr, "export: left out: {}\n", error.what());
    }
  }
  if (count + failed == 0) {
    throw Error(
        fmt::format("{} holds no files of the store: name a results folder (results/), or "
                    "that of a profile (results/default)",
                    folder.string()));
  }
  WriteCsv(output / "runs.csv", {Column("file", files), Column("id", ids), Column("model", models),
                                 Column("gamma", gammas), Column("seed", seeds),
                                 Column("state", states), Column("label", labels)});
  fmt::print("wrote {} below {}, and runs.csv, which says what is in which file\n",
             Counted(count, "file"), output.string());
  return failed > 0 ? 1 : 0;
}

int Export(const Flags& flags) {
  const fs::path input = TypedFileOrFolder(flags.input).lexically_normal();
  if (fs::is_directory(input)) {
    const fs::path name = input.has_filename() ? input.filename() : input.parent_path().filename();
    return ExportFolder(
        input, flags,
        UserPath(flags.output.empty() ? name.string() + "_" + flags.format : flags.output));
  }
  const std::string name = input.stem().string() + "." + flags.format;
  const fs::path output =
      flags.output.empty() ? UserPath(name) : OutputFile("--output", flags.output, name);
  RemoveTemporaries(output);
  ExportFile(input, flags, output);
  fmt::print("wrote {}\n", output.string());
  return 0;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  initbias::Flags flags;
  initbias::CommandLine app(
      "Writes the curves of run files and checkpoints, and the panels of figure files, as "
      "CSV or as NumPy's npz.",
      initbias::ProgramCommand("//lib/store:export"));
  app.Footer("Example:\n  " + initbias::ProgramCommand("//lib/store:export") +
             " results/default --format=npz --output=/tmp/npz\n"
             "Exit status: 0, 1 where something cannot be read or written, 2 wrong usage.");
  app.Add("FILE|FOLDER", flags.input, "a file, results/ or results/<profile>").Required();
  app.Add("--format", flags.format, "csv or npz").Required().OneOf({"csv", "npz"});
  app.Add("--output", flags.output, "file or folder (default: of the same name, here)");
  app.AddFlag("--all", flags.all, "of runs also parameters and snapshots");
  return initbias::RunProgram("export", app, argc, argv,
                              [&flags] { return initbias::Export(flags); });
}
