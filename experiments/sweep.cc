// Any fields of the config, over values of one's own: one, two or three axes, drawn as curves or
// heat maps.
//
// Claim    none
// Command  bazel run //experiments:sweep -- --base=transformer --axis gamma=0.3:1.0:0.1
//          --axis optimizer.weight_decay=0,0.01,0.1,1 --metric masked_accuracy
//          --contours=speed_ratio --name=decay --seeds=3
// Cost     the base's run times the values; --dry-run tells
// Expect   a panel a metric.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "experiments/base_runs.h"
#include "experiments/study.h"
#include "experiments/sweep_axes.h"
#include "experiments/sweep_figure.h"
#include "experiments/sweep_metrics.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Runs of one model over values of fields: median over seeds, where there are curves a band from "
    "the smallest to the largest; a gap, or grey, where half of the seeds or more do not come so far";

// Places in the figure file.
constexpr char kGroup[] = "A";
constexpr char kBasePath[] = "A/base";

// What the command line asks for.
struct Options {
  ModelKind base = ModelKind::kTransformer;
  Sweep sweep;
};

// With what stands for what was not asked for.
Sweep Whole(const Options& options) {
  Sweep sweep = options.sweep;
  if (sweep.axes.empty()) {
    sweep.axes = {GammaAxis(kAllGammas)};
  }
  if (sweep.axes.size() > 3) {
    throw Error(fmt::format("{} axes: a picture has room for three", sweep.axes.size()));
  }
  const bool text = options.base == ModelKind::kGpt2;
  if (sweep.metrics.empty()) {
    sweep.metrics = text ? std::vector<std::string>{"prontoqa_loss", "text_lead"}
                         : std::vector<std::string>{kMaskedAccuracyName, kLeadName};
  }
  const auto check = [&](const char* flag, const std::string& name) {
    if (FindSweepMetric(name).of_text != text) {
      throw Error(fmt::format("{} {}: not of {}; there are {}", flag, name,
                              FormatValue(options.base), SweepMetricNames(text)));
    }
  };
  for (const std::string& name : sweep.metrics) {
    check("--metric", name);
  }
  if (sweep.lines && sweep.axes.size() < 2) {
    throw Error("--lines: one axis is drawn as a curve anyway; it is for two axes and more");
  }
  if (!sweep.contours.empty()) {
    check("--contours", sweep.contours);
    if (sweep.axes.size() < 2 || sweep.lines) {
      throw Error(
          fmt::format("--contours={}: its lines lie over a heat map, which is drawn of two "
                      "axes or three, without --lines",
                      sweep.contours));
    }
  }
  return sweep;
}

std::vector<RunConfig> Plan(const Options& options, Profile profile, int64_t seed) {
  RunConfig base = ModelRun(options.base, profile, kUsualInit, seed);
  base.probe = {};  // only its losses are looked at
  return SweepRuns(base, Whole(options).axes);
}

std::vector<std::string> FieldsOf(const Options& options) {
  std::vector<std::string> fields;
  for (const SweepAxis& axis : options.sweep.axes) {
    fields.push_back(axis.field);
  }
  return fields;
}

// Before hours of training, for what is swept where no axis is named, above all.
std::vector<std::pair<std::string, std::string>> Chosen(const Options& options) {
  std::vector<std::pair<std::string, std::string>> chosen = {{"base", FormatValue(options.base)}};
  for (const SweepAxis& axis : Whole(options).axes) {
    chosen.emplace_back("axis", AxisText(axis));
  }
  if (options.sweep.axes.empty()) {
    chosen.back().second +=
        " (no --axis is given; one is --axis=optimizer.weight_decay=0,0.01,0.1,1)";
  }
  return chosen;
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{
      .title = "Sweep", .caption = data.caption, .columns = SweepColumns(kGroup, data)};
  AddSweepPanels(kGroup, data, 0, &figure);
  return figure;
}

// What the axes leave as it is.
std::string BaseText(const Options& options) {
  const Sweep sweep = Whole(options);
  const bool by_gamma = std::ranges::any_of(
      sweep.axes, [](const SweepAxis& axis) { return axis.field == kGammaField; });
  return fmt::format("{}{}", FormatValue(options.base),
                     by_gamma ? std::string() : fmt::format(" at γ = {}", kUsualInit));
}

// Which runs they are: the picture may be looked at without the command.
std::string Findings(const FigureData& data) {
  const std::vector<std::string>& base = data.Texts(kBasePath);
  const FigureArray& cells = data.Get(CellsPath(kGroup, data.Texts(MetricsPath(kGroup)).front()));
  return fmt::format("{}, profile {}, {} {} a place.", base.front(), data.profile,
                     cells.shape.back(), cells.shape.back() == 1 ? "seed" : "seeds");
}

void Declare(const std::shared_ptr<Options>& options, CommandLine& app) {
  app.AddFunction(
         "--base", [options](const std::string& name) { ParseValue(name, &options->base); },
         "emb_mlp, transformer (the default) or gpt2: its run at this profile, which the axes change")
      .OneOf(EnumNames<ModelKind>::kNames);
  app.AddFunction(
         "--axis",
         [options](const std::vector<std::string>& texts) {
           for (const std::string& text : texts) {
             options->sweep.axes.push_back(ParseAxis(text));
           }
         },
         "FIELD=VALUES, up to three times: gamma=0.3:1.0:0.1, optimizer.weight_decay=0,0.01,1 or, "
         "of lists, task.masked=11-13;11-13,13-11 (default: gamma=0.3,0.5,0.8)")
      .Check(CheckAxis)
      .EachAddsOne();
  app.AddFunction(
         "--metric",
         [options](const std::vector<std::string>& names) { options->sweep.metrics = names; },
         fmt::format("once or more; of the anchor task: {}; of text: {}", SweepMetricNames(false),
                     SweepMetricNames(true)))
      .EachAddsOne();
  app.AddFlag("--lines", options->sweep.lines,
              "of two axes and more: a curve a value of the second, in place of a heat map");
  app.Add("--contours", options->sweep.contours,
          "of two axes and more: lines of equal values of this metric over the first heat map");
}

}  // namespace

Study MakeStudy() {
  const auto options = std::make_shared<Options>();
  return {.experiment = {.name = "sweep",
                         .caption = kCaption,
                         .example = "--axis=gamma=0.3:1.0:0.1 --profile=smoke",
                         .declare = [options](CommandLine& app) { Declare(options, app); },
                         .varied = [options] { return FieldsOf(*options); },
                         .chosen = [options] { return Chosen(*options); },
                         .draws_without_failed = true,
                         .plan = [options](Profile profile,
                                           int64_t seed) { return Plan(*options, profile, seed); },
                         .assemble =
                             [options](const RunSet& runs, FigureData* figure) {
                               AddSweep(kGroup, Whole(*options), runs.All(), figure);
                               figure->texts.push_back(
                                   {.path = kBasePath, .values = {BaseText(*options)}});
                             }},
          .describe = Describe,
          .findings = Findings};
}

}  // namespace initbias
