#include "lib/data/text/tinystories.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/text.h"
#include "lib/base/utf8.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEndMarker = "<|endoftext|>";
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

// Lines of a file, one after the other, checked and without a byte order mark.
class LineReader {
 public:
  LineReader(const fs::path& path, const StoryReaderOptions& options)
      : name_(path.string()),
        read_bytes_(options.read_bytes),
        max_bytes_(options.max_story_bytes + kEndMarker.size() + 2) {  // 2: a line break
    INITBIAS_CHECK(options.read_bytes > 0 && options.max_story_bytes > 0);
    std::error_code status;
    const fs::file_status found = fs::status(path, status);
    if (found.type() == fs::file_type::not_found) {
      throw Error(
          fmt::format("there is no file {}\n"
                      "`bazel run //data:fetch_tinystories` downloads the TinyStories files",
                      name_));
    }
    if (fs::is_directory(found)) {
      throw Error(fmt::format("{} is a folder; expected a file of stories", name_));
    }
    file_.reset(std::fopen(path.c_str(), "rbe"));
    if (file_ == nullptr) {
      throw Refused("read", name_, errno);
    }
    Fill(max_bytes_);
    if (buffer_.empty()) {
      throw Error(fmt::format("{} is empty; expected stories", name_));
    }
    const std::string_view head = std::string_view(buffer_).substr(0, 2);
    if (head == "\xFF\xFE" || head == "\xFE\xFF") {
      throw Error(
          fmt::format("{} is UTF-16, as its byte order mark says; expected UTF-8\n"
                      "`iconv -f UTF-16 -t UTF-8` converts it",
                      name_));
    }
    next_ = buffer_.starts_with(kUtf8Mark) ? kUtf8Mark.size() : 0;
  }

  const std::string& name() const { return name_; }
  int64_t line() const { return line_; }  // number of the last line, from 1

  // Whether the end marker begins within the longest story's length. To be called before NextLine.
  bool MarkerAhead() const {
    return std::string_view(buffer_).substr(0, max_bytes_).find(kEndMarker) !=
           std::string_view::npos;
  }

  // Whether the beginning, of the longest story's length, reads as CSV whose first column holds
  // texts: at least two records that begin with a double quote and end where it is closed, and in
  // one of them a doubled quote or a line break. A header line of one word may stand before them.
  // To be called before NextLine.
  bool LooksLikeCsv() const {
    std::string_view rest = std::string_view(buffer_).substr(0, max_bytes_).substr(next_);
    const size_t header = std::min(rest.find_first_of("\r\n \""), rest.size());
    if (header > 0 && header < rest.size() && rest[header] != ' ' && rest[header] != '"') {
      rest.remove_prefix(std::min(rest.find_first_not_of("\r\n", header), rest.size()));
    }
    int records = 0;
    bool marked = false;  // a doubled quote or a line break was inside
    while (rest.starts_with('"')) {
      size_t at = 1;
      for (; at < rest.size() && (rest[at] != '"' || rest.substr(at, 2) == "\"\""); ++at) {
        marked = marked || rest[at] == '"' || rest[at] == '\n';
        at += rest[at] == '"' ? 1 : 0;
      }
      rest.remove_prefix(std::min(at + 1, rest.size()));
      if (!rest.empty() && rest.front() != '\r' && rest.front() != '\n' && rest.front() != ',') {
        return false;  // words of a text go on after the quote
      }
      ++records;
      rest.remove_prefix(std::min(rest.find('\n'), rest.size()));
      rest.remove_prefix(rest.empty() ? 0 : 1);
    }
    return records >= 2 && marked && rest.empty();
  }

  // The next line without its line break, nullopt at the end of the file. Valid until the next
  // call.
  std::optional<std::string_view> NextLine() {
    ++line_;
    size_t end = buffer_.find('\n', next_);
    while (end == std::string::npos && !at_end_) {
      const size_t searched = buffer_.size() - next_;
      CheckLength(searched);
      buffer_.erase(0, next_);
      offset_ += static_cast<int64_t>(std::exchange(next_, 0));
      Fill(searched + 1);
      end = buffer_.find('\n', searched);
    }
    if (next_ == buffer_.size()) {
      return std::nullopt;
    }
    const bool has_break = end != std::string::npos;
    const size_t begin = next_;
    std::string_view line =
        std::string_view(buffer_).substr(begin, has_break ? end - begin : std::string_view::npos);
    next_ = begin + line.size() + (has_break ? 1 : 0);
    CheckLength(line.size());
    CheckEncoding(line, offset_ + static_cast<int64_t>(begin));
    if (has_break && line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    return line;
  }

  // Throws where `bytes`, the length of the line or story that ends at the current line, are too
  // many.
  void CheckLength(size_t bytes) const {
    if (bytes > max_bytes_) {
      throw Error(fmt::format(
          "{}, line {}: a line or story of more than {} bytes; expected stories of a few kB, each "
          "ended by a line {} or by a blank line",
          name_, line_, max_bytes_, kEndMarker));
    }
  }

 private:
  // Reads on until `size` bytes are in the buffer or the file ends.
  void Fill(size_t size) {
    while (buffer_.size() < size && !at_end_) {
      const size_t before = buffer_.size();
      buffer_.resize(before + read_bytes_);
      const size_t got = std::fread(buffer_.data() + before, 1, read_bytes_, file_.get());
      buffer_.resize(before + got);
      if (got < read_bytes_) {
        if (std::ferror(file_.get()) != 0) {
          throw Refused("read", name_, errno);
        }
        at_end_ = true;
      }
    }
  }

  // `offset`: of the line in the file.
  void CheckEncoding(std::string_view line, int64_t offset) const {
    const size_t valid = ValidUtf8Length(line);
    const size_t nul = line.substr(0, valid).find('\0');
    if (nul != std::string_view::npos) {
      throw Error(
          fmt::format("{}, line {}, byte offset {}: a NUL byte; is the file UTF-16, binary "
                      "or damaged? Expected text in UTF-8",
                      name_, line_, offset + static_cast<int64_t>(nul)));
    }
    if (valid < line.size()) {
      throw Error(
          fmt::format("{}, line {}, byte offset {}: byte 0x{:02X} is not UTF-8; is the file "
                      "in another encoding, or damaged?",
                      name_, line_, offset + static_cast<int64_t>(valid),
                      static_cast<unsigned char>(line[valid])));
    }
  }

  std::string name_;
  size_t read_bytes_;
  size_t max_bytes_;  // of a story with its end marker, and of a line
  std::unique_ptr<std::FILE, CloseFile> file_;
  std::string buffer_;
  size_t next_ = 0;     // where the next line begins in buffer_
  int64_t offset_ = 0;  // of the buffer's first byte in the file
  int64_t line_ = 0;
  bool at_end_ = false;
};

// The original format. Adds to `file`.
void ReadMarked(LineReader* reader, int64_t max_stories, StoryFile* file) {
  std::string raw;
  const auto full = [&] { return static_cast<int64_t>(file->stories.size()) == max_stories; };
  while (!full()) {
    const std::optional<std::string_view> line = reader->NextLine();
    if (!line) {
      file->skipped_unfinished = Trim(raw).empty() ? 0 : 1;
      return;
    }
    std::string_view rest = *line;
    for (size_t end; !full() && (end = rest.find(kEndMarker)) != std::string_view::npos;
         rest.remove_prefix(end + kEndMarker.size())) {
      raw += rest.substr(0, end);
      const std::string_view story = Trim(raw);
      if (story.empty()) {
        ++file->skipped_empty;
      } else {
        file->stories.emplace_back(story);
      }
      raw.clear();
    }
    raw += rest;
    raw += '\n';
    reader->CheckLength(raw.size());
  }
}

// Texts with blank lines between them. Adds to `file`.
void ReadSeparated(LineReader* reader, int64_t max_stories, StoryFile* file) {
  std::string raw;
  while (static_cast<int64_t>(file->stories.size()) < max_stories) {
    const std::optional<std::string_view> line = reader->NextLine();
    if (line && line->find(kEndMarker) != std::string_view::npos) {
      throw Error(fmt::format(
          "{}, line {}: {} stands here, but nowhere in the first stories, which are separated by "
          "blank lines; expected one way or the other for all of the file",
          reader->name(), reader->line(), kEndMarker));
    }
    if (line && !Trim(*line).empty()) {
      raw += *line;
      raw += '\n';
      reader->CheckLength(raw.size());
      continue;
    }
    if (!raw.empty()) {
      file->stories.emplace_back(Trim(raw));
      raw.clear();
    }
    if (!line) {
      return;
    }
  }
}

}  // namespace

StoryFile ReadStories(const fs::path& path, int64_t max_stories,
                      const StoryReaderOptions& options) {
  INITBIAS_CHECK(max_stories >= 1);
  LineReader reader(path, options);
  StoryFile file;
  if (reader.MarkerAhead()) {
    file.format = StoryFormat::kEndMarkers;
    ReadMarked(&reader, max_stories, &file);
  } else if (reader.LooksLikeCsv()) {
    throw Error(fmt::format(
        "{}: this looks like CSV: texts stand in double quotes, quotes inside them are doubled; "
        "expected plain text, each story ended by a line {} or by a blank line\n"
        "Python's csv module reads such a file, and can write the stories so",
        reader.name(), kEndMarker));
  } else {
    ReadSeparated(&reader, max_stories, &file);
  }
  if (file.stories.empty()) {
    const bool blank = file.skipped_empty + file.skipped_unfinished == 0;
    throw Error(fmt::format("{} has no story: {}", reader.name(),
                            blank ? "nothing but white space" : Summary(file)));
  }
  return file;
}

std::string Summary(const StoryFile& file) {
  const auto n = static_cast<int64_t>(file.stories.size());
  const bool marked = file.format == StoryFormat::kEndMarkers;
  std::string text =
      marked ? Counted(n, "story", "stories") + ", each ended by " + std::string(kEndMarker)
             : Counted(n, "text") + ", separated by blank lines";
  if (file.skipped_empty > 0 || file.skipped_unfinished > 0) {
    text += "; skipped:";
    if (file.skipped_empty > 0) {
      text += fmt::format(" {} empty", file.skipped_empty);
    }
    if (file.skipped_unfinished > 0) {
      text += fmt::format("{} {} unfinished at the end of the file",
                          file.skipped_empty > 0 ? "," : "", file.skipped_unfinished);
    }
  }
  return text;
}

}  // namespace initbias
