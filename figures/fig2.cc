// Figure 2: a memory and a reasoning sequence. Data: experiments/fig2.cc.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "figures/figure_main.h"
#include "figures/look.h"
#include "figures/panels.h"
#include "figures/plot/text.h"

namespace initbias {
namespace {

plot::TokenRow Row(const FigureData& data, const std::string& kind) {
  const std::string group = "A/" + kind;
  const bool reasoning = kind == "reasoning";
  const std::vector<std::string> tokens = WholeNumbers(data, group + "/tokens");
  const auto key = static_cast<size_t>(Value(data, group + "/key_position"));
  const auto last = key + static_cast<size_t>(Value(data, group + "/num_anchors"));
  plot::TokenRow row{.label = kind};
  for (size_t i = 0; i < tokens.size(); ++i) {
    plot::TokenBox box{.text = plot::Literal(tokens[i])};
    if (i == key) {
      box.hue = RoleLook(Role::kKey).hue;
      box.below = "z_{p}";
    } else if (i > key && i <= last) {
      box.hue = RoleLook(reasoning ? Role::kReasoningTrain : Role::kMemory).hue;
      box.below = fmt::format("a_{{p+{}}}", i - key);
    }
    row.boxes.push_back(std::move(box));
  }
  const auto add = [&row](size_t first, size_t end, const char* text) {
    if (first < end) {
      row.groups.push_back(
          {.first = static_cast<int>(first), .last = static_cast<int>(end) - 1, .text = text});
    }
  };
  add(0, key, "noise");
  add(key, key + 1, "key");
  add(key + 1, last + 1, "anchors");
  add(last + 1, tokens.size(), "noise");
  row.result = {.text = plot::Literal(WholeNumbers(data, group + "/label").at(0)),
                .hue = RoleLook(Role::kLabel).hue,
                .below = "label"};
  const std::vector<std::string> combination(tokens.begin() + static_cast<ptrdiff_t>(key),
                                             tokens.begin() + static_cast<ptrdiff_t>(last) + 1);
  row.note = reasoning ? fmt::format("= {}", fmt::join(combination, " + "))
                       : fmt::format("drawn once for ({})", fmt::join(combination, ", "));
  return row;
}

plot::Figure Describe(const FigureData& data) {
  return {.title = "Figure 2",
          .caption = data.caption,
          .panels = {{.content = plot::TokenStrip{
                          .rows = {Row(data, "memory"), Row(data, "reasoning")}}}}};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "fig2", initbias::Describe);
}
