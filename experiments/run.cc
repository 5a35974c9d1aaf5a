// Any model at any initialisation rates: how its losses fall, for a question of one's own.
//
// Claim    none
// Command  bazel run //experiments:run -- --model=transformer --gamma=0.3,0.65 --seeds=3
// Cost     as the runs of the studies that train this model
// Expect   loss and accuracy by rate; of GPT-2 the losses on both corpora.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "experiments/base_runs.h"
#include "experiments/rates.h"
#include "experiments/study.h"
#include "figures/panels/curves.h"
#include "figures/panels/learning_curves.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/values.h"
#include "lib/base/command_line.h"
#include "lib/config/set_names.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Runs of one model by initialisation rate: losses and accuracies; median over seeds, band from the "
    "smallest to the largest";

// Places in the figure file.
constexpr char kGammasPath[] = "gamma";
constexpr char kCurves[] = "A";  // by rate

constexpr int kColumns = 4;  // of panels beside each other

// What the command line asks for.
struct Options {
  ModelKind model = ModelKind::kTransformer;
  std::vector<double> gammas = {std::begin(kAllGammas), std::end(kAllGammas)};
};

std::vector<RunConfig> Plan(const Options& options, Profile profile, int64_t seed) {
  std::vector<RunConfig> runs;
  for (const double gamma : options.gammas) {
    runs.push_back(ModelRun(options.model, profile, gamma, seed));
  }
  return runs;
}

void Assemble(const Options& options, const RunSet& runs, FigureData* figure) {
  figure->Add(kGammasPath, options.gammas, "1");
  for (const double gamma : options.gammas) {
    AddLearningCurves(Key(kCurves, gamma), runs.Where(options.model, gamma), figure);
  }
}

// GPT-2's losses on both corpora, a panel a rate.
void AddTextPanels(const std::vector<double>& gammas, const FigureData& data,
                   plot::Figure* figure) {
  for (size_t i = 0; i < gammas.size(); ++i) {
    const auto place = static_cast<int>(i);
    plot::Panel panel = CoursePanel(data, CorpusConditions(Key(kCurves, gammas[i], "")), kLossName,
                                    "training loss");
    panel.y_axis.unit = "nats";
    panel.y_axis.min = 0.0;
    panel.y_axis.share = "loss";
    AddPanel(std::move(panel), i == 0 ? kCurves : "", GammaText(gammas[i]),
             {.row = place / kColumns, .column = place % kColumns}, figure);
  }
}

plot::Figure Describe(const FigureData& data) {
  const std::vector<double>& gammas = data.Get(kGammasPath).values;
  const auto count = static_cast<int>(gammas.size());
  plot::Figure figure{.title = "Losses by initialisation rate",
                      .caption = data.caption,
                      .columns = std::min(kColumns, count)};
  if (data.Has(Below(Key(kCurves, gammas[0], kProntoQa), kLossName))) {
    AddTextPanels(gammas, data, &figure);
    return figure;
  }
  int row = 0;
  for (int first = 0; first < count; first += kColumns) {
    const std::vector<double> some(gammas.begin() + first,
                                   gammas.begin() + std::min(first + kColumns, count));
    for (const char* quantity : {kLossName, kAccuracyName}) {
      AddCurveRow({.letter = row == 0 ? "A" : "",
                   .panel = kCurves,
                   .quantity = quantity,
                   .row = row,
                   .gammas = some,
                   .titles = row % 2 == 0},
                  data, &figure);
      figure.row_heights_in.push_back(1.1);
      ++row;
    }
  }
  return figure;
}

}  // namespace

Study MakeStudy() {
  const auto options = std::make_shared<Options>();
  const auto declare = [options](CommandLine& app) {
    app.AddFunction(
           "--model", [options](const std::string& name) { ParseValue(name, &options->model); },
           "emb_mlp, transformer (the default) or gpt2")
        .OneOf(EnumNames<ModelKind>::kNames);
    app.AddFunction(
           "--gamma", [options](const std::string& text) { options->gammas = ParseRates(text); },
           fmt::format(
               "initialisation rates: 0.3,0.65, or from:to:step, as 0.2:1.2:0.1 (default: {})",
               fmt::join(kAllGammas, ",")))
        .Check(CheckRates);
  };
  const auto chosen = [options] {
    const bool all = std::ranges::equal(options->gammas, kAllGammas);
    return std::vector<std::pair<std::string, std::string>>{
        {"rates", fmt::format("gamma = {}{}", fmt::join(options->gammas, ", "),
                              all ? " (--gamma names others)" : "")}};
  };
  return {.experiment = {
              .name = "run",
              .caption = kCaption,
              .example = "--gamma=0.3,0.65 --profile=smoke",
              .declare = declare,
              .chosen = chosen,
              .plan = [options](Profile profile,
                                int64_t seed) { return Plan(*options, profile, seed); },
              .assemble = [options](const RunSet& runs,
                                    FigureData* figure) { Assemble(*options, runs, figure); }},
          .describe = Describe};
}

}  // namespace initbias
