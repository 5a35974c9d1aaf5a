#include "lib/run/assembly.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <utility>

#include "lib/base/file_access.h"
#include "lib/claims/claim.h"
#include "lib/config/field_list.h"
#include "lib/result/run_result.h"
#include "lib/run/mode.h"

namespace initbias {
namespace {

// The earliest start of `runs`.
std::string FirstStart(const std::vector<RunResult>& runs) {
  std::string first;
  for (const RunResult& run : runs) {
    if (first.empty() || run.provenance.start < first) {
      first = run.provenance.start;
    }
  }
  return first;
}

int64_t ShortestRun(const Experiment& experiment, Profile profile) {
  int64_t steps = std::numeric_limits<int64_t>::max();
  for (const RunConfig& run : experiment.plan(profile, kFirstJudgingSeed)) {
    steps = std::min(steps, TotalSteps(run));
  }
  return steps;
}

void CheckModesOf(const std::vector<RunConfig>& planned, const RunSet& runs,
                  const ResultsFolder& folder) {
  std::vector<std::pair<RunConfig, Provenance>> made;
  for (size_t i = 0; i < planned.size(); ++i) {
    made.emplace_back(planned[i], runs.all().at(i).provenance);
  }
  CheckOneMode(made, [&folder](const RunConfig& config) {
    const std::filesystem::path run = folder.Run(RunId(config));
    return (FileExists(run) ? run : folder.Checkpoint(RunId(config))).string();
  });
}

}  // namespace

std::string LongerProfile(const Experiment& experiment, Profile profile) {
  const int64_t steps = ShortestRun(experiment, profile);
  for (const Profile longer : {Profile::kExtended, Profile::kPaper}) {
    if (longer > profile && ShortestRun(experiment, longer) > steps) {
      return FormatValue(longer);
    }
  }
  return "";
}

FigureData Assemble(const Experiment& experiment, const ExperimentFlags& flags,
                    const std::vector<RunConfig>& planned, const RunSet& runs,
                    const ResultsFolder& folder, const std::string& not_judged) {
  if (experiment.trains) {
    CheckModesOf(planned, runs, folder);
  }
  Profile profile{};
  ParseValue(flags.profile, &profile);
  FigureData figure{.figure = experiment.name,
                    .caption = experiment.caption,
                    .profile = flags.profile,
                    .scale = std::string(ScaleName(profile)),
                    .not_judged = not_judged,
                    .overrides = {}};
  for (const std::string& assignment : flags.overrides) {
    figure.overrides.push_back(WithoutPath(assignment));
  }
  experiment.assemble(runs, &figure);
  if (experiment.claims) {
    for (const ClaimSpec& spec : experiment.claims()) {
      try {
        figure.claims.push_back(Measure(spec, runs));
      } catch (const NoSuchRun&) {
        if (flags.model.empty()) {
          throw;
        }
        continue;  // of another model
      }
      Claim& claim = figure.claims.back();
      Judge(figure.not_judged, &claim);
      if (claim.verdict == Verdict::kUndecided && claim.why.starts_with(kPreconditionFailed)) {
        const std::string longer = LongerProfile(experiment, profile);
        claim.why += longer.empty() ? "" : fmt::format("; --profile={} trains longer", longer);
      }
    }
  }
  figure.first_run_start = experiment.trains ? FirstStart(runs.all()) : "";
  MarkLateClaims(&figure);
  for (size_t i = 0; experiment.trains && i < planned.size(); ++i) {
    const RunResult& run = runs.all().at(i);
    figure.runs.push_back({.id = RunId(planned[i]),
                           .label = RunLabel(planned[i]),
                           .config_digest = ConfigDigest(planned[i]),
                           .data_digest = run.data_digest,
                           .parameters_digest = run.parameters_digest,
                           .config = CanonicalForm(planned[i]),
                           .cpu = run.provenance.cpu,
                           .device = run.provenance.device,
                           .start = run.provenance.start});
  }
  return figure;
}

}  // namespace initbias
