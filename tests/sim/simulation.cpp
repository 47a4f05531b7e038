#include "tests/sim/simulation.h"

#include "shared/core/random.h"
#include "tests/sim/protocol_server.h"
#include "tests/sim/service_mistakes.h"
#include "tests/sim/service_server.h"

#include <algorithm>
#include <array>
#include <optional>

namespace odop::test {
namespace {

constexpr std::size_t kCutsOfOneDisk = 4;
constexpr std::uint64_t kSeedsOfService = 16;
constexpr std::uint64_t kSeedsOfCuts = 4;
constexpr std::uint64_t kSeedsOfReleaseCuts = 16;
constexpr std::size_t kMaxPiece = 8 * 1024;  // a long recording takes several

constexpr std::array kDefects{
    Defect{.name = "synchronous-normal",
           .what = "a commit of the journal is not synced",
           .kiosk = {.disk = {.commit_without_sync = true}}},
    Defect{.name = "no-folder-sync",
           .what = "the folder of a new write-ahead log is not synced",
           .kiosk = {.disk = {.no_folder_sync = true}}},
    Defect{.name = "trusts-overwrite",
           .what = "the write-ahead log is not padded to whole sectors (no psow=0)",
           .kiosk = {.disk = {.trusts_overwrite = true}}},
    Defect{.name = "outbox-not-synced",
           .what = "what is written to the outbox beside the journal is not synced",
           .kiosk = {.disk = {.outbox_without_sync = true}}},
    Defect{.name = "release-not-synced",
           .what = "what a release brought is not synced before it is shown",
           .kiosk = {.disk = {.release_without_sync = true}}},
    Defect{.name = "retries-give-up",
           .what = "after a failure a kiosk tries nothing again for years",
           .kiosk = {.gives_up = true}},
    Defect{.name = "keeps-drafts",
           .what = "a visitor's words are kept unsealed in the journal's settings",
           .kiosk = {.keeps_drafts = true}},
    Defect{.name = "no-unique-key",
           .what = "the server stores a repeated envelope again",
           .server = {.forgets_duplicates = true}},
    Defect{.name = "receipt-before-commit",
           .what = "the server says stored before it has committed",
           .server = {.answers_before_commit = true}},
    Defect{.name = "covers-without-backup",
           .what = "the server claims a verified backup of all that it has, and kiosks delete it",
           .server = {.covers_without_backup = true}},
    Defect{.name = "attachment-first-piece",
           .what = "the server says that a recording is stored when its first piece is",
           .server = {.stores_first_piece = true}},
    Defect{.name = "attachment-offset-ignored",
           .what = "the server adds each piece of a recording to the last, and checks no hash",
           .server = {.ignores_offset = true}},
    Defect{.name = "withdrawal-first-forgotten",
           .what = "a withdrawal that comes before what it withdraws is forgotten",
           .server = {.forgets_withdrawals = true}},
    Defect{.name = "checkpoint-first",
           .what = "a checkpoint writes into the database what the log has not kept yet",
           .kiosk = {.disk = {.checkpoint_first = true}}},
    Defect{.name = "receipt-shown-early",
           .what = "a kiosk shows the receipt whatever the commit says",
           .kiosk = {.shows_before_commit = true}},
    Defect{.name = "delete-on-200",
           .what = "a kiosk deletes what it pushed when anybody answers 200",
           .kiosk = {.deletes_on_200 = true}},
    Defect{.name = "signature-not-checked",
           .what = "a kiosk believes a receipt that somebody else signed",
           .kiosk = {.believes_anybody = true}},
    Defect{.name = "version-not-checked",
           .what = "a kiosk does not remember the serial of the pointer that it accepted",
           .kiosk = {.forgets_pointer = true}},
    Defect{.name = "sealing-skipped",
           .what = "a kiosk keeps what was said as it was said",
           .kiosk = {.skips_sealing = true}},
    Defect{.name = "bad-item-blocks",
           .what = "the server takes nothing of a kiosk behind an item that it refused",
           .server = {.bad_item_blocks = true}},
    Defect{.name = "delete-on-timeout",
           .what = "a kiosk deletes what it pushed when nobody answers in time",
           .kiosk = {.deletes_on_timeout = true}},
    Defect{.name = "withdrawn-not-kept",
           .what = "a kiosk deletes what was withdrawn before a backup covers it",
           .kiosk = {.drops_withdrawn = true}},
    Defect{.name = "newer-journal-deleted",
           .what = "a program that cannot read a newer one's journal begins anew",
           .kiosk = {.begins_anew = true}},
    Defect{.name = "reports-forgotten",
           .what = "the server keeps no account of what kiosks say they gave out",
           .server = {.forgets_reports = true}},
    Defect{.name = "unseen-confirmed",
           .what = "a restored server says that it has whatever a kiosk gave up",
           .server = {.confirms_unseen = true}},
    Defect{.name = "version-rejected",
           .what = "the server rejects for good what speaks another version of the protocol",
           .server = {.rejects_versions = true}},
    Defect{.name = "fork-not-kept",
           .what = "of two submissions that share a sequence the server keeps the first alone",
           .server = {.drops_forks = true}},
    Defect{.name = "former-life-dropped",
           .what = "a kiosk that enrols anew sends nothing more of what it was before",
           .kiosk = {.drops_former_life = true}},
    Defect{.name = "former-token-forgotten",
           .what = "a kiosk that enrols anew cannot show to a restored server what it was before",
           .kiosk = {.forgets_former_token = true}},
    Defect{.name = "server-synchronous-normal",
           .what = "a commit of the server is not synced",
           .server_disk = {.commit_without_sync = true},
           .needs_service = true},
    Defect{.name = "courier-trusted",
           .what = "a kiosk counts as arrived what it put on a stick",
           .kiosk = {.trusts_courier = true},
           .needs_service = true},
    Defect{.name = "answers-begin-again",
           .what = "a restored server numbers its answers as the backup did",
           .server = {.restarts_revisions = true}},
};

}  // namespace

std::span<const Defect> defects() { return kDefects; }

HistorySize size_of(std::uint64_t seed) {
  SeededRandom random(seed * 19 + 13);
  const std::uint64_t kind = random.below(64);
  if (kind == 0) return {60, 3};
  if (kind < 3) return {24, 3};
  const std::size_t steps = 4 + random.below(7);
  return {steps, 1 + random.below(2)};
}

Simulated simulate(const SimulateOptions& options) {
  Simulated simulated;
  static const auto workshop = FakeServer::new_workshop();
  FakeServer fake{workshop};
  fake.max_piece = kMaxPiece;
  const Defect none;
  const Defect& defect = options.defect == nullptr ? none : *options.defect;
  fake.mutation = defect.server;
  fake.forgets_kiosks = !options.plain;
  const HistorySize size = options.plain ? HistorySize{60, 3} : size_of(options.seed);
  const std::size_t kiosks = options.kiosks == 0 ? size.kiosks : options.kiosks;
  const std::size_t steps = options.steps == 0 ? size.steps : options.steps;
  const HistoryOptions history{.seed = options.seed,
                               .kiosks = kiosks,
                               .steps = std::max(steps, kiosks),
                               .plain = options.plain,
                               .defects = defect.kiosk,
                               .trace = options.trace};
  const bool turn = options.seed % kSeedsOfService == 0 && !options.plain;
  simulated.with_service = options.service || defect.needs_service || turn;
  if (simulated.with_service) {
    ServiceServer real;
    real.max_piece = kMaxPiece;
    std::optional<ServiceMistakes> mistakes;
    if (defect.server != FakeServer::Mutation{}) mistakes.emplace(real, defect.server);
    SimServer server = as_server(real, defect.server_disk);
    simulated.history = run_history(server, history);
  } else {
    SimServer server = as_server(fake);
    simulated.history = run_history(server, history);
  }
  if (options.seed % kSeedsOfCuts == 1) {
    simulated.disk = run_power_cuts(options.seed, kCutsOfOneDisk, defect.kiosk.disk, options.trace);
  }
  if (options.seed % kSeedsOfReleaseCuts == 3) {
    simulated.releases =
        run_release_cuts(options.seed, kCutsOfOneDisk, defect.kiosk.disk, options.trace);
  }
  return simulated;
}

}  // namespace odop::test
