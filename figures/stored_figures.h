// The figure files of a results folder, study by study, at each scale: what the claim table and the
// report are made of.
#ifndef INITBIAS_FIGURES_STORED_FIGURES_H_
#define INITBIAS_FIGURES_STORED_FIGURES_H_

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/claims/claim.h"
#include "lib/config/enums.h"
#include "lib/config/profile.h"
#include "lib/store/figure_file.h"
#include "lib/store/results.h"

namespace initbias {

// The profiles whose figures stand side by side, each at its one of kScales.
inline constexpr std::array<std::string_view, kScales.size()> kScaleProfiles = {
    EnumName(Profile::kDefault), EnumName(Profile::kExtended), EnumName(Profile::kPaper)};

// A figure file that was read.
struct StoredFigure {
  std::filesystem::path file;
  FigureData data;
};

// What follows "to make it": the command by which the experiment of `study` makes the figure file
// `file`, and before it what that needs besides; of a shipped file, one of the user's own. "" for a
// file that does not lie in a results folder as the experiment would have it there:
// RESULTS/PROFILE/fig3.h5. `results`: the --results flag, "" for the workspace's results folder.
std::string HowMade(const std::string& study, const std::filesystem::path& file,
                    const std::string& results);

// What is said behind the error of a damaged figure file: how it is made again, or, of a shipped
// one, comes back; "" where that is not known.
std::string HowMadeAgain(const std::string& study, const std::filesystem::path& file,
                         const std::string& results);

// The settings of make by which a command is about these results: "", " FROM=reference" or
// " RESULTS=/my/results". `results`: the --results flag.
std::string MakeSettings(const std::string& results);

// The figure files of one profile. What is missing or refused is noted, and hides nothing else.
class StoredFigures {
 public:
  // `results`: the --results flag, "" for the workspace's results folder.
  StoredFigures(std::string results, const std::string& profile);

  // The study's file, or else that of one of its models alone; nothing where there is none that can
  // be read.
  std::optional<StoredFigure> Read(const std::string& study);

  const ResultsFolder& folder() const { return folder_; }
  const std::vector<std::string>& missing() const { return missing_; }  // studies without a file
  // Studies of which there is the file of one model alone, and which: "fig3 (but for emb_mlp)".
  const std::vector<std::string>& partial() const { return partial_; }
  // Of the files that were refused: why, and the command that makes each again, a line each; a
  // folder that the system does not let us look into is told once, and no file of it. "" for none.
  const std::string& errors() const { return errors_; }
  int64_t made() const { return made_; }  // how many were read

 private:
  std::string results_;
  ResultsFolder folder_;
  std::vector<std::string> missing_;
  std::vector<std::string> partial_;
  std::string errors_;
  bool closed_ = false;  // the system does not let us look into the folder
  int64_t made_ = 0;
};

// Adds the errors of another profile to those that were met before, unless they are the same: of a
// folder of all profiles.
void AddErrors(const std::string& more, std::string* errors);

// Throws Error, which says how they are made, for `folders` without any figure file of `profile`
// ("": of none of them).
[[noreturn]] void NoFigures(const std::string& folders, const std::string& results,
                            const std::string& profile);

}  // namespace initbias

#endif  // INITBIAS_FIGURES_STORED_FIGURES_H_
