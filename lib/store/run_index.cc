#include "lib/store/run_index.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <iterator>

#include "lib/base/atomic_file.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/sha256.h"
#include "lib/base/text.h"
#include "lib/store/content_digest.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/header.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// The first line, then the SHA-256 of what follows in a line, then the entries. Raised whenever
// these change.
constexpr int kIndexVersion = 1;
constexpr size_t kDigestLength = 64;

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

// The digest that ReadRunFile has checked; of older files, which have none, it is made.
std::string DigestOf(const fs::path& path) {
  const Hdf5File file = Hdf5File::Open(path);
  return file.HasAttribute("/", "digest") ? file.ReadStringAttribute("/", "digest")
                                          : ContentDigest(file);
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
  for (const Series& series : result.series) {
    if (!series.loss.empty()) {
      run.losses.emplace_back(series.group, series.loss.back());
    }
  }
  return run;
}

RunIndex::RunIndex(fs::path folder) : folder_(std::move(folder)) {
  std::string text;
  try {
    text = ReadFile(folder_ / kIndexName);
  } catch (const Error&) {
    return;  // there is none, or it is not ours to read
  }
  if (!Parse(text)) {
    entries_.clear();
    changed_ = true;
  }
}

bool RunIndex::Parse(std::string_view text) {
  const std::string first = FirstLine();
  if (!text.starts_with(first) || text.size() < first.size() + kDigestLength + 1) {
    return false;
  }
  const std::string_view digest = text.substr(first.size(), kDigestLength);
  text.remove_prefix(first.size() + kDigestLength + 1);
  if (Sha256Hex(text) != digest) {
    return false;
  }
  Values values(text);
  while (values.ok() && !values.done()) {
    const std::string name(values.Text());
    Entry entry;
    RunSummary& run = entry.run;
    for (int64_t* const number :
         {&run.stamp.bytes, &run.stamp.inode, &run.stamp.modified, &run.stamp.changed, &run.step}) {
      *number = values.Int();
    }
    for (std::string* const part : {&run.sha256, &run.digest, &run.profile, &entry.config}) {
      *part = values.Text();
    }
    const int64_t losses = values.Int();
    for (int64_t i = 0; values.ok() && i < losses; ++i) {
      const std::string group(values.Text());
      run.losses.emplace_back(group, values.Double());
    }
    entries_.emplace_hint(entries_.end(), name, std::move(entry));
  }
  return values.ok();
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
  // A folder that was moved or copied with its index has the same bytes: to hash them takes a
  // hundredth of the time.
  if (!stamp || stamp->bytes != run->stamp.bytes || FileSha256Hex(path) != run->sha256 ||
      StampOf(path) != stamp) {
    return false;
  }
  run->stamp = *stamp;
  changed_ = true;
  return true;
}

const RunSummary& RunIndex::Read(const std::string& name) {
  const fs::path path = folder_ / name;
  ++files_read_;
  changed_ = entries_.erase(name) > 0 || changed_;
  const std::optional<FileStamp> before = StampOf(path);
  Entry entry{.run = Summarize(ReadRunFile(path))};
  entry.run.sha256 = FileSha256Hex(path);
  entry.run.digest = DigestOf(path);
  // One that was replaced meanwhile keeps a stamp that no file has.
  if (before && StampOf(path) == before) {
    entry.run.stamp = *before;
  }
  changed_ = true;
  return entries_.insert_or_assign(name, std::move(entry)).first->second.run;
}

void RunIndex::Add(const std::string& name, RunSummary run) {
  if (const std::optional<FileStamp> stamp = StampOf(folder_ / name)) {
    run.stamp = *stamp;
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
      Append(name, &body);
      for (const int64_t number :
           {run.stamp.bytes, run.stamp.inode, run.stamp.modified, run.stamp.changed, run.step}) {
        Append(number, &body);
      }
      const std::string config = entry.config.empty() ? CanonicalForm(run.config) : entry.config;
      for (const std::string_view part :
           {std::string_view(run.sha256), std::string_view(run.digest),
            std::string_view(run.profile), std::string_view(config)}) {
        Append(part, &body);
      }
      Append(static_cast<int64_t>(run.losses.size()), &body);
      for (const auto& [group, loss] : run.losses) {
        Append(group, &body);
        Append(fmt::format("{}", loss), &body);
      }
    }
    if (FileExists(folder_)) {
      WriteTextAtomically(folder_ / kIndexName,
                          fmt::format("{}{}\n{}", FirstLine(), Sha256Hex(body), body));
    }
    changed_ = false;
  } catch (const Error&) {
    // Next time it takes longer.
  }
}

}  // namespace initbias
