#include "figures/stored_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/program_command.h"
#include "lib/base/shell.h"
#include "lib/base/text.h"

namespace initbias {

std::string HowMade(const std::string& study, const std::filesystem::path& file,
                    const std::string& results) {
  const std::string profile = file.parent_path().filename().string();
  const std::string name = file.filename().string();
  const auto& profiles = EnumNames<Profile>::kNames;
  if (std::ranges::find(profiles, profile) == profiles.end() || !name.starts_with(study + ".") ||
      !name.ends_with(".h5")) {
    return "";
  }
  std::vector<std::string> options = {"--profile=" + profile};
  if (!results.empty() && !IsShipped(file.parent_path().parent_path())) {
    options.push_back("--results=" + results);
  }
  bool own = true;
  std::vector<std::string> parts = Split(name.substr(study.size() + 1), '.');
  parts.pop_back();  // h5
  for (const std::string& part : parts) {
    const auto& models = EnumNames<ModelKind>::kNames;
    if (std::ranges::find(models, part) != models.end()) {
      options.push_back("--model=" + part);
    } else if (part == "unfinished") {
      options.emplace_back("--unfinished");
    } else if (part == "custom") {
      own = false;
    } else {
      return "";
    }
  }
  return fmt::format("{}:\n  {}", own ? "" : ", with --set or other --seeds",
                     ProgramCommand("//experiments:" + study, ShellWords(options)));
}

std::string HowMadeAgain(const std::string& study, const std::filesystem::path& file,
                         const std::string& results) {
  const std::string made = HowMade(study, file, results);
  if (made.empty()) {
    return "";
  }
  if (IsShipped(file.parent_path().parent_path())) {
    const std::filesystem::path name =
        std::filesystem::path("data/reference") / file.parent_path().filename() / file.filename();
    return fmt::format(
        "; it is a shipped file, which comes back when the archive is unpacked again, or in a "
        "clone by\n  git -C {} checkout -- {}",
        ShellWord(DownloadsFolder().parent_path().string()), ShellWord(name.string()));
  }
  return "; to make it again" + made;
}

std::string MakeSettings(const std::string& results) {
  if (results.empty()) {
    return "";
  }
  if (IsShipped(ResultsRoot(results))) {
    return " FROM=reference";
  }
  const std::filesystem::path project = DownloadsFolder().parent_path();
  std::error_code none;  // without links, where the file system tells
  const std::filesystem::path folder = std::filesystem::weakly_canonical(UserPath(results), none)
                                           .lexically_relative(std::filesystem::weakly_canonical(
                                               std::filesystem::absolute(project, none), none));
  const bool inside = !folder.empty() && *folder.begin() != "..";
  return " " + ShellWord("RESULTS=" + (inside ? folder.string() : results));
}

namespace {

// Why the system does not let us look into `folder`, told of the outermost of it and the folders
// that it is in; "" where it does, or where there is no such folder.
std::string WhyClosed(const std::filesystem::path& folder) {
  std::filesystem::path part;
  for (const std::filesystem::path& name : std::filesystem::absolute(folder)) {
    part /= name;
    try {
      FileExists(part / ".");
    } catch (const FileRefused& error) {
      return Refused("look into", part, error.number()).what();
    }
  }
  return "";
}

// Whether the smoke profile of these results has the figure file of a study that has claims.
bool HasSmokeClaims(const std::filesystem::path& root) {
  try {
    for (const std::filesystem::path& file : EntriesOf(root / EnumName(Profile::kSmoke))) {
      const std::string name = file.filename().string();
      if (!name.ends_with(".h5") || name.ends_with(".custom.h5") ||
          name.ends_with(".unfinished.h5")) {
        continue;
      }
      try {
        if (!ReadFigureFile(file).claims.empty()) {
          return true;
        }
      } catch (const Error&) {
        // It has nothing to say.
      }
    }
  } catch (const Error&) {
    // Nor has a folder that cannot be read.
  }
  return false;
}

}  // namespace

void AddErrors(const std::string& more, std::string* errors) {
  if (errors->find(more) == std::string::npos) {
    *errors += more;
  }
}

StoredFigures::StoredFigures(std::string results, const std::string& profile)
    : results_(std::move(results)), folder_(ResultsRoot(results_), profile) {}

std::optional<StoredFigure> StoredFigures::Read(const std::string& study) {
  if (closed_) {
    return std::nullopt;
  }
  std::filesystem::path file = folder_.Figure(study);
  try {
    for (const std::string_view model : EnumNames<ModelKind>::kNames) {
      if (!FileExists(file)) {
        file = folder_.Figure(fmt::format("{}.{}", study, model));
      }
    }
    if (!FileExists(file)) {
      missing_.push_back(study);
      return std::nullopt;
    }
    StoredFigure figure{.file = file, .data = ReadFigureFile(file)};
    ++made_;
    if (file.stem().has_extension()) {
      partial_.push_back(
          fmt::format("{} (but for {})", study, file.stem().extension().string().substr(1)));
    }
    return figure;
  } catch (const FileRefused& error) {
    const std::string why = WhyClosed(folder_.folder());
    closed_ = !why.empty();
    errors_ += fmt::format("{}\n", closed_ ? why : error.what());  // it may be whole
    return std::nullopt;
  } catch (const Error& error) {
    errors_ += fmt::format("{}{}\n", error.what(), HowMadeAgain(study, file, results_));
    return std::nullopt;
  }
}

void NoFigures(const std::string& folders, const std::string& results, const std::string& profile) {
  // What is shipped is not to be trained again in its place.
  const bool shipped = IsShipped(ResultsRoot(results));
  const std::string elsewhere = shipped ? "" : MakeSettings(results);
  // A results folder that is not there yet may be meant so.
  const std::filesystem::path root = ResultsRoot(results);
  const std::string near = NearPath(root);
  const std::string note = results.empty() ? "" : ProfileFolderNote(root);
  throw Error(fmt::format(
      "there are no figure files of studies that judge claims in {}{}; make them with\n"
      "  make figures{}{}{}{}{}{}",
      folders,
      profile.empty() && HasSmokeClaims(root)
          ? fmt::format(" (there are runs of the smoke profile, which judges nothing: make claims "
                        "PROFILE=smoke{})",
                        elsewhere)
          : "",
      profile.empty() ? "" : " PROFILE=" + profile, elsewhere,
      shipped ? ""
              : "\nor look at the shipped ones: --results=data/reference (make: FROM=reference)",
      near.empty() ? "" : fmt::format("\nthere is no folder {}{}", root.string(), near),
      note.empty() ? "" : "\n", note));
}

}  // namespace initbias
