// Figure 2: what the task looks like.
//
// Claim    The label of a reasoning sequence is its key plus its anchors; that of a memory sequence
//          was drawn once for its key and anchors. Neither depends on the noise or the place.
// Command  bazel run //experiments:fig2
// Cost     nothing is trained
// Expect   no claim, for these are definitions (tests/data/anchor/anchor_task_test holds
//          the data to them): one generated sequence of each kind, its key, anchors and noise
//          marked.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <string>
#include <vector>

#include "experiments/base_runs.h"
#include "experiments/study.h"
#include "figures/look.h"
#include "figures/panels/values.h"
#include "figures/plot/text.h"
#include "lib/base/error.h"
#include "lib/config/set_names.h"
#include "lib/data/anchor/anchor_task.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 2: a memory and a reasoning sequence of the data of the first seed, with key, anchors, noise and "
    "label";

// Places in the figure file, of each kind of sequence.
constexpr const char* kKinds[] = {kMemoryKind, kReasoningKind};
constexpr char kTokens[] = "tokens";
constexpr char kLabel[] = "label";
constexpr char kKeyPosition[] = "key_position";
constexpr char kNumAnchors[] = "num_anchors";
std::string PathOf(const std::string& kind, const char* name) {
  return fmt::format("A/{}/{}", kind, name);
}

// The first sequence with noise on both sides and anchors that differ; the first of all where no
// sequence is like that.
int64_t Example(const AnchorTaskConfig& task, const AnchorSequences& sequences) {
  for (int64_t row = 0; row < sequences.size(); ++row) {
    const int64_t key = KeyPosition(task, sequences, row);
    const std::vector<int32_t> tokens = KeyAndAnchors(task, sequences, row);
    const bool differ = std::set<int32_t>(tokens.begin(), tokens.end()).size() == tokens.size();
    if (differ && key > 0 && key < task.length - task.num_anchors - 1) {
      return row;
    }
  }
  return 0;
}

void Add(const std::string& kind, const AnchorTaskConfig& task, const AnchorSequences& sequences,
         FigureData* figure) {
  const int64_t row = Example(task, sequences);
  const auto begin = sequences.tokens.begin() + row * sequences.length;
  figure->Add(PathOf(kind, kTokens), std::vector<double>(begin, begin + sequences.length), "token");
  figure->Add(PathOf(kind, kLabel),
              {static_cast<double>(sequences.labels[static_cast<size_t>(row)])}, "token");
  figure->Add(PathOf(kind, kKeyPosition), {static_cast<double>(KeyPosition(task, sequences, row))},
              "position from 0");
  figure->Add(PathOf(kind, kNumAnchors), {static_cast<double>(task.num_anchors)}, "tokens");
}

void Assemble(const RunSet& runs, FigureData* figure) {
  const RunConfig& config = runs.all().front().config;
  const AnchorData data = MakeAnchorData(config.task, config.seed);
  Add(kKinds[0], config.task, data.memory, figure);
  Add(kKinds[1], config.task, data.reasoning_train, figure);
}

void Check(const RunConfig& config) {
  if (config.task.kinds != TaskKinds::kBoth) {
    throw Error("figure 2 shows both kinds of sequences: task.kinds must be both");
  }
}

plot::TokenRow Row(const FigureData& data, const std::string& kind) {
  const bool reasoning = kind == kKinds[1];
  const std::vector<std::string> tokens = WholeNumbers(data, PathOf(kind, kTokens));
  const auto key = static_cast<size_t>(Value(data, PathOf(kind, kKeyPosition)));
  const auto last = key + static_cast<size_t>(Value(data, PathOf(kind, kNumAnchors)));
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
  row.result = {.text = plot::Literal(WholeNumbers(data, PathOf(kind, kLabel)).at(0)),
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
          .panels = {
              {.content = plot::TokenStrip{.rows = {Row(data, kKinds[0]), Row(data, kKinds[1])}}}}};
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "fig2",
                         .caption = kCaption,
                         .trains = false,
                         .plan = SmallTransformerPlan,
                         .check = Check,
                         .assemble = Assemble},
          .describe = Describe};
}

}  // namespace initbias
