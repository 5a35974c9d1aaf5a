#include "lib/store/header.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "lib/base/error.h"
#include "lib/store/figure_file.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/run_file.h"
#include "tests/error_of.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Writes a file of which only the header is there.
std::filesystem::path WriteFileOf(const std::string& schema, int64_t version,
                                  const std::string& kind) {
  std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "header.h5";
  Hdf5File file = Hdf5File::Create(path);
  file.WriteAttribute("/", "schema", schema);
  file.WriteAttribute("/", "schema_version", version);
  file.WriteAttribute("/", "kind", kind);
  file.Close();
  return path;
}

void CheckFile(const std::filesystem::path& path, std::string_view kind) {
  CheckHeader(Hdf5File::Open(path), path, kind);
}

TEST(HeaderTest, WhatIsWrittenIsAccepted) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "written.h5";
  Hdf5File file = Hdf5File::Create(path);
  WriteHeader(file, "figure", "smoke");
  file.Close();
  EXPECT_NO_THROW(CheckFile(path, "figure"));
  EXPECT_THROW(CheckFile(path, "run"), Error);
  EXPECT_EQ(Hdf5File::Open(path).ReadStringAttribute("/", "profile"), "smoke");
}

TEST(HeaderTest, AnotherVersionIsAnErrorOfItsOwnThatSaysWhatToDo) {
  for (const int64_t version : {kSchemaVersion - 1, kSchemaVersion + 1}) {
    const std::filesystem::path path = WriteFileOf("initbias", version, "run");
    EXPECT_THROW(CheckFile(path, "run"), SchemaVersionError);
    EXPECT_THAT(
        ErrorOf([&] { CheckFile(path, "run"); }),
        AllOf(HasSubstr(path.string()), HasSubstr("has schema version " + std::to_string(version)),
              HasSubstr("reads version " + std::to_string(kSchemaVersion)),
              HasSubstr("make it again")));
  }
}

TEST(HeaderTest, AllReadersTellAnotherVersion) {
  const std::filesystem::path path = WriteFileOf("initbias", kSchemaVersion + 1, "run");
  EXPECT_THROW(ReadRunFile(path), SchemaVersionError);
  EXPECT_THROW(ReadRunFile(path, SampleRun().config), SchemaVersionError);
  EXPECT_THROW(ReadCheckpoint(path), SchemaVersionError);
  EXPECT_THROW(ReadFigureFile(path), SchemaVersionError);
}

// A caller removes or renames what is damaged, and keeps what is only of another version.
TEST(HeaderTest, ForeignFilesAndOtherKindsAreNoOtherVersion) {
  const auto is_version_error = [](const std::filesystem::path& path, std::string_view kind) {
    try {
      CheckFile(path, kind);
    } catch (const SchemaVersionError&) {
      return true;
    } catch (const Error&) {
      return false;
    }
    ADD_FAILURE() << "no Error was thrown";
    return false;
  };
  EXPECT_FALSE(is_version_error(WriteFileOf("initbias", kSchemaVersion, "run"), "figure"));
  EXPECT_FALSE(is_version_error(WriteFileOf("other", kSchemaVersion + 1, "run"), "run"));
}

}  // namespace
}  // namespace initbias
