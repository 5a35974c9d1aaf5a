#include "lib/run/stored_runs.h"

#include <filesystem>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/store/header.h"
#include "lib/store/run_file.h"
#include "lib/store/run_index.h"

namespace initbias {
namespace {

StoredRun Look(const std::filesystem::path& path, RunIndex* index) {
  try {
    const std::string wrong = WrongName(path, index->Get(path.filename().string()).config);
    return wrong.empty() ? StoredRun{.state = StoredRun::State::kWhole}
                         : StoredRun{.state = StoredRun::State::kDamaged, .error = wrong};
  } catch (const SchemaVersionError& error) {
    return {.state = StoredRun::State::kRefused, .error = error.what()};
  } catch (const FileRefused& error) {
    return {.state = StoredRun::State::kRefused, .error = error.what()};
  } catch (const Error& error) {
    return {.state = StoredRun::State::kDamaged, .error = error.what()};
  }
}

}  // namespace

StoredRuns::StoredRuns(const std::vector<RunConfig>& plan, const ResultsFolder& folder) {
  std::vector<std::filesystem::path> there;
  std::vector<std::string> names;
  for (const RunConfig& config : plan) {
    const std::string id = RunId(config);
    if (const std::filesystem::path path = folder.Run(id);
        runs_.emplace(id, StoredRun()).second && FileExists(path)) {
      there.push_back(path);
      names.push_back(path.filename().string());
    }
  }
  if (there.empty()) {
    return;
  }
  RunIndex index(there.front().parent_path());
  index.Prepare(names);
  for (const std::filesystem::path& path : there) {
    runs_[path.stem().string()] = Look(path, &index);
  }
  index.Save();
}

}  // namespace initbias
