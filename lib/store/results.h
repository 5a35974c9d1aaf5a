// Where results lie: one folder a profile, with a place for runs, checkpoints, figure files and
// pictures.
#ifndef INITBIAS_LIB_STORE_RESULTS_H_
#define INITBIAS_LIB_STORE_RESULTS_H_

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace initbias {

// `path` as the user meant it: relative to where they stood when they typed `bazel run`
// (BUILD_WORKING_DIRECTORY), or to the working directory outside of Bazel; a leading "~/" is the
// home folder.
std::filesystem::path UserPath(std::string_view path);

// The same, of a file or folder that a command is to read. Throws UsageError where there is none of
// that, with the name in its place that was most likely meant; FileRefused where the file system
// does not tell. A folder is no file that is there, and neither is a pipe.
std::filesystem::path TypedFile(std::string_view path);
std::filesystem::path TypedFolder(std::string_view path);
std::filesystem::path TypedFileOrFolder(std::string_view path);

// `output`, the value of `option`, as the path of a file to be written. Throws UsageError where it
// is a folder: the file in it is to be named, `example`, say.
std::filesystem::path OutputFile(std::string_view option, std::string_view output,
                                 std::string_view example);

// --output=`output` of `what` ("pictures"), to which a program adds extensions: their path without
// one of `extensions` (".svg"), in whatever case. Throws UsageError where it is a folder, or hides
// them by a name that begins with a dot: they are to be named, `example`, say.
std::filesystem::path OutputStem(std::string_view output, std::string_view what,
                                 std::string_view example,
                                 std::initializer_list<std::string_view> extensions);

// "; did you mean default?", for the end of a message on `path`: what stands beside the first part
// of it that is not there, and is near; "" where nothing is, or all of it is there.
std::string NearPath(const std::filesystem::path& path);

// The folder of all results: `flag` where it is not empty, else results/ in the workspace
// (BUILD_WORKSPACE_DIRECTORY), else results/ in the working directory.
std::filesystem::path ResultsRoot(std::string_view flag);

// "<root> is the folder of a profile ..", with what to type in its place, where `root` is not the
// folder of all results but one in it; else "".
std::string ProfileFolderNote(const std::filesystem::path& root);

// The folder of downloaded data: data/ in the workspace, else in the working directory.
std::filesystem::path DownloadsFolder();

// Whether `root` is the folder of the shipped results, data/reference, into which no printed
// command trains.
bool IsShipped(const std::filesystem::path& root);

// The files of one profile below the results folder.
class ResultsFolder {
 public:
  ResultsFolder(const std::filesystem::path& root, std::string_view profile)
      : folder_(root / profile) {}

  const std::filesystem::path& folder() const { return folder_; }

  std::filesystem::path Run(std::string_view id) const;
  std::filesystem::path Checkpoint(std::string_view id) const;
  // Held by the process that trains the run (lib/run/run_lock.h).
  std::filesystem::path Lock(std::string_view id) const;
  // What was submitted to Slurm (lib/run/slurm_submission.h).
  std::filesystem::path Slurm() const { return folder_ / "slurm"; }
  // What happened to the runs, where --log asked for it (lib/run/run_log.h).
  std::filesystem::path Log() const { return folder_ / "log.jsonl"; }
  std::filesystem::path Figure(std::string_view name) const;       // fig3.h5
  std::filesystem::path PictureStem(std::string_view name) const;  // figures/fig3

  // Makes the folder. Throws FileRefused where it, or one of those in it, cannot be written into:
  // to be told before hours of training.
  void MakeWritable() const;

  // What MakeWritable throws, of a training that is only planned. Makes nothing.
  void CheckWritable() const;

  // Throws FileRefused where the folder is none, or there is none and none can be: of what only
  // reads in it. One that may not be written into is no error. Makes nothing.
  void CheckIsFolder() const;

  // Those that training writes into: itself, and some in it.
  std::vector<std::filesystem::path> TrainingFolders() const;

  // As MakeWritable; makes those in it, too, that training writes into. Returns their paths, for
  // HeldFolders (lib/base/file_access.h): they are made once, when training begins.
  std::vector<std::filesystem::path> MakeForTraining() const;

 private:
  std::filesystem::path folder_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_RESULTS_H_
