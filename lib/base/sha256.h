// SHA-256 (FIPS 180-4) through OpenSSL: the digest that names runs and pins results.
#ifndef INITBIAS_LIB_BASE_SHA256_H_
#define INITBIAS_LIB_BASE_SHA256_H_

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace initbias {

// An incremental SHA-256. Not copyable; one thread at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  // Appends `size` bytes at `data`.
  void Update(const void* data, size_t size);
  void Update(std::string_view text) { Update(text.data(), text.size()); }

  // The digest of all that was appended, as 64 lower-case hexadecimal digits. Call once.
  std::string HexDigest();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// The digest of the file's bytes, read in parts. Throws Error where it cannot be read.
std::string FileSha256Hex(const std::filesystem::path& path);

// The digest of `text`, as 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view text);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_SHA256_H_
