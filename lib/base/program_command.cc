#include "lib/base/program_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "lib/base/error.h"
#include "lib/base/shell.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// The bundle's folder, where this program stands in one: it has the worker there, which Bazel has
// elsewhere, and no runfiles of its own.
fs::path Bundle() {
  std::error_code none;
  const fs::path program = fs::read_symlink("/proc/self/exe", none);
  if (none || fs::exists(program.string() + ".runfiles", none)) {
    return {};
  }
  const fs::path folder = program.parent_path();
  return fs::exists(folder / "lib/run/worker", none) && fs::exists(folder / "libraries", none)
             ? folder
             : fs::path();
}

// "bazel run LABEL", or the quoted path of its program in `bundle`.
std::string Program(std::string_view label, const fs::path& bundle) {
  const size_t colon = label.rfind(':');
  INITBIAS_CHECK(label.starts_with("//") && colon != std::string_view::npos);
  return bundle.empty() ? fmt::format("bazel run {}", label)
                        : ShellWord((bundle / label.substr(colon + 1)).string());
}

}  // namespace

bool InBundle() { return !Bundle().empty(); }

std::string ProgramCommand(std::string_view label) {
  const fs::path bundle = Bundle();
  return Program(label, bundle) + (bundle.empty() ? " --" : "");
}

std::string ProgramCommand(std::string_view label, std::string_view arguments) {
  return arguments.empty() ? Program(label, Bundle())
                           : fmt::format("{} {}", ProgramCommand(label), arguments);
}

}  // namespace initbias
