// What every file of the store begins with, and the marks by which HDF5 viewers find the plots.
#ifndef INITBIAS_LIB_STORE_HEADER_H_
#define INITBIAS_LIB_STORE_HEADER_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.h"
#include "lib/store/hdf5_file.h"

namespace initbias {

// The version of the layout in SCHEMA.md; files of another version are refused.
inline constexpr int64_t kSchemaVersion = 2;

// Writes schema name and version, `kind` ("run", "checkpoint", "figure") and `profile` to the root.
void WriteHeader(Hdf5File& file, std::string_view kind, std::string_view profile);

// A file of another version of the layout: nothing is wrong with it, but this program cannot read
// it.
class SchemaVersionError : public Error {
 public:
  using Error::Error;
};

// The kind of the file. Throws Error where it is not of this project, SchemaVersionError where it
// is of another version.
std::string ReadKind(const Hdf5File& file, const std::filesystem::path& path);

// Throws Error where the file is not of this project or of another kind, SchemaVersionError where
// it is of another version; the message says what to do.
void CheckHeader(const Hdf5File& file, const std::filesystem::path& path, std::string_view kind);

// Marks `group` as a plot of its data set `signal` over `axes` (NeXus: NXdata, signal, axes).
void DescribePlot(Hdf5File& file, const std::string& group, const std::string& signal,
                  const std::vector<std::string>& axes);

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_HEADER_H_
