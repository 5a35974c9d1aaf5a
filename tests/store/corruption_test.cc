// Damaged files: whatever byte is cut or flipped, a read ends in an error or in the very numbers
// that were written; never in a crash or in other numbers.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "lib/base/error.h"
#include "lib/rng/stream.h"
#include "lib/store/figure_file.h"
#include "lib/store/run_file.h"
#include "tests/store/contents.h"
#include "tests/store/sample_results.h"
#include "tests/test_files.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

void Store(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
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
    EXPECT_THROW(GetParam().digest(path_), Error) << size << " of " << bytes_.size() << " bytes";
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

TEST_P(CorruptionTest, WhatIsNoHdf5FileIsRefused) {
  for (const std::string& bytes : {std::string(), std::string("text\n"), std::string(100'000, '\0'),
                                   std::string("\x89HDF\r\n\x1a\n"), bytes_.substr(512)}) {
    Store(path_, bytes);
    EXPECT_THROW(GetParam().digest(path_), Error);
  }
}

}  // namespace
}  // namespace initbias
