// GPT-2 on text, beyond the paper: losses in units of unigram entropy (A), answers by number of
// hops (B). Data: experiments/appendix_text.cc.
#include <fmt/format.h>

#include <array>

#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

constexpr const char* kGammas[] = {"0.3", "0.5", "0.8"};

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "GPT-2 on text",
                      .caption = data.caption,
                      .columns = 3,
                      .row_heights_in = {1.3, 1.3}};
  const std::vector<std::string> hops = WholeNumbers(data, "B/hops");
  // All panels of a letter one after the other: one without a letter belongs to the one before it.
  int column = 0;
  for (const char* gamma : kGammas) {
    plot::Panel losses = CoursePanel(data, CorpusConditions(fmt::format("A/gamma={}/", gamma)),
                                     "loss_by_entropy", "loss / unigram entropy");
    losses.x_axis.share = "epoch";
    losses.y_axis.share = "loss";
    losses.y_axis.min = 0.0;
    losses.references = {{.at = 1}};
    AddPanel(std::move(losses), column == 0 ? "A" : "", fmt::format("γ = {}", gamma),
             {.row = 0, .column = column}, &figure);
    ++column;
  }
  column = 0;
  for (const char* gamma : kGammas) {
    std::vector<Condition> conditions;
    for (size_t i = 0; i < hops.size(); ++i) {
      conditions.push_back({fmt::format("B/gamma={}/answer_hops{}", gamma, hops[i]),
                            fmt::format("{} {}", hops[i], hops[i] == "1" ? "hop" : "hops"),
                            plot::IndexLook(static_cast<int>(i) + 2)});
    }
    plot::Panel answers = CoursePanel(data, conditions, "accuracy", "right answers");
    answers.x_axis.share = "epoch";
    answers.y_axis.share = "answers";
    answers.y_axis.min = 0.0;
    answers.y_axis.max = 1.0;
    answers.references = {{.at = 0.5}};
    AddPanel(std::move(answers), column == 0 ? "B" : "", "", {.row = 1, .column = column}, &figure);
    ++column;
  }
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_text", initbias::Describe);
}
