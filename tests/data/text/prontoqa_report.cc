// Prints the authors' PrOntoQA examples and ours side by side, as tables in Markdown.
//
//   bazel run //tests/data/text:prontoqa_report -- [--json] HOPS=FILE [HOPS=FILE ..]
//
// FILE is JSON as the authors' generator writes it, packed by gzip where its name ends in .gz. Of
// ours as many examples are made as the file has. With --json it prints the numbers of the files
// alone, as tests/data/text/prontoqa_numbers.json has them.
#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/program.h"
#include "lib/base/text.h"
#include "lib/data/text/prontoqa_generator.h"
#include "lib/data/text/prontoqa_proof.h"
#include "lib/store/results.h"
#include "tests/data/text/prontoqa_files.h"
#include "tests/data/text/prontoqa_numbers.h"
#include "tests/data/text/prontoqa_statistics.h"

namespace initbias {
namespace {

// Features with more values than this are summed up by their difference alone.
constexpr size_t kMostRows = 5;

// The examples' statistics, once each is proved.
ProntoQaStatistics Prove(const std::vector<ProntoQaExample>& examples, int64_t hops) {
  for (const ProntoQaExample& example : examples) {
    if (ProveProntoQa(example) != hops) {
      throw Error(fmt::format("not of {} hops: {}", hops, ProntoQaText(example)));
    }
  }
  return DescribeProntoQa(examples, hops);
}

std::vector<ProntoQaExample> Generate(int64_t hops, size_t count) {
  ProntoQaGenerator generator(1, "data/prontoqa");
  std::vector<ProntoQaExample> examples;
  for (size_t i = 0; i < count; ++i) {
    examples.push_back(generator.Make(hops));
  }
  return examples;
}

// A row for each value of one feature; the difference stands in the first.
void PrintFeature(const Difference& difference, const std::map<std::string, int64_t>& theirs,
                  const std::map<std::string, int64_t>& ours) {
  if (theirs.size() > kMostRows) {
    fmt::print("| {} | (number of values) | {} | {} | {:.1f} |\n", difference.feature,
               theirs.size(), ours.size(), difference.sigmas);
    return;
  }
  std::map<std::string, std::array<double, 2>> counts;
  std::array<double, 2> totals{};
  for (const size_t side : {size_t{0}, size_t{1}}) {
    for (const auto& [value, count] : side == 0 ? theirs : ours) {
      counts[value][side] = static_cast<double>(count);
      totals[side] += static_cast<double>(count);
    }
  }
  std::string sigmas = fmt::format("{:.1f}", difference.sigmas);
  for (const auto& [value, of] : counts) {
    fmt::print("| {} | {} | {:.1f} % | {:.1f} % | {} |\n", difference.feature, value,
               100 * of[0] / totals[0], 100 * of[1] / totals[1], sigmas);
    sigmas.clear();
  }
}

void PrintReport(int64_t hops, const ProntoQaStatistics& theirs) {
  const ProntoQaStatistics ours = Prove(Generate(hops, static_cast<size_t>(theirs.examples)), hops);
  fmt::print("### {} hop{}, {} examples each, all proved\n\n", hops, hops == 1 ? "" : "s",
             theirs.examples);
  fmt::print("| feature | value | theirs | ours | difference |\n|---|---|---|---|---|\n");
  for (const Difference& difference : Compare(theirs, ours)) {
    if (difference.feature == "words") {
      fmt::print(
          "| words an example | mean ± deviation | {:.1f} ± {:.1f} | {:.1f} ± {:.1f} | {:.1f} |\n",
          theirs.words.mean, theirs.words.deviation, ours.words.mean, ours.words.deviation,
          difference.sigmas);
    } else {
      PrintFeature(difference, theirs.counts.at(difference.feature),
                   ours.counts.at(difference.feature));
    }
  }
  fmt::print("| vocabulary | words | {} | {} | {} |\n\n", theirs.vocabulary.size(),
             ours.vocabulary.size(),
             theirs.vocabulary == ours.vocabulary ? "the same words" : "other words");
}

int Main(int argc, char** argv) {
  const bool json = argc > 1 && argv[1] == std::string_view("--json");
  const int first = json ? 2 : 1;
  if (argc <= first) {
    throw Error("usage: prontoqa_report [--json] HOPS=FILE [HOPS=FILE ..]");
  }
  std::vector<ProntoQaNumbers> files;
  for (int i = first; i < argc; ++i) {
    const std::string argument = argv[i];
    const size_t equals = argument.find('=');
    const std::optional<int64_t> hops = ParseInt(argument.substr(0, equals));
    if (equals == std::string::npos || !hops) {
      throw Error(fmt::format("'{}' is not of the form HOPS=FILE", argument));
    }
    const ProntoQaFile file = ReadProntoQaFile(UserPath(argument.substr(equals + 1)));
    files.push_back({*hops, file.sha256, Prove(file.examples, *hops)});
  }
  if (json) {
    fmt::print("{}", ProntoQaNumbersJson(files));
    return 0;
  }
  for (const ProntoQaNumbers& file : files) {
    PrintReport(file.hops, file.statistics);
  }
  return 0;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::RunProgram("prontoqa_report", [&] { return initbias::Main(argc, argv); });
}
