#include "figures/stored_figures.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/program_command.h"
#include "lib/base/shell.h"

namespace initbias {

StoredFigures::StoredFigures(std::string results, std::string profile)
    : profile_(std::move(profile)),
      results_(std::move(results)),
      folder_(ResultsRoot(results_), profile_) {}

std::optional<StoredFigure> StoredFigures::Read(const std::string& study) {
  try {
    std::filesystem::path file = folder_.Figure(study);
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
    errors_ += fmt::format("{}; to make it again:\n  {} --profile={}{}\n", error.what(),
                           ProgramCommand("//experiments:" + study), profile_,
                           results_.empty() ? "" : " " + ShellWord("--results=" + results_));
    return std::nullopt;
  }
}

void NoFigures(const std::string& folders, const std::string& results, const std::string& profile) {
  std::error_code error;
  const bool smoke =
      profile.empty() &&
      std::filesystem::exists(ResultsRoot(results) / EnumName(Profile::kSmoke), error);
  // A results folder that is not there yet may be meant so.
  const std::filesystem::path root = ResultsRoot(results);
  const std::string near = NearPath(root);
  throw Error(fmt::format(
      "there are no figure files of studies that judge claims in {}{}; make them with\n"
      "  make figures{}{}\nor "
      "look at the shipped ones: --results=data/reference (make: "
      "FROM=reference){}",
      folders,
      smoke
          ? " (there are runs of the smoke profile, which judges nothing: make claims PROFILE=smoke)"
          : "",
      profile.empty() ? "" : " PROFILE=" + profile,
      results.empty() ? "" : " " + ShellWord("RESULTS=" + results),
      near.empty() ? "" : fmt::format("\nthere is no folder {}{}", root.string(), near)));
}

}  // namespace initbias
