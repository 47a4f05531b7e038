// From the stick to the kiosk.
#include "kiosk/store/catalogue_store.h"
#include "kiosk/store/journal.h"
#include "kiosk/sync/bundle_exchange.h"
#include "kiosk/sync/bundle_parts.h"
#include "kiosk/sync/bundle_transport.h"
#include "kiosk/sync/mailbox.h"
#include "kiosk/sync/session_settings.h"
#include "kiosk/sync/worker.h"
#include "shared/bundle/bundle_files.h"
#include "shared/bundle/reader.h"
#include "shared/crypto/enrolment.h"
#include "shared/crypto/trust.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace odop::kiosk {
namespace {

namespace fs = std::filesystem;
using wire::BundleDirection;
using wire::BundleItemKind;

// A bundle that is for this kiosk, or for everybody.
struct Own {
  std::unique_ptr<bundle::BundleReader> reader;  // packs in the contents point to it
  BundleContents contents;
  wire::EnrolAnswer factory;  // of a factory release: roots and certificates
};

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class Taking {
 public:
  // `asking`: the key that an answer to an enrolment must be for; nullopt: none is waited for.
  Taking(const BundleOrder& order, Journal journal, std::optional<crypto::SigningKey> asking,
         std::string code, const Clock& clock, Random& random)
      : order_(order),
        journal_(std::move(journal)),
        asking_(std::move(asking)),
        code_(std::move(code)),
        clock_(clock),
        random_(random) {}

  Result<BundleTaken> run();

 private:
  // Why a bundle is none of ours; the courier carries those of many kiosks.
  static Status pass_over(std::string why) { return fail(ErrorCode::kNotFound, std::move(why)); }

  Status know_server();
  void look_at(const fs::path& file);
  Result<Own> read(const fs::path& file, bool& passed_over);
  [[nodiscard]] Status believe(BundleDirection direction, BytesView signer) const;
  static void take_certificate(Own& own, std::string_view role, wire::SignedDocument certificate);
  [[nodiscard]] Status take_item(Own& own, bundle::CarriedItem item) const;
  [[nodiscard]] Status open_answer(Own& own, BytesView bytes) const;
  [[nodiscard]] Status signed_by_its_server(const wire::EnrolAnswer& server,
                                            const BundleContents& contents) const;
  [[nodiscard]] bool is_for_another(const bundle::BundleFacts& facts) const {
    return !facts.device_id.empty() && facts.device_id != identity_->device_id;
  }
  Result<bool> is_of_an_older_server(const bundle::BundleFacts& facts, std::string& known) const;
  Status exchange(Own& own);
  void hear(std::vector<FromWorker> told);

  const BundleOrder& order_;
  Journal journal_;
  std::optional<crypto::SigningKey> asking_;
  std::string code_;
  const Clock& clock_;
  Random& random_;
  std::optional<wire::EnrolAnswer> identity_;
  crypto::Trust trust_;
  std::vector<Own> own_;
  std::vector<Own> shared_;  // for every kiosk of the server
  BundleTaken report_;
  std::optional<Error> refusal_;  // of the last bundle that was not taken
};

Status Taking::know_server() {
  auto identity = journal_.identity();
  if (!identity) return fail(identity.error());
  identity_ = std::move(*identity);
  if (!identity_) return {};
  trust_ = crypto::trust_of(*identity_, certificates_heard(journal_));
  return {};
}

// A kiosk that is not enrolled knows no server yet; what makes it believe one is the answer to its
// own request (open_answer), and nothing else of the bundle is used before.
Status Taking::believe(BundleDirection direction, BytesView signer) const {
  if (direction == BundleDirection::kUp || direction == BundleDirection::kEnrolment) {
    return pass_over("this is a kiosk's bundle for the server");
  }
  const bool factory = direction == BundleDirection::kFactory;
  if (!identity_ && factory != order_.factory) {
    return fail(ErrorCode::kInvalidArgument,
                factory ? "a factory release: name it with --factory if you trust where it is from"
                        : "this is no factory release");
  }
  if (!identity_) return {};
  const auto server =
      crypto::find_signer(crypto::key_id(signer), crypto::kServerRole, trust_, clock_.wall());
  if (!server || server->certificate.public_key != signer) {
    return fail(ErrorCode::kBadSignature, "the bundle is not from this kiosk's server");
  }
  return {};
}

Status Taking::open_answer(Own& own, BytesView bytes) const {
  const auto carried = wire::decode<wire::CarriedEnrolAnswer>(bytes);
  if (!carried || !asking_ || carried->device_public_key != asking_->public_key()) return {};
  if (code_.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "an enrolment answer is here: name the one-time code with --enrol CODE");
  }
  auto answer = crypto::open_enrol_answer(*carried, *asking_, crypto::enrolment_code_hash(code_));
  if (!answer) return fail(answer.error());
  own.contents.identity = std::move(*answer);
  return {};
}

// The first of each role is the one of an enrolment; of a factory release it stands in its place.
void Taking::take_certificate(Own& own, std::string_view role, wire::SignedDocument certificate) {
  const bool factory = own.contents.facts.direction == BundleDirection::kFactory;
  wire::EnrolAnswer& known = own.factory;
  if (factory && role == crypto::kServerRole && known.server_certificate.payload.empty()) {
    known.server_certificate = std::move(certificate);
  } else if (factory && role == crypto::kPublisherRole &&
             known.publisher_certificate.payload.empty()) {
    known.publisher_certificate = std::move(certificate);
  } else {
    auto& others = factory ? known.certificates : own.contents.certificates;
    if (others.size() < wire::kMaxOfferedCertificates) others.push_back(std::move(certificate));
  }
}

Status Taking::take_item(Own& own, bundle::CarriedItem item) const {
  BundleContents& contents = own.contents;
  const auto document = [&]() { return wire::from_json<wire::SignedDocument>(item.bytes); };
  switch (item.kind) {
    case BundleItemKind::kEnrolAnswer:
      return open_answer(own, item.bytes);
    case BundleItemKind::kRootPublicKey:
      own.factory.roots = {1, 1, {std::move(item.bytes)}};
      return {};
    case BundleItemKind::kRootSet:
      if (auto roots = wire::from_json<wire::RootSet>(item.bytes)) own.factory.roots = *roots;
      return {};
    case BundleItemKind::kCertificate:
      if (auto certificate = document()) take_certificate(own, item.name, std::move(*certificate));
      return {};
    case BundleItemKind::kReceipt:
      if (auto receipt = document()) contents.receipts.push_back(std::move(*receipt));
      return {};
    case BundleItemKind::kFeedPage:
      contents.feed_pages[number_of(item.name)] = std::move(item.bytes);
      return {};
    case BundleItemKind::kPointer:
      if (auto pointer = document()) contents.pointer = std::move(*pointer);
      return {};
    case BundleItemKind::kManifest:
      if (auto manifest = document()) contents.manifests[number_of(item.name)] = *manifest;
      return {};
    default:
      return {};
  }
}

// The bundle was signed by whom its own answer vouches for.
Status Taking::signed_by_its_server(const wire::EnrolAnswer& server,
                                    const BundleContents& contents) const {
  const auto checked = crypto::check_certificate(server.server_certificate, crypto::kServerRole,
                                                 crypto::trust_of(server), clock_.wall());
  if (!checked) return fail(checked.error());
  if (checked->certificate.public_key != contents.facts.signer) {
    return fail(ErrorCode::kBadSignature, "the bundle is not from the server that answers");
  }
  return {};
}

Result<Own> Taking::read(const fs::path& file, bool& passed_over) {
  auto reader = bundle::BundleReader::open(file);
  if (!reader) return fail(reader.error());
  Own own;
  own.reader = std::make_unique<bundle::BundleReader>(std::move(*reader));
  auto visited = own.reader->visit(
      {.believe = [&](BundleDirection direction, BytesView signer) -> Status {
         passed_over =
             direction == BundleDirection::kUp || direction == BundleDirection::kEnrolment;
         return believe(direction, signer);
       },
       .begin = [&](const bundle::BundleFacts& facts) -> Status {
         own.contents.facts = facts;
         // Who enrols anew is called by another name in the answer to it.
         passed_over = identity_ && !asking_ && is_for_another(facts);
         return passed_over ? pass_over("the bundle is for another kiosk") : Status();
       },
       .item = [&](bundle::CarriedItem item) { return take_item(own, std::move(item)); }});
  if (!visited) return fail(visited.error());
  for (bundle::CarriedPack& pack : visited->packs) {
    std::string name = pack.name;
    own.contents.packs[std::move(name)] = {own.reader.get(), std::move(pack)};
  }
  report_.damaged += visited->damaged;
  if (own.contents.identity) {
    if (auto genuine = signed_by_its_server(*own.contents.identity, own.contents); !genuine) {
      return fail(genuine.error());
    }
  } else if (!identity_ && order_.factory) {
    if (auto genuine = signed_by_its_server(own.factory, own.contents); !genuine) {
      return fail(genuine.error());
    }
  } else if (!identity_ ? !own.contents.facts.device_id.empty()
                        : is_for_another(own.contents.facts)) {
    passed_over = true;
    return fail(ErrorCode::kNotFound, "the bundle is for another kiosk");
  }
  return own;
}

void Taking::look_at(const fs::path& file) {
  bool passed_over = false;
  auto own = read(file, passed_over);
  if (own) {
    const bool shared = own->contents.facts.device_id.empty() && !order_.factory;
    (shared ? shared_ : own_).push_back(std::move(*own));
  } else {
    if (passed_over) ++report_.passed_over;
    refusal_ = own.error();
    report_.refused.push_back(file.filename().string() + ": " + own.error().context);
    if (passed_over && report_.refused.size() > 1) report_.refused.pop_back();
  }
}

// A restored server begins a new generation. A stick from before must not bring the old one back:
// its receipts are for what the server may have lost.
Result<bool> Taking::is_of_an_older_server(const bundle::BundleFacts& facts,
                                           std::string& known) const {
  const auto generation = journal_.setting(kGenerationSetting);
  if (!generation) return fail(generation.error());
  known = generation->value_or("");
  if (known.empty() || known == facts.database_generation) return false;
  const auto noted = journal_.setting(kGenerationTimeSetting);
  if (!noted) return fail(noted.error());
  return facts.made_ms <= static_cast<std::int64_t>(number_of(noted->value_or("0")));
}

void Taking::hear(std::vector<FromWorker> told) {
  for (FromWorker& value : told) {
    if (auto* state = std::get_if<SyncState>(&value)) {
      report_.kiosk_name = state->kiosk_name;
      report_.kiosk = KioskNumber{state->kiosk_number};
      report_.release = state->release;
      report_.waiting = state->waiting;
      report_.waiting_program = state->waiting_program;
      report_.trouble = state->trouble;
    } else if (auto* arrived = std::get_if<Arrived>(&value)) {
      std::ranges::move(arrived->references, std::back_inserter(report_.arrived));
    } else if (auto* answers = std::get_if<AnswersChanged>(&value)) {
      std::ranges::move(answers->references, std::back_inserter(report_.answers));
    }
  }
}

Status Taking::exchange(Own& own) {
  std::string known;
  const auto old = is_of_an_older_server(own.contents.facts, known);
  if (!old) return fail(old.error());
  if (*old) {
    report_.older = true;
    own.contents.facts.database_generation = known;
    own.contents.facts.feed_head = FeedPosition{0};
    own.contents.receipts.clear();
    own.contents.feed_pages.clear();
  }
  for (const Own& shared : shared_) {
    if (shared.contents.facts.signer != own.contents.facts.signer) continue;
    own.contents.packs.insert(shared.contents.packs.begin(), shared.contents.packs.end());
  }
  BundleTransport transport(own.contents);
  // Posted by the session below, on this thread.
  auto listen = [this, last = std::uint32_t{0}](Mailbox& posted) mutable {
    std::vector<FromWorker> told = posted.drain();
    for (const FromWorker& value : told) {
      const auto* state = std::get_if<SyncState>(&value);
      if (state == nullptr || state->progress_permille == last) continue;
      last = state->progress_permille;
      if (order_.progress) order_.progress(last);
    }
    hear(std::move(told));
  };
  std::function<void()> posted;
  Mailbox mailbox([&posted] { posted(); });
  posted = [&] { listen(mailbox); };
  WorkerConfig config;
  config.folder = order_.folder;
  config.settings.carried = true;
  config.files = order_.files;
  if (own.contents.identity) config.enrol_code = code_;
  if (order_.factory) config.factory = own.factory;
  auto session = SyncSession::open(std::move(config), transport, clock_, random_, mailbox);
  if (!session) return fail(session.error());
  static_cast<void>((*session)->turn());
  static_cast<void>((*session)->take(std::move(own.contents.receipts)));
  listen(mailbox);
  if (report_.trouble == name_of(ErrorCode::kStale)) {
    report_.older = true;
    report_.trouble.clear();
  }
  ++report_.bundles;
  return {};
}

Result<BundleTaken> Taking::run() {
  if (auto known = know_server(); !known) return fail(known.error());
  const auto before = local_state(journal_, order_.folder, *order_.files);
  if (!before) return fail(before.error());
  report_.release = before->ready;
  const auto files = bundle::bundles_at(order_.place);
  if (!files) return fail(files.error());
  for (const fs::path& file : *files) look_at(file);
  // A release alone: for the pointer that is here already.
  if (own_.empty() && identity_ && !shared_.empty()) {
    Own release;
    release.contents.facts = shared_.front().contents.facts;
    if (const auto known = journal_.setting(kGenerationSetting); known && *known) {
      release.contents.facts.database_generation = **known;
    }
    own_.push_back(std::move(release));
  }
  if (own_.empty()) {
    if (files->size() == 1 && refusal_) return fail(*refusal_);
    if (!report_.refused.empty()) return fail(ErrorCode::kNotFound, report_.refused.front());
    return fail(ErrorCode::kNotFound, "no bundle for this kiosk is here");
  }
  std::ranges::stable_sort(own_, {}, [](const Own& own) { return own.contents.facts.made_ms; });
  // What is for the device that this kiosk is goes before what makes it another.
  std::stable_partition(own_.begin(), own_.end(),
                        [](const Own& own) { return !own.contents.identity; });
  for (Own& own : own_) {
    if (auto done = exchange(own); !done) return fail(done.error());
  }
  const auto identity = journal_.identity();
  if (!identity) return fail(identity.error());
  report_.enrolled =
      identity->has_value() && (!identity_ || (*identity)->device_id != identity_->device_id);
  if (report_.enrolled) {
    if (auto forgotten = journal_.set_setting(kCodeSetting, ""); !forgotten) {
      return fail(forgotten.error());
    }
  }
  report_.new_release = report_.release > before->ready;
  return std::move(report_);
}

}  // namespace

Result<BundleTaken> take_bundles(const BundleOrder& order, const Clock& clock, Random& random) {
  auto journal = Journal::open(order.folder, probe_space, *order.files);
  if (!journal) return fail(journal.error());
  auto device = device_key(*journal);
  if (!device) return fail(device.error());
  auto code = known_code(order, *journal);
  if (!code) return fail(code.error());
  const auto identity = journal->identity();
  if (!identity) return fail(identity.error());
  std::optional<crypto::SigningKey> asking;
  if (!*identity) {
    asking = std::move(*device);
  } else if (const auto anew = journal->must_enrol_anew(); !anew) {
    return fail(anew.error());
  } else if (*anew && !code->empty()) {
    auto next = next_device_key(*journal, *code);
    if (!next) return fail(next.error());
    asking = std::move(*next);
  }
  return Taking(order, std::move(*journal), std::move(asking), std::move(*code), clock, random)
      .run();
}

}  // namespace odop::kiosk
