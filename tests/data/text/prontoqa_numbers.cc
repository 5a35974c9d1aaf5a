#include "tests/data/text/prontoqa_numbers.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "lib/base/error.h"

namespace initbias {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const ProntoQaNumbers& file) {
  const ProntoQaStatistics& statistics = file.statistics;
  const Moments& words = statistics.words;
  return {{"hops", file.hops},
          {"sha256", file.sha256},
          {"examples", statistics.examples},
          {"words", {{"n", words.n}, {"mean", words.mean}, {"deviation", words.deviation}}},
          {"vocabulary", statistics.vocabulary},
          {"counts", statistics.counts}};
}

ProntoQaNumbers FromJson(const Json& json) {
  ProntoQaNumbers file;
  json.at("hops").get_to(file.hops);
  json.at("sha256").get_to(file.sha256);
  json.at("examples").get_to(file.statistics.examples);
  const Json& words = json.at("words");
  words.at("n").get_to(file.statistics.words.n);
  words.at("mean").get_to(file.statistics.words.mean);
  words.at("deviation").get_to(file.statistics.words.deviation);
  json.at("vocabulary").get_to(file.statistics.vocabulary);
  json.at("counts").get_to(file.statistics.counts);
  return file;
}

}  // namespace

std::filesystem::path ProntoQaNumbersPath() { return "tests/data/text/prontoqa_numbers.json"; }

std::string ProntoQaNumbersJson(std::span<const ProntoQaNumbers> files) {
  Json all = Json::array();
  for (const ProntoQaNumbers& file : files) {
    all.push_back(ToJson(file));
  }
  return all.dump(1) + "\n";
}

std::vector<ProntoQaNumbers> ReadProntoQaNumbers(const std::filesystem::path& path) {
  std::vector<ProntoQaNumbers> files;
  try {
    std::ifstream stream(path);
    for (const Json& file : Json::parse(stream)) {
      files.push_back(FromJson(file));
    }
  } catch (const Json::exception& error) {
    throw Error(fmt::format("{}: {}", path.string(), error.what()));
  }
  return files;
}

}  // namespace initbias
