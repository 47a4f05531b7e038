#include "kiosk/sync/server_ca.h"

#include "kiosk/store/files.h"
#include "shared/core/bytes.h"
#include "shared/core/sizes.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstddef>
#include <memory>
#include <string_view>
#include <system_error>

namespace odop::kiosk {
namespace {

constexpr std::string_view kFile = "server-ca.pem";
constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct CertificateFree {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

// Whether every certificate that the text announces is one. OpenSSL would take those that it can
// read and leave out the rest without a word.
bool all_certificates(BytesView pem) {
  std::size_t announced = 0;
  for (auto at = pem.find(kBegin); at != BytesView::npos; at = pem.find(kBegin, at + 1)) {
    ++announced;
  }
  const std::unique_ptr<BIO, BioFree> bio{
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  std::size_t read = 0;
  while (bio) {
    const std::unique_ptr<X509, CertificateFree> one{
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
    if (!one) break;
    ++read;
  }
  ERR_clear_error();
  return announced > 0 && read == announced;
}

}  // namespace

Status keep_server_ca(const std::filesystem::path& chosen, const std::filesystem::path& folder) {
  const auto pem = read_whole(chosen, 64 * kKiB);
  if (!pem) return fail(pem.error());
  if (!all_certificates(*pem)) {
    return fail(ErrorCode::kMalformed, chosen.string() + " holds no certificate in PEM");
  }
  return write_durably(folder / kFile, *pem);
}

std::filesystem::path kept_server_ca(const std::filesystem::path& folder) {
  std::error_code ignored;
  const auto file = folder / kFile;
  // Whatever lies there counts: what cannot be read is trusted by nobody, and not passed over.
  return std::filesystem::exists(std::filesystem::symlink_status(file, ignored))
             ? file
             : std::filesystem::path{};
}

}  // namespace odop::kiosk
