#include "lib/store/header.h"

#include <fmt/format.h>

namespace initbias {

void WriteHeader(Hdf5File& file, std::string_view kind, std::string_view profile) {
  file.WriteAttribute("/", "schema", "initbias");
  file.WriteAttribute("/", "schema_version", kSchemaVersion);
  file.WriteAttribute("/", "kind", kind);
  file.WriteAttribute("/", "profile", profile);
}

std::string ReadKind(const Hdf5File& file, const std::filesystem::path& path) {
  if (!file.HasAttribute("/", "schema") || file.ReadStringAttribute("/", "schema") != "initbias") {
    throw Error(fmt::format("{} is not a file of initbias", path.string()));
  }
  const int64_t version = file.ReadIntAttribute("/", "schema_version");
  if (version != kSchemaVersion) {
    throw SchemaVersionError(
        fmt::format("{} has schema version {}, this program reads version {}: make it "
                    "again, or use the version of the program that wrote it",
                    path.string(), version, kSchemaVersion));
  }
  return file.ReadStringAttribute("/", "kind");
}

void CheckHeader(const Hdf5File& file, const std::filesystem::path& path, std::string_view kind) {
  const std::string found = ReadKind(file, path);
  if (found != kind) {
    throw Error(fmt::format("{} is a {} file, not a {} file", path.string(), found, kind));
  }
}

void DescribePlot(Hdf5File& file, const std::string& group, const std::string& signal,
                  const std::vector<std::string>& axes) {
  file.WriteAttribute(group, "NX_class", "NXdata");
  file.WriteAttribute(group, "signal", signal);
  file.WriteAttribute(group, "axes", axes);
}

}  // namespace initbias
