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
  if (!results.empty()) {
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

StoredFigures::StoredFigures(std::string results, const std::string& profile)
    : results_(std::move(results)), folder_(ResultsRoot(results_), profile) {}

std::optional<StoredFigure> StoredFigures::Read(const std::string& study) {
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
    errors_ += fmt::format("{}\n", error.what());  // it may be whole
    return std::nullopt;
  } catch (const Error& error) {
    errors_ +=
        fmt::format("{}; to make it again{}\n", error.what(), HowMade(study, file, results_));
    return std::nullopt;
  }
}

void NoFigures(const std::string& folders, const std::string& results, const std::string& profile) {
  std::error_code error;
  const std::string elsewhere = results.empty() ? "" : " " + ShellWord("RESULTS=" + results);
  const bool smoke =
      profile.empty() &&
      std::filesystem::exists(ResultsRoot(results) / EnumName(Profile::kSmoke), error);
  // A results folder that is not there yet may be meant so.
  const std::filesystem::path root = ResultsRoot(results);
  const std::string near = NearPath(root);
  const std::string note = results.empty() ? "" : ProfileFolderNote(root);
  throw Error(fmt::format(
      "there are no figure files of studies that judge claims in {}{}; make them with\n"
      "  make figures{}{}\nor "
      "look at the shipped ones: --results=data/reference (make: "
      "FROM=reference){}{}{}",
      folders,
      smoke
          ? fmt::format(" (there are runs of the smoke profile, which judges nothing: make claims "
                        "PROFILE=smoke{})",
                        elsewhere)
          : "",
      profile.empty() ? "" : " PROFILE=" + profile, elsewhere,
      near.empty() ? "" : fmt::format("\nthere is no folder {}{}", root.string(), near),
      note.empty() ? "" : "\n", note));
}

}  // namespace initbias
