// The parts of exported files that no reader checks; tests/e2e/store_export.sh reads them in
// Python.
#include "lib/store/export_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/test_files.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

std::string Content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Crc32Test, IsTheKnownOne) {
  // The check value of CRC-32/ISO-HDLC.
  EXPECT_EQ(Crc32("123456789"), 0xCBF43926u);
  EXPECT_EQ(Crc32(""), 0u);
}

TEST(WriteNpzTest, TheSameArraysAreTheSameBytes) {
  const std::vector<ExportArray> arrays = {{"a/b", {2}, std::vector<double>{1, 2}, ""}};
  WriteNpz(Temporary("one.npz"), arrays);
  WriteNpz(Temporary("two.npz"), arrays);
  const std::string content = Content(Temporary("one.npz"));
  EXPECT_EQ(content, Content(Temporary("two.npz")));
  EXPECT_NE(content.find("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"),
            std::string::npos);
}

TEST(WriteCsvTest, QuotesAndSpreadsColumns) {
  WriteCsv(Temporary("wide.csv"), {{"text", {2}, std::vector<std::string>{"", "a \"b\", c"}, ""},
                                   {"t", {2, 2}, std::vector<int32_t>{1, 2, 3, 4}, ""},
                                   {"x", {2}, std::vector<float>{0.1F, 1e-8F}, ""}});
  EXPECT_EQ(Content(Temporary("wide.csv")),
            "text,t_0,t_1,x\n,1,2,0.1\n\"a \"\"b\"\", c\",3,4,1e-08\n");
}

TEST(WriteLongCsvTest, HasARowAValueWithItsIndices) {
  WriteLongCsv(Temporary("long.csv"), {{"m", {2, 2}, std::vector<double>{1, 2, 3, 4.5}, "nats"},
                                       {"s", {}, std::vector<int64_t>{7}, ""}});
  EXPECT_EQ(Content(Temporary("long.csv")),
            "array,units,i,j,value\nm,nats,0,0,1\nm,nats,0,1,2\nm,nats,1,0,3\nm,nats,1,1,4.5\n"
            "s,,,,7\n");
}

}  // namespace
}  // namespace initbias
