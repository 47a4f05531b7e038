#include "kiosk/sync/fingerprint.h"

#include "kiosk/sync/bundle_parts.h"
#include "shared/crypto/fingerprint.h"
#include "shared/crypto/secret.h"
#include "shared/crypto/sign.h"
#include "shared/wire/json.h"

#include <span>

namespace odop::kiosk {

Result<KioskFingerprint> fingerprint_of(const Journal& journal) {
  crypto::SecretBytes seed(crypto::kSeedBytes);
  const auto loaded = journal.load_device_seed(std::span(seed.data(), seed.size()));
  if (!loaded) return fail(loaded.error());
  KioskFingerprint out;
  if (!*loaded) return out;
  const auto device = crypto::SigningKey::from_seed(seed.view());
  if (!device) return fail(device.error());
  const auto identity = journal.identity();
  if (!identity) return fail(identity.error());
  const auto code = journal.setting(kCodeSetting);
  if (!code) return fail(code.error());
  const bool asking = *code && !(*code)->empty();
  const auto anew = journal.must_enrol_anew();
  if (!anew) return fail(anew.error());
  if (*anew && asking) {
    // Of the device that it asks to become.
    crypto::SecretBytes next(crypto::kSeedBytes);
    const auto made =
        journal.load_next_seed(mark_of_code(**code), std::span(next.data(), next.size()));
    if (!made) return fail(made.error());
    if (*made) {
      const auto key = crypto::SigningKey::from_seed(next.view());
      if (!key) return fail(key.error());
      out.asking = true;
      out.digits = crypto::request_fingerprint(key->public_key());
      return out;
    }
  }
  if (*identity) {
    // It was checked when the kiosk was enrolled.
    const auto server = wire::from_json<wire::Certificate>((*identity)->server_certificate.payload);
    if (!server) return fail(server.error());
    out.digits = crypto::enrolment_fingerprint(device->public_key(), server->public_key);
    return out;
  }
  out.asking = asking;
  out.digits = crypto::request_fingerprint(device->public_key());
  return out;
}

}  // namespace odop::kiosk
