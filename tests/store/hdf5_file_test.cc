#include "lib/store/hdf5_file.h"

#include <fcntl.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include "lib/base/file_access.h"
#include "tests/error_of.h"
#include "tests/store/failing_calls.h"
#include "tests/test_files.h"

namespace initbias {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

void WriteSample(const std::filesystem::path& path) {
  Hdf5File file = Hdf5File::Create(path);
  file.Write("/a/b/floats", std::vector<float>{1.5F, -0.0F, 3e-45F}, {3});
  file.Write("/a/doubles", std::vector<double>{0.1, 1e300, 0, -1, 2, 3}, {2, 3});
  file.Write("/ints", std::vector<int64_t>{std::numeric_limits<int64_t>::min(), 7}, {2});
  file.Write("/strings", {"a", "", "γ = 0.3"});
  file.Write("/empty", std::vector<double>{}, {0});
  file.WriteAttribute("/a", "text", "long text\nwith lines");
  file.WriteAttribute("/a", "none", "");
  file.WriteAttribute("/a", "int", int64_t{-5});
  file.WriteAttribute("/a", "double", 0.1);
  file.WriteAttribute("/a", "strings", std::vector<std::string>{"x", "yy"});
  file.WriteAttribute("/a", "no strings", std::vector<std::string>{});
  file.Link("/a/linked", "/ints");
  file.MakeGroup("/group");
  file.Close();
}

TEST(Hdf5FileTest, WhatIsNotThereToBeReadIsDamage) {
  const auto path = Temporary("lacks.h5");
  WriteSample(path);
  const Hdf5File file = Hdf5File::Open(path);
  const std::string damaged = path.string() + " is damaged: cannot ";
  EXPECT_EQ(ErrorOf([&] { file.List("/none"); }), damaged + "open /none");
  EXPECT_EQ(ErrorOf([&] { file.ReadFloats("/a/none"); }), damaged + "open /a/none");
  EXPECT_EQ(ErrorOf([&] { file.ReadIntAttribute("/a", "nothing"); }),
            damaged + "read the attribute nothing of /a");
  EXPECT_THROW(file.ReadInts("/none"), DamagedFile);
  Hdf5File made = Hdf5File::Create(Temporary("made.h5"));
  made.MakeGroup("/a");
  EXPECT_EQ(ErrorOf([&] { made.MakeGroup("/a"); }),
            "cannot make /a in " + Temporary("made.h5").string());
}

TEST(Hdf5FileTest, ReadsWhatWasWritten) {
  const auto path = Temporary("sample.h5");
  WriteSample(path);
  const Hdf5File file = Hdf5File::Open(path);
  EXPECT_THAT(file.List("/"), ElementsAre("a", "empty", "group", "ints", "strings"));
  EXPECT_THAT(file.ReadFloats("/a/b/floats"), ElementsAre(1.5F, -0.0F, 3e-45F));
  EXPECT_THAT(file.ReadDoubles("/a/doubles"), ElementsAre(0.1, 1e300, 0, -1, 2, 3));
  EXPECT_THAT(file.Shape("/a/doubles"), ElementsAre(2, 3));
  EXPECT_THAT(file.ReadInts("/ints"), ElementsAre(std::numeric_limits<int64_t>::min(), 7));
  EXPECT_THAT(file.ReadInts("/a/linked"), ElementsAre(std::numeric_limits<int64_t>::min(), 7));
  EXPECT_THAT(file.ReadStrings("/strings"), ElementsAre("a", "", "γ = 0.3"));
  EXPECT_THAT(file.ReadDoubles("/empty"), ElementsAre());
  EXPECT_EQ(file.ReadStringAttribute("/a", "text"), "long text\nwith lines");
  EXPECT_EQ(file.ReadStringAttribute("/a", "none"), "");
  EXPECT_EQ(file.ReadIntAttribute("/a", "int"), -5);
  EXPECT_EQ(file.ReadDoubleAttribute("/a", "double"), 0.1);
  EXPECT_THAT(file.ReadStringsAttribute("/a", "strings"), ElementsAre("x", "yy"));
  EXPECT_THAT(file.ReadStringsAttribute("/a", "no strings"), ElementsAre());
  EXPECT_EQ(file.AttributeText("/a", "strings"), "x, yy");
  EXPECT_THAT(file.AttributeTexts("/a"),
              ElementsAre(Pair("double", "0.1"), Pair("int", "-5"), Pair("no strings", ""),
                          Pair("none", ""), Pair("strings", "x, yy"),
                          Pair("text", "long text\nwith lines")));
  EXPECT_THAT(file.AttributeTexts("/group"), ElementsAre());
  EXPECT_TRUE(file.Exists("/a/b/floats"));
  EXPECT_FALSE(file.Exists("/a/c/floats"));
  EXPECT_TRUE(file.IsGroup("/a/b"));
  EXPECT_FALSE(file.IsGroup("/ints"));
  EXPECT_EQ(file.TypeOf("/ints"), Hdf5File::Type::kInt);
  EXPECT_EQ(file.TypeOf("/strings"), Hdf5File::Type::kString);
  EXPECT_EQ(file.TypeOf("/a/b/floats"), Hdf5File::Type::kFloat);
}

TEST(Hdf5FileTest, AttributesOfAnyLengthAreReadAsTheyWereWritten) {
  const auto path = Temporary("long.h5");
  for (const size_t size : {1'000u, 65'000u, 65'001u, 70'000u, 1'000'000u}) {
    const std::string text = std::string(size - 1, 'x') + "y";
    const std::vector<std::string> list = {"", text.substr(text.size() / 3), "short"};
    {
      Hdf5File file = Hdf5File::Create(path);
      file.MakeGroup("/config");
      for (const std::string group : {"/", "/config"}) {
        file.WriteAttribute(group, "text", text);
        file.WriteAttribute(group, "list", list);
      }
      file.Close();
    }
    const Hdf5File file = Hdf5File::Open(path);
    for (const std::string group : {"/", "/config"}) {
      EXPECT_TRUE(file.HasAttribute(group, "text"));
      EXPECT_EQ(file.ReadStringAttribute(group, "text"), text);
      EXPECT_EQ(file.ReadStringsAttribute(group, "list"), list);
    }
    EXPECT_FALSE(file.HasAttribute("/config", "nothing"));
    // What fits is an attribute, as ever.
    EXPECT_EQ(file.Exists("/config/text"), size > 65'000);
  }
}

TEST(Hdf5FileTest, SameContentSameBytes) {
  WriteSample(Temporary("one.h5"));
  WriteSample(Temporary("two.h5"));
  EXPECT_EQ(Bytes(Temporary("one.h5")), Bytes(Temporary("two.h5")));
}

TEST(Hdf5FileTest, MissingForeignAndTruncatedFilesAreErrors) {
  EXPECT_THAT(ErrorOf([] { Hdf5File::Open(Temporary("nothing.h5")); }),
              HasSubstr("there is no file"));
  std::ofstream(Temporary("text.h5")) << "not HDF5";
  EXPECT_THAT(ErrorOf([] { Hdf5File::Open(Temporary("text.h5")); }), HasSubstr("text.h5"));
  WriteSample(Temporary("cut.h5"));
  std::filesystem::resize_file(Temporary("cut.h5"), 3000);
  EXPECT_THAT(ErrorOf([] { Hdf5File::Open(Temporary("cut.h5")); }), HasSubstr("truncated"));
}

// Nobody writes into it: to open it is to wait for ever.
TEST(Hdf5FileTest, APipeIsRefusedWithoutWaiting) {
  const std::filesystem::path pipe = Temporary("pipe.h5");
  std::filesystem::remove(pipe);
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(ErrorOf([&] { Hdf5File::Open(pipe); }), HasSubstr("it is not a regular file"));
}

// The message of the FileRefused that opening and reading all of `path` throws; "" for none.
std::string Refusal(const std::filesystem::path& path) {
  try {
    const Hdf5File file = Hdf5File::Open(path);
    (void)file.ReadDoubles("/a/doubles");
    return "";
  } catch (const FileRefused& error) {
    return error.what();
  }
}

TEST(Hdf5FileTest, ALockedFileIsRefusedAndNotCalledDamaged) {
  const auto path = Temporary("locked.h5");
  WriteSample(path);
  const int holder = open(path.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(holder, LOCK_EX), 0);
  EXPECT_THAT(Refusal(path), HasSubstr(path.string() + ": it is locked"));
  close(holder);
  EXPECT_EQ(Refusal(path), "");
}

TEST(Hdf5FileTest, AFailingDiskIsRefusedWhereverItFails) {
  const auto path = Temporary("failing.h5");
  WriteSample(path);
  int failures = 0;
  for (const int number : {EIO, ESTALE}) {
    for (int works = 0;; ++works) {
      g_pread_errno = number;
      g_preads_left = works;
      const std::string refusal = Refusal(path);
      const bool failed = g_preads_left < 0;
      g_pread_errno = 0;
      if (!failed) {
        break;  // more reads than there are
      }
      EXPECT_THAT(refusal, HasSubstr("may be whole")) << "after " << works << " reads";
      ++failures;
    }
  }
  EXPECT_GT(failures, 4);
}

TEST(Hdf5FileTest, WithoutLocksFilesAreWrittenAndRead) {
  for (const int number : {ENOLCK, ENOSYS, EOPNOTSUPP}) {
    g_flock_errno = number;
    const auto path = Temporary("no_locks.h5");
    WriteSample(path);
    EXPECT_EQ(Refusal(path), "");
    std::ofstream(path) << "not HDF5";
    EXPECT_THAT(ErrorOf([&] { Hdf5File::Open(path); }), HasSubstr("no HDF5 file"));
    g_flock_errno = 0;
  }
}

TEST(Hdf5FileTest, MissingObjectsAndWrongTypesAreErrorsThatNameThem) {
  const auto path = Temporary("sample2.h5");
  WriteSample(path);
  const Hdf5File file = Hdf5File::Open(path);
  EXPECT_THAT(ErrorOf([&] { (void)file.ReadDoubles("/a/nothing"); }), HasSubstr("/a/nothing"));
  EXPECT_THAT(ErrorOf([&] { (void)file.ReadDoubles("/strings"); }), HasSubstr("expected type"));
  EXPECT_THAT(ErrorOf([&] { (void)file.ReadInts("/a/doubles"); }), HasSubstr("expected type"));
  EXPECT_THAT(ErrorOf([&] { (void)file.ReadStrings("/ints"); }), HasSubstr("expected type"));
  EXPECT_THAT(ErrorOf([&] { (void)file.ReadIntAttribute("/a", "nothing"); }), HasSubstr("nothing"));
  EXPECT_THAT(ErrorOf([&] { (void)file.ReadIntAttribute("/a", "text"); }),
              HasSubstr("expected type"));
  EXPECT_THAT(ErrorOf([&] { (void)file.ReadStringAttribute("/a", "int"); }),
              HasSubstr("expected type"));
}

TEST(Hdf5FileTest, AGroupThatIsInItselfIsDamage) {
  const auto path = Temporary("circle.h5");
  {
    Hdf5File file = Hdf5File::Create(path);
    file.MakeGroup("/a");
    file.Link("/a/b", "/a");
    file.Close();
  }
  const Hdf5File file = Hdf5File::Open(path);
  EXPECT_THAT(file.List("/a/b/b/b"), ElementsAre("b"));
  std::string group = "/a";
  EXPECT_THAT(ErrorOf([&] {
                while (!file.List(group).empty()) {
                  group += "/b";
                }
              }),
              HasSubstr("groups deep"));
}

TEST(Hdf5FileTest, RefusedWritesAreErrors) {
  EXPECT_THAT(ErrorOf([] { Hdf5File::Create("/nowhere/at/all.h5"); }),
              HasSubstr("/nowhere/at/all.h5"));
  Hdf5File file = Hdf5File::Create(Temporary("twice.h5"));
  file.Write("/x", std::vector<double>{1}, {1});
  EXPECT_THAT(ErrorOf([&] { file.Write("/x", std::vector<double>{1}, {1}); }), HasSubstr("/x"));
}

}  // namespace
}  // namespace initbias
