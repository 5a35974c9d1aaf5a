#include "tests/bench/report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <map>
#include <thread>

#include "lib/base/build_info.h"
#include "lib/base/numerics.h"
#include "lib/base/text.h"
#include "lib/model/parameter_spec.h"

namespace initbias {
namespace {

std::string RateText(double rate) {
  if (std::isnan(rate)) {
    return "-";
  }
  return rate >= 1000 ? fmt::format("{:.0f}", rate) : fmt::format("{:.4g}", rate);
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

// A line of the table of speeds.
std::string SpeedRow(const std::string& name, const std::string& ours,
                     const std::string& by_default, const std::string& over_default,
                     const std::string& best, const std::string& over_best,
                     const std::string& limit, const std::string& share) {
  return fmt::format("{:<12}{:>10}{:>10}{:>9}{:>10}{:>9}{:>10}{:>9}\n", name, ours, by_default,
                     over_default, best, over_best, limit, share);
}

// Ours, in units of the others.
struct Comparison {
  double over_default;
  double over_best;
  double share_of_limit;
};

Comparison Compare(const Measurement& m) {
  return {m.Ratio(kOurProgram, kPytorchDefault), m.Ratio(kOurProgram, kPytorchBest),
          m.Ratio(kOurProgram, kLimit)};
}

std::string SpeedRows(const Measurement& m, bool judged) {
  const Comparison ratios = Compare(m);
  std::string rows =
      SpeedRow(m.workload.name, RateText(m.StepsPerSecond(kOurProgram)),
               RateText(m.StepsPerSecond(kPytorchDefault)), RatioText(ratios.over_default),
               RateText(m.StepsPerSecond(kPytorchBest)), RatioText(ratios.over_best),
               RateText(m.StepsPerSecond(kLimit)), ShareText(ratios.share_of_limit));
  if (judged) {
    const Targets& targets = m.workload.targets;
    rows += SpeedRow("  target", "", "", fmt::format(">={}x", targets.over_default), "",
                     fmt::format(">={}x", targets.over_best), "",
                     fmt::format(">={:.0f} %", 100 * targets.share_of_limit));
    rows += SpeedRow("", "", "", VerdictText(ratios.over_default, targets.over_default), "",
                     VerdictText(ratios.over_best, targets.over_best), "",
                     VerdictText(ratios.share_of_limit, targets.share_of_limit));
  }
  return rows;
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
      fmt::format("{}, {} cores, {}", CpuModel(), std::thread::hardware_concurrency(), CpuIsa()),
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
  lines.push_back(fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::time(nullptr))));
  return lines;
}

std::string SpeedTable(const std::vector<Measurement>& measurements, bool judged) {
  std::string table = "Run-steps a second over all cores, medians of rounds\n\n";
  table += SpeedRow("", "ours", "PyTorch", "ours to", "PyTorch", "ours to", "products", "ours of");
  table += SpeedRow("", "", "default", "that", "best", "that", "alone", "that");
  for (const Measurement& m : measurements) {
    table += SpeedRows(m, judged);
  }
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
      .caption = "Training speed of ours, of PyTorch and of the matrix products alone",
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
    const Comparison ratios = Compare(m);
    const Targets& targets = m.workload.targets;
    const auto add_ratio = [&figure, &name](const char* what, double ratio) {
      if (!std::isnan(ratio)) {
        figure.Add(name + "/" + what, {ratio}, "1");
      }
    };
    add_ratio("over_pytorch_default", ratios.over_default);
    add_ratio("over_pytorch_best", ratios.over_best);
    add_ratio("share_of_limit", ratios.share_of_limit);
    figure.Add(name + "/targets", {targets.over_default, targets.over_best, targets.share_of_limit},
               "1");
    figure.Add(name + "/parameters",
               {static_cast<double>(ParameterCount(ParameterSpecs(m.workload.config)))}, "1");
    figure.Add(name + "/batch",
               {static_cast<double>(m.batch.sequences), static_cast<double>(m.batch.length),
                static_cast<double>(m.batch.labels)},
               "1");
    for (const auto& [part, share] : m.shares) {
      figure.Add(fmt::format("{}/share_of_step/{}", name, part), {share}, "1");
    }
  }
  figure.texts.push_back({"machine", MachineLines(measurements)});
  return figure;
}

}  // namespace initbias
