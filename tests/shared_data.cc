#include "tests/shared_data.h"

#include <cstdlib>
#include <system_error>

namespace initbias {

std::optional<std::filesystem::path> SharedData(std::string_view name) {
  namespace fs = std::filesystem;
  const char* runfiles = std::getenv("TEST_SRCDIR");
  if (runfiles == nullptr) {
    return std::nullopt;
  }
  // A runfile is a link, over some stages, to the file in the project's folder.
  std::error_code status;
  const fs::path marker =
      fs::canonical(fs::path(runfiles) / "initbias/tests/shared_data.h", status);
  if (status) {
    return std::nullopt;
  }
  const fs::path path = marker.parent_path().parent_path().parent_path() / "shared" / "data" / name;
  if (!fs::exists(path, status)) {
    return std::nullopt;
  }
  return path;
}

}  // namespace initbias
