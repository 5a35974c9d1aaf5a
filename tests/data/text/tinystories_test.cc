// Both formats of story files, each kind of bad file, and random ones.
#include "lib/data/text/tinystories.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/sha256.h"
#include "lib/base/text.h"
#include "lib/rng/stream.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int64_t kAll = 1'000'000;
constexpr std::string_view kMarker = "<|endoftext|>";
constexpr const char* kExcerpt = "data/tinystories/tinystories_sample.txt";
constexpr const char* kMarkedExcerpt = "data/tinystories/tinystories_endoftext_sample.txt";

std::string Slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

fs::path TestFile(std::string_view content) {
  fs::path path = fs::path(testing::TempDir()) / "stories.txt";
  fs::remove(path);  // a new file: some file systems write a changed one to disk at once
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

StoryFile Stories(std::string_view content, int64_t max_stories = kAll,
                  const StoryReaderOptions& options = {}) {
  return ReadStories(TestFile(content), max_stories, options);
}

std::string StoriesError(std::string_view content, int64_t max_stories = kAll,
                         const StoryReaderOptions& options = {}) {
  return ErrorOf([&] { Stories(content, max_stories, options); });
}

int64_t Occurrences(std::string_view text, std::string_view part) {
  int64_t n = 0;
  for (size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++n;
  }
  return n;
}

// `text` with "\r\n" in place of each "\n", and the other way round.
std::string WithCrlf(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c == '\n' ? "\r\n" : std::string(1, c);
  }
  return result;
}

std::string WithoutCrlf(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) != "\r\n") {
      result += text[i];
    }
  }
  return result;
}

bool SameStories(const StoryFile& a, const StoryFile& b) {
  return a.stories == b.stories && a.format == b.format && a.skipped_empty == b.skipped_empty &&
         a.skipped_unfinished == b.skipped_unfinished;
}

TEST(ReadStoriesTest, EndMarkers) {
  const StoryFile file =
      Stories("\nOnce upon a time.\n\nThe end.\n<|endoftext|>\n\n\n  Tim ran. \n<|endoftext|>\n");
  EXPECT_EQ(file.format, StoryFormat::kEndMarkers);
  EXPECT_THAT(file.stories, ElementsAre("Once upon a time.\n\nThe end.", "Tim ran."));
  EXPECT_EQ(file.skipped_empty, 0);
  EXPECT_EQ(file.skipped_unfinished, 0);
  EXPECT_EQ(Summary(file), "2 stories, each ended by <|endoftext|>");
}

TEST(ReadStoriesTest, BlankLines) {
  const StoryFile file = Stories("\n\nOnce upon a time.\nThe end.\n\n \t\n\n  Tim ran. \n");
  EXPECT_EQ(file.format, StoryFormat::kBlankLines);
  EXPECT_THAT(file.stories, ElementsAre("Once upon a time.\nThe end.", "Tim ran."));
  EXPECT_EQ(file.skipped_empty, 0);
  EXPECT_EQ(file.skipped_unfinished, 0);
  EXPECT_EQ(Summary(file), "2 texts, separated by blank lines");
}

// Read as texts, such a file would join the end of one story to the beginning of the next.
TEST(ReadStoriesTest, CsvIsRefused) {
  const std::string first = "\"Tom said, \"\"Hi!\"\" to Ann.\n\nThey went home.\"\n";
  const std::string second = "\"Ann saw a cat.\n\nIt ran.\"\n";
  for (const std::string& file :
       {first + second, second + second, WithCrlf(first + second), "text\n" + first + second,
        "\"text\"\n" + second, "\xEF\xBB\xBF" + first + second,
        std::string("\"Tom said, \"\"Hi!\"\"\",1\n\"Ann ran.\",2\n")}) {
    EXPECT_THAT(StoriesError(file), HasSubstr("this looks like CSV")) << file;
  }
}

// However much is read at a time, its beginning decides.
TEST(ReadStoriesTest, WhatLooksLikeCsvHangsOnNoReadSize) {
  const std::string begin = "\"a \"\"b\"\"\"\n\"c\nd";
  const std::string file = begin + std::string(20, 'd') + "\"\nno CSV \"a\"\n";
  for (const size_t limit : {size_t{1}, size_t{20}, size_t{1000}}) {
    const auto csv = [&](size_t read_bytes) {
      return StoriesError(file + std::string(1000, ' ') + std::string(1, 0), kAll,
                          {.read_bytes = read_bytes, .max_story_bytes = limit})
                 .find("CSV") != std::string::npos;
    };
    EXPECT_EQ(csv(1), csv(1 << 16)) << limit;
    EXPECT_EQ(csv(1), limit < 1000) << limit;
  }
}

TEST(ReadStoriesTest, QuotesOfATextAreNotCsv) {
  for (const std::string file :
       {"\"Hi!\" said Tom.\n\n\"Oh!\" said Ann.\n", "\"Hi!\"\n\"Oh!\"\n\n\"Go!\"\n",
        "\"Hi!\"\n\n\"Oh!\"\n", "Tom said \"\"Hi\"\".\n\nAnn ran.\n", "\"Hi!\n\nAnn ran.\n"}) {
    EXPECT_GE(Stories(file).stories.size(), 2u) << file;
  }
  EXPECT_EQ(Stories("\"Hi!\" said Tom.<|endoftext|>\n").stories.size(), 1u);
}

TEST(ReadStoriesTest, NoLineBreakAtTheEnd) {
  EXPECT_THAT(Stories("a\n<|endoftext|>\nb\n<|endoftext|>").stories, ElementsAre("a", "b"));
  EXPECT_THAT(Stories("a\n\nb").stories, ElementsAre("a", "b"));
  EXPECT_EQ(Summary(Stories("a")), "1 text, separated by blank lines");
}

TEST(ReadStoriesTest, TheMarkerEndsAStoryWhereverItStands) {
  EXPECT_THAT(Stories("a<|endoftext|>b\nc <|endoftext|> \t\nd\n  <|endoftext|>\n").stories,
              ElementsAre("a", "b\nc", "d"));
  EXPECT_THAT(Stories("a<|endoftext|>b<|endoftext|>").stories, ElementsAre("a", "b"));
  EXPECT_THAT(Stories("a <|endoftext> b\n<|endoftext|>\n").stories,
              ElementsAre("a <|endoftext> b"));
}

TEST(ReadStoriesTest, EmptyStoriesAreSkippedAndCounted) {
  const StoryFile file =
      Stories("<|endoftext|>\na\n<|endoftext|>\n<|endoftext|>\n \n\n<|endoftext|>\n");
  EXPECT_THAT(file.stories, ElementsAre("a"));
  EXPECT_EQ(file.skipped_empty, 3);
  EXPECT_EQ(file.skipped_unfinished, 0);
  EXPECT_EQ(Summary(file), "1 story, each ended by <|endoftext|>; skipped: 3 empty");
}

TEST(ReadStoriesTest, AnUnfinishedStoryIsSkippedAndCounted) {
  for (const char* tail : {"b", "b\n", "b\n<|endoftex", "\n\n b c \n\n"}) {
    const StoryFile file = Stories(std::string("a\n<|endoftext|>\n") + tail);
    EXPECT_THAT(file.stories, ElementsAre("a"));
    EXPECT_EQ(file.skipped_empty, 0);
    EXPECT_EQ(file.skipped_unfinished, 1);
    EXPECT_THAT(Summary(file), EndsWith("; skipped: 1 unfinished at the end of the file"));
  }
  EXPECT_THAT(Summary(Stories("a<|endoftext|><|endoftext|>b")),
              EndsWith("; skipped: 1 empty, 1 unfinished at the end of the file"));
}

TEST(ReadStoriesTest, CrlfIsALineBreak) {
  for (const std::string& text : {Slurp(kExcerpt), Slurp(kMarkedExcerpt)}) {
    const StoryFile file = Stories(WithCrlf(text));
    EXPECT_TRUE(SameStories(file, Stories(text)));
  }
  EXPECT_THAT(Stories("a\r\nb\r\n\r\nc\r\n").stories, ElementsAre("a\nb", "c"));
  EXPECT_THAT(Stories("a\r\nb\r\n<|endoftext|>\r\nc\r\n<|endoftext|>\r").stories,
              ElementsAre("a\nb", "c"));
  EXPECT_THAT(Stories("a\rb\n").stories, ElementsAre("a\rb")) << "a CR alone is kept";
}

TEST(ReadStoriesTest, TheByteOrderMarkIsLeftOut) {
  EXPECT_THAT(Stories("\xEF\xBB\xBF"
                      "a\n\nb\n")
                  .stories,
              ElementsAre("a", "b"));
  EXPECT_THAT(Stories("\xEF\xBB\xBF<|endoftext|>a<|endoftext|>").stories, ElementsAre("a"));
  EXPECT_THAT(Stories("a\n\n\xEF\xBB\xBF"
                      "b\n")
                  .stories,
              ElementsAre("a",
                          "\xEF\xBB\xBF"
                          "b"))
      << "only at the beginning it is one";
}

TEST(ReadStoriesTest, StopsAtTheStoriesAskedFor) {
  EXPECT_THAT(Stories("a<|endoftext|>b<|endoftext|>c<|endoftext|>", 2).stories,
              ElementsAre("a", "b"));
  EXPECT_THAT(Stories("a\n\nb\n\nc\n", 2).stories, ElementsAre("a", "b"));
  EXPECT_EQ(Stories("a\n\nb\n\nc\n", 3).stories.size(), 3U);
  EXPECT_EQ(Stories("a\n\nb\n\nc\n", 4).stories.size(), 3U) << "fewer are seen by their number";
  // Nothing behind the last story is counted.
  const StoryFile file = Stories("a\n<|endoftext|>\n<|endoftext|>\nb", 1);
  EXPECT_EQ(file.skipped_empty + file.skipped_unfinished, 0);
}

TEST(ReadStoriesTest, ErrorsBehindTheLastStoryStayUnseen) {
  for (const std::string text : {"a\n<|endoftext|>\n\xFF\n<|endoftext|>\n", "a\n\n\xFF\n"}) {
    EXPECT_THAT(Stories(text, 1).stories, ElementsAre("a"));
    EXPECT_THAT(StoriesError(text, 2), HasSubstr("not UTF-8"));
  }
  EXPECT_THAT(StoriesError("a<|endoftext|>\xFF\n", 1), HasSubstr("not UTF-8")) << "the same line";
}

// From a pipe that is never closed a reader of whole files would not return.
TEST(ReadStoriesTest, ReadsNoFurtherThanNeeded) {
  const fs::path path = fs::path(testing::TempDir()) / "pipe";
  fs::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const StoryReaderOptions options = {.read_bytes = 8, .max_story_bytes = 16};
  const pid_t writer = fork();
  ASSERT_GE(writer, 0);
  if (writer == 0) {
    std::FILE* pipe = std::fopen(path.c_str(), "wb");
    for (;;) {  // ends by SIGPIPE once nobody reads any more
      std::fputs("a story\n<|endoftext|>\n", pipe);
    }
  }
  EXPECT_THAT(ReadStories(path, 2, options).stories, ElementsAre("a story", "a story"));
  int status = 0;
  ASSERT_EQ(waitpid(writer, &status, 0), writer);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
}

// The result does not depend on where the buffer ends.
TEST(ReadStoriesTest, StoriesAcrossReads) {
  const std::vector<std::string> texts = {Slurp(kMarkedExcerpt), WithCrlf(Slurp(kMarkedExcerpt)),
                                          Slurp(kExcerpt).substr(0, 3000),
                                          "\xEF\xBB\xBF"
                                          "a\xE2\x80\x9C\n<|endoftext|>\n<|endoftext|>b"};
  for (const std::string& text : texts) {
    const StoryFile whole = Stories(text);
    for (size_t read_bytes = 1; read_bytes <= 40; ++read_bytes) {
      EXPECT_TRUE(SameStories(Stories(text, kAll, {.read_bytes = read_bytes}), whole))
          << read_bytes << " bytes at a time";
    }
  }
}

TEST(ReadStoriesTest, StoriesLongerThanTheReads) {
  std::string story;
  while (story.size() < 300'000) {
    story +=
        "Lily and Tom went to the park, and this is line " + std::to_string(story.size()) + "\n";
  }
  const StoryFile file =
      Stories(story + "<|endoftext|>\nb\n<|endoftext|>\n" + story + "<|endoftext|>");
  EXPECT_THAT(file.stories, ElementsAre(Trim(story), "b", Trim(story)));
}

TEST(ReadStoriesTest, NoStoryIsLongerThanTheLimit) {
  const std::string a(100, 'a');
  for (const size_t read_bytes : {size_t{1}, size_t{7}, size_t{1000}}) {
    const StoryReaderOptions options = {.read_bytes = read_bytes, .max_story_bytes = 100};
    EXPECT_THAT(Stories(a + "\n<|endoftext|>\n" + a + "\n<|endoftext|>", kAll, options).stories,
                ElementsAre(a, a));
    EXPECT_THAT(Stories(a + "\n\n" + a, kAll, options).stories, ElementsAre(a, a));
    EXPECT_THAT(StoriesError("b\n<|endoftext|>\n" + a + a + "\n", kAll, options),
                HasSubstr("line 3: a line or story of more than 115 bytes"));
    EXPECT_THAT(StoriesError("b\n\n" + a + "\n" + a + "\n", kAll, options),
                HasSubstr("line 4: a line or story of more than 115 bytes"));
    EXPECT_THAT(StoriesError(a + a, kAll, options), HasSubstr("line 1: a line or story"));
  }
}

TEST(ReadStoriesTest, AMarkerThatComesLateIsAnError) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += "a\n\n";
  }
  text += "b\n<|endoftext|>\n";
  EXPECT_EQ(Stories(text).format, StoryFormat::kEndMarkers);
  const StoryReaderOptions options = {.read_bytes = 1000, .max_story_bytes = 100};
  EXPECT_THAT(StoriesError(text, kAll, options),
              HasSubstr("line 202: <|endoftext|> stands here, but nowhere in the first stories"));
  EXPECT_EQ(Stories(text, 100, options).stories.size(), 100U);
}

TEST(ReadStoriesTest, MissingFile) {
  const fs::path path = fs::path(testing::TempDir()) / "none.txt";
  EXPECT_EQ(ErrorOf([&] { ReadStories(path, 1); }),
            "there is no file " + path.string() +
                "\n`bazel run //data:fetch_tinystories` downloads the TinyStories files");
}

TEST(ReadStoriesTest, Folder) {
  EXPECT_THAT(ErrorOf([] { ReadStories(testing::TempDir(), 1); }), HasSubstr("is a folder"));
}

TEST(ReadStoriesTest, UnreadableFile) {
  // Reading the memory of this process from its beginning fails, for root too.
  EXPECT_EQ(
      ErrorOf([] { ReadStories("/proc/self/mem", 1); }),
      "cannot read /proc/self/mem: Input/output error; the disk or the network fails, the file may be "
      "whole: try again later");
}

TEST(ReadStoriesTest, FileWithoutReadPermission) {
  if (geteuid() == 0) {
    GTEST_SKIP() << "root may read every file";
  }
  const fs::path path = TestFile("a\n");
  fs::permissions(path, fs::perms::none);
  EXPECT_EQ(ErrorOf([&] { ReadStories(path, 1); }),
            "cannot read " + path.string() + ": Permission denied; whose it is shows `ls -l`");
  fs::permissions(path, fs::perms::owner_all);
}

TEST(ReadStoriesTest, FilesWithoutAStory) {
  EXPECT_THAT(StoriesError(""), EndsWith("stories.txt is empty; expected stories"));
  for (const char* text : {"\n", " \r\n\t\n\n", "\xEF\xBB\xBF", "\xEF\xBB\xBF\n"}) {
    EXPECT_THAT(StoriesError(text), EndsWith("stories.txt has no story: nothing but white space"));
  }
  EXPECT_THAT(StoriesError("<|endoftext|>\n\n<|endoftext|>\na"),
              EndsWith("has no story: 0 stories, each ended by <|endoftext|>; skipped: 2 empty, 1 "
                       "unfinished at the end of the file"));
}

TEST(ReadStoriesTest, OtherEncodings) {
  using std::string_literals::operator""s;
  for (const std::string& text : {"\xFF\xFE"
                                  "a\0\n\0"s,
                                  "\xFE\xFF\0a\0\n"s}) {
    EXPECT_THAT(StoriesError(text), HasSubstr("is UTF-16, as its byte order mark says"));
  }
  EXPECT_THAT(StoriesError("a\n\nb\0c\n"s), HasSubstr("line 3, byte offset 4: a NUL byte"));
  EXPECT_THAT(StoriesError("ab\r\ncaf\xE9 x\n"),
              HasSubstr("line 2, byte offset 7: byte 0xE9 is not UTF-8"));
  // Of two in a line, the first.
  EXPECT_THAT(StoriesError("\xC3\xA9\0\xE9\n"s), HasSubstr("line 1, byte offset 2: a NUL byte"));
  EXPECT_THAT(StoriesError("\xC3\xA9\xE9\0\n"s),
              HasSubstr("line 1, byte offset 2: byte 0xE9 is not UTF-8"));
  EXPECT_THAT(StoriesError("\xEF\xBB\xBF\n\x80"), HasSubstr("line 2, byte offset 4: byte 0x80"));
  const std::string before(200'000, 'a');
  EXPECT_THAT(StoriesError("b\n<|endoftext|>\n" + before + "\n\xC3"),
              HasSubstr("line 4, byte offset 200017: byte 0xC3"));
}

// The place in the file, however much of it was let go before.
TEST(ReadStoriesTest, LineAndOffsetCountFromTheBeginning) {
  std::string text = "\xEF\xBB\xBF";
  for (int i = 0; i < 1000; ++i) {
    text += "0123456\r\n\n";
  }
  text += "ab\xFF";
  for (const size_t read_bytes : {size_t{1}, size_t{7}, size_t{1000}, size_t{100'000}}) {
    EXPECT_THAT(StoriesError(text, kAll, {.read_bytes = read_bytes, .max_story_bytes = 50}),
                HasSubstr("line 2001, byte offset 10005: byte 0xFF"));
  }
}

// The smallest and the largest characters of each size, and what is just outside.
TEST(ReadStoriesTest, WellFormedUtf8) {
  for (const char* good :
       {"\x01", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_THAT(Stories(good).stories, ElementsAre(good));
    EXPECT_THAT(Stories(std::string("a") + good + "b").stories.front(), HasSubstr(good));
  }
  for (const char* bad :
       {"\x80", "\xBF", "\xC0\xAF", "\xC1\xBF", "\xC2", "\xC2\x7F", "\xC2\xC0", "\xE0\x9F\xBF",
        "\xE1\x80", "\xE1\x80\x7F", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF",
        "\xF1\x80\x80", "\xF1\x80\x80\xC0", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_THAT(StoriesError(std::string("a") + bad), HasSubstr("offset 1: byte 0x"));
    EXPECT_THAT(StoriesError(std::string("a") + bad + "\n"), HasSubstr("offset 1: byte 0x"));
  }
}

// What must hold of any file; returns whether it was read.
bool CheckAnyFile(const std::string& text) {
  const StoryReaderOptions options = {.read_bytes = 61, .max_story_bytes = 3000};
  const fs::path path = TestFile(text);
  StoryFile file;
  try {
    file = ReadStories(path, kAll, options);
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("stories.txt"));
    return false;
  }
  EXPECT_FALSE(file.stories.empty());
  const std::string normalised = WithoutCrlf(text);
  size_t from = 0;
  for (const std::string& story : file.stories) {
    EXPECT_FALSE(story.empty());
    EXPECT_EQ(Trim(story), story);
    EXPECT_EQ(story.find(kMarker), std::string::npos);
    from = normalised.find(story, from);
    if (from == std::string::npos) {
      ADD_FAILURE() << "not in the file, or out of order: " << story;
      return true;
    }
    from += story.size();
  }
  if (file.format == StoryFormat::kEndMarkers) {
    EXPECT_EQ(static_cast<int64_t>(file.stories.size()) + file.skipped_empty,
              Occurrences(text, kMarker));
    const std::string_view tail =
        std::string_view(text).substr(text.rfind(kMarker) + kMarker.size());
    EXPECT_EQ(file.skipped_unfinished, Trim(tail).empty() ? 0 : 1);
  } else {
    EXPECT_EQ(Occurrences(text, kMarker), 0);
    EXPECT_EQ(file.skipped_empty + file.skipped_unfinished, 0);
  }
  // Asking for fewer gives the first ones.
  const auto half = static_cast<int64_t>(file.stories.size() + 1) / 2;
  const StoryFile first = ReadStories(path, half, options);
  EXPECT_EQ(first.stories,
            std::vector<std::string>(file.stories.begin(), file.stories.begin() + half));
  return true;
}

TEST(ReadStoriesFuzzTest, RandomPieces) {
  using std::string_literals::operator""s;
  const std::vector<std::string> pieces = {"a",
                                           "Tim ran.",
                                           " ",
                                           "\t",
                                           "\n",
                                           "\n",
                                           "\n\n",
                                           "\r\n",
                                           "\r",
                                           "<|endoftext|>",
                                           "<|endoftext|>\n",
                                           "\n<|endoftext|>\n",
                                           "<|endof",
                                           "text|>",
                                           "\xE2\x80\x9C",
                                           "\xEF\xBB\xBF"};
  const std::vector<std::string> bad_pieces = {"\0"s, "\xFF", "\xE2\x80", "\x9C", "\xFF\xFE"};
  Stream stream(1, "tests/tinystories/pieces");
  int64_t read = 0;
  int64_t refused = 0;
  for (int i = 0; i < 1500; ++i) {
    std::string text;
    const int64_t length = stream.UniformInt(int64_t{0}, int64_t{60});
    for (int64_t j = 0; j < length; ++j) {
      const bool is_bad = stream.UniformInt(int64_t{0}, int64_t{199}) == 0;
      const std::vector<std::string>& from = is_bad ? bad_pieces : pieces;
      text += from[stream.UniformInt(from.size())];
    }
    ++(CheckAnyFile(text) ? read : refused);
  }
  EXPECT_GT(read, 500);
  EXPECT_GT(refused, 50);
}

TEST(ReadStoriesFuzzTest, RandomBytes) {
  Stream stream(1, "tests/tinystories/bytes");
  int64_t refused = 0;
  for (int i = 0; i < 500; ++i) {
    std::string text;
    const int64_t length = stream.UniformInt(int64_t{0}, int64_t{300});
    for (int64_t j = 0; j < length; ++j) {
      text += static_cast<char>(stream.UniformInt(int64_t{0}, int64_t{255}));
    }
    refused += CheckAnyFile(text) ? 0 : 1;
  }
  EXPECT_GT(refused, 450);
}

TEST(ReadStoriesFuzzTest, MutatedStories) {
  Stream stream(1, "tests/tinystories/mutated");
  const std::vector<std::string> texts = {Slurp(kMarkedExcerpt), Slurp(kExcerpt).substr(0, 4000)};
  int64_t read = 0;
  int64_t refused = 0;
  for (int i = 0; i < 500; ++i) {
    std::string text = texts[stream.UniformInt(texts.size())];
    const int64_t mutations = stream.UniformInt(int64_t{1}, int64_t{4});
    for (int64_t j = 0; j < mutations; ++j) {
      const auto at = static_cast<size_t>(stream.UniformInt(text.size()));
      switch (stream.UniformInt(int64_t{0}, int64_t{4})) {
        case 0:
          text[at] = static_cast<char>(stream.UniformInt(int64_t{0}, int64_t{255}));
          break;
        case 1:
          text.erase(at, static_cast<size_t>(stream.UniformInt(int64_t{1}, int64_t{50})));
          break;
        case 2:
          text.insert(at, kMarker);
          break;
        case 3:
          text.insert(at, "\r\n\n");
          break;
        default:
          text.insert(at, text.substr(at / 2, 700));
          break;
      }
      text += text.empty() ? "a" : "";
    }
    ++(CheckAnyFile(text) ? read : refused);
  }
  EXPECT_GT(read, 150);
  EXPECT_GT(refused, 25);
}

struct Shipped {
  const char* path;
  const char* name;
  const char* sha256;
};
constexpr Shipped kShipped[] = {
    {kExcerpt, "tinystories_sample.txt",
     "727e8b228375be3075114c20729c93ed6e81ae5d8fe7faf7cb54b304f0322d70"},
    {kMarkedExcerpt, "tinystories_endoftext_sample.txt",
     "defaedb58bf28079f3e29c6142cb7f3568d331a577e0911c5d7925c465c50c43"},
};

TEST(ShippedStoriesTest, AreAsTheReadmeSays) {
  const std::string readme = Slurp("data/tinystories/README.md");
  for (const Shipped& shipped : kShipped) {
    EXPECT_EQ(Sha256Hex(Slurp(shipped.path)), shipped.sha256);
    EXPECT_THAT(readme, HasSubstr(std::string("| `") + shipped.name + "` | "));
    EXPECT_THAT(readme, HasSubstr(std::string(" | ") + shipped.sha256 + " |\n"));
  }
}

TEST(ShippedStoriesTest, Excerpt) {
  const StoryFile file = ReadStories(kExcerpt, kAll);
  EXPECT_EQ(Summary(file), "1230 texts, separated by blank lines");
  EXPECT_THAT(file.stories.front(), StartsWith("One day, a little girl named Lily found a needle"));
  EXPECT_THAT(file.stories.back(), StartsWith("\"That was fun!\" Sarah said with a smile."));
  EXPECT_THAT(file.stories.back(), EndsWith("they made a big splash!"));
  // With the blank lines between them the texts are the file.
  std::string joined;
  for (const std::string& story : file.stories) {
    joined += (joined.empty() ? "" : "\n\n") + story;
  }
  EXPECT_TRUE(joined + "\n" == Slurp(kExcerpt));
}

TEST(ShippedStoriesTest, MarkedExcerpt) {
  const StoryFile file = ReadStories(kMarkedExcerpt, kAll);
  EXPECT_EQ(Summary(file), "5 stories, each ended by <|endoftext|>");
  std::vector<int64_t> lines;
  for (const std::string& story : file.stories) {
    EXPECT_THAT(story, testing::AnyOf(StartsWith("Once upon a time"), StartsWith("One day, a ")));
    lines.push_back(1 + Occurrences(story, "\n"));
  }
  EXPECT_THAT(lines, ElementsAre(5, 3, 3, 4, 3));
  EXPECT_EQ(ReadStories(kMarkedExcerpt, 3).stories.size(), 3U);
}

}  // namespace
}  // namespace initbias
