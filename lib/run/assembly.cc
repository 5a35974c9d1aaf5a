#include "lib/run/assembly.h"

#include <cstddef>

#include "lib/claims/claim.h"
#include "lib/store/run_file.h"

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

}  // namespace

FigureData Assemble(const Experiment& experiment, const Flags& flags,
                    const std::vector<RunConfig>& planned, const RunSet& runs,
                    const std::string& not_judged) {
  Profile profile{};
  ParseValue(flags.profile, &profile);
  FigureData figure{.figure = experiment.name,
                    .caption = experiment.caption,
                    .profile = flags.profile,
                    .scale = std::string(ScaleName(profile)),
                    .not_judged = not_judged,
                    .overrides = flags.overrides};
  experiment.assemble(runs, &figure);
  if (experiment.claims) {
    for (const ClaimSpec& spec : experiment.claims()) {
      figure.claims.push_back(Measure(spec, runs));
      Judge(figure.not_judged, &figure.claims.back());
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
                           .parameters_digest = run.parameters_digest});
  }
  return figure;
}

}  // namespace initbias
