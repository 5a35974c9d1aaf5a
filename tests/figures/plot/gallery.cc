#include "tests/figures/plot/gallery.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace initbias::plot {
namespace {

constexpr Look kMemory{.hue = Hue::kVermillion, .marker = Marker::kCircle};
constexpr Look kTrain{.hue = Hue::kBlue, .dash = Dash::kDashed, .marker = Marker::kSquare};
constexpr Look kTest{.hue = Hue::kSkyBlue, .dash = Dash::kDotted, .marker = Marker::kTriangle};
constexpr Look kKey{.hue = Hue::kGreen, .dash = Dash::kDashDot, .marker = Marker::kDiamond};

// A value in -1..1 that looks random and is the same everywhere: no <random>, no libm.
double Noise(int i) {
  const auto hash = static_cast<unsigned>(i) * 2654435761U;
  return static_cast<double>((hash ^ (hash >> 15)) % 2001U) / 1000.0 - 1.0;
}

// A falling loss with a band, over epochs 0..1000.
Series Loss(const std::string& label, const Look& look, double rate, double floor, int salt) {
  Series series{.label = label, .look = look};
  for (int epoch = 0; epoch <= 1000; epoch += 20) {
    const double loss = floor + (5.3 - floor) * std::exp(-rate * epoch / 1000.0);
    const double spread = 0.05 + 0.12 * std::exp(-rate * epoch / 3000.0);
    series.x.push_back(epoch);
    series.y.push_back(loss + 0.03 * Noise(epoch + salt));
    series.lo.push_back(loss - spread);
    series.hi.push_back(loss + spread);
  }
  return series;
}

Series Accuracy(const std::string& label, const Look& look, double rate, double top, int salt) {
  Series series = Loss(label, look, rate, 0, salt);
  for (size_t i = 0; i < series.y.size(); ++i) {
    for (auto* values : {&series.y, &series.lo, &series.hi}) {
      (*values)[i] = std::min(1.0, std::max(0.0, top * (1 - (*values)[i] / 5.3)));
    }
    std::swap(series.lo[i], series.hi[i]);
  }
  return series;
}

Figure TrainingCurves() {
  struct Setting {
    double gamma;
    double memory;
    double train;
    double test_floor;
  };
  const std::vector<Setting> settings = {{0.3, 3, 3.2, 4.7},
                                         {0.5, 3.5, 6, 2.4},
                                         {0.8, 1.2, 14, 0.2},
                                         {0.3, 3, 3, 4.6},
                                         {0.8, 1, 12, 0.3}};
  Figure figure{.title = "Training dynamics",
                .caption = "Loss and accuracy on the memory and reasoning tasks.",
                .columns = 5};
  for (const bool accuracy : {false, true}) {
    for (size_t i = 0; i < settings.size(); ++i) {
      const Setting& s = settings[i];
      const std::string part = i < 3 ? "A" : "B";
      Panel panel{.x_axis = {.label = "epoch", .share = "epoch"},
                  .y_axis = {.label = accuracy ? "accuracy" : "loss",
                             .min = 0.0,
                             .share = (accuracy ? "accuracy" : "loss")}};
      if (!accuracy) {
        panel.title = fmt::format("γ = {}", s.gamma);
        panel.letter = i == 0 ? "A" : i == 3 ? "B" : "";
        panel.heading = i == 0 ? "Transformer" : i == 3 ? "Emb-MLP" : "";
        panel.content = LinePlot{.series = {Loss("D_{mem}", kMemory, s.memory, 0.1, 1),
                                            Loss("D_{rsn,train}", kTrain, s.train, 0.05, 2),
                                            Loss("D_{rsn,test}", kTest, s.train, s.test_floor, 3)}};
      } else {
        panel.y_axis.max = 1.0;
        panel.content =
            LinePlot{.series = {Accuracy("D_{mem}", kMemory, s.memory, 1, 1),
                                Accuracy("D_{rsn,train}", kTrain, s.train, 1, 2),
                                Accuracy("D_{rsn,test}", kTest, s.train, 1 - s.test_floor / 5, 3)}};
      }
      figure.panels.push_back(panel);
    }
  }
  return figure;
}

HeatMap Cosines(double decay, double level, int size) {
  HeatMap map{
      .rows = size,
      .columns = size,
      .scale = {
          .map = ColorMap::kDiverging, .min = -1.0, .max = 1.0, .label = "cosine similarity"}};
  for (int i = 0; i < size; ++i) {
    for (int j = 0; j < size; ++j) {
      const double distance = std::abs(i - j);
      map.values.push_back(
          i == j ? 1.0 : level + (1 - level) * std::cos(distance * decay) + 0.02 * Noise(i * j));
    }
  }
  return map;
}

Figure Matrices() {
  Figure figure{.title = "Embedding structure", .columns = 3};
  const auto labels = [](int from) {
    std::vector<std::string> names(10);
    for (std::string& name : names) {
      name = std::to_string(from++);
    }
    return names;
  };
  for (const bool reasoning : {false, true}) {
    for (const int epoch : {50, 900}) {
      HeatMap map = Cosines(reasoning ? (epoch == 50 ? 0.1 : 0.22) : 0.0, 0.0, 10);
      map.row_labels = labels(reasoning ? 11 : 1);
      map.column_labels = map.row_labels;
      map.scale.bar = epoch == 900;
      figure.panels.push_back(
          {.letter = !reasoning && epoch == 50 ? "A" : "",
           .title = fmt::format("{}, epoch {}", reasoning ? "reasoning" : "memory", epoch),
           .row = reasoning ? 1 : 0,
           .column = epoch == 50 ? 0 : 1,
           .x_axis = {.label = reasoning ? "anchor s_{j}" : ""},
           .y_axis = {.label = epoch == 50 ? "anchor s_{i}" : ""},
           .content = map});
    }
  }
  LinePlot curves{.scale = {.label = "anchor s"}};
  for (int s = 11; s <= 20; ++s) {
    Series series{.value = s};
    for (int i = 20; i <= 180; ++i) {
      const double z = (i - 70 - 3 * (s - 11)) / 22.0;
      series.x.push_back(i);
      series.y.push_back(0.0125 / (1 + z * z * z * z) - 0.005);
    }
    curves.series.push_back(series);
  }
  figure.panels.push_back({.letter = "B",
                           .title = "label distributions",
                           .row = 0,
                           .column = 2,
                           .x_axis = {.label = "label i"},
                           .y_axis = {.label = "P_{s}(i) − 1/d_{vob}"},
                           .content = curves});
  HeatMap map = Cosines(0.25, -0.1, 10);
  map.row_start = 11;
  map.column_start = 11;
  figure.panels.push_back({.letter = "C",
                           .title = "cosine of P_{s} − 1/d_{vob}",
                           .row = 1,
                           .column = 2,
                           .x_axis = {.label = "anchor s_{j}"},
                           .y_axis = {.label = "anchor s_{i}"},
                           .content = map});
  return figure;
}

Figure Embeddings() {
  Scatter scatter{.scale = {.label = "token id"}};
  ScatterGroup keys{.label = "keys", .look = kKey};
  for (int z = 21; z <= 120; ++z) {
    const double t = (z - 21) / 99.0;
    keys.x.push_back(3 * t - 1.2 + 0.06 * Noise(z));
    keys.y.push_back(2 * (t - 0.5) * (t - 0.5) - 0.4 + 0.05 * Noise(z + 500));
    keys.values.push_back(z);
  }
  keys.look.marker = Marker::kCircle;
  ScatterGroup memory{.label = "memory anchors", .look = kMemory};
  ScatterGroup reasoning{.label = "reasoning anchors", .look = kTrain};
  for (int a = 1; a <= 10; ++a) {
    memory.x.push_back(-0.1 + 0.06 * Noise(a));
    memory.y.push_back(0.4 + 0.06 * Noise(a + 40));
    memory.point_labels.push_back(std::to_string(a));
    reasoning.x.push_back(-1.1 + 0.2 * a);
    reasoning.y.push_back(-0.55 + 0.01 * a * a * 0.5 + 0.03 * Noise(a));
    reasoning.point_labels.push_back(std::to_string(a + 10));
  }
  scatter.groups = {keys, memory, reasoning};
  Panel left{.letter = "A",
             .title = "PCA of the embedding space",
             .x_axis = {.label = "PC 1"},
             .y_axis = {.label = "PC 2"},
             .content = scatter};
  Scatter plain = scatter;
  plain.groups[0].values.clear();
  plain.groups[0].look = kKey;
  Panel right{.letter = "B",
              .title = "the same, by kind of token",
              .x_axis = {.label = "PC 1"},
              .y_axis = {.label = "PC 2"},
              .content = plain};
  // Panel A's keys are grey with circles in a legend, panel B's green: one legend a panel.
  left.legend = LegendPlace::kBelow;
  right.legend = LegendPlace::kBelow;
  return {.title = "Embeddings", .columns = 2, .panels = {left, right}};
}

Figure LogsAndGaps() {
  Series singular{.look = IndexLook(4), .markers = true};
  singular.look.marker = Marker::kCircle;
  for (int i = 1; i <= 20; ++i) {
    singular.x.push_back(i);
    singular.y.push_back(i == 1 ? 12.0 : 2.2 / i + 0.02);
  }
  LinePlot delta;
  for (const auto& [gamma, look] : {std::pair{0.3, kMemory}, {0.5, kTrain}, {0.8, kTest}}) {
    Series series{.label = fmt::format("γ = {}", gamma), .look = look};
    for (int step = 0; step <= 20000; step += 100) {
      series.x.push_back(step);
      const bool gap = gamma == 0.5 && step > 9000 && step < 11000;
      series.y.push_back(gap ? std::numeric_limits<double>::quiet_NaN()
                             : 4 * gamma * (1 - std::exp(-step / 4000.0)) + 0.05 * Noise(step));
    }
    delta.series.push_back(series);
  }
  return {.title = "Log axes, gaps",
          .columns = 2,
          .panels = {{.letter = "A",
                      .title = "singular values",
                      .x_axis = {.label = "index"},
                      .y_axis = {.label = "singular value", .log = true},
                      .references = {{.at = 0.5, .label = "½"}},
                      .content = LinePlot{.series = {singular}}},
                     {.letter = "B",
                      .title = "loss of TinyStories over that of PrOntoQA",
                      .x_axis = {.label = "step"},
                      .y_axis = {.label = "ΔL"},
                      .references = {{.direction = ReferenceLine::Direction::kVertical,
                                      .at = 7000,
                                      .label = "warm-up ends"}},
                      .legend = LegendPlace::kBelow,
                      .content = delta}}};
}

Figure Diagram() {
  const auto row = [](bool reasoning) {
    const Hue anchor = reasoning ? Hue::kBlue : Hue::kVermillion;
    TokenRow tokens{.label = reasoning ? "reasoning" : "memory"};
    const std::vector<int> ids = reasoning ? std::vector{45, 102, 64, 13, 17, 88, 29, 93, 51}
                                           : std::vector{77, 38, 64, 3, 7, 110, 25, 59, 84};
    for (const int id : ids) {
      tokens.boxes.push_back({.text = std::to_string(id)});
    }
    tokens.boxes[2].hue = Hue::kGreen;
    tokens.boxes[2].below = "z_{p}";
    tokens.boxes[3].hue = anchor;
    tokens.boxes[3].below = "a_{p+1}";
    tokens.boxes[4].hue = anchor;
    tokens.boxes[4].below = "a_{p+2}";
    tokens.groups = {{.first = 0, .last = 1, .text = "noise"},
                     {.first = 2, .last = 2, .text = "key"},
                     {.first = 3, .last = 4, .text = "anchors"},
                     {.first = 5, .last = 8, .text = "noise"}};
    tokens.result = {.text = reasoning ? "94" : "51", .hue = Hue::kPurple, .below = "label"};
    tokens.note = reasoning ? "= 64 + 13 + 17" : "drawn once for (64, 3, 7)";
    return tokens;
  };
  return {.title = "Anchor functions",
          .panels = {{.content = TokenStrip{.rows = {row(false), row(true)}}}}};
}

Figure OneColumn() {
  const auto corpus = [](const std::string& label, const Look& look, double rate) {
    Series series = Loss(label, look, rate, 0.4, 7);
    for (double& x : series.x) {
      x *= 20;
    }
    return series;
  };
  return {.title = "GPT-2 on two corpora",
          .width_in = 3.25,
          .panels = {{.x_axis = {.label = "step"},
                      .y_axis = {.label = "training loss", .unit = "nats", .min = 0.0},
                      .content = LinePlot{.series = {corpus("PrOntoQA", kTrain, 9),
                                                     corpus("TinyStories", kMemory, 1.5)}}}},
          .note = "Nothing is judged: the smoke profile is too small to tell anything"};
}

// Words on axes, a shared axis of matrices, a legend at the side, two log axes.
Figure Mixed() {
  const std::vector<std::string> words = {"Every", " wumpus", " is", " not",    " opaque", ".",
                                          " Rex",  " is",     " a",  " tumpus", ".",       " True"};
  HeatMap text = Cosines(0.3, 0.3, 12);
  text.row_labels = words;
  text.column_labels = words;
  HeatMap first{.rows = 9,
                .columns = 9,
                .row_start = 1,
                .column_start = 1,
                .scale = {.min = 0.0, .max = 1.0, .label = "attention", .bar = false}};
  for (int i = 0; i < 9; ++i) {
    for (int j = 0; j < 9; ++j) {
      first.values.push_back(j > i ? std::numeric_limits<double>::quiet_NaN() : 1.0 / (i + 1));
    }
  }
  HeatMap second = first;
  second.scale.bar = true;
  for (double& value : second.values) {
    value = std::sqrt(value);
  }
  LinePlot lines;
  for (int k = 0; k < 4; ++k) {
    Series series{.label = fmt::format("d = {}", 32 << k), .look = IndexLook(k), .markers = true};
    for (int n = 1; n <= 100000; n *= 10) {
      series.x.push_back(n);
      series.y.push_back(0.3 / (n * (k + 1)));
    }
    lines.series.push_back(series);
  }
  const Axis query{.label = "query", .share = "query"};
  return {.title = "Mixed",
          .columns = 3,
          .panels = {
              {.letter = "A", .title = "tokens of a text", .content = text},
              {.letter = "B",
               .title = "layer 1",
               .x_axis = {.label = "key"},
               .y_axis = query,
               .content = first},
              {.title = "layer 2", .x_axis = {.label = "key"}, .y_axis = query, .content = second},
              {.letter = "C",
               .title = "error of the approximation",
               .column_span = 3,
               .x_axis = {.label = "samples", .log = true},
               .y_axis = {.label = "relative error", .log = true},
               .legend = LegendPlace::kRight,
               .content = lines}}};
}

// Verdicts with values: pale cells, a text in each, long names of columns; and, below, a map with a
// few labelled cells.
Figure Table() {
  HeatMap verdicts{
      .rows = 6,
      .columns = 5,
      .row_labels = {"memory is learned first", "reasoning fails at γ = 0.3", "anchors are ordered",
                     "keys are parallel", "loss of masked pairs falls", "condensation"},
      .column_labels = {"the paper's setting", "half the width of the model",
                        "SGD in place of AdamW", "three anchors, four masked", "seed"},
      .vertical_column_labels = true,
      .scale = {.map = ColorMap::kDiverging, .min = -3.0, .max = 3.0, .bar = false},
      .square = false};
  for (int cell = 0; cell < verdicts.rows * verdicts.columns; ++cell) {
    const double value = 0.5 + 0.5 * Noise(7 * cell + 3);
    const bool missing = cell % 11 == 5;
    const bool open = cell % 7 == 3;
    const bool holds = value > 0.4;
    verdicts.values.push_back(missing ? std::numeric_limits<double>::quiet_NaN()
                              : open  ? 0
                              : holds ? -1
                                      : 1);
    verdicts.cell_labels.push_back(missing ? ""
                                   : open  ? fmt::format("open, {:.2f}", value)
                                   : holds ? fmt::format("holds, {:.2f}", value)
                                           : fmt::format("differs, {:.2f}", value));
  }
  HeatMap counts{.rows = 3,
                 .columns = 12,
                 .values = std::vector<double>(36, 0.1),
                 .vertical_column_labels = true,
                 .cell_labels = std::vector<std::string>(36),
                 .row_start = 1,
                 .column_start = 100,
                 .scale = {.map = ColorMap::kDiverging, .min = -1.0, .max = 1.0, .label = "Δ"},
                 .square = false};
  for (size_t cell = 0; cell < counts.values.size(); cell += 5) {
    counts.values[cell] = -0.3;
    counts.cell_labels[cell] = "−0.30";
  }
  return {.title = "Verdicts",
          .row_heights_in = {1.2, 0},
          .panels = {{.letter = "A",
                      .title = "claims by variant",
                      .x_axis = {.label = "variant"},
                      .content = verdicts},
                     {.letter = "B",
                      .title = "change by epoch",
                      .x_axis = {.label = "epoch"},
                      .y_axis = {.label = "layer"},
                      .content = counts}}};
}

// What a reader's data could bring, none of it meant as a command.
Figure Hostile() {
  const std::string bad =
      "`touch pwned` $(touch pwned) \"; system('touch pwned') # @x \\U+0041 \\101 {/=40 big} a_b "
      "^{x} ]]> <b>&amp; %s ~~ 'q' γ é 数";
  Panel panel{
      .letter = "{",
      .heading = "`date` @home a_b {c} \\d",
      .title = bad,
      .x_axis = {.label = "x'; quit #", .unit = "\\n\"`id`"},
      .y_axis = {.label = "y_{`id`} ^{&@}"},
      .references = {{.at = 1, .label = "`id`'"}},
      .content = LinePlot{
          .series = {{.label = "'; exit #\n`id` \x01\xff", .x = {0, 1, 2}, .y = {0, 1, 3}}}}};
  HeatMap map{
      .rows = 2,
      .columns = 2,
      .values = {1, 2, 3, 4},
      .row_labels = {"a_{1}", "`id`"},
      .column_labels = {"'", "\"\\"},
      .cell_labels = {"`id`", "x^{2}", "'; exit", "\\\n"},
      .scale = {.map = ColorMap::kDiverging, .min = -12.0, .max = 12.0, .label = "'; print 1 #"}};
  Scatter scatter{.groups = {{.label = "@g{",
                              .x = {1, 2, 3},
                              .y = {1, 2, 1},
                              .point_labels = {"`id`", "x^{2}", "\\'\n"}}}};
  TokenStrip strip{.rows = {{.label = "`id`", .boxes = {{.text = "'", .below = "`"}}}}};
  return {.title = "<title> & \"quotes\" ]]> `id`",
          .caption = "</desc><script>alert(1)</script>",
          .columns = 2,
          .panels = {panel, {.content = map}, {.content = scatter}, {.content = strip}}};
}

// A phase diagram: lines of another quantity over dark and bright cells, some of them missing.
Figure PhaseDiagram() {
  Figure figure{.title = "Phase diagram", .columns = 2};
  for (const bool hole : {false, true}) {
    HeatMap map{.rows = 6,
                .columns = 8,
                .scale = {.label = "accuracy"},
                .square = false,
                .contours = {.levels = {-2, -1, 0, 1, 2}}};
    for (int i = 0; i < map.rows; ++i) {
      for (int j = 0; j < map.columns; ++j) {
        map.values.push_back(1 / (1 + std::exp(3.0 - j + 0.4 * i)));
        const bool missing = hole && i > 3 && j < 3;
        map.contours.values.push_back(missing ? std::nan("") : 0.6 * j - 0.5 * i - 0.8);
      }
    }
    figure.panels.push_back(
        {.x_axis = {.label = "γ"}, .y_axis = {.label = "weight decay"}, .content = map});
  }
  return figure;
}

}  // namespace

std::vector<Sample> Gallery() {
  return {{"training_curves", TrainingCurves()},
          {"matrices", Matrices()},
          {"embeddings", Embeddings()},
          {"logs_and_gaps", LogsAndGaps()},
          {"diagram", Diagram()},
          {"one_column", OneColumn()},
          {"mixed", Mixed()},
          {"table", Table()},
          {"phase_diagram", PhaseDiagram()},
          {"hostile", Hostile()}};
}

}  // namespace initbias::plot
