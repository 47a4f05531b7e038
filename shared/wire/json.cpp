#include "shared/wire/json.h"

#include "shared/wire/check.h"
#include "shared/wire/json_fields.h"
#include "shared/wire/readmission.h"
#include "shared/wire/reconciliation.h"

#include <nlohmann/json.hpp>

#include <concepts>
#include <exception>
#include <limits>
#include <type_traits>
#include <utility>

namespace odop::wire {
namespace {

using nlohmann::json;

template <typename M, typename T>
concept Is = std::same_as<std::remove_const_t<M>, T>;

template <typename V, Is<SignedDocument> M>
void describe(V& v, M& m) {
  v.text("purpose", m.purpose, 32);
  v.text("key_id", m.key_id, 16);
  v.signed_bytes(m.payload, 96 * 1024);
  v.bytes("signature", m.signature, kSignatureBytes);
}

template <typename V, Is<RootSet> M>
void describe(V& v, M& m) {
  v.number("version", m.version);
  v.number("threshold", m.threshold);
  v.byte_strings("keys", m.keys, kMaxRootKeys, 32);
}

template <typename V, Is<Certificate> M>
void describe(V& v, M& m) {
  v.text("role", m.role, 32);
  v.bytes("public_key", m.public_key, 32);
  v.number("not_before_ms", m.not_before_ms);
  v.number("not_after_ms", m.not_after_ms);
}

template <typename V, Is<Pointer> M>
void describe(V& v, M& m) {
  v.number("serial", m.serial);
  v.text("ring", m.ring, 64);
  v.number("release", m.release);
  v.bytes("manifest_hash", m.manifest_hash, kHashBytes);
  v.number("percentage", m.percentage);
  v.number("issued_ms", m.issued_ms);
  v.number("expires_ms", m.expires_ms);
  v.texts("taken_down", m.taken_down, 400, 200);
}

template <typename V, Is<PackOffer> M>
void describe(V& v, M& m) {
  v.number("from", m.from);
  v.number("size", m.size);
  v.bytes("index_hash", m.index_hash, kHashBytes);
  v.number("index_size", m.index_size);
}

template <typename V, Is<Manifest> M>
void describe(V& v, M& m) {
  v.number("release", m.release);
  v.number("previous", m.previous);
  v.number("created_ms", m.created_ms);
  v.number("minimum_app", m.minimum_app);
  v.bytes("content_digest", m.content_digest, kHashBytes);
  v.number("records", m.records);
  v.number("media", m.media);
  v.messages("packs", m.packs, 9);
}

template <typename V, Is<Hello> M>
void describe(V& v, M& m) {
  v.number("protocol_min", m.protocol_min);
  v.number("protocol_max", m.protocol_max);
  v.number("server_ms", m.server_ms);
  v.text("database_generation", m.database_generation, 36);
  v.text("sealing_key_id", m.sealing_key_id, 16);
  v.text("signing_key_id", m.signing_key_id, 16);
  v.number("max_batch_envelopes", m.max_batch_envelopes);
  v.number("max_batch_bytes", m.max_batch_bytes);
}

template <typename V, Is<EnrolRequest> M>
void describe(V& v, M& m) {
  v.text("code", m.code, 128);
  v.bytes("device_public_key", m.device_public_key, 32);
  v.text("boot_id", m.boot_id, 64);
}

// Which kiosk it is.
template <typename V, typename M>
void describe_kiosk(V& v, M& m) {
  v.text("device_id", m.device_id, 36);
  v.number("kiosk", m.kiosk);
  v.number("epoch", m.epoch);
  v.text("name", m.name, 400);
  v.text("venue", m.venue, 200);
  v.text("district", m.district, 200);
  v.text("ring", m.ring, 64);
}

template <typename V, Is<Readmission> M>
void describe(V& v, M& m) {
  describe_kiosk(v, m);
  v.bytes("device_public_key", m.device_public_key, 32);
  v.late_bytes("proof", m.proof, 32);
  v.late_number("last_sequence", m.last_sequence.value);
  v.late_text("former_device", m.former_device, 36);
  v.late_bytes("former_signature", m.former_signature, kSignatureBytes);
}

template <typename V, Is<GivenUp> M>
void describe(V& v, M& m) {
  v.text("device_id", m.device_id, 36);
  v.number("epoch", m.epoch);
  v.number("sequence", m.sequence);
  v.bytes("envelope_hash", m.envelope_hash, 32);
}

template <typename V, Is<Reconciliation> M>
void describe(V& v, M& m) {
  v.messages("given_up", m.given_up, kMaxBatchEnvelopes);
}

template <typename V, Is<EnrolAnswer> M>
void describe(V& v, M& m) {
  describe_kiosk(v, m);
  v.text("token", m.token, 256);
  v.bytes("sealing_public_key", m.sealing_public_key, 32);
  v.text("sealing_key_id", m.sealing_key_id, 16);
  v.roots(m.roots);
  v.message("server_certificate", m.server_certificate);
  v.message("publisher_certificate", m.publisher_certificate);
  v.late_messages("certificates", m.certificates, kMaxLaterCertificates);
}

template <typename V, Is<Heartbeat> M>
void describe(V& v, M& m) {
  v.number("release_shown", m.release_shown);
  v.number("pointer_serial", m.pointer_serial);
  v.number("feed", m.feed);
  v.number("queue", m.queue);
  v.number("last_sequence", m.last_sequence);
  v.number("epoch", m.epoch);
  v.number("oldest_unsent_ms", m.oldest_unsent_ms);
  v.number("free_bytes", m.free_bytes);
  v.number("wall_ms", m.wall_ms);
  v.text("app_version", m.app_version, 64);
  v.late_number("audit_number", m.audit_number);
  v.late_bytes("audit_hash", m.audit_hash, kHashBytes);
  v.late_number("certificates_mark", m.certificates_mark);
  v.late_number("app_number", m.app_number);
  v.late_text("former_device", m.former_device, 36);
  v.late_bytes("former_signature", m.former_signature, kSignatureBytes);
}

template <typename V, Is<AuditHead> M>
void describe(V& v, M& m) {
  v.number("number", m.number);
  v.bytes("hash", m.hash, kHashBytes);
}

template <typename V, Is<HeartbeatAnswer> M>
void describe(V& v, M& m) {
  v.number("server_ms", m.server_ms);
  v.text("database_generation", m.database_generation, 36);
  v.number("feed_head", m.feed_head);
  v.optional_message("pointer", m.pointer);
  v.optional_message("manifest", m.manifest);
  v.optional_message("audit_head", m.audit_head);
  v.late_messages("certificates", m.certificates, kMaxOfferedCertificates);
}

template <typename V, Is<CaseStep> M>
void describe(V& v, M& m) {
  v.text("state", m.state, 32);
  v.number("at_ms", m.at_ms);
  v.text("district", m.district, 64);
}

template <typename V, Is<Answer> M>
void describe(V& v, M& m) {
  v.text("state", m.state, 64);
  v.number("at_ms", m.at_ms);
  v.text("district", m.district, 200);
  v.text("text", m.text, 8'000);  // 2,000 characters of 4 bytes
  v.late_text("path", m.path, 64);
  v.late_text("portal_reference", m.portal_reference, 160);  // 40 characters of 4 bytes
  v.late_messages("steps", m.steps, kMaxCaseSteps);
}

template <typename V, Is<FeedPage> M>
void describe(V& v, M& m) {
  v.messages("entries", m.entries, kMaxFeedPageEntries);
  v.number("next", m.next);
  v.flag("more", m.more);
}

// The longest text of each message: a taken-down list of 400 ids is the longest by far.
template <typename T>
constexpr std::size_t max_bytes() {
  if constexpr (std::same_as<T, FeedPage>) return 6 * 1024 * 1024;  // 200 answers of 16 KiB
  if constexpr (std::same_as<T, HeartbeatAnswer>) return 256 * 1024;
  if constexpr (std::same_as<T, SignedDocument>) return 160 * 1024;
  if constexpr (std::same_as<T, Pointer>) return 96 * 1024;
  return 64 * 1024;
}

// Before a parser takes memory for it.
bool nested_too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxJsonDepth) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

}  // namespace

template <typename T>
void JsonWriter::message(const char* key, const T& value) {
  JsonWriter inner;
  describe(inner, value);
  object[key] = std::move(inner.object);
}

template <typename T>
void JsonWriter::messages(const char* key, const std::vector<T>& values, std::size_t /*count*/) {
  json list = json::array();
  for (const T& value : values) {
    JsonWriter inner;
    describe(inner, value);
    list.push_back(std::move(inner.object));
  }
  object[key] = std::move(list);
}

template <typename T>
void JsonReader::read_message(const json& found, T& value) {
  JsonReader inner{found};
  if (inner.good()) describe(inner, value);
  good_ = good_ && inner.good();
}

template <typename T>
std::string to_json(const T& message) {
  JsonWriter writer;
  describe(writer, message);
  // Text that is not UTF-8 is the caller's bug; replacing it keeps this call free of exceptions.
  return writer.object.dump(-1, ' ', false, json::error_handler_t::replace);
}

template <typename T>
Result<T> from_json(std::string_view text) {
  if (text.size() > max_bytes<T>()) return fail(ErrorCode::kTooLarge, "JSON message");
  if (nested_too_deep(text)) return fail(ErrorCode::kMalformed, "JSON nested too deep");
  try {
    const json parsed = json::parse(text.begin(), text.end(), nullptr, false);
    if (parsed.is_discarded()) return fail(ErrorCode::kMalformed, "no JSON");
    T message;
    JsonReader reader{parsed};
    if (reader.good()) describe(reader, message);
    if (!reader.good()) return fail(ErrorCode::kMalformed, "JSON of another message");
    if (const Status checked = check(message); !checked) return fail(checked.error());
    return message;
  } catch (const std::exception&) {  // its text can quote the message
    return fail(ErrorCode::kMalformed, "JSON");
  }
}

template std::string to_json(const Hello&);
template std::string to_json(const EnrolRequest&);
template std::string to_json(const Readmission&);
template std::string to_json(const Reconciliation&);
template std::string to_json(const EnrolAnswer&);
template std::string to_json(const Heartbeat&);
template std::string to_json(const HeartbeatAnswer&);
template std::string to_json(const SignedDocument&);
template std::string to_json(const Certificate&);
template std::string to_json(const RootSet&);
template std::string to_json(const Pointer&);
template std::string to_json(const Manifest&);
template std::string to_json(const AuditHead&);
template std::string to_json(const Answer&);
template std::string to_json(const FeedPage&);
template Result<Hello> from_json(std::string_view);
template Result<EnrolRequest> from_json(std::string_view);
template Result<Readmission> from_json(std::string_view);
template Result<Reconciliation> from_json(std::string_view);
template Result<EnrolAnswer> from_json(std::string_view);
template Result<Heartbeat> from_json(std::string_view);
template Result<HeartbeatAnswer> from_json(std::string_view);
template Result<SignedDocument> from_json(std::string_view);
template Result<Certificate> from_json(std::string_view);
template Result<RootSet> from_json(std::string_view);
template Result<Pointer> from_json(std::string_view);
template Result<Manifest> from_json(std::string_view);
template Result<AuditHead> from_json(std::string_view);
template Result<Answer> from_json(std::string_view);
template Result<FeedPage> from_json(std::string_view);

}  // namespace odop::wire
