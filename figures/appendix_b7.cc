// Appendix B.7: real and theoretical cosines of every reasoning anchor. Data:
// experiments/appendix_b7.cc.
#include <fmt/format.h>

#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  constexpr int kColumns = 3;
  plot::Figure figure{.title = "Appendix B.7", .caption = data.caption, .columns = kColumns};
  for (const std::string& s : WholeNumbers(data, "anchors")) {
    plot::Panel panel = TheoryRowPanel(data, "A/s=" + s, std::stoi(s));
    const auto index = static_cast<int>(figure.panels.size());
    panel.letter = index == 0 ? "A" : "";
    panel.row = index / kColumns;
    panel.column = index % kColumns;
    panel.x_axis.share = fmt::format("token{}", panel.column);
    panel.y_axis.share = "cosine";
    figure.panels.push_back(std::move(panel));
  }
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_b7", initbias::Describe);
}
