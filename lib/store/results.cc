#include "lib/store/results.h"

#include <fmt/format.h>

#include <cstdlib>

#include "lib/base/file_access.h"
#include "lib/base/shell.h"

namespace initbias {
namespace fs = std::filesystem;
namespace {

fs::path FolderFromEnvironment(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0' ? fs::path(value) : fs::current_path();
}

}  // namespace

fs::path UserPath(std::string_view path) {
  return FolderFromEnvironment("BUILD_WORKING_DIRECTORY") / ExpandHome(path);
}

fs::path ResultsRoot(std::string_view flag) {
  return flag.empty() ? FolderFromEnvironment("BUILD_WORKSPACE_DIRECTORY") / "results"
                      : UserPath(flag);
}

fs::path DownloadsFolder() { return FolderFromEnvironment("BUILD_WORKSPACE_DIRECTORY") / "data"; }

fs::path ResultsFolder::Run(std::string_view id) const {
  return folder_ / "runs" / fmt::format("{}.h5", id);
}

fs::path ResultsFolder::Checkpoint(std::string_view id) const {
  return folder_ / "checkpoints" / fmt::format("{}.h5", id);
}

fs::path ResultsFolder::Lock(std::string_view id) const {
  return folder_ / "checkpoints" / fmt::format("{}.lock", id);
}

fs::path ResultsFolder::Figure(std::string_view name) const {
  return folder_ / fmt::format("{}.h5", name);
}

fs::path ResultsFolder::PictureStem(std::string_view name) const {
  return folder_ / "figures" / fs::path(name);
}

void ResultsFolder::MakeWritable() const {
  MakeFolders(folder_);
  CheckWritableFolder(folder_);
  for (const fs::path& file : {Run("x"), Checkpoint("x"), PictureStem("x")}) {
    if (const fs::path below = file.parent_path(); FileExists(below)) {
      CheckWritableFolder(below);
    }
  }
}

}  // namespace initbias
