#include "shared/bundle/reader.h"

#include "shared/bundle/taking_apart.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace odop::bundle {
namespace {

constexpr std::chrono::milliseconds kPatience{30'000};

// Takes numbers and texts off the front of a message of the child, which may be lying.
class FrameBytes {
 public:
  explicit FrameBytes(BytesView bytes) : rest_(bytes) {}
  template <typename Integer>
  Integer number() {
    Integer value = 0;
    if (rest_.size() < sizeof value) {
      good_ = false;
      return value;
    }
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  std::string text() {
    const auto size = number<std::uint8_t>();
    if (size > rest_.size()) good_ = false;
    std::string taken(rest_.substr(0, good_ ? size : 0));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  [[nodiscard]] BytesView rest() const { return rest_; }
  [[nodiscard]] bool good() const { return good_; }

 private:
  BytesView rest_;
  bool good_ = true;
};

Error error_of(const Bytes& frame) {
  FrameBytes bytes(frame);
  const auto code = bytes.number<std::uint8_t>();
  if (!bytes.good() || code > static_cast<std::uint8_t>(ErrorCode::kInternal)) {
    return {ErrorCode::kMalformed, "the bundle's reader failed"};
  }
  std::string text(bytes.rest().substr(0, 200));
  for (char& c : text) {
    if (c < ' ' || c == 127) c = ' ';
  }
  return {static_cast<ErrorCode>(code), std::move(text)};
}

// One visit in the parent: judges each message of the child.
class Visit {
 public:
  Visit(const BundleVisitor& visitor, Confined& child) : visitor_(visitor), child_(child) {}

  Status take(const Confined::Frame& frame) {
    switch (static_cast<Tag>(frame.tag)) {
      case Tag::kHead:
        return take_head(frame.bytes);
      case Tag::kFacts:
        return take_facts(frame.bytes);
      case Tag::kItem:
        return take_item(frame.bytes);
      case Tag::kPack:
        return take_pack(frame.bytes);
      case Tag::kDamaged:
        ++visited_.damaged;
        return {};
      case Tag::kEnd:
        ended_ = true;
        return {};
      case Tag::kError:
        return fail(error_of(frame.bytes));
    }
    return lying();
  }
  Result<Visited> result() {
    if (!ended_) return fail(ErrorCode::kMalformed, "the bundle's reader stopped in the middle");
    return std::move(visited_);
  }

 private:
  static Status lying() { return fail(ErrorCode::kMalformed, "the bundle's reader fails"); }

  Status take_head(const Bytes& frame) {
    FrameBytes bytes(frame);
    visited_.facts.direction = static_cast<wire::BundleDirection>(bytes.number<std::uint8_t>());
    visited_.facts.signer = bytes.rest();
    if (!bytes.good() || believed_) return lying();
    if (auto believed = visitor_.believe(visited_.facts.direction, visited_.facts.signer);
        !believed) {
      return believed;
    }
    believed_ = true;
    return child_.tell(kGoOn);
  }

  Status take_facts(const Bytes& frame) {
    FrameBytes bytes(frame);
    BundleFacts& facts = visited_.facts;
    facts.kiosk = KioskNumber{bytes.number<std::uint64_t>()};
    facts.made_ms = bytes.number<std::int64_t>();
    facts.feed_head = FeedPosition{bytes.number<std::uint64_t>()};
    facts.device_id = bytes.text();
    facts.database_generation = bytes.text();
    if (!bytes.good() || !believed_ || begun_) return lying();
    begun_ = true;
    return visitor_.begin ? visitor_.begin(facts) : Status();
  }

  Status take_item(const Bytes& frame) {
    FrameBytes bytes(frame);
    CarriedItem item;
    item.kind = static_cast<wire::BundleItemKind>(bytes.number<std::uint8_t>());
    item.name = bytes.text();
    item.bytes = bytes.rest();
    if (!bytes.good() || !begun_) return lying();
    ++visited_.items;
    return visitor_.item ? visitor_.item(std::move(item)) : Status();
  }

  Status take_pack(const Bytes& frame) {
    FrameBytes bytes(frame);
    CarriedPack pack;
    pack.offset = bytes.number<std::uint64_t>();
    pack.size = bytes.number<std::uint64_t>();
    pack.name = bytes.text();
    if (!bytes.good() || !begun_) return lying();
    ++visited_.items;
    visited_.packs.push_back(std::move(pack));
    return {};
  }

  const BundleVisitor& visitor_;
  Confined& child_;
  Visited visited_;
  bool believed_ = false;
  bool begun_ = false;
  bool ended_ = false;
};

}  // namespace

Result<BundleReader> BundleReader::open(const std::filesystem::path& file) {
  auto descriptor = open_bundle_file(file);
  if (!descriptor) return fail(std::move(descriptor.error()));
  return BundleReader{std::move(*descriptor)};
}

Result<Visited> BundleReader::visit(const BundleVisitor& visitor) const {
  // In the parent, where it may still ask the kernel for randomness.
  if (sodium_init() < 0) return fail(ErrorCode::kInternal, "libsodium");
  struct stat info {};
  if (::fstat(file_.get(), &info) != 0) return fail(error_of_system("read the bundle"));
  const auto size = static_cast<std::uint64_t>(info.st_size);
  auto child =
      Confined::start(file_.get(), [size](const ConfinedEnd& end) { take_apart(end, size); });
  if (!child) return fail(std::move(child.error()));
  Visit visit(visitor, *child);
  while (true) {
    auto frame = child->next(kPatience);
    if (!frame) return fail(std::move(frame.error()));
    if (!*frame) return visit.result();
    if (auto taken = visit.take(**frame); !taken) return fail(taken.error());
  }
}

Result<Bytes> BundleReader::read(const CarriedPack& pack, std::uint64_t first,
                                 std::size_t count) const {
  if (first > pack.size || count > pack.size - first) {
    return fail(ErrorCode::kInvalidArgument, "a range outside the pack");
  }
  Bytes bytes(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    const ssize_t got = ::pread(file_.get(), bytes.data() + have, count - have,
                                static_cast<off_t>(pack.offset + first + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(error_of_system("read the bundle"));
    if (got == 0) return fail(ErrorCode::kIo, "read the bundle: it ends too early");
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

}  // namespace odop::bundle
