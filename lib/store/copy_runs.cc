#include "lib/store/copy_runs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "lib/base/atomic_file.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/sha256.h"
#include "lib/store/catalog.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// To flush a file takes some milliseconds, to flush a thousand at once not much more.
constexpr size_t kFilesAtOnce = 1000;
constexpr double kBytesAtOnce = 256e6;

// A copy that is written, and has not its name yet.
struct NewFile {
  fs::path target;
  fs::path temporary;
  RunSummary run;
};

// Gives the file its name. Returns false where another one has it meanwhile.
bool GiveName(const NewFile& file) {
  // Unlike a rename, a link never takes the place of a file.
  if (link(file.temporary.c_str(), file.target.c_str()) == 0) {
    unlink(file.temporary.c_str());
    return true;
  }
  const int number = errno;
  if (number == EEXIST || FileExists(file.target)) {
    return false;
  }
  if (number != EPERM && number != ENOSYS && number != EOPNOTSUPP && number != EMLINK) {
    throw Refused("make", file.target, number);
  }
  // No links here.
  if (rename(file.temporary.c_str(), file.target.c_str()) != 0) {
    throw Refused("make", file.target, errno);
  }
  return true;
}

// Everything that was written to the file system of `folder` is on its disk.
void Flush(const fs::path& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  const bool flushed = fd >= 0 && syncfs(fd) == 0;
  const int number = errno;
  if (fd >= 0) {
    close(fd);
  }
  if (!flushed) {
    throw Refused("write into", folder, number);
  }
}

class Copier {
 public:
  Copier(const fs::path& from, const fs::path& to) : from_(from), to_(to) {}
  Copier(const Copier&) = delete;
  Copier& operator=(const Copier&) = delete;
  ~Copier() {
    std::error_code none;
    for (const NewFile& file : batch_) {
      fs::remove(file.temporary, none);
    }
  }

  // Reads what is not known yet of run files, below `from`.
  void Prepare(const std::vector<CatalogFile>& files) {
    std::map<fs::path, std::vector<CatalogFile>> folders;
    for (const CatalogFile& file : files) {
      folders[(from_ / file.path).parent_path()].push_back(file);
    }
    for (const auto& [folder, some] : folders) {
      Index(folder).Prepare(RunFileNames(some));
    }
  }

  // `file`: a run file, below `from`.
  void Copy(const fs::path& file, const std::function<bool(const RunSummary&)>& wanted) {
    try {
      const fs::path path = from_ / file;
      RunIndex& index = Index(path.parent_path());
      const std::string name = path.filename().string();
      const RunSummary& run = index.Get(name);
      if (!wanted(run)) {
        return;
      }
      if (const std::string wrong = WrongName(path, run.config); !wrong.empty()) {
        throw Error(wrong);
      }
      const fs::path target = RunsFolder(to_, run.profile) / name;
      if (targets_.contains(target)) {
        GiveNames();  // two files of one run
      }
      if (FileExists(target)) {
        Compare(run, target);
      } else {
        Write(path, run, target);
      }
    } catch (const WriteError&) {
      throw;
    } catch (const Error& error) {
      report_.left_out.emplace_back(error.what());
    }
  }

  // The last copies get their names, and both sides remember what they have.
  CopyReport Finish() {
    GiveNames();
    for (auto& [folder, index] : indexes_) {
      index.Save();
    }
    return report_;
  }

 private:
  // The other store is full, or not ours: no other file fares better.
  class WriteError : public Error {
   public:
    using Error::Error;
  };

  RunIndex& Index(const fs::path& folder) {
    return indexes_.try_emplace(folder, folder).first->second;
  }

  // Counts a run that `to` has. Throws Error where it is another one there, or cannot be read.
  void Compare(const RunSummary& run, const fs::path& target) {
    RunIndex& index = Index(target.parent_path());
    const std::string name = target.filename().string();
    const RunSummary* there = index.Find(name);
    // Its ends are not enough: whoever copies may remove what was copied.
    if (there == nullptr || there->by_its_ends) {
      // One of the same bytes is as good as `run`, and need not be taken apart.
      const std::optional<FileStamp> stamp = StampOf(target);
      if (stamp && stamp->bytes == run.stamp.bytes && FileSha256Hex(target) == run.sha256) {
        index.Add(name, run);
        there = &run;
      } else {
        there = &index.Read(name);
      }
    }
    if (there->digest != run.digest) {
      throw Error(fmt::format("{} is there already, and its bits are others than those of {}",
                              target.string(), from_.string()));
    }
    ++report_.same;
  }

  // The bytes of a file that was checked: those of `run`, or, where the file has others by now, of
  // one that is read and checked anew.
  std::string Bytes(const fs::path& path, RunSummary* run) {
    std::string bytes = ReadFile(path);
    if (Sha256Hex(bytes) != run->sha256) {
      *run = Index(path.parent_path()).Read(path.filename().string());
      bytes = ReadFile(path);
      if (Sha256Hex(bytes) != run->sha256) {
        throw Error(fmt::format("{} changes while it is read", path.string()));
      }
    }
    return bytes;
  }

  void Write(const fs::path& path, RunSummary run, const fs::path& target) {
    const std::string bytes = Bytes(path, &run);
    try {
      if (folders_.insert(target.parent_path()).second) {
        MakeFolders(target.parent_path());
        RemoveTemporariesIn(target.parent_path(), target.extension().string());
      }
      batch_.push_back({.target = target, .temporary = TemporaryOf(target), .run = std::move(run)});
      targets_.insert(target);
      std::ofstream file(batch_.back().temporary, std::ios::binary);
      file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      file.close();
      if (!file) {
        throw Refused("write", batch_.back().temporary, errno);
      }
      batch_bytes_ += static_cast<double>(bytes.size());
      if (batch_.size() >= kFilesAtOnce || batch_bytes_ >= kBytesAtOnce) {
        GiveNames();
      }
    } catch (const Error& error) {
      throw WriteError(error.what());
    }
  }

  void GiveNames() {
    if (batch_.empty()) {
      return;
    }
    for (const fs::path& folder : folders_) {
      Flush(folder);
    }
    while (!batch_.empty()) {
      const NewFile& file = batch_.back();
      if (GiveName(file)) {
        ++report_.copied;
        report_.bytes += static_cast<double>(file.run.stamp.bytes);
        Index(file.target.parent_path()).Add(file.target.filename().string(), file.run);
      } else {
        // Another program was faster.
        RemoveFile(file.temporary);
        try {
          Compare(file.run, file.target);
        } catch (const Error& error) {
          report_.left_out.emplace_back(error.what());
        }
      }
      batch_.pop_back();
    }
    for (const fs::path& folder : folders_) {
      FlushFolder(folder);
    }
    batch_bytes_ = 0;
    targets_.clear();
  }

  const fs::path& from_;
  const fs::path& to_;
  std::map<fs::path, RunIndex> indexes_;  // by folder, of both sides
  std::set<fs::path> folders_;            // that are written into
  std::vector<NewFile> batch_;
  std::set<fs::path> targets_;  // of the batch
  double batch_bytes_ = 0;
  CopyReport report_;
};

}  // namespace

CopyReport CopyRuns(const fs::path& from, const fs::path& to,
                    const std::function<bool(const RunSummary&)>& wanted) {
  Copier copier(from, to);
  std::vector<CatalogFile> runs = ListFiles(from);
  std::erase_if(runs, [](const CatalogFile& file) { return file.kind != FileKind::kRun; });
  if (runs.empty()) {
    throw Error(
        fmt::format("{} holds no runs: name a results folder (results/), or that of a "
                    "profile (results/default)",
                    from.string()));
  }
  copier.Prepare(runs);
  for (const CatalogFile& file : runs) {
    copier.Copy(file.path, wanted);
  }
  return copier.Finish();
}

}  // namespace initbias
