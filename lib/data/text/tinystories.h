// Reads stories from the files of TinyStories (Eldan & Li, "TinyStories: How small can language
// models be and still speak coherent English?", 2023), or from any text with a blank line between
// two texts.
//
// The file is read from its beginning and no further than needed: the official training file has
// 1.9 GB and is never held in memory. What is not taken as a story is counted, never dropped
// silently.
#ifndef INITBIAS_LIB_DATA_TEXT_TINYSTORIES_H_
#define INITBIAS_LIB_DATA_TEXT_TINYSTORIES_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace initbias {

// How the stories of a file are told apart.
enum class StoryFormat {
  kEndMarkers,  // the original format: <|endoftext|> ends a story
  kBlankLines,  // a blank line, or the end of the file, ends a text
};

// What ReadStories found.
struct StoryFile {
  // In the file's order, UTF-8, none empty, without white space (as Trim has it) at both ends. Line
  // breaks inside are kept, as "\n".
  std::vector<std::string> stories;
  StoryFormat format = StoryFormat::kBlankLines;
  // Both are 0 with kBlankLines. Only what was read is counted, see ReadStories.
  int64_t skipped_empty = 0;       // end markers with nothing but white space before them
  int64_t skipped_unfinished = 0;  // 1 where the file ends within a story: it was probably cut
};

// Limits of the reader. The defaults are for all but tests.
struct StoryReaderOptions {
  // How much is read at a time.
  size_t read_bytes = size_t{1} << 16;
  // Stories and lines up to this length are read, longer ones are refused (give or take the length
  // of an end marker). Those of TinyStories have a few kB.
  size_t max_story_bytes = size_t{1} << 20;
};

// Reads the first `max_stories` stories of the file `path`, fewer where it has fewer: the caller
// compares the numbers. max_stories >= 1.
//
// The format is kEndMarkers where <|endoftext|> occurs within the first max_story_bytes,
// kBlankLines elsewhere; a marker further on is an error then. The marker ends a story wherever it
// stands, in a line of its own or not, for it is never part of a text. A byte order mark of UTF-8
// is left out, CRLF counts as a line break. A file that was cut within its first story is taken for
// kBlankLines.
//
// Reading stops at the end of the line that ends the last story. What comes after it is not
// read: an encoding error there stays unseen until more stories are read.
//
// Throws Error where the file is missing, a folder, unreadable or empty, has no story, looks like
// CSV (its records would be joined, end to beginning), is not UTF-8
// (UTF-16 included), holds a NUL byte, or a line or story longer than max_story_bytes. The message
// names the file and, for what is inside it, line and byte offset (from 1 and from 0).
StoryFile ReadStories(const std::filesystem::path& path, int64_t max_stories,
                      const StoryReaderOptions& options = {});

// One line for people, without a full stop: "250 stories, each ended by <|endoftext|>; skipped: 1
// empty, 1 unfinished at the end of the file".
std::string Summary(const StoryFile& file);

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_TEXT_TINYSTORIES_H_
