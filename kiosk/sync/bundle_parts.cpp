#include "kiosk/sync/bundle_parts.h"

#include "kiosk/store/catalogue_store.h"
#include "shared/crypto/enrolment.h"
#include "shared/crypto/secret.h"
#include "shared/crypto/succession.h"
#include "shared/wire/json.h"

#include <algorithm>
#include <span>
#include <utility>

namespace odop::kiosk {
namespace {

constexpr std::size_t kMarkDigits = 16;
constexpr std::size_t kMostUsedCodes = kMostFormers + 1;

std::string codes_used(const Journal& journal) {
  const auto used = journal.setting(kUsedCodesSetting);
  return used ? used->value_or("") : std::string();
}

}  // namespace

Result<crypto::SigningKey> device_key(Journal& journal) {
  crypto::SecretBytes seed(crypto::kSeedBytes);
  const auto loaded = journal.load_device_seed(std::span(seed.data(), seed.size()));
  if (!loaded) return fail(loaded.error());
  if (!*loaded) {
    seed = crypto::SigningKey::generate().seed();
    if (auto saved = journal.save_device_seed(std::span(seed.data(), seed.size())); !saved) {
      return fail(saved.error());
    }
  }
  return crypto::SigningKey::from_seed(seed.view());
}

std::string mark_of_code(std::string_view code) {
  return crypto::enrolment_code_hash(code).substr(0, kMarkDigits);
}

Result<crypto::SigningKey> next_device_key(Journal& journal, std::string_view code) {
  const std::string mark = mark_of_code(code);
  crypto::SecretBytes seed(crypto::kSeedBytes);
  const auto loaded = journal.load_next_seed(mark, std::span(seed.data(), seed.size()));
  if (!loaded) return fail(loaded.error());
  if (!*loaded) {
    seed = crypto::SigningKey::generate().seed();
    if (auto saved = journal.save_next_seed(mark, std::span(seed.data(), seed.size())); !saved) {
      return fail(saved.error());
    }
  }
  return crypto::SigningKey::from_seed(seed.view());
}

// Marks, newest first, with spaces between them.
bool used_before(const Journal& journal, std::string_view code) {
  return !code.empty() && codes_used(journal).find(mark_of_code(code)) != std::string::npos;
}

std::string used_codes_with(const Journal& journal, std::string_view code) {
  const std::string all = mark_of_code(code) + ' ' + codes_used(journal);
  return all.substr(0, kMostUsedCodes * (kMarkDigits + 1));
}

Result<std::vector<FormerSelf>> former_selves(const Journal& journal) {
  auto formers = journal.formers();
  if (!formers) return fail(formers.error());
  const auto now = journal.identity();
  if (!now) return fail(now.error());
  std::vector<FormerSelf> selves;
  const auto first = std::ranges::find(*formers, true, &FormerDevice::waits);
  for (auto one = first; one != formers->end(); ++one) {
    const std::string& id = one->identity.device_id;
    const bool last = one + 1 == formers->end();
    const std::string next = !last  ? (one + 1)->identity.device_id
                             : *now ? (*now)->device_id
                                    : std::string();
    crypto::SecretBytes seed(crypto::kSeedBytes);
    const auto loaded = journal.load_former_seed(id, std::span(seed.data(), seed.size()));
    if (!loaded || !*loaded || id == next) continue;
    auto key = crypto::SigningKey::from_seed(seed.view());
    if (!key) continue;
    // Another key would have the server refuse for good what this device left.
    const bool right = one->signature.empty() ||
                       crypto::check_succession(id, next, one->signature, key->public_key());
    if (!right) continue;
    sync::FormerAsk ask{one->identity.token,
                        crypto::readmission_of(one->identity, key->public_key())};
    ask.readmission.last_sequence = one->last_sequence;
    if (one != formers->begin() && !(one - 1)->signature.empty()) {
      ask.readmission.former_device = (one - 1)->identity.device_id;
      ask.readmission.former_signature = (one - 1)->signature;
    }
    selves.push_back({std::move(ask), std::move(*key)});
  }
  return selves;
}

Result<std::string> known_code(const BundleOrder& order, const Journal& journal) {
  if (!order.enrol_code.empty()) return order.enrol_code;
  auto held = journal.setting(kCodeSetting);
  if (!held) return fail(held.error());
  return held->value_or("");
}

Result<sync::LocalState> local_state(const Journal& journal, const std::filesystem::path& folder,
                                     const FileSystem& files) {
  sync::LocalState state;
  auto queue = journal.queue();
  if (!queue) return fail(queue.error());
  state.queue = *queue;
  const auto feed = journal.feed_position();
  if (!feed) return fail(feed.error());
  state.feed = *feed;
  state.disk = journal.disk();
  const auto anew = journal.must_enrol_anew();
  if (!anew) return fail(anew.error());
  state.enrol_anew = *anew;
  if (auto former = journal.former()) state.former = std::move(*former);
  const auto store = CatalogueStore::open(folder, files);
  if (!store) return fail(store.error());
  if (const auto shown = store->shown(); shown) state.shown = *shown;
  if (const auto ready = store->newest_ready(); ready) state.ready = *ready;
  return state;
}

std::uint64_t pointer_serial(const std::filesystem::path& folder, const FileSystem& files) {
  const auto store = CatalogueStore::open(folder, files);
  if (!store) return 0;
  const auto documents = store->documents();
  if (!documents || !*documents) return 0;
  const auto pointer = wire::from_json<wire::Pointer>((*documents)->pointer.payload);
  return pointer ? pointer->serial : 0;
}

}  // namespace odop::kiosk
