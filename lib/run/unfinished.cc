#include "lib/run/unfinished.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/config/run_labels.h"
#include "lib/store/figure_file.h"
#include "lib/store/header.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// What `read` returns where the file is there and can be used; a line in `why_not` where it is
// there and cannot.
template <typename Read>
std::optional<RunResult> Find(const fs::path& path, const RunConfig& config, Read read,
                              std::string* why_not) {
  if (!FileExists(path)) {
    return std::nullopt;
  }
  try {
    RunResult result = read(path);
    if (ConfigDigest(result.config) != ConfigDigest(config)) {
      *why_not += fmt::format("  {} is of another run\n", path.string());
    } else if (result.step.empty()) {
      *why_not += fmt::format("  {} has no evaluation yet\n", path.string());
    } else {
      return result;
    }
  } catch (const SchemaVersionError&) {
    throw;
  } catch (const FileRefused&) {
    throw;
  } catch (const Error& error) {
    if (FileExists(path)) {  // not taken away since
      *why_not += fmt::format("  {}\n", error.what());
    }
  }
  return std::nullopt;
}

struct Found {
  RunResult result;
  bool finished = false;
};

// `why_not`: of the files that are there and cannot be used, a line each.
std::optional<Found> FindRun(const RunConfig& config, const ResultsFolder& folder,
                             std::string* why_not) {
  const std::string id = RunId(config);
  const auto finished = [&](std::string* why) -> std::optional<Found> {
    if (auto run = Find(
            folder.Run(id), config, [](const fs::path& p) { return ReadRunFile(p); }, why)) {
      return Found{.result = std::move(*run), .finished = true};
    }
    return std::nullopt;
  };
  if (auto run = finished(why_not)) {
    return run;
  }
  if (auto run = Find(
          folder.Checkpoint(id), config,
          [](const fs::path& p) { return ReadCheckpoint(p).partial; }, why_not)) {
    return Found{.result = std::move(*run)};
  }
  std::string told;
  return finished(&told);  // where it was finished, and its checkpoint removed, in between
}

std::string SeedsText(const std::vector<int64_t>& seeds) {
  return fmt::format("{} {}", seeds.size() == 1 ? "seed" : "seeds", fmt::join(seeds, ", "));
}

// Of runs with the same key all steps are the same once they are finished.
using StepsKey = std::tuple<int64_t, int64_t, int64_t, std::vector<int64_t>>;

StepsKey KeyOf(const RunConfig& config) {
  return {TotalSteps(config), StepsPerEpoch(config), config.train.eval_every, config.probe.steps};
}

// Leaves those entries of `values`, which belong to `steps`, whose step is in `kept`.
void KeepSteps(const std::vector<int64_t>& steps, const std::set<int64_t>& kept,
               std::vector<double>* values) {
  std::vector<double> left;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (kept.contains(steps[i])) {
      left.push_back(values->at(i));
    }
  }
  *values = std::move(left);
}

void Keep(const std::set<int64_t>& kept, RunResult* run) {
  KeepSteps(run->step, kept, &run->epoch);
  for (LearningCurve& curve : run->curves) {
    KeepSteps(run->step, kept, &curve.loss);
    KeepSteps(run->step, kept, &curve.accuracy);
  }
  const auto dropped = [&kept](int64_t step) { return !kept.contains(step); };
  std::erase_if(run->step, dropped);
  std::erase_if(run->config.probe.steps, dropped);
  std::erase_if(run->probes, [&](const Snapshot& probe) { return dropped(probe.step); });
}

// The steps evaluated, but those at which a snapshot is planned that the run does not have.
std::set<int64_t> CompleteSteps(const RunResult& run) {
  std::set<int64_t> steps(run.step.begin(), run.step.end());
  if (!run.config.probe.names.empty()) {
    for (const int64_t step : run.config.probe.steps) {
      if (std::ranges::find(run.probes, step, &Snapshot::step) == run.probes.end()) {
        steps.erase(step);
      }
    }
  }
  return steps;
}

}  // namespace

void CutToCommonSteps(std::vector<RunResult>* runs) {
  std::map<StepsKey, std::vector<RunResult*>> kinds;
  for (RunResult& run : *runs) {
    kinds[KeyOf(run.config)].push_back(&run);
  }
  for (const auto& [key, alike] : kinds) {
    std::set<int64_t> common = CompleteSteps(*alike.front());
    for (const RunResult* run : alike) {
      std::set<int64_t> both;
      std::ranges::set_intersection(common, CompleteSteps(*run), std::inserter(both, both.end()));
      common = std::move(both);
    }
    for (RunResult* run : alike) {
      Keep(common, run);
    }
  }
}

std::string WhyUnfinished(const std::vector<RunResult>& runs,
                          const std::vector<int64_t>& left_out) {
  const auto done = [](const RunResult& run) { return ShareAt(run.config, run.step.back()); };
  const RunResult& least = *std::ranges::min_element(runs, {}, done);
  std::string why =
      fmt::format("{}epoch {} of {}", kUnfinished, least.step.back() / StepsPerEpoch(least.config),
                  least.config.train.epochs);
  if (!left_out.empty()) {
    why += ", without " + SeedsText(left_out);
  }
  return why;
}

UnfinishedRuns ReadUnfinished(const std::vector<RunConfig>& plan, const ResultsFolder& folder) {
  std::vector<std::optional<Found>> found;
  UnfinishedRuns unfinished;
  std::set<int64_t> left_out;
  const std::vector<std::string> labels = DistinctLabels(plan);
  for (size_t i = 0; i < plan.size(); ++i) {
    std::string why_not;
    found.push_back(FindRun(plan[i], folder, &why_not));
    if (!found.back()) {
      left_out.insert(plan[i].seed);
      unfinished.missing += fmt::format("{} ({})\n{}", labels[i], RunId(plan[i]), why_not);
    }
  }
  unfinished.left_out.assign(left_out.begin(), left_out.end());
  for (size_t i = 0; i < plan.size(); ++i) {
    if (!left_out.contains(plan[i].seed)) {
      unfinished.planned.push_back(plan[i]);
      unfinished.runs.push_back(std::move(found[i]->result));
      unfinished.finished += found[i]->finished ? 1 : 0;
    }
  }
  if (unfinished.runs.empty()) {
    throw Error(fmt::format(
        "there is nothing to draw in {}: in each of {} a run has neither finished nor left a "
        "checkpoint that can be used:\n{}",
        folder.folder().string(), SeedsText(unfinished.left_out), unfinished.missing));
  }
  if (left_out.empty() && std::cmp_equal(unfinished.finished, plan.size())) {
    throw Error(
        fmt::format("{} finished: leave out --unfinished",
                    plan.size() == 1 ? "the run is" : fmt::format("all {} runs are", plan.size())));
  }
  CutToCommonSteps(&unfinished.runs);
  for (const RunResult& run : unfinished.runs) {
    if (run.step.empty()) {
      throw Error(
          fmt::format("there is nothing to draw in {}: runs like {} have no evaluation in "
                      "common yet",
                      folder.folder().string(), RunLabel(run.config)));
    }
  }
  unfinished.why_not_judged = WhyUnfinished(unfinished.runs, unfinished.left_out);
  return unfinished;
}

}  // namespace initbias
