#include "syncserver/service/verify.h"

#include "shared/crypto/digest.h"
#include "shared/crypto/envelope.h"
#include "shared/crypto/release.h"
#include "shared/crypto/trust.h"
#include "shared/wire/codec.h"
#include "shared/wire/json.h"
#include "shared/wire/pack.h"
#include "syncserver/service/audit.h"
#include "syncserver/service/media_folder.h"
#include "syncserver/service/opener.h"
#include "syncserver/service/record_box.h"
#include "syncserver/service/releases.h"
#include "syncserver/service/verify_links.h"
#include "syncserver/service/verify_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <system_error>
#include <utility>

namespace odop::syncserver {

namespace {

class Verifier {
 public:
  Verifier(Store& store, KeyStore& record_keys, const ServerKeys& keys, const DataFolder& folder)
      : store_(store), record_keys_(record_keys), keys_(keys), folder_(folder) {}

  Status database() {
    Status checked = store_.check();
    if (checked.has_value()) return {};
    if (checked.error().code != ErrorCode::kCorrupt) return checked;
    problem("database: " + checked.error().context);
    return {};
  }

  Status submissions() {
    const auto fleet = store_.fleet();
    if (!fleet.has_value()) return fail(fleet.error());
    std::map<std::string, Bytes> public_keys;
    for (const FleetRow& row : *fleet) public_keys[row.device.id] = row.device.public_key;
    SubmissionFilter filter;
    filter.with_restricted = true;
    for (;;) {
      const auto page = store_.submissions(filter);
      if (!page.has_value()) return fail(page.error());
      for (const Submission& one : *page) check(one, public_keys[one.device]);
      result_.submissions += page->size();
      if (page->size() < filter.limit) return {};
      filter.after = page->back().id;
    }
  }

  // How rows hang together.
  Status links() {
    const auto sink = [this](std::string text) { problem(std::move(text)); };
    return verify_rows_are_here(store_, sink)
        .and_then([&] { return verify_tokens(store_, keys_, sink); })
        .and_then([&] { return verify_pointers(store_, keys_, sink); })
        .and_then([&] { return verify_feed(store_, sink); });
  }

  // A flipped bit in a text passes a database's own check.
  Status records() {
    const auto draft = store_.draft();
    if (!draft.has_value()) return fail(draft.error());
    for (const CatalogueRecord& record : *draft) {
      if (to_hex(crypto::sha256(record.json)) == record.hash) continue;
      problem(fmt::format("record {}/{}: its text was changed", record.type, record.id));
    }
    return {};
  }

  Status media() {
    const auto media = store_.media();
    if (!media.has_value()) return fail(media.error());
    const MediaFolder folder(folder_.media());
    for (const Medium& medium : *media) {
      ++result_.media;
      const auto digest = crypto::sha256_file(folder.path_of(medium.hash).string());
      if (!digest.has_value()) {
        problem(fmt::format("medium {}: {}", medium.hash, name_of(digest.error().code)));
      } else if (to_hex(*digest) != medium.hash) {
        problem(fmt::format("medium {}: the file was changed", medium.hash));
      }
    }
    return {};
  }

  Status releases() {
    const auto newest = store_.newest_release();
    if (!newest.has_value()) return fail(newest.error());
    ReleaseNumber number = newest->has_value() ? (*newest)->number : ReleaseNumber{};
    while (number.value != 0) {
      const auto release = store_.release(number);
      if (!release.has_value()) return fail(release.error());
      if (!release->has_value()) {
        problem(fmt::format("release {} is missing", number.value));
        return {};
      }
      ++result_.releases;
      check(**release);
      number = (*release)->previous;
    }
    return {};
  }

  Status audit() {
    auto report = check_audit(store_, keys_.server, folder_);
    if (!report.has_value()) return fail(std::move(report.error()));
    result_.audit = report->entries;
    for (std::string& text : report->problems) problem(std::move(text));
    return {};
  }

  // Lowers the marks to before what is damaged.
  Status whole_part(std::vector<Store::Watermark>& marks) {
    const auto fleet = store_.fleet();
    if (!fleet.has_value()) return fail(fleet.error());
    std::map<std::string, const Device*> devices;
    for (const FleetRow& row : *fleet) devices[row.device.id] = &row.device;
    SubmissionFilter filter;
    filter.with_restricted = true;
    for (;;) {
      const auto page = store_.submissions(filter);
      if (!page.has_value()) return fail(page.error());
      for (const Submission& one : *page) {
        const auto mark = std::ranges::find_if(marks, [&](const Store::Watermark& each) {
          return each.device == one.device && each.epoch == one.epoch;
        });
        const auto device = devices.find(one.device);
        if (mark == marks.end() || device == devices.end()) continue;
        const bool before = device->second->covered_epoch == one.epoch &&
                            one.sequence <= device->second->covered_sequence;
        if (before || one.sequence > mark->sequence) continue;
        const std::size_t known = result_.problems.size();
        check(one, device->second->public_key);
        if (result_.problems.size() > known) mark->sequence = Sequence{one.sequence.value - 1};
      }
      if (page->size() < filter.limit) return {};
      filter.after = page->back().id;
    }
  }

  Verification take() { return std::move(result_); }

 private:
  void problem(std::string text) {
    if (result_.problems.size() < kMaxProblems) result_.problems.push_back(std::move(text));
  }

  void check(const Submission& one, const Bytes& public_key) {
    const auto name = [&one] { return fmt::format("submission {}", one.id); };
    if (const std::string wrong = state_problem(one); !wrong.empty()) {
      return problem(name() + ": " + wrong);
    }
    if (one.state == SubmissionState::kErased) return;
    Bytes envelope = one.envelope;
    if (!one.body.empty()) {  // opened: both lie under a key of their own
      const auto secret = record_keys_.get(to_hex(one.hash));
      if (!secret.has_value() || !secret->has_value()) return problem(name() + ": its key is gone");
      const auto key = crypto::SealingKey::from_seed(**secret);
      if (!key.has_value()) return problem(name() + ": its key is damaged");
      if (!crypto::open(*key, one.body).has_value()) return problem(name() + ": damaged body");
      auto opened = crypto::open(*key, one.envelope);
      if (!opened.has_value()) return problem(name() + ": damaged envelope");
      envelope = std::move(*opened);
    }
    if (crypto::envelope_hash(envelope) != one.hash) return problem(name() + ": hash does not fit");
    const auto decoded = wire::decode<wire::Envelope>(envelope);
    if (!decoded.has_value()) return problem(name() + ": envelope cannot be read");
    // What is still to be opened may stand on its successor's word (see intake.cpp): the opener
    // judges it. What it found wanting lies in quarantine, visible, and is no damage of this
    // database.
    const bool judged =
        one.state != SubmissionState::kReceived &&
        !(one.state == SubmissionState::kQuarantined && one.reason == kBadSignature);
    if (judged && !crypto::verify_envelope(*decoded, public_key).has_value()) {
      problem(name() + ": signature does not fit");
    }
    const auto header = wire::decode<wire::EnvelopeHeader>(decoded->header);
    if (!header.has_value()) return problem(name() + ": header cannot be read");
    if (const std::string wrong = header_problem(one, *header); !wrong.empty()) {
      problem(name() + ": " + wrong);
    }
    if (!header->attachments.empty()) check_attachments(one, *header);
  }

  // Each that the signed header names is there, and what came fits its hash or its key.
  void check_attachments(const Submission& one, const wire::EnvelopeHeader& header) {
    const auto found = store_.attachments_of(one.id);
    const auto name = fmt::format("submission {}", one.id);
    const auto same = [](const wire::SealedAttachment& a, const Attachment& b) {
      return a.hash == b.hash && a.size == b.size;
    };
    if (!found.has_value() || !std::ranges::equal(header.attachments, *found, same)) {
      return problem(name + ": its attachments are not those that it names");
    }
    for (const Attachment& attachment : *found) {
      const auto body = store_.attachment_body(attachment);
      bool good = body.has_value();
      switch (attachment.state) {
        case AttachmentState::kAwaited:
        case AttachmentState::kMissing:
          good = good && body->empty();
          break;
        case AttachmentState::kHere:
        case AttachmentState::kUnreadable:
          good = good && crypto::sha256(*body) == attachment.hash;
          break;
        case AttachmentState::kOpened: {
          const auto box = RecordBox::find(record_keys_, one.hash);
          auto ogg = good && box.has_value() ? box->open(*body)
                                             : Result<Bytes>(fail(ErrorCode::kCorrupt, ""));
          good = ogg.has_value();
          if (good) wipe(*ogg);
          break;
        }
        default:
          good = false;  // its submission is not erased
      }
      if (!good) problem(fmt::format("{}: attachment {} is damaged", name, attachment.place + 1));
    }
  }

  void check(const Release& release) {
    const auto name = fmt::format("release {}", release.number.value);
    const auto document = wire::from_json<wire::SignedDocument>(release.manifest);
    if (!document.has_value()) return problem(name + ": no manifest");
    const auto key = publisher_public_key(keys_, document->key_id);
    if (!key || !crypto::verify_document(*document, "manifest", *key).has_value()) {
      return problem(name + ": the manifest's signature does not fit");
    }
    const auto manifest = wire::from_json<wire::Manifest>(document->payload);
    if (!manifest.has_value()) return problem(name + ": the manifest cannot be read");
    const auto items = store_.release_items(release.number);
    if (!items.has_value()) return problem(name + ": its items cannot be read");
    if (const std::string wrong = manifest_problem(release, *items, *manifest); !wrong.empty()) {
      problem(name + ": " + wrong);
    }
    for (const wire::PackOffer& offer : manifest->packs) {
      const auto file = pack_path(folder_.root, release.number, offer.from);
      const auto pack = fmt::format("{}, pack from {}", name, offer.from.value);
      std::error_code missing;
      if (std::filesystem::file_size(file, missing) != offer.size || missing) {
        problem(pack + ": the file is missing or has another size");
        continue;
      }
      const auto encoded = wire::read_encoded_index(file.string());
      if (!encoded.has_value()) {
        problem(pack + ": the index cannot be read");
        continue;
      }
      const auto index = crypto::check_index(*encoded, offer, *manifest);
      if (!index.has_value()) {
        problem(pack + ": the index was changed");
        continue;
      }
      if (!whole(file, *index, wire::layout_of(*index, encoded->size()))) {
        problem(pack + ": its content was changed");
      }
    }
  }

  // Whether every item of a pack is what its index says.
  static bool whole(const std::filesystem::path& file, const wire::PackIndex& index,
                    const wire::PackLayout& layout) {
    std::ifstream in(file, std::ios::binary);
    const auto read = [&in](std::uint64_t offset, std::uint64_t size) {
      Bytes bytes(size, '\0');
      in.seekg(static_cast<std::streamoff>(offset));
      in.read(bytes.data(), static_cast<std::streamsize>(size));
      return bytes;
    };
    const Bytes frame = read(layout.frame_offset, index.frame_size);
    if (!in || !crypto::check_frame(index, frame).has_value()) return false;
    if (!wire::split_frame(index, frame).has_value()) return false;
    for (std::size_t i = 0; i < index.items.size(); ++i) {
      if (layout.item_offset[i] == 0) continue;
      const Bytes medium = read(layout.item_offset[i], index.items[i].size);
      if (!in || !crypto::check_item(index.items[i], medium).has_value()) return false;
    }
    return true;
  }

  Store& store_;
  KeyStore& record_keys_;
  const ServerKeys& keys_;
  const DataFolder& folder_;
  Verification result_;
};

}  // namespace

Result<Verification> verify_all(Store& store, KeyStore& record_keys, const ServerKeys& keys,
                                const DataFolder& folder) {
  Verifier verifier(store, record_keys, keys, folder);
  const Status done = verifier.database()
                          .and_then([&] { return verifier.submissions(); })
                          .and_then([&] { return verifier.links(); })
                          .and_then([&] { return verifier.records(); })
                          .and_then([&] { return verifier.media(); })
                          .and_then([&] { return verifier.releases(); })
                          .and_then([&] { return verifier.audit(); });
  if (!done.has_value()) return fail(done.error());
  return verifier.take();
}

Result<WholePart> whole_part(Store& store, KeyStore& record_keys, const ServerKeys& keys,
                             const DataFolder& folder, std::vector<Store::Watermark> marks) {
  Verifier verifier(store, record_keys, keys, folder);
  if (Status done = verifier.whole_part(marks); !done.has_value()) return fail(done.error());
  return WholePart{std::move(marks), verifier.take().problems};
}

}  // namespace odop::syncserver
