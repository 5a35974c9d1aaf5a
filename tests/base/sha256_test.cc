// SHA-256 against the examples of FIPS 180-4 and of the NIST's test suite (SHA_All.pdf,
// SHA256LongMsg).
#include "lib/base/sha256.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "lib/base/error.h"
#include "lib/base/file_access.h"

namespace initbias {
namespace {

constexpr std::string_view kOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::string_view kOfAMillionA =
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Sha256Test, GivesThePublishedDigests) {
  EXPECT_EQ(Sha256Hex(""), kOfNothing);
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256Hex("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklm"
                      "nopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')), kOfAMillionA);
}

// Pieces around the block size of 64 bytes.
TEST(Sha256Test, UpdatesAppend) {
  const std::string text(1'000'000, 'a');
  for (const size_t piece : {63u, 64u, 65u, 1000u, 999'999u}) {
    Sha256 sha;
    for (size_t at = 0; at < text.size(); at += piece) {
      sha.Update(std::string_view(text).substr(at, piece));
    }
    EXPECT_EQ(sha.HexDigest(), kOfAMillionA) << "in pieces of " << piece;
  }
}

TEST(Sha256Test, EmptyUpdatesChangeNothing) {
  Sha256 sha;
  EXPECT_EQ(Sha256().HexDigest(), kOfNothing);
  sha.Update("");
  sha.Update(nullptr, 0);
  EXPECT_EQ(sha.HexDigest(), kOfNothing);
}

TEST(Sha256Test, TakesAllBytes) {
  const std::string zero(1, '\0');
  EXPECT_EQ(Sha256Hex(zero), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  Sha256 sha;
  const int32_t number = 0;
  sha.Update(&number, 1);
  EXPECT_EQ(sha.HexDigest(), Sha256Hex(zero));
}

TEST(FileSha256HexTest, IsThatOfTheBytes) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "sha256_test.bin";
  // More than is read at a time, and not a multiple of it.
  std::string bytes((size_t{3} << 20) + 17, 'x');
  bytes[5] = '\0';
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(FileSha256Hex(path), Sha256Hex(bytes));
  std::ofstream(path, std::ios::binary | std::ios::trunc).close();
  EXPECT_EQ(FileSha256Hex(path), kOfNothing);
  std::filesystem::remove(path);
  EXPECT_THROW(FileSha256Hex(path), Error);
  EXPECT_THROW(FileSha256Hex("/proc/self/mem"), FileRefused);
}

}  // namespace
}  // namespace initbias
