#include "lib/data/text/text_files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "lib/base/file_access.h"
#include "lib/base/sha256.h"
#include "lib/base/shell.h"
#include "lib/base/text.h"
#include "lib/data/text/prontoqa_reader.h"
#include "lib/data/text/tinystories.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// A file that the user named.
fs::path UserFile(const DataFolders& folders, const std::string& name) {
  return folders.user / ExpandHome(name);
}

// A chain of thought has the first fact, and a rule and its conclusion a hop. One that needs no
// rule, as where "Ada is a lion and a cat." gives "Ada is a cat.", counts as one hop.
int64_t Hops(const ProntoQaExample& example) {
  return std::max<int64_t>(1, (static_cast<int64_t>(example.chain_of_thought.size()) - 1) / 2);
}

}  // namespace

fs::path StoriesPath(const TextConfig& config, const DataFolders& folders) {
  if (config.tinystories == "full") {
    return folders.downloaded / "tinystories" / "full" / "TinyStories-train.txt";
  }
  if (config.tinystories == "excerpt") {
    return folders.shipped / "tinystories" / "tinystories_sample.txt";
  }
  return UserFile(folders, config.tinystories);
}

fs::path ExamplesPath(const TextConfig& config, const DataFolders& folders) {
  return UserFile(folders, config.prontoqa);
}

ExamplesByHops ReadExamplesByHops(const fs::path& path) {
  ExamplesByHops examples;
  for (ProntoQaExample& example : ReadProntoQaJson(path)) {
    examples[Hops(example)].push_back(std::move(example));
  }
  return examples;
}

int64_t CountAnswered(const std::vector<ProntoQaExample>& examples, int64_t first) {
  return std::count_if(examples.begin() + first, examples.end(),
                       [](const ProntoQaExample& example) { return !example.answer.empty(); });
}

Error TooFewExamples(const TextConfig& config, const fs::path& path, const ExamplesByHops& stored,
                     int64_t hops) {
  const auto at = stored.find(hops);
  const auto found = at == stored.end() ? 0 : static_cast<int64_t>(at->second.size());
  const int64_t answered = at == stored.end() ? 0 : CountAnswered(at->second);
  std::vector<std::string> others;
  for (const auto& [other, examples] : stored) {
    if (other != hops) {
      others.push_back(fmt::format("{} of {}", examples.size(), Counted(other, "hop")));
    }
  }
  return Error(fmt::format(
      "{} has only {} of {}{}, too few for text.prontoqa_sequences = {} and "
      "text.answer_samples = {}{}",
      path.string(), Counted(found, "example"), Counted(hops, "hop"),
      answered == found ? "" : fmt::format(" ({} with an answer)", answered),
      config.prontoqa_sequences, config.answer_samples,
      others.empty() ? ""
                     : fmt::format("; it has {}, and text.hops chooses", fmt::join(others, ", "))));
}

void CheckTextFiles(const TextConfig& config, const DataFolders& folders) {
  const auto check = [](const fs::path& path, const std::string& where_missing) {
    if (!FileExists(path)) {
      throw Error(where_missing);
    }
    if (!IsRegularFile(path)) {  // a pipe would be waited for
      throw Error(path.string() + " is not a regular file");
    }
  };
  const fs::path stories = StoriesPath(config, folders);
  check(stories, config.tinystories == "full"
                     ? fmt::format("the TinyStories files are not there ({}); to download them "
                                   "(about 2 GB): bazel run //data:fetch_tinystories",
                                   stories.string())
                     : fmt::format("text.tinystories: there is no file {}", stories.string()));
  if (config.prontoqa != "generated") {
    const fs::path examples = ExamplesPath(config, folders);
    check(examples, fmt::format("text.prontoqa: there is no file {}", examples.string()));
  }
}

void CheckNamedTexts(const TextConfig& config, const DataFolders& folders, bool asks) {
  if (config.tinystories != "full") {
    CheckTextFiles(config, folders);
  } else if (config.prontoqa != "generated") {
    TextConfig others = config;
    others.tinystories = "excerpt";  // the download may come later
    CheckTextFiles(others, folders);
  }
  if (NamesStoryFile(config)) {
    ReadStories(StoriesPath(config, folders), 1);
  }
  if (config.prontoqa == "generated") {
    return;
  }
  const fs::path path = ExamplesPath(config, folders);
  const ExamplesByHops stored = ReadExamplesByHops(path);
  // Packed, a sequence takes at least one example.
  const auto kinds = static_cast<int64_t>(config.hops.size());
  for (int64_t i = 0; i < kinds; ++i) {
    const int64_t hops = config.hops[static_cast<size_t>(i)];
    const int64_t trained =
        std::max<int64_t>((config.prontoqa_sequences - i + kinds - 1) / kinds, 0);
    const auto at = stored.find(hops);
    if (at == stored.end() || static_cast<int64_t>(at->second.size()) < trained ||
        (CountAnswered(at->second) > 0 &&
         CountAnswered(at->second, trained) < config.answer_samples)) {
      throw TooFewExamples(config, path, stored, hops);
    }
    if (asks && CountAnswered(at->second) == 0) {
      throw Error(fmt::format(
          "{}: its examples of {} are proofs without an answer, and this study asks for answers",
          path.string(), Counted(hops, "hop")));
    }
  }
}

void SetTextDigests(const DataFolders& folders, FileDigests* known, TextConfig* config) {
  const auto digest = [known](const fs::path& path) -> std::string {
    if (!IsRegularFile(path)) {
      return "";
    }
    std::string& found = (*known)[path.string()];
    if (found.empty()) {
      found = FileSha256Hex(path);
    }
    return found;
  };
  config->prontoqa_sha256 =
      config->prontoqa == "generated" ? "" : digest(ExamplesPath(*config, folders));
  config->tinystories_sha256 =
      config->tinystories == "excerpt" ? "" : digest(StoriesPath(*config, folders));
}

void CheckUnchanged(const TextConfig& config, const DataFolders& folders) {
  const auto check = [](const std::string& planned, const fs::path& path) {
    if (!planned.empty() && FileSha256Hex(path) != planned) {
      throw Error(
          fmt::format("{} has changed since the run was planned: start it again", path.string()));
    }
  };
  check(config.prontoqa_sha256, ExamplesPath(config, folders));
  check(config.tinystories_sha256, StoriesPath(config, folders));
}

}  // namespace initbias
