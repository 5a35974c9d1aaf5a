// Damaged files: whatever byte is cut or flipped, a read ends in an error or in the very numbers
// that were written; never in a crash or in other numbers. So does whatever object is missing, too
// long or of another type.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/rng/stream.h"
#include "lib/store/content_digest.h"
#include "lib/store/figure_file.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/run_file.h"
#include "tests/error_of.h"
#include "tests/store/contents.h"
#include "tests/store/sample_results.h"
#include "tests/test_files.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

void Store(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// All groups and data sets below `group`, by their paths.
std::vector<std::string> Objects(const Hdf5File& file, const std::string& group) {
  std::vector<std::string> paths;
  for (const std::string& name : file.List(group)) {
    const std::string path = (group == "/" ? "" : group) + "/" + name;
    paths.push_back(path);
    if (file.IsGroup(path)) {
      const std::vector<std::string> below = Objects(file, path);
      paths.insert(paths.end(), below.begin(), below.end());
    }
  }
  return paths;
}

enum class Change { kLeftOut, kLonger, kHuge, kOtherType };

// Changes the object at `path` of a file, whose digest then is the one of what it holds, as if it
// had been written so. A group that is not left out becomes a data set.
void ChangeObject(const fs::path& file_path, const std::string& path, Change change) {
  const hid_t file = H5Fopen(file_path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  ASSERT_GE(file, 0);
  std::vector<hsize_t> shape = {1};
  hid_t type = H5Tcopy(H5T_NATIVE_DOUBLE);
  const hid_t object = H5Oopen(file, path.c_str(), H5P_DEFAULT);
  if (H5Iget_type(object) == H5I_DATASET) {
    const hid_t space = H5Dget_space(object);
    shape.resize(static_cast<size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, shape.data(), nullptr);
    H5Sclose(space);
    H5Tclose(type);
    type = H5Dget_type(object);
  }
  H5Oclose(object);
  ASSERT_GE(H5Ldelete(file, path.c_str(), H5P_DEFAULT), 0);
  if (change != Change::kLeftOut) {
    if (shape.empty() || change == Change::kLonger) {
      shape.resize(std::max<size_t>(1, shape.size()), 1);
      ++shape[0];
    }
    if (change == Change::kHuge) {  // more than a machine's memory, of which nothing is written
      shape.resize(std::max<size_t>(1, shape.size()), 1);
      shape[0] = hsize_t{1} << 40;
    }
    if (change == Change::kOtherType) {
      const bool text = H5Tget_class(type) == H5T_STRING;
      H5Tclose(type);
      type = H5Tcopy(text ? H5T_NATIVE_DOUBLE : H5T_C_S1);
    }
    const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    const hid_t data =
        H5Dcreate2(file, path.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    ASSERT_GE(data, 0);
    H5Dclose(data);
    H5Sclose(space);
  }
  H5Tclose(type);
  H5Fclose(file);
}

// Writes /@digest anew where the content can be read: what has no other digest is then wrong in
// its form alone.
void StampAgain(const fs::path& path) {
  std::string digest;
  try {
    digest = ContentDigest(Hdf5File::Open(path));
  } catch (const Error&) {
    return;
  }
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  ASSERT_GE(file, 0);
  const hid_t attribute = H5Aopen(file, "digest", H5P_DEFAULT);
  const hid_t type = H5Aget_type(attribute);
  const char* text = digest.c_str();
  ASSERT_GE(H5Awrite(attribute, type,
                     H5Tis_variable_str(type) > 0 ? static_cast<const void*>(&text)
                                                  : static_cast<const void*>(text)),
            0);
  H5Tclose(type);
  H5Aclose(attribute);
  H5Fclose(file);
}

struct Kind {
  std::string name;
  std::function<void(const fs::path&)> write;
  std::function<std::string(const fs::path&)> digest;  // throws Error where the file is damaged
};

class CorruptionTest : public testing::TestWithParam<Kind> {
 protected:
  CorruptionTest() : path_(fs::path(testing::TempDir()) / (GetParam().name + ".h5")) {
    GetParam().write(path_);
    bytes_ = Bytes(path_);
    digest_ = GetParam().digest(path_);
  }

  // "" where the file is refused or read as it was written; else how it was read.
  std::string ReadDamaged(const std::string& bytes) {
    Store(path_, bytes);
    try {
      const std::string digest = GetParam().digest(path_);
      return digest == digest_ ? "" : "other numbers were read";
    } catch (const Error& error) {
      return std::string(error.what()).find(path_.filename().string()) != std::string::npos
                 ? ""
                 : std::string("the error does not name the file: ") + error.what();
    }
  }

  fs::path path_;
  std::string bytes_;
  std::string digest_;
};

INSTANTIATE_TEST_SUITE_P(
    Kinds, CorruptionTest,
    testing::Values(Kind{"run", [](const fs::path& path) { WriteRunFile(path, SampleRun()); },
                         [](const fs::path& path) { return NumbersDigest(ReadRunFile(path)); }},
                    Kind{"checkpoint",
                         [](const fs::path& path) { WriteCheckpoint(path, SampleCheckpoint()); },
                         [](const fs::path& path) { return NumbersDigest(ReadCheckpoint(path)); }},
                    Kind{"figure",
                         [](const fs::path& path) { WriteFigureFile(path, SampleFigure()); },
                         [](const fs::path& path) { return NumbersDigest(ReadFigureFile(path)); }}),
    [](const auto& kind) { return kind.param.name; });

TEST_P(CorruptionTest, CutAtEachKilobyteItIsRefused) {
  for (size_t size = 0; size < bytes_.size(); size += 1024) {
    Store(path_, bytes_.substr(0, size));
    EXPECT_THAT(ErrorOf([this] { GetParam().digest(path_); }), testing::HasSubstr(path_.string()))
        << size << " of " << bytes_.size() << " bytes";
  }
}

TEST_P(CorruptionTest, AFlippedBitIsRefusedOrWithoutEffect) {
  constexpr int kFlips = 200;
  Stream stream(1, "test/corruption/" + GetParam().name);
  for (int i = 0; i < kFlips; ++i) {
    std::string bytes = bytes_;
    const auto at = static_cast<size_t>(stream.UniformInt(bytes.size()));
    const uint64_t bit = stream.UniformInt(8);
    bytes[at] = static_cast<char>(bytes[at] ^ (1U << bit));
    EXPECT_EQ(ReadDamaged(bytes), "") << "bit " << bit << " of byte " << at;
  }
}

TEST_P(CorruptionTest, AnObjectThatIsMissingOrOfAnotherFormIsNamedOrWithoutEffect) {
  int refused = 0;
  for (const std::string& object : Objects(Hdf5File::Open(path_), "/")) {
    for (const Change change :
         {Change::kLeftOut, Change::kLonger, Change::kHuge, Change::kOtherType}) {
      SCOPED_TRACE(object + ", change " + std::to_string(static_cast<int>(change)));
      Store(path_, bytes_);
      ChangeObject(path_, object, change);
      StampAgain(path_);
      try {
        // A figure may have other panels.
        const std::string digest = GetParam().digest(path_);
        EXPECT_TRUE(digest == digest_ || GetParam().name == "figure") << "other numbers were read";
      } catch (const Error& error) {
        ++refused;
        const std::string what = error.what();
        EXPECT_NE(what.find(path_.filename().string()), std::string::npos) << what;
        const std::string part = object.substr(1, object.find('/', 1) - 1);
        EXPECT_NE(what.find(part), std::string::npos) << what;
      }
      Store(path_, bytes_);
    }
  }
  EXPECT_GE(refused, 20);
}

// One that could not be checked is not read as if it had been.
TEST_P(CorruptionTest, WithoutItsDigestItIsRefused) {
  const hid_t file = H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  ASSERT_GE(file, 0);
  ASSERT_GE(H5Adelete(file, "digest"), 0);
  H5Fclose(file);
  EXPECT_THAT(ErrorOf([this] { GetParam().digest(path_); }),
              testing::HasSubstr(GetParam().name + ".h5 is damaged: it has no /@digest"));
}

// Each part has a digest of its own, so what was changed is named. A checkpoint, which is written
// again and again, has one of its state alone.
TEST_P(CorruptionTest, WhatWasChangedIsNamed) {
  if (GetParam().name == "checkpoint") {
    GTEST_SKIP() << "a checkpoint's parts have no digests of their own";
  }
  int named = 0;
  for (const std::string& object : Objects(Hdf5File::Open(path_), "/")) {
    if (object.starts_with("/provenance")) {
      continue;
    }
    ++named;
    SCOPED_TRACE(object);
    ChangeObject(path_, object, Change::kLonger);
    EXPECT_THAT(ErrorOf([this] { GetParam().digest(path_); }), testing::HasSubstr(object));
    Store(path_, bytes_);
  }
  EXPECT_GE(named, 10);
}

TEST_P(CorruptionTest, WhatIsNoHdf5FileIsRefused) {
  for (const std::string& bytes : {std::string(), std::string("text\n"), std::string(100'000, '\0'),
                                   std::string("\x89HDF\r\n\x1a\n"), bytes_.substr(512)}) {
    Store(path_, bytes);
    EXPECT_THAT(ErrorOf([this] { GetParam().digest(path_); }), testing::HasSubstr(path_.string()));
  }
}

}  // namespace
}  // namespace initbias
