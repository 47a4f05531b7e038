// Whose word counts when a push comes in: a run of the hash chain is proven by its newest
// signature, and nothing else is.
#include "shared/wire/codec.h"
#include "syncserver/service/opener.h"
#include "tests/syncserver/service/desk.h"

#include <catch2/catch.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace odop::syncserver {
namespace {

std::vector<TestKiosk::Sent> run_of(TestKiosk& kiosk, std::size_t length) {
  std::vector<TestKiosk::Sent> run;
  while (run.size() < length) run.push_back(kiosk.enquiry());
  return run;
}

std::vector<Bytes> bytes_of(const std::vector<TestKiosk::Sent>& run) {
  std::vector<Bytes> envelopes;
  envelopes.reserve(run.size());
  for (const auto& one : run) envelopes.push_back(one.envelope);
  return envelopes;
}

// "s" stored, "d" duplicate, "q" quarantined, "r" rejected.
std::string in_short(const std::vector<wire::Verdict>& verdicts) {
  std::string text;
  for (const wire::Verdict& one : verdicts) {
    switch (one.code) {
      case wire::VerdictCode::kStored:
        text += 's';
        break;
      case wire::VerdictCode::kDuplicate:
        text += 'd';
        break;
      case wire::VerdictCode::kQuarantined:
        text += 'q';
        break;
      case wire::VerdictCode::kRejected:
        text += one.reason == "signature" ? 'r' : 'R';
        break;
      default:
        text += '?';
    }
  }
  return text;
}

// The same submission with a signature that fits nothing.
Bytes badly_signed(const Bytes& envelope) {
  auto read = wire::decode<wire::Envelope>(envelope).value();
  read.signature.assign(read.signature.size(), 'x');
  return wire::encode(read);
}

}  // namespace

TEST_CASE("every flipped byte of a run is noticed, wherever it lies", "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto good = bytes_of(run_of(kiosk, 5));
  std::size_t tried = 0;
  for (std::size_t bad = 0; bad < good.size(); ++bad) {
    // Header, ciphertext and signature; each place once in a while.
    for (std::size_t at = 40 + bad; at < good[bad].size(); at += 53) {
      auto sent = good;
      sent[bad][at] = static_cast<char>(sent[bad][at] ^ 1);
      const auto verdicts = kiosk.push(sent);
      CAPTURE(bad, at);
      // One that names another device now waits for a server that knows it.
      const bool renamed = verdicts[bad].reason == "unknown_device";
      CHECK(verdicts[bad].code ==
            (renamed ? wire::VerdictCode::kRetryAfter : wire::VerdictCode::kRejected));
      for (std::size_t other = 0; other < good.size(); ++other) {
        if (other == bad) continue;
        const bool kept = verdicts[other].code == wire::VerdictCode::kStored ||
                          verdicts[other].code == wire::VerdictCode::kDuplicate;
        CHECK(kept);
      }
      ++tried;
    }
  }
  CHECK(tried > 50);
  CHECK(desk.store->unopened(100).value().size() == good.size());
}

TEST_CASE("a run in any order, with gaps, is taken; its forged end is not",
          "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const auto run = bytes_of(run_of(kiosk, 6));
  CHECK(in_short(kiosk.push({run[5], run[0], run[3], run[2]})) == "ssss");
  CHECK(in_short(kiosk.push({run[1], run[2], badly_signed(run[4])})) == "sdr");
  CHECK(in_short(kiosk.push({run[3], run[4], run[5]})) == "dsd");
}

TEST_CASE("nobody vouches for another device, epoch or place in the chain",
          "[syncserver][service]") {
  Desk desk;
  TestKiosk victim(desk, "shilp-gram", "lucknow");
  TestKiosk thief(desk, "shilp-gram", "lucknow");
  const Bytes forged = badly_signed(victim.enquiry().envelope);  // number 1 of the victim

  thief.follow(forged);
  const auto next = thief.make_at(2, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo,
                                  desk.keys.sealing.public_key());
  CHECK(in_short(thief.push({forged, next.envelope})) == "rs");

  // Its own, but not the one before.
  const Bytes own = badly_signed(thief
                                     .make_at(5, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo,
                                              desk.keys.sealing.public_key())
                                     .envelope);
  thief.follow(own);
  const auto later = thief.make_at(7, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo,
                                   desk.keys.sealing.public_key());
  CHECK(in_short(thief.push({own, later.envelope})) == "rs");

  // A successor that is forged itself.
  const Bytes first = badly_signed(thief
                                       .make_at(11, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo,
                                                desk.keys.sealing.public_key())
                                       .envelope);
  thief.follow(first);
  const Bytes second = badly_signed(thief
                                        .make_at(12, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo,
                                                 desk.keys.sealing.public_key())
                                        .envelope);
  CHECK(in_short(thief.push({first, second})) == "rr");

  // Another epoch than its successor's.
  const auto in_epoch = [&](std::uint64_t sequence, std::uint64_t epoch) {
    thief.identity.epoch = Epoch{epoch};
    return thief.make_at(sequence, wire::Kind::kEnquiry, "enquiry", kEnquiryOfTwo,
                         desk.keys.sealing.public_key());
  };
  const Bytes old = badly_signed(in_epoch(8, 1).envelope);
  thief.follow(old);
  CHECK(in_short(thief.push({old, in_epoch(9, 2).envelope})) == "rs");
}

TEST_CASE("what a device vouches for without a signature of its own is not opened",
          "[syncserver][service]") {
  Desk desk;
  TestKiosk kiosk(desk, "shilp-gram", "lucknow");
  const Bytes bad = badly_signed(kiosk.enquiry().envelope);
  kiosk.follow(bad);
  const auto good = kiosk.enquiry();
  CHECK(in_short(kiosk.push({bad, good.envelope})) == "ss");

  desk.open_all();

  const auto wrong = desk.submissions.list({.state = "quarantined"}).value();
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].reason == kBadSignature);
  CHECK(desk.submissions.list({.state = "opened"}).value().size() == 1);
  CHECK(desk.store->alarms(1).value().at(0).kind == "unreadable");
}

}  // namespace odop::syncserver
