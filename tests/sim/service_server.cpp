#include "tests/sim/service_server.h"

#include "shared/crypto/digest.h"
#include "syncserver/service/lookup.h"
#include "syncserver/store/sql_store.h"

#include <utility>

namespace odop::test {
namespace {

using namespace std::chrono_literals;

// Words that no kiosk can open, as the protocol in memory gives them: histories open none, and the
// key's derivation would be four fifths of their time.
Result<wire::SealedAnswer> seal_nothing(const wire::Answer& /*answer*/, std::string_view reference,
                                        std::uint32_t revision, std::string_view /*code*/) {
  return wire::SealedAnswer{std::string(reference), revision, Bytes(16, 's'),
                            crypto::random_bytes(200)};
}

}  // namespace

ServiceServer::ServiceServer()
    : clock_(WallTime{1'800'000'000'000ms}),
      keys_([&] {
        need(syncserver::create_server_keys(*folder_ / "keys", clock_.wall() - kKeysAge));
        return need(syncserver::load_server_keys(*folder_ / "keys"));
      }()),
      media_(*folder_ / "media") {
  open_folder();
  need(store_->set_generation(make_uuid7(clock_.wall(), random_)));
}

void ServiceServer::open_folder() {
  store_ = need(syncserver::open_store((*folder_ / "odop.db").string()));
  media_ = syncserver::MediaFolder(*folder_ / "media");
  record_keys_ = need(syncserver::open_key_store(*folder_ / "keys" / "records.db"));
  opener_ = std::make_unique<syncserver::Opener>(*store_, *record_keys_, keys_, clock_);
  office_ = std::make_unique<syncserver::Submissions>(
      *store_, *record_keys_, syncserver::lookup_key(keys_), clock_, seal_nothing);
  api_ = std::make_unique<syncserver::KioskApi>(*store_, keys_, clock_, random_, folder_->path());
  publisher_ = std::make_unique<syncserver::Publisher>(*store_, keys_, media_, folder_->path());
  if (on_open_) on_open_();
}

void ServiceServer::close_folder() {
  publisher_.reset();
  api_.reset();
  office_.reset();
  opener_.reset();
  record_keys_.reset();
  store_.reset();
}

void ServiceServer::stand_before(Front front, std::function<void()> on_open) {
  front_ = std::move(front);
  on_open_ = std::move(on_open);
}

void ServiceServer::lie_on(PowerCutDisk* disk, DiskDefects defects) {
  close_folder();
  disk_ = disk;
  defects_ = defects;
  if (disk_ == nullptr) return;
  disk_->serve(folder_->path(), defects_);
  open_folder();
}

void ServiceServer::die_after(std::uint64_t operations, bool power) {
  loses_power_ = power;
  if (power) {
    disk_->cut_after(folder_->path(), operations);
  } else {
    disk_->kill_after(folder_->path(), operations);
  }
}

bool ServiceServer::open_after_death() {
  if (disk_ == nullptr || !disk_->dark(folder_->path())) return false;
  close_folder();
  disk_->power_up(folder_->path());
  open_folder();
  ++(loses_power_ ? deaths_.power_cuts : deaths_.kills);
  return true;
}

void ServiceServer::back_up() {
  living([this] {
    const syncserver::BackupPlaces places{backups_ / std::to_string(++backups_made_), {}};
    need(syncserver::make_backup(*store_, *record_keys_, syncserver::DataFolder{folder_->path()},
                                 places, clock_.wall()));
    older_backup_ = std::exchange(backup_, places);
  });
}

bool ServiceServer::restore_older() {
  if (!older_backup_) return false;
  backup_ = std::exchange(older_backup_, std::nullopt);
  restore();
  return true;
}

void ServiceServer::restore() {
  if (!backup_) return;
  clock_.advance(1s);
  close_folder();
  auto fresh = std::make_unique<TempFolder>();
  const auto open = [](const std::filesystem::path& file) {
    return syncserver::open_store(file.string());
  };
  need(syncserver::restore_backup(*backup_, syncserver::DataFolder{fresh->path()}, open, random_,
                                  clock_.wall()));
  if (disk_ != nullptr) {
    disk_->forget(folder_->path());
    disk_->serve(fresh->path(), defects_);
  }
  folder_ = std::move(fresh);
  keys_ = need(syncserver::load_server_keys(*folder_ / "keys"));  // as the backup has them
  open_folder();
}

}  // namespace odop::test
