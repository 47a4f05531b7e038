#include "shared/wire/json.h"

#include "shared/wire/check.h"
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

// Writer and Reader have the same members, so that each message is described once, below.
class Writer {
 public:
  json object = json::object();

  void text(const char* key, const std::string& value, std::size_t /*cap*/) { object[key] = value; }
  void bytes(const char* key, const Bytes& value, std::size_t /*cap*/) {
    object[key] = to_base64(value);
  }
  // Signed JSON travels as the text it is, anything else as base64: `text` or `payload`.
  void signed_bytes(const Bytes& value, std::size_t cap) {
    if (value.starts_with('{') && is_utf8(value)) {
      text("text", value, cap);
    } else {
      bytes("payload", value, cap);
    }
  }
  template <std::integral Integer>
  void number(const char* key, Integer value) {
    object[key] = value;
  }
  template <typename Tag>
  void number(const char* key, Number<Tag> value) {
    object[key] = value.value;
  }
  void texts(const char* key, const std::vector<std::string>& values, std::size_t /*count*/,
             std::size_t /*cap*/) {
    object[key] = values;
  }
  void byte_strings(const char* key, const std::vector<Bytes>& values, std::size_t /*count*/,
                    std::size_t cap) {
    json list = json::array();
    for (const Bytes& value : values) list.push_back(to_base64(value));
    object[key] = std::move(list);
    static_cast<void>(cap);
  }
  void roots(const RootSet& set) {
    if (is_lone_root(set)) {
      bytes("root_public_key", set.keys.front(), 32);
    } else {
      message("roots", set);
    }
  }
  void flag(const char* key, bool value) { object[key] = value; }
  template <typename T>
  void message(const char* key, const T& value);
  template <typename T>
  void optional_message(const char* key, const std::optional<T>& value) {
    if (value) message(key, *value);
  }
  template <typename T>
  void messages(const char* key, const std::vector<T>& values, std::size_t count);
  // What came to a message later: left out when empty.
  void late_text(const char* key, const std::string& value, std::size_t cap) {
    if (!value.empty()) text(key, value, cap);
  }
  void late_bytes(const char* key, const Bytes& value, std::size_t cap) {
    if (!value.empty()) bytes(key, value, cap);
  }
  template <std::integral Integer>
  void late_number(const char* key, Integer value) {
    if (value != 0) number(key, value);
  }
  template <typename T>
  void late_messages(const char* key, const std::vector<T>& values, std::size_t count) {
    if (!values.empty()) messages(key, values, count);
  }
};

class Reader {
 public:
  explicit Reader(const json& object) : object_(object), good_(object.is_object()) {}
  [[nodiscard]] bool good() const { return good_; }

  void text(const char* key, std::string& value, std::size_t cap) {
    const json* found = find(key);
    if (found == nullptr) return;
    const auto* string = found->get_ptr<const std::string*>();
    if (string == nullptr || string->size() > cap) {
      good_ = false;
    } else {
      value = *string;
    }
  }
  void bytes(const char* key, Bytes& value, std::size_t cap) {
    std::string base64;
    text(key, base64, (cap + 2) / 3 * 4);
    good_ = good_ && from_base64(base64, value) && value.size() <= cap;
  }
  void signed_bytes(Bytes& value, std::size_t cap) {
    if (good_ && object_.contains("text")) {
      text("text", value, cap);
    } else {
      bytes("payload", value, cap);
    }
  }
  template <std::integral Integer>
  void number(const char* key, Integer& value) {
    if (const json* found = find(key)) read_number(*found, value);
  }
  template <typename Tag>
  void number(const char* key, Number<Tag>& value) {
    number(key, value.value);
  }
  void texts(const char* key, std::vector<std::string>& values, std::size_t count,
             std::size_t cap) {
    const json* list = find_list(key, count);
    if (list == nullptr) return;
    for (const json& element : *list) {
      const auto* string = element.get_ptr<const std::string*>();
      if (string == nullptr || string->size() > cap) {
        good_ = false;
        return;
      }
      values.push_back(*string);
    }
  }
  void byte_strings(const char* key, std::vector<Bytes>& values, std::size_t count,
                    std::size_t cap) {
    std::vector<std::string> list;
    texts(key, list, count, (cap + 2) / 3 * 4);
    for (const std::string& base64 : list) {
      good_ = good_ && from_base64(base64, values.emplace_back()) && values.back().size() <= cap;
    }
  }
  void roots(RootSet& set) {
    if (good_ && object_.contains("roots")) {
      message("roots", set);
    } else {
      set = {1, 1, {Bytes()}};
      bytes("root_public_key", set.keys.front(), 32);
    }
  }
  void flag(const char* key, bool& value) {
    const json* found = find(key);
    if (found == nullptr) return;
    good_ = good_ && found->is_boolean();
    if (good_) value = found->get<bool>();
  }
  template <typename T>
  void message(const char* key, T& value) {
    if (const json* found = find(key)) read_message(*found, value);
  }
  template <typename T>
  void optional_message(const char* key, std::optional<T>& value) {
    if (good_ && object_.contains(key)) message(key, value.emplace());
  }
  template <typename T>
  void messages(const char* key, std::vector<T>& values, std::size_t count) {
    const json* list = find_list(key, count);
    if (list == nullptr) return;
    for (const json& element : *list) read_message(element, values.emplace_back());
  }
  void late_text(const char* key, std::string& value, std::size_t cap) {
    if (good_ && object_.contains(key)) text(key, value, cap);
  }
  void late_bytes(const char* key, Bytes& value, std::size_t cap) {
    if (good_ && object_.contains(key)) bytes(key, value, cap);
  }
  template <std::integral Integer>
  void late_number(const char* key, Integer& value) {
    if (good_ && object_.contains(key)) number(key, value);
  }
  template <typename T>
  void late_messages(const char* key, std::vector<T>& values, std::size_t count) {
    if (good_ && object_.contains(key)) messages(key, values, count);
  }

 private:
  const json* find(const char* key) {
    if (!good_) return nullptr;
    const auto found = object_.find(key);
    if (found == object_.end()) {
      good_ = false;
      return nullptr;
    }
    return &*found;
  }
  const json* find_list(const char* key, std::size_t count) {
    const json* found = find(key);
    if (found == nullptr) return nullptr;
    good_ = found->is_array() && found->size() <= count;
    return good_ ? found : nullptr;
  }
  template <typename Integer>
  void read_number(const json& found, Integer& value) {
    if (found.is_number_unsigned()) {
      const auto number = found.get<std::uint64_t>();
      good_ = std::in_range<Integer>(number);
      if (good_) value = static_cast<Integer>(number);
    } else if (found.is_number_integer()) {
      const auto number = found.get<std::int64_t>();
      good_ = std::in_range<Integer>(number);
      if (good_) value = static_cast<Integer>(number);
    } else {
      good_ = false;
    }
  }
  template <typename T>
  void read_message(const json& found, T& value);

  const json& object_;
  bool good_;
};

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

template <typename T>
void Writer::message(const char* key, const T& value) {
  Writer inner;
  describe(inner, value);
  object[key] = std::move(inner.object);
}

template <typename T>
void Writer::messages(const char* key, const std::vector<T>& values, std::size_t /*count*/) {
  json list = json::array();
  for (const T& value : values) {
    Writer inner;
    describe(inner, value);
    list.push_back(std::move(inner.object));
  }
  object[key] = std::move(list);
}

template <typename T>
void Reader::read_message(const json& found, T& value) {
  Reader inner{found};
  if (inner.good()) describe(inner, value);
  good_ = good_ && inner.good();
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
std::string to_json(const T& message) {
  Writer writer;
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
    Reader reader{parsed};
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
