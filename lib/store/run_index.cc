#include "lib/store/run_index.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "lib/base/atomic_file.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/machine.h"
#include "lib/base/sha256.h"
#include "lib/base/text.h"
#include "lib/process/fork_map.h"
#include "lib/store/header.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// Sections: each is the first line, then the length and the SHA-256 of its entries in a line, then
// the entries; of those of one file the last counts. Raised whenever these change.
constexpr int kIndexVersion = 3;
constexpr size_t kDigestLength = 64;

constexpr size_t kEndBytes = 4096;  // of each end of a file

// To make copies of a process takes as long as to read some files.
constexpr size_t kFewFiles = 20;
constexpr int64_t kMostProcesses = 64;

std::string FirstLine() {
  return fmt::format("initbias run index {}, schema {}\n", kIndexVersion, kSchemaVersion);
}

int64_t Nanoseconds(const timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + int64_t{time.tv_nsec};
}

// Each value is its length in bytes, a blank, the value and the end of the line.
void Append(std::string_view value, std::string* text) {
  fmt::format_to(std::back_inserter(*text), "{} {}\n", value.size(), value);
}

void Append(int64_t value, std::string* text) { Append(fmt::format("{}", value), text); }

// Takes values off the front of a text; `ok` is false, and what it returns empty, from the first on
// that is not one.
class Values {
 public:
  explicit Values(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool done() const { return rest_.empty(); }

  std::string_view Text() {
    const size_t blank = rest_.find(' ');
    const std::optional<int64_t> size =
        blank == std::string_view::npos ? std::nullopt : ParseInt(rest_.substr(0, blank));
    if (!size || *size < 0 || rest_.size() - blank - 1 <= static_cast<size_t>(*size)) {
      ok_ = false;
      return {};
    }
    const std::string_view value = rest_.substr(blank + 1, static_cast<size_t>(*size));
    rest_.remove_prefix(blank + 1 + value.size());
    ok_ = ok_ && rest_.front() == '\n';
    rest_.remove_prefix(1);
    return value;
  }

  int64_t Int() {
    const std::optional<int64_t> value = ParseInt(Text());
    ok_ = ok_ && value;
    return value.value_or(0);
  }

  double Double() {
    const std::optional<double> value = ParseDouble(Text());
    ok_ = ok_ && value;
    return value.value_or(0);
  }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::string Section(std::string_view entries) {
  return fmt::format("{}{} {}\n{}", FirstLine(), entries.size(), Sha256Hex(entries), entries);
}

// Takes the section that `text` begins with off its front, and returns its entries; nothing where
// it is not whole.
std::optional<std::string_view> TakeSection(std::string_view* text) {
  const std::string first = FirstLine();
  if (!text->starts_with(first)) {
    return std::nullopt;
  }
  std::string_view rest = text->substr(first.size());
  const size_t blank = rest.find(' ');
  const std::optional<int64_t> size =
      blank == std::string_view::npos ? std::nullopt : ParseInt(rest.substr(0, blank));
  if (!size || *size < 0) {
    return std::nullopt;
  }
  rest.remove_prefix(blank + 1);
  constexpr size_t kBefore = kDigestLength + 1;
  if (rest.size() < kBefore || rest.size() - kBefore < static_cast<size_t>(*size)) {
    return std::nullopt;
  }
  const std::string_view entries = rest.substr(kBefore, static_cast<size_t>(*size));
  if (rest[kDigestLength] != '\n' || Sha256Hex(entries) != rest.substr(0, kDigestLength)) {
    return std::nullopt;
  }
  *text = rest.substr(kBefore + entries.size());
  return entries;
}

// `config`: the canonical form of the run's.
void AppendEntry(std::string_view name, const RunSummary& run, std::string_view config,
                 std::string* text) {
  Append(name, text);
  for (const int64_t number :
       {run.stamp.bytes, run.stamp.inode, run.stamp.modified, run.stamp.changed,
        int64_t{run.by_its_ends}, run.step, run.digest_at}) {
    Append(number, text);
  }
  for (const std::string_view part :
       {std::string_view(run.sha256), std::string_view(run.digest), std::string_view(run.ends),
        std::string_view(run.profile), config}) {
    Append(part, text);
  }
  Append(static_cast<int64_t>(run.losses.size()), text);
  for (const auto& [group, loss] : run.losses) {
    Append(group, text);
    Append(fmt::format("{}", loss), text);
  }
}

// The entry of a file that is read whole and checked.
std::string EntryOf(const fs::path& path, const RunSummary& run) {
  std::string text;
  AppendEntry(path.filename().string(), run, CanonicalForm(run.config), &text);
  return text;
}

// Of all bytes of a file, or of its first and last ones.
std::string EndsSha256(std::string_view first, std::string_view last) {
  Sha256 sha;
  sha.Update(first.substr(0, kEndBytes));
  sha.Update(last.substr(last.size() - std::min(last.size(), kEndBytes)));
  return sha.HexDigest();
}

// Whether the file, which has the length of that of `run`, has its digest and its ends; no more of
// it is read.
bool IsCopy(const fs::path& path, const RunSummary& run) {
  const int64_t length = std::min(static_cast<int64_t>(kEndBytes), run.stamp.bytes);
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return false;
  }
  const auto read = [fd](int64_t place, size_t size) {
    std::string bytes(size, '\0');
    const ssize_t count = pread(fd, bytes.data(), size, place);
    return bytes.substr(0, static_cast<size_t>(std::max<ssize_t>(0, count)));
  };
  const auto size = static_cast<size_t>(length);
  const bool same = read(run.digest_at, run.digest.size()) == run.digest &&
                    EndsSha256(read(0, size), read(run.stamp.bytes - length, size)) == run.ends;
  close(fd);
  return same;
}

// Reads and checks a run file. Throws as ReadRunFile.
RunSummary ReadSummary(const fs::path& path) {
  const std::optional<FileStamp> before = StampOf(path);
  // First, and from its beginning to its end: HDF5 reads here and there, which takes long where the
  // file is not in memory yet.
  std::string bytes;
  try {
    bytes = ReadFile(path);
  } catch (const Error&) {
    // The next line tells why.
  }
  const CheckedCurves checked = ReadCheckedCurves(path);
  RunSummary run = Summarize(checked.run);
  run.digest = checked.digest;
  run.sha256 = Sha256Hex(bytes);
  run.ends = EndsSha256(bytes, bytes);
  if (const size_t place = bytes.find(run.digest); place != std::string::npos) {
    run.digest_at = static_cast<int64_t>(place);
  }
  // One that was replaced meanwhile keeps a stamp that no file has.
  if (before && StampOf(path) == before) {
    run.stamp = *before;
  }
  return run;
}

}  // namespace

std::optional<FileStamp> StampOf(const fs::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    const int number = errno;
    if (number == ENOENT || number == ENOTDIR) {
      return std::nullopt;
    }
    throw Refused("look up", path, number);
  }
  if (!S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return FileStamp{.bytes = int64_t{status.st_size},
                   .inode = static_cast<int64_t>(status.st_ino),
                   .modified = Nanoseconds(status.st_mtim),
                   .changed = Nanoseconds(status.st_ctim)};
}

RunSummary Summarize(const RunResult& result) {
  RunSummary run{.profile = result.profile,
                 .config = WithoutPaths(result.config),
                 .step = result.step.empty() ? 0 : result.step.back()};
  for (const LearningCurve& curve : result.curves) {
    if (!curve.loss.empty()) {
      run.losses.emplace_back(curve.group, curve.loss.back());
    }
  }
  return run;
}

RunIndex::RunIndex(fs::path folder) : folder_(std::move(folder)) {
  std::string text;
  try {
    text = ReadFile(folder_ / kRunIndexFile);
  } catch (const Error&) {
    return;  // there is none, or it is not ours to read
  }
  changed_ = !Parse(text);
}

void RememberRun(const fs::path& path) {
  try {
    const std::string section = Section(EntryOf(path, ReadSummary(path)));
    const fs::path index = path.parent_path() / kRunIndexFile;
    const int fd = open(index.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd >= 0) {
      // In one call: what other processes add comes before or behind.
      [[maybe_unused]] const ssize_t written = write(fd, section.data(), section.size());
      close(fd);
    }
  } catch (const Error&) {
    // Who wants to know what it holds reads it, or is told what is wrong.
  }
}

bool RunIndex::Parse(std::string_view text) {
  const std::string first = FirstLine();
  size_t sections = 0;
  bool whole = true;
  while (!text.empty()) {
    ++sections;
    if (const std::optional<std::string_view> entries = TakeSection(&text)) {
      whole = AddEntries(*entries) && whole;
      continue;
    }
    whole = false;
    text.remove_prefix(std::min(text.size(), text.find(first, 1)));
  }
  return whole && sections == 1;
}

bool RunIndex::AddEntries(std::string_view body) {
  Values values(body);
  std::vector<std::pair<std::string, Entry>> entries;
  while (values.ok() && !values.done()) {
    auto& [name, entry] = entries.emplace_back(values.Text(), Entry());
    RunSummary& run = entry.run;
    int64_t by_its_ends = 0;
    for (int64_t* const number : {&run.stamp.bytes, &run.stamp.inode, &run.stamp.modified,
                                  &run.stamp.changed, &by_its_ends, &run.step, &run.digest_at}) {
      *number = values.Int();
    }
    run.by_its_ends = by_its_ends != 0;
    for (std::string* const part :
         {&run.sha256, &run.digest, &run.ends, &run.profile, &entry.config}) {
      *part = values.Text();
    }
    const int64_t losses = values.Int();
    for (int64_t i = 0; values.ok() && i < losses; ++i) {
      const std::string group(values.Text());
      run.losses.emplace_back(group, values.Double());
    }
  }
  if (!values.ok()) {
    return false;
  }
  for (auto& [name, entry] : entries) {
    entries_.insert_or_assign(entries_.end(), name, std::move(entry));
  }
  return true;
}

void RunIndex::Prepare(const std::vector<std::string>& names) {
  std::vector<std::string> unknown;
  for (const std::string& name : names) {
    try {
      if (Find(name) == nullptr) {
        unknown.push_back(name);
      }
    } catch (const FileRefused&) {
      // Nor will it be read.
    }
  }
  const auto processes = static_cast<size_t>(std::min(UsableCores(), kMostProcesses));
  if (unknown.size() < kFewFiles || processes < 2) {
    return;
  }
  const auto read = [&](size_t i) {
    const fs::path path = folder_ / unknown[i];
    return EntryOf(path, ReadSummary(path));
  };
  for (const std::optional<std::string>& entry : ForkMap(unknown.size(), processes, read)) {
    if (entry && AddEntries(*entry)) {
      ++files_read_;
      changed_ = true;
    }
  }
}

void RunIndex::Forget() {
  changed_ = changed_ || !entries_.empty();
  entries_.clear();
}

const RunSummary* RunIndex::Find(const std::string& name) {
  const auto found = entries_.find(name);
  if (found == entries_.end() || !IsCurrent(name, &found->second.run)) {
    return nullptr;
  }
  Entry& entry = found->second;
  if (!entry.config.empty()) {
    try {
      entry.run.config = ParseCanonicalForm(entry.config);
    } catch (const Error&) {
      return nullptr;  // of another revision, and so may be the file
    }
    entry.config.clear();
  }
  return &entry.run;
}

const RunSummary& RunIndex::Get(const std::string& name) {
  const RunSummary* const known = Find(name);
  return known != nullptr ? *known : Read(name);
}

bool RunIndex::IsCurrent(const std::string& name, RunSummary* run) {
  const fs::path path = folder_ / name;
  const std::optional<FileStamp> stamp = StampOf(path);
  if (stamp == run->stamp) {
    return true;
  }
  if (!stamp || stamp->bytes != run->stamp.bytes) {
    return false;
  }
  // Of a folder that was copied with its index every file is another one. One that is the same was
  // written into, or only its times are others.
  const bool copied = stamp->inode != run->stamp.inode && run->digest_at >= 0;
  const bool same = copied ? IsCopy(path, *run) : FileSha256Hex(path) == run->sha256;
  if (!same || StampOf(path) != stamp) {
    return false;
  }
  run->by_its_ends = copied;
  run->stamp = *stamp;
  changed_ = true;
  return true;
}

const RunSummary& RunIndex::Read(const std::string& name) {
  ++files_read_;
  changed_ = entries_.erase(name) > 0 || changed_;
  Entry entry{.run = ReadSummary(folder_ / name)};
  changed_ = true;
  return entries_.insert_or_assign(name, std::move(entry)).first->second.run;
}

void RunIndex::Add(const std::string& name, RunSummary run) {
  if (const std::optional<FileStamp> stamp = StampOf(folder_ / name)) {
    run.stamp = *stamp;
    run.by_its_ends = false;
    entries_.insert_or_assign(name, Entry{.run = std::move(run)});
    changed_ = true;
  }
}

void RunIndex::Save() {
  if (!changed_) {
    return;
  }
  try {
    std::string body;
    for (const auto& [name, entry] : entries_) {
      const RunSummary& run = entry.run;
      if (StampOf(folder_ / name) != run.stamp) {
        continue;
      }
      AppendEntry(name, run, entry.config.empty() ? CanonicalForm(run.config) : entry.config,
                  &body);
    }
    if (FileExists(folder_)) {
      WriteTextAtomically(folder_ / kRunIndexFile, Section(body));
    }
    changed_ = false;
  } catch (const Error&) {
    // Next time it takes longer.
  }
}

}  // namespace initbias
