// The reader of stories: refused with the file's name, or stories as tinystories.h promises them,
// the same however much is read at a time, and the first ones where fewer are asked for.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/runfile.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"
#include "lib/data/text/tinystories.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/target.h"

namespace initbias::fuzz {
namespace {

constexpr char kFile[] = "stories.txt";
constexpr std::string_view kMarker = "<|endoftext|>";
constexpr int64_t kAll = 1'000'000;

// How the input is read, by its first two bytes.
StoryReaderOptions OptionsOf(Choices* choices) {
  constexpr size_t kReads[] = {1, 2, 7, 64, size_t{1} << 16};
  constexpr size_t kLongest[] = {1, 16, 200, size_t{1} << 20};
  const size_t read_bytes = kReads[choices->Below(std::size(kReads))];
  return {.read_bytes = read_bytes,
          .max_story_bytes = kLongest[choices->Below(std::size(kLongest))]};
}

void CheckStories(const StoryFile& file) {
  Hold(!file.stories.empty(), "a file that is read has a story");
  for (const std::string& story : file.stories) {
    Hold(!story.empty() && Trim(story) == story, "a story has no white space at its ends");
    Hold(ValidUtf8Length(story) == story.size(), "a story is UTF-8");
    Hold(story.find('\0') == std::string::npos, "a story has no NUL");
    Hold(story.find(kMarker) == std::string::npos, "a story has no end marker");
    Hold(file.format == StoryFormat::kEndMarkers || story.find("\n\n") == std::string::npos,
         "a blank line ends a text");
  }
  Hold(file.skipped_empty >= 0 && (file.skipped_unfinished == 0 || file.skipped_unfinished == 1),
       "what was skipped is counted");
  Hold(file.format == StoryFormat::kEndMarkers || file.skipped_empty + file.skipped_unfinished == 0,
       "between blank lines nothing is skipped");
  Hold(Summary(file).find('\n') == std::string::npos, "a summary is one line");
}

bool Same(const StoryFile& a, const StoryFile& b) {
  return a.stories == b.stories && a.format == b.format && a.skipped_empty == b.skipped_empty &&
         a.skipped_unfinished == b.skipped_unfinished;
}

// In the original format, so that it is read as the same.
std::string Written(const std::vector<std::string>& stories) {
  std::string text;
  for (const std::string& story : stories) {
    text += "\n" + story + "\n" + std::string(kMarker) + "\n";
  }
  return text;
}

void CheckFile(std::string_view text, const StoryReaderOptions& options) {
  const std::filesystem::path path = ScratchFile(kFile, text);
  StoryFile file;
  const auto refusal = RefusalOf([&] { file = ReadStories(path, kAll, options); });
  Hold(!refusal || refusal->find(path.string()) != std::string::npos, "an error names the file");
  StoryFile at_once;
  const auto other = RefusalOf(
      [&] { at_once = ReadStories(path, kAll, {.max_story_bytes = options.max_story_bytes}); });
  Hold(refusal == other, "the size of a read does not matter to what is refused");
  if (refusal) {
    return;
  }
  Hold(Same(file, at_once), "the size of a read does not matter to what is read");
  CheckStories(file);
  const auto half = static_cast<int64_t>(file.stories.size() + 1) / 2;
  const StoryFile first = ReadStories(path, half, options);
  Hold(first.format == file.format &&
           std::ranges::equal(first.stories,
                              std::vector(file.stories.begin(), file.stories.begin() + half)),
       "fewer stories are the first ones");
  const std::string written = Written(file.stories);
  if (written.find('\r') == std::string::npos) {
    Hold(ReadStories(ScratchFile(kFile, written), kAll).stories == file.stories,
         "stories that are written are read as the same");
  }
}

void CheckInput(const uint8_t* data, size_t size) {
  Choices choices(data, size);
  const auto options = OptionsOf(&choices);
  CheckFile(choices.Rest(), options);
}

}  // namespace

Corpus MakeCorpus() {
  using std::string_literals::operator""s;
  constexpr size_t kSome = 3000;
  const std::string large = "\x04\x03"s;  // the options of all but tests
  Corpus corpus;
  for (const char* name : {"tinystories_sample.txt", "tinystories_endoftext_sample.txt"}) {
    corpus.seeds.push_back(large +
                           Bytes(FindRunfile("data/tinystories/"s + name)).substr(0, kSome));
  }
  for (const std::string& text :
       {"One day.\nTwo.\n<|endoftext|>\nThree\r\nfour\r\n<|endoftext|>\n\n<|endoftext|>\ncut"s,
        "\xEF\xBB\xBFOne.\n\n\nTwo.\r\n\r\nThree"s, "text\n\"a \"\"b\"\"\"\n\"c\nd\"\n"s,
        "\xFF\xFEO\0n\0"s}) {
    corpus.seeds.push_back(large + text);
    corpus.seeds.push_back("\x01\x02"s + text);
  }
  corpus.words = {
      "\n",       "\n\n",   "\r\n", "\r",      " ", "\t",           std::string(kMarker),
      "<|endof",  "text|>", "\"",   "\"\"",    ",", "\xEF\xBB\xBF", "\xE2\x80\x9C",
      "\xE2\x80", "\xFF",   "\0"s,  "\xFE\xFF"};
  return corpus;
}

}  // namespace initbias::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  initbias::fuzz::CheckInput(data, size);
  return 0;
}
