// What is rarer: ill disks, a disk image of an older day, other time zones, keys and releases that
// change, items that are refused; and the mistakes that a mutation makes.
#include "shared/crypto/digest.h"
#include "shared/store/sqlite.h"
#include "shared/wire/codec.h"
#include "tests/sim/history.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace odop::test {

void History::one_hardship() {
  const std::size_t at = hardships_.below(options_.kiosks);
  const std::filesystem::path& folder = kiosks_[at]->folder();
  switch (hardships_.below(24)) {
    case 0:
    case 1:
    case 2: {
      const auto trouble = static_cast<DiskTrouble>(hardships_.below(kDiskTroubles));
      disk_.trouble_after(folder, trouble, 1 + hardships_.below(30));
      return trace(at, "the disk is about to fail once");
    }
    case 3:
      if (put_back_.contains(at)) return;
      power_back(at);
      images_[at] = {disk_.image(folder), {}};
      for (const auto& [reference, kept] : kept_) {
        if (kept.kiosk == at) images_[at].references.insert(reference);
      }
      return trace(at, "an image is made of the disk");
    case 4:
      if (images_.contains(at) && put_back_.size() < 2) put_back_image(at);
      return;
    case 5:
      return change_zone();
    case 6:
      if (!server_.expire || version_ == 0) return;
      revive_server();
      server_.expire();
      ++counted_.expired;
      return trace(0, "the pointer has expired");
    case 7:
      // The old content under a higher number.
      if (!server_.publish_again || version_ < 2) return;
      return roll_back();
    case 8:
      if (!server_.rotate_publisher || version_ == 0 || std::exchange(rotated_, true)) return;
      revive_server();
      server_.rotate_publisher();
      ++counted_.rotated;
      publish();
      return trace(0, "another publisher signs");
    case 9:
      if (!server_.refuse || order_.empty()) return;
      // What it has, or had and answered before it was restored, it cannot refuse any more.
      if (kept_[order_.back()].answer.revision != 0 || !kept_[order_.back()].forgotten.empty() ||
          !server_.refuse(order_.back())) {
        return;
      }
      refused_.insert(order_.back());
      ++counted_.refused;
      return trace(kept_[order_.back()].kiosk, order_.back() + " will be refused");
    case 10:
      if (!server_.hold_back || order_.empty()) return;
      server_.hold_back(order_.back());
      ++counted_.held_back;
      return trace(kept_[order_.back()].kiosk, order_.back() + " has to wait");
    default:
      return;
  }
}

void History::roll_back() {
  revive_server();
  sign_with_a_known_key();
  const auto number = server_.publish_again(1);
  if (!number) return;
  newest_ = ReleaseNumber{*number};
  release_lost_ = false;
  ++counted_.rolled_back;
  trace(0, "the release is rolled back");
}

// A server that was restored to before its publisher's key was revoked signs with that key again,
// and kiosks do not believe it: the office revokes it once more.
void History::sign_with_a_known_key() {
  if (!std::exchange(key_lost_, false)) return;
  server_.rotate_publisher();
  trace(0, "another publisher signs, once more");
}

// Once in six histories somebody leaves something at a kiosk whose line is slow, and takes it back
// at another: the server hears of the withdrawal first.
void History::overtake() {
  if (options_.kiosks < 2 || losses_.below(6) != 0) return;
  const std::size_t slow = losses_.below(options_.kiosks);
  const std::size_t quick = (slow + 1) % options_.kiosks;
  power_back(slow);
  const std::size_t before = order_.size();
  submit(slow);
  if (order_.size() == before) return;
  withdraw(quick, order_.back(), true);
  constexpr int kTurns = 6;
  for (int i = 0; i < kTurns && !disk_.dark(kiosks_[quick]->folder()); ++i) {
    turn(quick);
    clock_.advance(std::chrono::seconds(70));
  }
  revive_server();
  server_.open();
}

// The sequences that were given since the image are given again: the server sees a fork and keeps
// both. What the kiosk alone held is gone with the disk.
void History::put_back_image(std::size_t at) {
  SyncKiosk& kiosk = *kiosks_[at];
  kiosk.stop();
  disk_.put_back(kiosk.folder(), images_[at].journal);
  for (auto& [reference, kept] : kept_) {
    if (kept.kiosk != at || images_[at].references.contains(reference)) continue;
    if (kept.destroyed) continue;  // of the kiosk that stood there before
    if (lives_on_in_copy(reference, kept)) continue;
    lose_medium(reference, kept);
  }
  put_back_.insert(at);
  ever_put_back_.insert(at);
  images_.erase(at);
  highest_[at] = {};  // its releases are those of that day
  start(at);
  ++counted_.put_back;
  trace(at, "the disk is put back to an older day");
}

// Its kiosk holds it no more. What the server has by now must stay there, unless the server is
// restored to before.
void History::lose_medium(const std::string& reference, KeptByVisitor& kept) {
  kept.on_lost_medium = true;
  kept.held = server_.whole(reference);
  if (!kept.held) lose_withdrawal(kept);
}

void History::lose_withdrawal(const KeptByVisitor& kept) {
  if (kept.withdraws.empty() || withdrawn_.erase(kept.withdraws) == 0) return;
  perhaps_withdrawn_.insert(kept.withdraws);
}

void History::change_zone() {
  static constexpr std::array kZones{"Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati",
                                     "Pacific/Pago_Pago", "UTC"};
  ::setenv("TZ", kZones.at(hardships_.below(kZones.size())), 1);
  ::tzset();
  ++counted_.zones;
}

void History::remember(std::size_t at, const kiosk::Kept& kept, KeptByVisitor value) {
  value.sequence = kept.sequence;
  if (const auto identity = kiosks_[at]->journal().identity(); identity && *identity) {
    value.number = (*identity)->kiosk.value;
    value.token = (*identity)->token;
  }
  const auto [place, fresh] = kept_.insert_or_assign(kept.reference, std::move(value));
  if (fresh) return;
  // One in a hundred of the sequences that are given a second time meets its old two digits.
  if (!shares_sequences(at)) ++counted_.duplicated;
  given_twice_.insert(kept.reference);
}

// A full disk took it, and there is room again. Without its blocks, which would be slow.
void History::make_reserve(std::size_t at) {
  const std::filesystem::path file = kiosks_[at]->folder() / "reserve";
  std::error_code error;
  if (std::filesystem::exists(file, error)) return;
  std::ofstream{file}.close();
  std::filesystem::resize_file(file, kiosk::kReserveBytes);
}

// ---- Mistakes ----

namespace {

store::Connection database(const std::filesystem::path& file) {
  auto connection = store::Connection::open(file, store::OpenMode::kReadWrite);
  if (!connection) throw std::runtime_error(connection.error().context);
  return std::move(*connection);
}

}  // namespace

void History::prepare_mistakes(std::size_t at) {
  const KioskDefects& defects = options_.defects;
  if (server_.forge) {
    networks_[at]->forge = [this, &defects](const kiosk::HttpRequest& request) {
      return server_.forge(request, defects.believes_anybody);
    };
  }
  const auto forget = [this, at](const kiosk::HttpRequest& request) {
    if (request.path == "/v1/push") delete_pushed(at, request);
  };
  if (defects.deletes_on_200) networks_[at]->on_200 = forget;
  if (defects.drops_former_life) {
    networks_[at]->on_200 = [this, at](const kiosk::HttpRequest& request) {
      if (request.path == "/v1/enrol" && at < kiosks_.size() && kiosks_[at]) drop_former_life(at);
    };
  }
  if (defects.deletes_on_timeout) networks_[at]->on_timeout = forget;
}

void History::delete_pushed(std::size_t at, const kiosk::HttpRequest& request) {
  const auto push = wire::decode<wire::PushRequest>(request.body);
  if (!push || disk_.dark(kiosks_[at]->folder())) return;
  store::Connection journal = database(kiosks_[at]->folder() / "journal.db");
  for (const Bytes& envelope : push->envelopes) {
    static_cast<void>(journal.run("UPDATE submission SET state=1, envelope=NULL WHERE hash=?",
                                  store::Blob{crypto::sha256(envelope)}));
  }
}

void History::drop_withdrawn(std::size_t at) {
  if (disk_.dark(kiosks_[at]->folder())) return;
  auto journal =
      store::Connection::open(kiosks_[at]->folder() / "journal.db", store::OpenMode::kReadWrite);
  if (!journal) return;  // an ill disk
  static_cast<void>(
      journal->run("UPDATE submission SET envelope=NULL WHERE state<>0 AND reference "
                   "IN (SELECT reference FROM withdrawn)"));
}

void History::unseal(std::size_t at, const std::string& reference, const std::string& text) {
  store::Connection journal = database(kiosks_[at]->folder() / "journal.db");
  static_cast<void>(journal.run("UPDATE submission SET envelope=? WHERE reference=?",
                                store::Blob{text}, std::string_view(reference)));
}

void History::forget_pointer(std::size_t at) {
  auto releases =
      store::Connection::open(kiosks_[at]->folder() / "releases.db", store::OpenMode::kReadWrite);
  if (releases) static_cast<void>(releases->run("DELETE FROM document"));
}

}  // namespace odop::test
