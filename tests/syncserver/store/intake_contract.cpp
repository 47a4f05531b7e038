// The contract of what arrives.
#include "tests/syncserver/store/store_contract.h"
#include "tests/syncserver/store/store_samples.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

namespace odop::syncserver {

void check_intake(Store& store) {
  const Device device = enrolled(store, "device-1");
  using V = ArrivalVerdict;
  CHECK(appended(store, {arrival(device, 1), arrival(device, 2)}) ==
        std::vector{V::kStored, V::kStored});
  CHECK(appended(store, {arrival(device, 2), arrival(device, 4)}) ==
        std::vector{V::kDuplicate, V::kStored});
  CHECK(appended(store, {arrival(device, 6), arrival(device, 6)}) ==
        std::vector{V::kStored, V::kDuplicate});

  // What was stored comes back byte for byte.
  const auto all = store.unopened(10).value();
  REQUIRE(all.size() == 4);
  CHECK(all[0].envelope == arrival(device, 1).envelope);
  CHECK(all[1].hash == arrival(device, 2).hash);
  CHECK(all[1].previous == arrival(device, 1).hash);
  CHECK(all[0].kiosk == device.kiosk);
  CHECK(all[0].received_ms == 2'000);

  CHECK(store.missing("device-1", Epoch{1}, Sequence{8}, 10).value() ==
        std::vector{Sequence{3}, Sequence{5}, Sequence{7}, Sequence{8}});
  const auto marks = store.watermarks().value();
  REQUIRE(marks.size() == 1);
  CHECK(marks[0].sequence == Sequence{2});
  REQUIRE(store.set_covered(marks).has_value());
  CHECK(store.device_by_token("token-device-1").value()->covered_sequence == Sequence{2});

  // Other bytes under the same sequence: both are kept and set apart, and somebody hears of it.
  // No backup counts as covering either: the clone's second is in none.
  const auto forked = store.append(std::vector{arrival(device, 2, 'b')}, 2'000);
  REQUIRE(forked.has_value());
  CHECK(forked->verdicts == std::vector{V::kFork});
  CHECK(forked->covered_sequence == Sequence{});
  REQUIRE(store.set_covered(marks).has_value());
  CHECK(store.device_by_token("token-device-1").value()->covered_sequence == Sequence{});
  CHECK(appended(store, {arrival(device, 2, 'b')}) == std::vector{V::kDuplicate});
  const auto set_apart = store.submissions({.reference = arrival(device, 2).reference}).value();
  REQUIRE(set_apart.size() == 2);
  CHECK(set_apart[0].state == SubmissionState::kQuarantined);
  CHECK(set_apart[1].state == SubmissionState::kQuarantined);
  CHECK(set_apart[1].reason == "fork");
  CHECK(store.alarms(10).value().size() == 1);
  CHECK(store.alarms(10).value().front().kind == "fork");
  CHECK(store.device("device-1").value()->forked_ms == 2'000);

  // The device is asked at the commit: what backups cover, and whether it is revoked.
  const auto before = store.append(std::vector{arrival(device, 8)}, 2'000);
  REQUIRE(before.has_value());
  CHECK(before->covered_epoch == Epoch{1});
  CHECK(before->covered_sequence == Sequence{});
  REQUIRE(store.revoke(device.kiosk, 3'000).has_value());
  CHECK(appended(store, {arrival(device, 9)}) == std::vector{V::kQuarantined});
  CHECK(store.submissions({.reference = arrival(device, 9).reference}).value().at(0).reason ==
        "revoked");
  CHECK(store.unopened(10).value().size() == 4);

  // What a receipt by stick tells of: everything, a fork with each of its bytes.
  const auto here = store.arrived_of("device-1").value();
  REQUIRE(here.size() == 7);
  CHECK(here[0].hash == arrival(device, 1).hash);
  CHECK_FALSE(here[0].quarantined);
  CHECK(here[0].reason.empty());
  CHECK(here[1].hash == arrival(device, 2).hash);
  CHECK(here[2].hash == arrival(device, 2, 'b').hash);
  CHECK(here[2].sequence == Sequence{2});
  CHECK(here[2].reason == "fork");
  CHECK(here[6].epoch == Epoch{1});
  CHECK(here[6].sequence == Sequence{9});
  CHECK(here[6].quarantined);
  CHECK(store.arrived_of("nobody").value().empty());
  // One sequence of them, with each of its bytes.
  CHECK(store.arrived_as("device-1", Epoch{1}, Sequence{2}).value().size() == 2);
  CHECK(store.arrived_as("device-1", Epoch{2}, Sequence{2}).value().empty());
  CHECK(store.arrived_as("device-1", Epoch{1}, Sequence{3}).value().empty());

  Arrival foreign = arrival(device, 1);
  foreign.device = "nobody";
  CHECK(store.append(std::vector{foreign}, 1).error().code == ErrorCode::kNotFound);
}

void check_concurrent_intake(Store& store) {
  constexpr std::size_t kThreads = 8;
  constexpr std::uint64_t kEach = 25;
  std::vector<Device> devices;
  for (std::size_t i = 0; i < kThreads; ++i) {
    devices.push_back(enrolled(store, "device-" + std::to_string(i)));
  }
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  threads.reserve(devices.size());
  for (const Device& device : devices) {
    threads.emplace_back([&store, &device, &wrong] {
      for (std::uint64_t s = 1; s <= kEach; ++s) {
        // One in five calls fails on purpose: its neighbours in the same commit must not notice.
        if (s % 5 == 0) {
          Arrival foreign = arrival(device, s);
          foreign.device = "nobody";
          if (store.append(std::vector{foreign}, 1).has_value()) ++wrong;
        }
        const auto verdicts = store.append(std::vector{arrival(device, s)}, 1);
        if (!verdicts.has_value() || verdicts.value().verdicts.front() != ArrivalVerdict::kStored)
          ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
  const auto all = store.unopened(1'000).value();
  CHECK(all.size() == kThreads * kEach);
  std::set<std::int64_t> ids;
  for (const auto& one : all) ids.insert(one.id);
  CHECK(ids.size() == all.size());
  const auto marks = store.watermarks().value();
  for (const auto& mark : marks) CHECK(mark.sequence == Sequence{kEach});
}

void check_attachments(Store& store) {
  const Device device = enrolled(store, "device-1");
  Device stranger;
  stranger.public_key = Bytes(32, '\x08');
  const Bytes sealed = Bytes("sealed \xff\0 bytes", 15) + Bytes(3'000, 's');
  const auto size = static_cast<std::uint32_t>(sealed.size());
  const Bytes hash(32, 'h');
  Arrival one = arrival(device, 1);
  one.attachments = {{hash, size}, {Bytes(32, 'i'), 10}};
  REQUIRE(appended(store, {one, arrival(device, 2)}).front() == ArrivalVerdict::kStored);
  CHECK(appended(store, {one}).front() == ArrivalVerdict::kDuplicate);  // names nothing twice
  const std::int64_t id = only(store.submissions({.reference = one.reference})).id;
  REQUIRE(store.attachments_of(id).value().size() == 2);

  // Whole only with its attachments: a backup of now would not cover them, nor what follows.
  CHECK(store.watermarks().value().empty());
  const auto here = store.arrived_of("device-1").value();
  REQUIRE(here.size() == 2);
  CHECK_FALSE(here[0].whole);
  CHECK(here[1].whole);

  CHECK_FALSE(store.attachment_named(stranger, hash).value().has_value());
  CHECK_FALSE(store.attachment_named(device, Bytes(32, 'x')).value().has_value());
  const Attachment named = store.attachment_named(device, hash).value().value();
  CHECK(named.submission == id);
  CHECK(named.place == 0);
  CHECK(named.size == size);
  CHECK(named.state == AttachmentState::kAwaited);
  CHECK(named.held == 0);

  // Pieces go behind each other, and nowhere else.
  CHECK(store.add_piece(named, 5, "late").value() == 0);
  CHECK(store.add_piece(named, 0, BytesView(sealed).substr(0, 2'000)).value() == 2'000);
  CHECK(store.add_piece(named, 0, BytesView(sealed).substr(0, 2'000)).value() == 2'000);
  CHECK(store.add_piece(named, 2'000, BytesView(sealed)).value() == 2'000);  // too much
  CHECK(store.attachment_named(device, hash).value()->held == 2'000);
  CHECK(store.add_piece(named, 2'000, BytesView(sealed).substr(2'000)).value() == size);
  CHECK(store.pieces(named).value() == sealed);
  REQUIRE(store.drop_pieces(named).has_value());
  CHECK(store.pieces(named).value().empty());
  CHECK(store.add_piece(named, 0, "again").value() == 5);

  REQUIRE(store.store_attachment(named, sealed).has_value());
  CHECK(store.attachment_body(named).value() == sealed);
  CHECK(store.attachments_here_of("device-1").value() == std::vector{hash});
  CHECK(store.pieces(named).value().empty());
  CHECK(store.add_piece(named, 0, "more").value() == 0);
  REQUIRE(store.store_attachment(named, "something else").has_value());
  CHECK(store.attachment_body(named).value() == sealed);  // it was not awaited any more
  CHECK(store.watermarks().value().empty());              // the second is not here

  // Opened after its submission, once.
  CHECK(store.unopened_attachments(10).value().empty());
  Opened result;
  result.submission = id;
  result.body = "sealed body";
  REQUIRE(store.record_opened(std::vector{result}, 3'000).has_value());
  const auto unopened = store.unopened_attachments(10).value();
  REQUIRE(unopened.size() == 1);
  CHECK(unopened[0].place == 0);
  REQUIRE(store.record_attachment_opened(named, AttachmentState::kOpened, "its own").has_value());
  CHECK(store.attachment_body(named).value() == "its own");
  REQUIRE(store.record_attachment_opened(named, AttachmentState::kUnreadable, {}).has_value());
  CHECK(store.attachments_of(id).value()[0].state == AttachmentState::kOpened);
  CHECK(store.unopened_attachments(10).value().empty());

  // What does not come is alarmed once, and taken all the same.
  const Attachment other = store.attachment_named(device, Bytes(32, 'i')).value().value();
  CHECK(store.give_up_attachments(2'000, 9'000).value() == 0);  // received at 2,000
  CHECK(store.give_up_attachments(2'001, 9'000).value() == 1);
  CHECK(store.give_up_attachments(2'001, 9'000).value() == 0);
  CHECK(store.alarms(10).value().front().kind == "recording_missing");
  CHECK(store.attachments_of(id).value()[1].state == AttachmentState::kMissing);
  CHECK(store.watermarks().value().empty());
  REQUIRE(store.store_attachment(other, "0123456789").has_value());
  CHECK(store.attachments_of(id).value()[1].state == AttachmentState::kHere);
  REQUIRE(store.watermarks().value().size() == 1);
  CHECK(store.watermarks().value()[0].sequence == Sequence{2});

  // Erased with its submission; nothing brings it back.
  REQUIRE(store.restrict(std::vector{id}, {.submission = id, .reference = one.reference}, 10'000)
              .has_value());
  CHECK(store.unopened_attachments(10).value().empty());
  REQUIRE(store.erase(id, 11'000).has_value());
  const auto all = store.attachments_of(id).value();
  REQUIRE(all.size() == 2);
  for (const Attachment& erased : all) {
    CHECK(erased.state == AttachmentState::kErased);
    CHECK(store.attachment_body(erased).value().empty());
  }
  REQUIRE(store.store_attachment(named, sealed).has_value());
  CHECK(store.attachment_body(named).value().empty());
}

}  // namespace odop::syncserver
