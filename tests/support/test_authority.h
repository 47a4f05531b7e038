// Certificates for tests of TLS, made by OpenSSL: an authority and what it signs.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

namespace odop::test {

class TestAuthority {
 public:
  // Its certificate lies at `folder`/NAME.pem.
  TestAuthority(std::filesystem::path folder, const std::string& name)
      : folder_(std::move(folder)), name_(name), key_(new_key()) {
    certificate_ = make(name, key_.get(), -kDay, kDay, "");
    write_certificate(ca_file(), certificate_.get());
  }

  [[nodiscard]] std::filesystem::path ca_file() const { return folder_ / (name_ + ".pem"); }

  struct Files {
    std::string certificate;
    std::string key;
  };
  // For a server, in force from now + `from_s` to now + `until_s`. `host` as in an extension of
  // OpenSSL: "DNS:localhost".
  Files issue(const std::string& name, const std::string& host, long from_s = -kDay,
              long until_s = kDay) {
    const Key key = new_key();
    const Certificate made = make(name, key.get(), from_s, until_s, host);
    Files files{folder_ / (name + ".crt"), folder_ / (name + ".key")};
    write_certificate(files.certificate, made.get());
    const File out{std::fopen(files.key.c_str(), "w")};
    if (!out ||
        PEM_write_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
      throw std::runtime_error{"cannot write a key"};
    }
    return files;
  }

  static constexpr long kDay = 86'400;

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free>;
  using Certificate = std::unique_ptr<X509, Free>;
  using File = std::unique_ptr<std::FILE, Free>;

  static Key new_key() {
    Key key{EVP_EC_gen("P-256")};
    if (!key) throw std::runtime_error{"no key"};
    return key;
  }

  static void write_certificate(const std::filesystem::path& file, X509* certificate) {
    const File out{std::fopen(file.c_str(), "w")};
    if (!out || PEM_write_X509(out.get(), certificate) != 1) {
      throw std::runtime_error{"cannot write a certificate"};
    }
  }

  static void extend(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Free> extension{
        X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) {
      throw std::runtime_error{"cannot extend a certificate"};
    }
  }

  // Without a host it is the authority's own.
  Certificate make(const std::string& name, EVP_PKEY* key, long from_s, long until_s,
                   const std::string& host) {
    Certificate made{X509_new()};
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), from_s);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), until_s);
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509* issuer = host.empty() ? made.get() : certificate_.get();
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer));
    extend(made.get(), issuer, NID_basic_constraints,
           host.empty() ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (!host.empty()) extend(made.get(), issuer, NID_subject_alt_name, host);
    if (X509_sign(made.get(), key_.get(), EVP_sha256()) == 0) {
      throw std::runtime_error{"cannot sign"};
    }
    return made;
  }

  std::filesystem::path folder_;
  std::string name_;
  Key key_;
  Certificate certificate_;
  long serial_ = 0;
};

}  // namespace odop::test
