#include "lib/base/runfile.h"

#include <fmt/format.h>

#include <fstream>
#include <system_error>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/file_access.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// Where the program was called, which may be a link, and where it is.
std::vector<fs::path> Programs() {
  std::vector<fs::path> programs;
  std::string called;
  std::ifstream command_line("/proc/self/cmdline", std::ios::binary);
  std::getline(command_line, called, '\0');
  if (called.find('/') != std::string::npos) {
    std::error_code gone;  // the working folder
    if (const fs::path program = fs::absolute(called, gone); !gone) {
      programs.push_back(program.lexically_normal());
    }
  }
  std::error_code none;
  if (const fs::path real = fs::read_symlink("/proc/self/exe", none); !none) {
    programs.push_back(real);
  }
  return programs;
}

// The trees that may hold a program's files: its own, and the one that it stands in where it is a
// file of another program, as of a test. RUNFILES_DIR is not read: it may be another
// program's. Last the program's own folder: a bundle is one tree for all of its programs.
std::vector<fs::path> Trees(const fs::path& program) {
  std::vector<fs::path> trees = {program.string() + ".runfiles/initbias"};
  for (fs::path folder = program.parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    if (folder.extension() == ".runfiles") {
      trees.push_back(folder / "initbias");
    }
  }
  trees.push_back(program.parent_path());
  return trees;
}

}  // namespace

fs::path FindRunfile(const std::string& name) {
  std::error_code refusal;  // the first; it may be there, where we may not look
  fs::path refused;
  for (const fs::path& program : Programs()) {
    for (const fs::path& tree : Trees(program)) {
      std::error_code status;
      fs::path path = tree / name;
      if (fs::exists(path, status)) {
        return path;
      }
      if (status && !refusal) {
        refusal = status;
        refused = path;
      }
    }
  }
  if (refusal) {
    throw Refused("look up", refused, refusal.value());
  }
  throw Error(fmt::format(
      "there is no {} beside this program: start it with bazel run, or from its bundle", name));
}

fs::path FindDataFolder() {
  return FindRunfile("data/gpt2/merges.txt").parent_path().parent_path();
}

}  // namespace initbias
