// The files of the store that lie below a folder: of one profile, or of all.
#ifndef INITBIAS_LIB_STORE_CATALOG_H_
#define INITBIAS_LIB_STORE_CATALOG_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace initbias {

// What a file is, by its place.
enum class FileKind {
  kFigure,      // <figure>.h5
  kRun,         // runs/<id>.h5
  kCheckpoint,  // checkpoints/<id>.h5
  kSetAside,    // runs/<id>.h5.damaged, checkpoints/<id>.h5.aside2, ..
};

struct CatalogFile {
  std::filesystem::path path;  // below the folder: "default/runs/0123456789abcdef.h5"
  FileKind kind = FileKind::kFigure;
};

// The files of `folder`, which is the results of all profiles (results/) or of one
// (results/default), by kind and name, profile by profile. Files that go while it looks are left
// out. Throws Error where there is no such folder, FileRefused where it may not be read.
std::vector<CatalogFile> ListFiles(const std::filesystem::path& folder);

// The names of the run files among these: "0123456789abcdef.h5".
std::vector<std::string> RunFileNames(const std::vector<CatalogFile>& files);

// Where the run files of `profile` lie in `folder`, which is the results of one profile where it
// has the name of one (results/default), else of all. Throws Error where it is another profile's.
std::filesystem::path RunsFolder(const std::filesystem::path& folder, std::string_view profile);

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_CATALOG_H_
