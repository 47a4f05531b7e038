#include "shared/crypto/digest.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sodium.h>

#include <array>
#include <cstdio>
#include <new>

namespace odop::crypto {
namespace {

constexpr std::size_t kDigestBytes = 32;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

struct FreeDigest {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

struct Sha256::Context {
  std::unique_ptr<EVP_MD_CTX, FreeDigest> handle{EVP_MD_CTX_new()};
};

// OpenSSL fails at these calls only when it has no memory.
Sha256::Sha256() : context_(std::make_unique<Context>()) {
  if (!context_->handle || EVP_DigestInit_ex(context_->handle.get(), EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc{};
  }
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(BytesView bytes) {
  if (EVP_DigestUpdate(context_->handle.get(), bytes.data(), bytes.size()) != 1) {
    throw std::bad_alloc{};
  }
}

Bytes Sha256::finish() {
  std::array<unsigned char, kDigestBytes> out{};
  if (EVP_DigestFinal_ex(context_->handle.get(), out.data(), nullptr) != 1 ||
      EVP_DigestInit_ex(context_->handle.get(), EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc{};
  }
  return {out.begin(), out.end()};
}

Bytes sha256(BytesView bytes) {
  // Looked up once: for what is short, OpenSSL would take longer to find it than to use it.
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Bytes out(kDigestBytes, '\0');
  if (method == nullptr ||
      EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), nullptr,
                 method, nullptr) != 1) {
    throw std::bad_alloc{};
  }
  return out;
}

Result<Bytes> sha256_file(const std::string& path) {
  const std::unique_ptr<std::FILE, CloseFile> file{std::fopen(path.c_str(), "rbe")};
  if (!file) return fail(ErrorCode::kNotFound, "file to hash");
  Sha256 digest;
  std::array<char, 64 * 1024> piece{};
  for (;;) {
    const std::size_t got = std::fread(piece.data(), 1, piece.size(), file.get());
    digest.update({piece.data(), got});
    if (got < piece.size()) break;
  }
  if (std::ferror(file.get()) != 0) return fail(ErrorCode::kIo, "file to hash");
  return digest.finish();
}

bool equal_constant_time(BytesView a, BytesView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Bytes random_bytes(std::size_t count) {
  if (sodium_init() < 0) throw std::bad_alloc{};
  Bytes bytes(count, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace odop::crypto
