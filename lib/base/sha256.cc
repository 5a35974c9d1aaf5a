#include "lib/base/sha256.h"

#include <openssl/evp.h>

#include <array>

#include "lib/base/error.h"
#include "lib/base/file_access.h"

namespace initbias {

struct Sha256::Context {
  EVP_MD_CTX* md = EVP_MD_CTX_new();
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(md); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  INITBIAS_CHECK(EVP_DigestInit_ex(context_->md, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;

void Sha256::Update(const void* data, size_t size) {
  INITBIAS_CHECK(EVP_DigestUpdate(context_->md, data, size) == 1);
}

std::string Sha256::HexDigest() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  INITBIAS_CHECK(EVP_DigestFinal_ex(context_->md, bytes.data(), &size) == 1);
  constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += kHex[bytes[i] >> 4];
    hex += kHex[bytes[i] & 15];
  }
  return hex;
}

std::string Sha256Hex(std::string_view text) {
  Sha256 sha;
  sha.Update(text);
  return sha.HexDigest();
}

std::string FileSha256Hex(const std::filesystem::path& path) {
  Sha256 sha;
  ReadParts(path, [&sha](std::string_view part) { sha.Update(part); });
  return sha.HexDigest();
}

}  // namespace initbias
