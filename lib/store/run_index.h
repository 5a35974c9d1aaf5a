// What the run files of a folder hold, remembered in one file beside them, so that a folder of
// 10,000 runs is not opened file by file each time someone asks what is in it.
//
// The index is a memory and no more: an answer comes from it only where the file still has the
// stamp with which it was read and checked, or is a copy of it, or has its bytes. One that is
// missing, damaged, of another version or not to be written costs time, never an answer. Many
// processes may read and write it at once: it is replaced whole, and the last writer wins; who
// writes a run adds to its end, and what is lost or torn thereby is read again. What a figure is
// made from is always read from the run files themselves.
#ifndef INITBIAS_LIB_STORE_RUN_INDEX_H_
#define INITBIAS_LIB_STORE_RUN_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/result/run_result.h"

namespace initbias {

// The name of the index in the folder of run files.
inline constexpr std::string_view kRunIndexFile = ".index";

// A file as the system sees it. Run files are replaced, never written into: another content has
// another inode, even within one tick of the file system's clock.
struct FileStamp {
  int64_t bytes = 0;
  int64_t inode = 0;
  int64_t modified = 0;  // ns
  int64_t changed = 0;   // ns, of the inode

  bool operator==(const FileStamp&) const = default;
};

// The stamp of what is at `path`, behind links; nothing where there is no regular file. Throws
// FileRefused where the file system does not tell.
std::optional<FileStamp> StampOf(const std::filesystem::path& path);

// A whole run file in short.
struct RunSummary {
  FileStamp stamp;
  // Not read whole: taken for a copy of the one that was, by its digest and its ends. What is in
  // between may be damaged.
  bool by_its_ends = false;
  std::string sha256;  // of the file's bytes when it was read
  std::string digest;  // of all but /provenance (lib/store/content_digest.h)
  // What a copy is known by, a file of the same length that is another one: where `digest` stands
  // in it, and the SHA-256 of its first and last bytes. -1: nowhere, its whole bytes are to be
  // compared.
  int64_t digest_at = -1;
  std::string ends;
  std::string profile;
  RunConfig config;                                    // without the paths of its texts
  int64_t step = 0;                                    // of the last evaluation
  std::vector<std::pair<std::string, double>> losses;  // the last of each series, in their order
};

// The summary of a run, all but the stamp and the digests.
RunSummary Summarize(const RunResult& result);

// Adds the run file `path`, just written, to the index of its folder, so that nobody need read it
// to know what it holds. Nothing happens where it cannot be read or the index not be written.
void RememberRun(const std::filesystem::path& path);

class RunIndex {
 public:
  // Of the run files in `folder`, <results>/<profile>/runs. Reads the index that is there.
  explicit RunIndex(std::filesystem::path folder);

  // Reads those of these files that are not remembered on all processors, so that Get knows them.
  // What cannot be read is left for Get to tell.
  void Prepare(const std::vector<std::string>& names);

  // All files are to be read again.
  void Forget();

  // The run in the file `name` of the folder as it is remembered, where the file is unchanged; else
  // nullptr. Throws FileRefused. Valid until the file is asked for again.
  const RunSummary* Find(const std::string& name);

  // The same, or else read whole and checked against its digests. Throws as ReadRunFile.
  const RunSummary& Get(const std::string& name);

  // The same, always read from the file.
  const RunSummary& Read(const std::string& name);

  // Remembers a copy: that the file `name` of this folder has the bytes of `run`.
  void Add(const std::string& name, RunSummary run);

  // Writes what is new to the disk, without files that are not there any more. Nothing happens
  // where nothing is new, and where the folder cannot be written.
  void Save();

  // How many files were read, not remembered.
  size_t files_read() const { return files_read_; }

 private:
  struct Entry {
    RunSummary run;
    std::string config;  // the canonical form that run.config is yet to be read from; or ""
  };

  // Whether the file `name` is that of `run`; gives it the file's stamp.
  bool IsCurrent(const std::string& name, RunSummary* run);

  // Fills entries_; returns false where the text is to be written anew.
  bool Parse(std::string_view text);

  // Adds the entries of a section; none, and false, where they are not as this program writes them.
  bool AddEntries(std::string_view body);

  std::filesystem::path folder_;
  std::map<std::string, Entry> entries_;  // by file name
  size_t files_read_ = 0;
  bool changed_ = false;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_RUN_INDEX_H_
