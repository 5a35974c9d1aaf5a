#include "lib/store/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/shell.h"
#include "lib/base/text.h"
#include "lib/config/profile.h"

namespace initbias {
namespace fs = std::filesystem;
namespace {

fs::path FolderFromEnvironment(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0' ? fs::path(value) : WorkingFolder();
}

// UserPath of `path`, where something is; `what` it is to be.
fs::path Existing(std::string_view what, std::string_view path) {
  fs::path there = UserPath(path);
  if (!FileExists(there)) {
    throw UsageError(fmt::format("there is no {} {}{}", what, there.string(), NearPath(there)));
  }
  return there;
}

bool IsFolder(const fs::path& path) {
  std::error_code none;
  return fs::is_directory(path, none);
}

// Whether the text is of a folder, which may not be there yet.
bool NamesFolder(const fs::path& path) {
  const fs::path name = path.filename();
  return name.empty() || name == "." || name == ".." || IsFolder(path);
}

// A file in the folder `typed`, as one would type it.
std::string NameIn(const fs::path& typed, std::string_view name) {
  return ShellWord((typed / name).string());
}

std::string LowerCase(std::string text) {
  std::ranges::transform(text, text.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return text;
}

}  // namespace

fs::path UserPath(std::string_view path) {
  return FolderFromEnvironment("BUILD_WORKING_DIRECTORY") / ExpandHome(path);
}

std::string NearPath(const fs::path& path) {
  fs::path above;
  std::error_code none;
  for (const fs::path& part : path.lexically_normal()) {
    if (fs::exists(above / part, none)) {
      above /= part;
      continue;
    }
    const std::string typed = part.string();
    std::vector<std::string> names;
    // Of other first letters none is meant: "tests" is near "results".
    for (fs::directory_iterator entry(above, none), end; !none && entry != end;
         entry.increment(none)) {
      std::string name = entry->path().filename().string();
      if (!typed.empty() && name.front() == typed.front()) {
        names.push_back(std::move(name));
      }
    }
    std::ranges::sort(names);  // not in the file system's order
    return DidYouMean(typed, names);
  }
  return "";
}

fs::path TypedFile(std::string_view path) {
  fs::path file = Existing("file", path);
  if (IsFolder(file)) {
    throw UsageError(fmt::format("{} is a folder: name a file in it", file.string()));
  }
  if (!IsRegularFile(file)) {  // a pipe would be waited for
    throw UsageError(fmt::format("{} is not a regular file", file.string()));
  }
  return file;
}

fs::path TypedFolder(std::string_view path) {
  fs::path folder = Existing("folder", path);
  if (!IsFolder(folder)) {
    throw UsageError(fmt::format("{} is a file: name a folder", folder.string()));
  }
  return folder;
}

fs::path TypedFileOrFolder(std::string_view path) { return Existing("file or folder", path); }

fs::path OutputFile(std::string_view option, std::string_view output, std::string_view example) {
  fs::path file = UserPath(output);
  if (NamesFolder(file)) {
    throw UsageError(fmt::format("{}={} is a folder: name the file in it, {}={}", option, output,
                                 option, NameIn(output, example)));
  }
  return file;
}

fs::path OutputStem(std::string_view output, std::string_view what, std::string_view example,
                    std::initializer_list<std::string_view> extensions) {
  fs::path stem = UserPath(output);
  if (NamesFolder(stem)) {
    throw UsageError(fmt::format("--output={} is a folder: name the {} in it, --output={}", output,
                                 what, NameIn(output, example)));
  }
  if (stem.filename().string().starts_with('.')) {
    throw UsageError(fmt::format(
        "--output={}: the name of the {} begins with a dot, which hides them; name them "
        "--output={}, say",
        output, what, NameIn(fs::path(output).parent_path(), example)));
  }
  if (std::ranges::find(extensions, LowerCase(stem.extension().string())) != extensions.end()) {
    stem.replace_extension();
  }
  return stem;
}

fs::path ResultsRoot(std::string_view flag) {
  return flag.empty() ? FolderFromEnvironment("BUILD_WORKSPACE_DIRECTORY") / "results"
                      : UserPath(flag);
}

std::string ProfileFolderNote(const fs::path& root) {
  fs::path folder = root.lexically_normal();
  folder = folder.has_filename() ? folder : folder.parent_path();  // without the last slash
  if (!IsFolder(folder / "runs")) {
    return "";
  }
  constexpr auto& kProfiles = EnumNames<Profile>::kNames;
  const std::string name = folder.filename().string();
  return fmt::format(
      "{} is the folder of a profile, for it holds runs/; --results is for the folder above it: "
      "--results={}{}",
      folder.string(), ShellWord(folder.parent_path().string()),
      std::ranges::find(kProfiles, name) == kProfiles.end() ? "" : " --profile=" + name);
}

fs::path DownloadsFolder() { return FolderFromEnvironment("BUILD_WORKSPACE_DIRECTORY") / "data"; }

bool IsShipped(const fs::path& root) {
  std::error_code none;
  return fs::equivalent(root, DownloadsFolder() / "reference", none) && !none;
}

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

void ResultsFolder::CheckWritable() const {
  CheckFolderCanBe(folder_);
  if (FileExists(folder_)) {
    MakeWritable();  // there is nothing left to make
  }
}

void ResultsFolder::CheckIsFolder() const {
  CheckNothingInPlaceOfFolder(folder_);
  if (!FileExists(folder_.parent_path())) {
    CheckFolderCanBe(folder_);
  }
}

std::vector<fs::path> ResultsFolder::TrainingFolders() const {
  return {folder_, Run("x").parent_path(), Checkpoint("x").parent_path()};
}

std::vector<fs::path> ResultsFolder::MakeForTraining() const {
  MakeWritable();
  std::vector<fs::path> folders = TrainingFolders();
  std::ranges::for_each(folders, MakeFolders);
  return folders;
}

}  // namespace initbias
