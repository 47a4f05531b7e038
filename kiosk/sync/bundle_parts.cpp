#include "kiosk/sync/bundle_parts.h"

#include "kiosk/store/catalogue_store.h"
#include "shared/crypto/enrolment.h"
#include "shared/crypto/secret.h"
#include "shared/wire/json.h"

#include <span>

namespace odop::kiosk {

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
  constexpr std::size_t kMarkDigits = 16;
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
