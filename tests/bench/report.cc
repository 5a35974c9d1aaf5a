#include "tests/bench/report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <iterator>
#include <limits>
#include <map>
#include <string_view>
#include <thread>

#include "lib/base/build_info.h"
#include "lib/base/numerics.h"
#include "lib/base/text.h"
#include "lib/model/spec/parameter_spec.h"
#include "tests/bench/answers.h"

namespace initbias {
namespace {

std::string RateText(double rate) {
  if (std::isnan(rate)) {
    return "-";
  }
  return rate >= 1000 && rate < 1e6 ? fmt::format("{:.0f}", rate) : fmt::format("{:.4g}", rate);
}

std::string RatioText(double ratio) {
  return std::isnan(ratio) ? "-" : fmt::format("{:.2f}x", ratio);
}

std::string ShareText(double share) {
  return std::isnan(share) ? "-" : fmt::format("{:.1f} %", 100 * share);
}

std::string VerdictText(double value, double target) {
  if (std::isnan(value)) {
    return "-";
  }
  return value >= target ? "holds" : "missed";
}

struct Title {
  const char* contender;
  const char* text;  // at most 20 characters
};

constexpr Title kTitles[] = {{kOurProgram, "ours"},
                             {kPytorchDefault, "PyTorch as it is"},
                             {kPytorchBest, "PyTorch at its best"},
                             {kPytorchPruned, "PyTorch pruned"},
                             {kTorchCompile, "torch.compile"},
                             {kTorchCompilePruned, "torch.compile pruned"},
                             {kJax, "JAX"},
                             {kJaxPruned, "JAX pruned"},
                             {kLimit, "products alone"}};
static_assert(std::size(kTitles) == std::size(kContenders));

// Two columns of a workload: a speed, and ours in units of it or what is said of that.
struct Cell {
  std::string rate;
  std::string ratio;
};

// A line of the table of speeds.
std::string SpeedRow(const std::string& title, const std::vector<Cell>& cells) {
  std::string row = fmt::format("{:<20}", title);
  for (const Cell& cell : cells) {
    row += fmt::format("{:>8} {:>6}", cell.rate, cell.ratio);
  }
  row.erase(row.find_last_not_of(' ') + 1);
  return row + "\n";
}

Cell SpeedCell(const Measurement& m, const std::string& contender) {
  const std::string rate = RateText(m.StepsPerSecond(contender));
  if (contender == kOurProgram || !m.Has(contender)) {
    return {rate, ""};
  }
  const double ratio = m.Ratio(kOurProgram, contender);
  return {rate, contender == kLimit ? ShareText(ratio) : RatioText(ratio)};
}

// Ours in units of the fastest contender in Python; NaN where there is none.
double OverFastest(const Measurement& m) {
  double least = std::numeric_limits<double>::quiet_NaN();
  for (const char* contender : kContenders) {
    if (IsPython(contender)) {
      least = std::fmin(least, m.Ratio(kOurProgram, contender));  // of NaN and a number the number
    }
  }
  return least;
}

std::string VerdictRows(const std::vector<Measurement>& measurements) {
  std::vector<Cell> targets;
  std::vector<Cell> reached;
  std::vector<Cell> faster;
  for (const Measurement& m : measurements) {
    const double target = m.workload.targets.share_of_limit;
    targets.push_back({"", fmt::format(">={:.0f} %", 100 * target)});
    reached.push_back({"", VerdictText(m.Ratio(kOurProgram, kLimit), target)});
    const double least = OverFastest(m);
    faster.push_back({"", std::isnan(least) ? "-" : least > 1 ? "holds" : "missed"});
  }
  return SpeedRow("  target", targets) + SpeedRow("", reached) +
         SpeedRow("ours is the fastest", faster);
}

// Why contenders were not measured, each a line of at most 80 columns.
std::string MissingLines(const std::vector<Measurement>& measurements) {
  constexpr size_t kColumns = 80;
  std::string lines;
  for (const Measurement& m : measurements) {
    for (const auto& [contender, reason] : m.missing) {
      const std::string line = fmt::format("- {} {}: {}", m.workload.name, contender, reason);
      lines += line.substr(0, kColumns) + "\n";
    }
  }
  return lines.empty() ? "" : "\nNot timed\n\n" + lines;
}

// What a contender says of itself, from the first workload that it took part in; "" where in none.
std::string SoftwareOf(const std::vector<Measurement>& measurements, const std::string& contender,
                       const std::string& field) {
  for (const Measurement& m : measurements) {
    if (m.Has(contender)) {
      return FieldOf(m.contenders.at(contender).software, field);
    }
  }
  return "";
}

}  // namespace

std::vector<std::string> MachineLines(const std::vector<Measurement>& measurements) {
  std::vector<std::string> lines = {
      fmt::format("{}, {} cores, {}", CpuModelName(), std::thread::hardware_concurrency(),
                  CpuIsa()),
      fmt::format("initbias {}{}", std::string(kGitCommit).substr(0, 12),
                  kGitDirty ? " with changes" : "")};
  const std::string ours = SoftwareOf(measurements, kOurProgram, "torch");
  if (!ours.empty()) {
    lines.back() += fmt::format(", {} kernels, LibTorch {}",
                                SoftwareOf(measurements, kOurProgram, "kernels"), ours);
  }
  const std::string threads = SoftwareOf(measurements, kPytorchDefault, "threads");
  if (!threads.empty()) {
    lines.push_back(fmt::format("PyTorch {}, by default {} threads",
                                SoftwareOf(measurements, kPytorchDefault, "torch"), threads));
  }
  const std::string jax = SoftwareOf(measurements, kJax, "jax");
  if (!jax.empty()) {
    lines.push_back(fmt::format("JAX {}", jax));
  }
  lines.push_back(fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr))));
  return lines;
}

std::string SpeedTable(const std::vector<Measurement>& measurements, bool judged) {
  std::string table =
      "Run-steps a second over all cores, and ours in units of them; medians of rounds\n\n";
  table += fmt::format("{:<20}", "");
  for (const Measurement& m : measurements) {
    table += fmt::format("{:>15}", m.workload.name);
  }
  table += "\n";
  for (const Title& title : kTitles) {
    std::vector<Cell> cells;
    for (const Measurement& m : measurements) {
      cells.push_back(SpeedCell(m, title.contender));
    }
    table += SpeedRow(title.text, cells);
  }
  if (judged) {
    table += VerdictRows(measurements);
  }
  table += MissingLines(measurements);
  table += "\nOurs, parts of a step\n\n";
  table += fmt::format("{:<12}", "");
  for (const char* part : kStepParts) {
    table += fmt::format("{:>11}", part);
  }
  table += "\n";
  for (const Measurement& m : measurements) {
    table += fmt::format("{:<12}", m.workload.name);
    for (const char* part : kStepParts) {
      const auto share = m.shares.find(part);
      table += fmt::format("{:>11}", share == m.shares.end() ? "-" : ShareText(share->second));
    }
    table += "\n";
  }
  table += "\n";
  for (const std::string& line : MachineLines(measurements)) {
    table += line + "\n";
  }
  return table;
}

FigureData SpeedFigure(const std::vector<Measurement>& measurements, bool judged) {
  FigureData figure{
      .figure = "speed",
      .caption = "Training speed of ours, of PyTorch, of JAX and of the matrix products alone",
      .profile = judged ? "bench" : "smoke"};
  for (const Measurement& m : measurements) {
    const std::string& name = m.workload.name;
    for (const auto& [contender, rates] : m.contenders) {
      const std::string path = name + "/" + contender;
      figure.Add(path + "/steps_per_second", rates.steps_per_second, "1/s");
      figure.Add(path + "/processes", {static_cast<double>(rates.processes)}, "1");
      figure.Add(path + "/steps_per_round", {static_cast<double>(rates.steps)}, "1");
      figure.Add(path + "/peak_memory", {rates.peak_memory}, "B");
      figure.texts.push_back({path + "/software", {rates.software}});
    }
    for (const char* contender : kContenders) {
      const double ratio = m.Ratio(kOurProgram, contender);
      if (contender != std::string_view(kOurProgram) && !std::isnan(ratio)) {
        const std::string what =
            IsPython(contender) ? fmt::format("over_{}", contender) : std::string("share_of_limit");
        figure.Add(name + "/" + what, {ratio}, "1");
      }
    }
    for (const auto& [contender, reason] : m.missing) {
      figure.texts.push_back({name + "/" + contender + "/missing", {reason}});
    }
    figure.Add(name + "/targets", {m.workload.targets.share_of_limit}, "1");
    figure.Add(name + "/parameters",
               {static_cast<double>(ParameterCount(ParameterSpecs(m.workload.config)))}, "1");
    figure.Add(name + "/batch",
               {static_cast<double>(m.batch.sequences), static_cast<double>(m.batch.length),
                static_cast<double>(m.batch.labels), static_cast<double>(m.batch.longest)},
               "1");
    for (const auto& [part, share] : m.shares) {
      figure.Add(fmt::format("{}/share_of_step/{}", name, part), {share}, "1");
    }
  }
  figure.texts.push_back({"machine", MachineLines(measurements)});
  return figure;
}

}  // namespace initbias
