#include "lib/store/catalog.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <system_error>
#include <tuple>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/config/enums.h"
#include "lib/config/profile.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

bool IsProfile(std::string_view name) {
  const auto& names = EnumNames<Profile>::kNames;
  return std::ranges::find(names, name) != names.end();
}

// Appends the files right in `folder` / `below`; nothing where that is no folder.
void Append(const fs::path& folder, const fs::path& below, FileKind kind,
            std::vector<CatalogFile>* files) {
  for (const fs::path& entry : EntriesOf(folder / below)) {
    const fs::path name = entry.filename();
    const std::string ending = name.extension().string();
    if (ending == ".h5") {
      files->push_back({below / name, kind});
    } else if ((ending.starts_with(".damaged") || ending.starts_with(".aside")) &&
               name.stem().extension() == ".h5") {
      files->push_back({below / name, FileKind::kSetAside});
    }
  }
}

void AppendProfile(const fs::path& folder, const fs::path& below, std::vector<CatalogFile>* files) {
  const auto first = static_cast<std::ptrdiff_t>(files->size());
  Append(folder, below, FileKind::kFigure, files);
  Append(folder, below / "runs", FileKind::kRun, files);
  Append(folder, below / "checkpoints", FileKind::kCheckpoint, files);
  std::sort(files->begin() + first, files->end(), [](const CatalogFile& a, const CatalogFile& b) {
    return std::tie(a.kind, a.path) < std::tie(b.kind, b.path);
  });
}

}  // namespace

std::vector<CatalogFile> ListFiles(const fs::path& folder) {
  std::error_code status;
  if (!fs::is_directory(folder, status)) {
    throw Error(fmt::format("there is no folder {}", folder.string()));
  }
  std::vector<CatalogFile> files;
  AppendProfile(folder, "", &files);
  for (const std::string_view profile : EnumNames<Profile>::kNames) {
    AppendProfile(folder, profile, &files);
  }
  return files;
}

std::vector<std::string> RunFileNames(const std::vector<CatalogFile>& files) {
  std::vector<std::string> names;
  for (const CatalogFile& file : files) {
    if (file.kind == FileKind::kRun) {
      names.push_back(file.path.filename().string());
    }
  }
  return names;
}

fs::path RunsFolder(const fs::path& folder, std::string_view profile) {
  // "results/default/" names nothing behind its slash.
  const fs::path whole =
      (folder.is_absolute() ? folder : WorkingFolder() / folder).lexically_normal();
  const fs::path name = whole.has_filename() ? whole.filename() : whole.parent_path().filename();
  if (!IsProfile(profile)) {
    throw Error(fmt::format("the run is of the profile '{}', which is none of {}", profile,
                            fmt::join(EnumNames<Profile>::kNames, ", ")));
  }
  if (!IsProfile(name.string())) {
    return folder / profile / "runs";
  }
  if (name != profile) {
    throw Error(fmt::format("the run is of the {} profile, and {} is the folder of another one",
                            profile, folder.string()));
  }
  return folder / "runs";
}

}  // namespace initbias
