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

}  // namespace

std::string ProgramCommand(std::string_view label) {
  const size_t colon = label.rfind(':');
  INITBIAS_CHECK(label.starts_with("//") && colon != std::string_view::npos);
  const fs::path bundle = Bundle();
  return bundle.empty() ? fmt::format("bazel run {} --", label)
                        : ShellWord((bundle / label.substr(colon + 1)).string());
}

}  // namespace initbias
