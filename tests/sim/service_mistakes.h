// Mistakes of a server, made upon the real service so that a history can prove that it sees them:
// what goes in or comes out is changed, and signed with the server's own key, or its database is
// left as a server with that mistake would leave it. No shipped code knows of them.
//
//   forgets_duplicates     a known envelope is stored once more (the unique index is gone)
//   answers_before_commit  one row in five, the first of each life among them, is never inserted
//   covers_without_backup  receipts say that all that is there without a gap is covered
//   stores_first_piece     a receipt for a piece says "stored"
//   ignores_offset         pieces are put behind each other as they come, and no hash is checked
//   forgets_withdrawals    a withdrawal that would wait for its target is not noted
//   restarts_revisions     a restored server forgets where its answers' numbers have to begin
//   bad_item_blocks        what comes behind a refused item has to come again, for ever
//   forgets_reports        the account of sequences that were given out is set back to nothing
//   rejects_versions       a push of another version is rejected for good
//   confirms_unseen        whatever a kiosk asks after is said to be here
//   drops_forks            a second envelope of a sequence is not inserted
//
// What comes by stick meets those alone that the database makes.
#pragma once

#include "shared/store/sqlite.h"
#include "tests/sim/service_server.h"
#include "tests/support/fake_server.h"

#include <cstdint>
#include <map>
#include <string>

namespace odop::test {

class ServiceMistakes {
 public:
  // Stands before `service` from now on, and outlives its last request.
  ServiceMistakes(ServiceServer& service, const FakeServer::Mutation& mutation);

 private:
  void spoil_database();
  kiosk::HttpAnswer handle(const kiosk::HttpRequest& request, const Handler& service);
  kiosk::HttpAnswer push(const kiosk::HttpRequest& request, const Handler& service);
  kiosk::HttpAnswer take_push(const kiosk::HttpRequest& request, const Handler& service);
  kiosk::HttpAnswer reject_all(const kiosk::HttpRequest& request, const wire::PushRequest& push);
  kiosk::HttpAnswer confirm_all(const kiosk::HttpRequest& request, const Handler& service);
  kiosk::HttpAnswer attach(const kiosk::HttpRequest& request, const Handler& service);
  void store_again(const wire::PushRequest& push, wire::BatchReceipt& receipt);
  void claim_cover(wire::BatchReceipt& receipt);
  // Puts the piece behind what is held; what it makes of the receipt of an empty piece.
  void add_piece(const Bytes& piece, wire::AttachmentReceipt& receipt);
  // Open for a moment only, as the server may die. Throws what `need` throws.
  [[nodiscard]] store::Connection database() const;

  ServiceServer& service_;
  FakeServer::Mutation mutation_;
  std::map<std::string, std::uint64_t> refused_from_;  // device -> sequence
  std::map<Bytes, Bytes> pieces_;                      // by hash
};

}  // namespace odop::test
