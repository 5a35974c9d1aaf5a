#include "tests/bench/runfile.h"

#include <fmt/format.h>

#include <memory>

#include "lib/base/error.h"
#include "tools/cpp/runfiles/runfiles.h"

namespace initbias {

std::filesystem::path FindRunfile(const char* argv0, const std::string& name) {
  using bazel::tools::cpp::runfiles::Runfiles;
  std::string error;
  const std::unique_ptr<Runfiles> runfiles(Runfiles::Create(argv0, &error));
  if (runfiles == nullptr) {
    throw Error(fmt::format("cannot find {}: {}", name, error));
  }
  const std::filesystem::path path = runfiles->Rlocation("initbias/" + name);
  if (!std::filesystem::exists(path)) {
    throw Error(fmt::format("there is no {}: start it with bazel run", path.string()));
  }
  return std::filesystem::absolute(path);
}

std::filesystem::path FindDataFolder(const char* argv0) {
  return FindRunfile(argv0, "data/gpt2/merges.txt").parent_path().parent_path();
}

}  // namespace initbias
