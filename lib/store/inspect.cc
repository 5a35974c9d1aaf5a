// Prints a file of the store, or one group, data set or attribute of it, in a readable form.
//
//   bazel run //lib/store:inspect -- data/reference/default/fig3.h5
//   bazel run //lib/store:inspect -- results/default/runs/ID.h5 /series/memory
//   bazel run //lib/store:inspect -- results/default/runs/ID.h5 /config@canonical --whole
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/program.h"
#include "lib/base/program_command.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/result/run_result.h"
#include "lib/store/content_digest.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

struct Flags {
  std::string file;
  std::string path = "/";
  bool whole = false;
};

// A text in one line of at most 100 letters, on a terminal no more than fit it behind `begin`,
// which stand in the line; all of it where the whole is asked for.
std::string Shown(std::string text, bool whole, size_t begin = 0) {
  constexpr size_t kMaxText = 100;
  constexpr std::string_view kMore = " ...";
  if (whole) {
    return text;
  }
  size_t most = kMaxText;
  if (isatty(STDOUT_FILENO) != 0) {
    const size_t used = begin + kMore.size();
    most = std::clamp(TerminalWidth(stdout), used + 20, used + kMaxText) - used;
  }
  std::ranges::replace(text, '\n', ';');
  return text.size() > most
             ? text.substr(0, ValidUtf8Length(std::string_view(text).substr(0, most))) +
                   std::string(kMore)
             : text;
}

template <typename T>
std::string ValueText(const T& value, bool whole) {
  if constexpr (std::is_floating_point_v<T>) {
    return whole ? fmt::format("{}", value) : fmt::format("{:.4g}", value);
  } else {
    return fmt::format("{}", value);
  }
}

// The first and the last values, behind `begin` letters.
template <typename T>
std::string Preview(const std::vector<T>& values, size_t begin) {
  constexpr size_t kEnds = 3;
  std::vector<std::string> shown;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values.size() > 2 * kEnds + 1 && i == kEnds) {
      shown.emplace_back("..");
      i = values.size() - kEnds;
    }
    shown.push_back(ValueText(values[i], false));
  }
  return Shown(fmt::format("{}", fmt::join(shown, " ")), false, begin);
}

// All values, each row of the last dimension in a line; texts in a line each.
template <typename T>
std::string Whole(const std::vector<T>& values, const std::vector<int64_t>& shape,
                  std::string_view indent) {
  const size_t columns =
      std::is_same_v<T, std::string> || shape.empty() ? 1 : static_cast<size_t>(shape.back());
  std::string text;
  for (size_t i = 0; i < values.size(); ++i) {
    text += i % columns == 0 ? fmt::format("\n{}  ", indent) : " ";
    text += ValueText(values[i], true);
  }
  return text;
}

template <typename T>
std::string Values(const std::vector<T>& values, const std::vector<int64_t>& shape,
                   std::string_view indent, bool whole, size_t begin) {
  return whole ? Whole(values, shape, indent) : " " + Preview(values, begin + 1);
}

// The values at `path`, behind `begin` letters.
std::string DataText(const Hdf5File& file, const std::string& path, std::string_view indent,
                     bool whole, size_t begin) {
  const std::vector<int64_t> shape = file.Shape(path);
  switch (file.TypeOf(path)) {
    case Hdf5File::Type::kInt:
      return Values(file.ReadInts(path), shape, indent, whole, begin);
    case Hdf5File::Type::kFloat:
      return Values(file.ReadDoubles(path), shape, indent, whole, begin);
    case Hdf5File::Type::kString:
      return Values(file.ReadStrings(path), shape, indent, whole, begin);
    case Hdf5File::Type::kOther:
      break;
  }
  return " (of a type not read here)";
}

// What people look for first comes first; what is not named comes last, in alphabetical order.
std::vector<std::string> InOrder(std::vector<std::string> names) {
  constexpr std::array<std::string_view, 9> kOrder = {
      "series", "panels", "claims", "runs", "config", "digest", "state", "provenance", "probes"};
  std::ranges::stable_sort(names, {}, [&](const std::string& name) {
    return std::distance(kOrder.begin(), std::ranges::find(kOrder, name));
  });
  return names;
}

void PrintAttributes(const Hdf5File& file, const std::string& path, const std::string& indent,
                     bool whole) {
  for (const std::string& name : file.ListAttributes(path)) {
    const std::string begin = fmt::format("{}@{} = ", indent, name);
    fmt::print("{}{}\n", begin, Shown(file.AttributeText(path, name), whole, begin.size()));
  }
}

void PrintData(const Hdf5File& file, const std::string& path, const std::string& name,
               const std::string& indent, bool whole) {
  const std::string begin =
      fmt::format("{}{} [{}]:", indent, name, fmt::join(file.Shape(path), ", "));
  fmt::print("{}{}\n", begin, DataText(file, path, indent, whole, begin.size()));
  PrintAttributes(file, path, indent + "  ", whole);
}

void PrintGroup(const Hdf5File& file, const std::string& path, size_t depth, bool whole) {
  const std::string indent(2 * depth, ' ');
  PrintAttributes(file, path, indent, whole);
  const std::vector<std::string> names = file.List(path);
  for (const std::string& name : path == "/" ? InOrder(names) : names) {
    const std::string child = path == "/" ? path + name : path + "/" + name;
    if (file.IsGroup(child)) {
      fmt::print("{}{}/\n", indent, name);
      PrintGroup(file, child, depth + 1, whole);
    } else {
      PrintData(file, child, name, indent, whole);
    }
  }
}

// Throws UsageError "there is no .. in ..", with the names that there are.
[[noreturn]] void NothingThere(const Hdf5File& file, const std::string& path) {
  std::string above = path;
  do {
    above = above.substr(0, above.rfind('/'));
  } while (!above.empty() && !file.Exists(above));
  above = above.empty() ? "/" : above;
  std::vector<std::string> names =
      file.IsGroup(above) ? file.List(above) : std::vector<std::string>{};
  for (const std::string& name : file.ListAttributes(above)) {
    names.push_back("@" + name);
  }
  throw UsageError(fmt::format("there is no {} in {}: {} has {}{}", path, file.path().string(),
                               above,
                               Shown(fmt::format("{}", fmt::join(names, ", ")), names.size() < 30),
                               DidYouMean(path.substr(path.rfind('/') + 1), names)));
}

// Of a figure file, a group that has a digest of its own.
constexpr char kRuns[] = "/provenance/runs";

// What is wrong in a file of the store, by its digests; "" where nothing is, or where it has none.
// Throws FileRefused.
std::string DamageIn(const Hdf5File& file) {
  try {
    WhileReading(file.path(), [&file] {
      if (file.HasAttribute("/", "schema") && file.HasAttribute("/", "digest")) {
        CheckContentDigest(file);
        if (file.Exists(kRuns)) {
          CheckGroupDigest(kRuns, file);
        }
      }
    });
  } catch (const FileRefused&) {
    throw;
  } catch (const DamagedFile& error) {
    return error.what();
  } catch (const Error& error) {
    return Damaged(file.path(), error.what()).what();
  }
  return "";
}

// That a file of a run has the name of another one; "" where it has not, or is of no run.
std::string NameOfAnother(const Hdf5File& file) {
  std::optional<RunResult> run;
  try {
    run = ReadCurves(file.path());
  } catch (const Error&) {
    return "";  // a figure file, or no run that can be read
  }
  try {
    CheckName(file.path(), run->config);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

void Print(const Flags& flags) {
  const Hdf5File file = Hdf5File::Open(TypedFile(flags.file));
  // It is shown all the same: to see what is in a damaged file, too.
  const std::string damage = DamageIn(file);
  for (const std::string& note : {damage, damage.empty() ? NameOfAnother(file) : ""}) {
    if (!note.empty()) {
      Tell(stderr, "note: {}\n", note);
    }
  }
  // "series/memory/", "/@schema", "config@seed".
  const size_t at = flags.path.find('@');
  std::string path = flags.path.substr(0, at);
  while (path.ends_with('/')) {
    path.pop_back();
  }
  path = path.starts_with('/') ? path : "/" + path;
  if (!file.Exists(path)) {
    NothingThere(file, path);
  }
  if (at != std::string::npos) {
    const std::string name = flags.path.substr(at + 1);
    if (!file.HasAttribute(path, name)) {
      NothingThere(file, (path == "/" ? path : path + "/") + "@" + name);
    }
    const std::vector<std::string> own = file.ListAttributes(path);
    // One that is too long for HDF5 is a data set of the group.
    const std::string text = std::ranges::find(own, name) != own.end()
                                 ? file.AttributeText(path, name)
                                 : file.ReadStringAttribute(path, name);
    fmt::print("{}\n", Shown(text, flags.whole));
  } else if (file.IsGroup(path)) {
    PrintGroup(file, path, 0, flags.whole);
  } else {
    PrintData(file, path, path.substr(path.rfind('/') + 1), "", flags.whole);
  }
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  initbias::Flags flags;
  initbias::CommandLine app(
      "Prints a file of the store, or a part of it: curves and claims first, snapshots "
      "and parameters last.",
      initbias::ProgramCommand("//lib/store:inspect"));
  app.Footer("Example: " + initbias::ProgramCommand("//lib/store:inspect") +
             " data/reference/default/fig3.h5 \\\n"
             "             /claims/fig3.B.small_reasoning_first@statement --whole\n"
             "Exit status: 0, 1 where the file cannot be read, 2 wrong usage.");
  app.Add("FILE", flags.file, "a run, checkpoint or figure file").Required();
  app.Add("PATH", flags.path, "a group or data set, or an attribute: /config@seed");
  app.AddFlag("--whole", flags.whole, "all values and whole texts");
  return initbias::RunProgram("inspect", app, argc, argv, [&flags] {
    initbias::Print(flags);
    return 0;
  });
}
