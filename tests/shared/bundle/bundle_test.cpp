#include "tests/shared/bundle/sample_bundle.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

using namespace odop;
using namespace odop::bundle;
namespace fs = std::filesystem;

namespace {

struct Stick {
  test::TempFolder folder;
  fs::path pack = folder / "pack";
  fs::path file = folder / "sample.odop";
  crypto::SigningKey server = test::key_of(100);

  Stick() { test::save(pack, Bytes(100'000, 'p')); }
  Result<WrittenBundle> write() { return write_bundle(file, test::sample_bundle(pack), server); }
};

}  // namespace

TEST_CASE("what is written to a stick is read back item by item", "[bundle]") {
  Stick stick;
  const auto written = stick.write();
  REQUIRE(written.has_value());
  CHECK(written->items == 12);
  CHECK(written->bytes == fs::file_size(stick.file));
  CHECK_FALSE(fs::exists(stick.folder / "sample.odop.part"));

  const auto read = test::read_bundle(stick.file, stick.server.public_key());
  REQUIRE(read.has_value());
  const BundleFacts& facts = read->visited.facts;
  CHECK(facts.direction == wire::BundleDirection::kDown);
  CHECK(facts.device_id == wire::samples::kDevice);
  CHECK(facts.kiosk == KioskNumber{17});
  CHECK(facts.database_generation == wire::samples::kGeneration);
  CHECK(facts.made_ms == wire::samples::kNow);
  CHECK(facts.feed_head == FeedPosition{901});
  CHECK(read->visited.damaged == 0);
  CHECK(read->visited.items == 12);

  const auto wanted = test::sample_bundle(stick.pack).items;
  REQUIRE(read->items.size() == 11);
  for (std::size_t i = 0; i < read->items.size(); ++i) {
    CAPTURE(i);
    CHECK(read->items[i].kind == wanted[i].kind);
    CHECK(read->items[i].name == wanted[i].name);
    CHECK(read->items[i].bytes == wanted[i].bytes);
  }

  REQUIRE(read->visited.packs.size() == 1);
  const CarriedPack& pack = read->visited.packs.front();
  CHECK(pack.name == "18/17");
  CHECK(pack.size == 100'000);
  const auto reader = BundleReader::open(stick.file);
  CHECK(reader->read(pack, 99'990, 10).value() == Bytes(10, 'p'));
  CHECK(reader->read(pack, 99'991, 10).error().code == ErrorCode::kInvalidArgument);
}

TEST_CASE("a bundle of version 1 keeps its bytes and stays readable", "[bundle][golden]") {
  const fs::path golden = fs::path(ODOP_SOURCE_DIR) / "tests/data/wire/v1/sample.odop";
  Stick stick;
  test::save(stick.pack, Bytes(1'000, 'p'));
  REQUIRE(stick.write().has_value());
  CHECK((test::load(stick.file) == test::load(golden)));
  const auto read = test::read_bundle(golden, stick.server.public_key());
  REQUIRE(read.has_value());
  CHECK(read->items.size() == 11);
}

// Run by name once: test_shared_bundle "[write-golden]". Released data is never written again.
TEST_CASE("write the golden bundle", "[.write-golden]") {
  Stick stick;
  test::save(stick.pack, Bytes(1'000, 'p'));
  REQUIRE(stick.write().has_value());
  fs::copy_file(stick.file, fs::path(ODOP_SOURCE_DIR) / "tests/data/wire/v1/sample.odop");
}

TEST_CASE("nothing of a stranger's bundle is looked at", "[bundle]") {
  Stick stick;
  REQUIRE(stick.write().has_value());
  const auto read = test::read_bundle(stick.file, test::key_of(101).public_key());
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == ErrorCode::kForbidden);
}

// Whoever can write to a stick can put a believed key into the head: only the signature tells.
TEST_CASE("a forger who names the server's key is refused", "[bundle]") {
  Stick stick;
  const auto forger = test::key_of(101);
  REQUIRE(write_bundle(stick.file, test::sample_bundle(stick.pack), forger).has_value());
  Bytes bytes = test::load(stick.file);
  bytes.replace(16, 32, stick.server.public_key());
  test::save(stick.file, bytes);
  const auto read = test::read_bundle(stick.file, stick.server.public_key());
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().code == ErrorCode::kBadSignature);
}

TEST_CASE("a signed index that lies about sizes takes no memory and is refused", "[bundle]") {
  Stick stick;
  wire::BundleIndex index = wire::samples::bundle_index();
  const auto write = [&](BytesView rest) {
    const Bytes encoded = wire::encode(index);
    test::save(stick.file, sign_head(wire::BundleDirection::kDown, encoded, stick.server)
                               .append(encoded)
                               .append(rest));
    const auto read = test::read_bundle(stick.file, stick.server.public_key());
    return read ? std::string("read") : std::string(name_of(read.error().code));
  };
  CHECK(write("short") == "malformed");
  index.items = {
      {wire::BundleItemKind::kEnvelope, "", wire::kMaxBundleItemBytes + 1, wire::samples::hash(1)}};
  CHECK(write("short") == "too_large");
  index.items = {
      {wire::BundleItemKind::kPack, "", wire::kMaxBundlePackBytes + 1, wire::samples::hash(1)}};
  CHECK(write("short") == "too_large");
  index.items = {{static_cast<wire::BundleItemKind>(99), "", 0, wire::samples::hash(1)}};
  CHECK(write("") == "unsupported");
  index.items = {{wire::BundleItemKind::kEnvelope, "two words", 0, wire::samples::hash(1)}};
  CHECK(write("") == "malformed");
}

TEST_CASE("an item whose form is wrong is left out, the others come", "[bundle]") {
  Stick stick;
  bundle::NewBundle bundle = test::sample_bundle(stick.pack);
  bundle.items[3].bytes = "no envelope";
  REQUIRE(write_bundle(stick.file, bundle, stick.server).has_value());
  const auto read = test::read_bundle(stick.file, stick.server.public_key());
  REQUIRE(read.has_value());
  CHECK(read->visited.damaged == 1);
  CHECK(read->items.size() == 10);
}

TEST_CASE("a stick holds what is no bundle", "[bundle]") {
  test::TempFolder folder;
  const Bytes key = test::key_of(100).public_key();
  const auto code_of = [&](const fs::path& file) {
    return std::string(name_of(test::read_bundle(file, key).error().code));
  };
  test::save(folder / "empty.odop", "");
  CHECK(code_of(folder / "empty.odop") == "malformed");
  test::save(folder / "other.odop", Bytes(5'000, 'x'));
  CHECK(code_of(folder / "other.odop") == "malformed");
  CHECK(code_of(folder / "missing.odop") == "not_found");
  fs::create_symlink("/etc/passwd", folder / "link.odop");
  CHECK(code_of(folder / "link.odop") == "malformed");
  REQUIRE(::mkfifo((folder / "pipe.odop").c_str(), 0600) == 0);
  CHECK(code_of(folder / "pipe.odop") == "malformed");

  SECTION("bundles are found in a folder by name, nothing hidden or half written") {
    test::save(folder / "._a.odop", "");
    test::save(folder / "b.odop.part", "");
    const auto found = bundles_at(folder.path());
    REQUIRE(found.has_value());
    CHECK(found->size() == 4);
    CHECK(bundles_at(folder / "empty.odop")->size() == 1);
    CHECK(bundles_at(folder / "nowhere").error().code == ErrorCode::kNotFound);
  }
}

TEST_CASE("a stick without room keeps the bundle of before", "[bundle][fault]") {
  Stick stick;
  REQUIRE(stick.write().has_value());
  const Bytes before = test::load(stick.file);
  bundle::NewBundle larger = test::sample_bundle(stick.pack);
  larger.facts.made_ms += 1;
  // A file may not grow beyond: the same to the writer as a full stick.
  rlimit old{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &old) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit tight = old;
  tight.rlim_cur = 50'000;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0);
  const auto written = write_bundle(stick.file, larger, stick.server);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &old) == 0);
  std::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(written.has_value());
  CHECK(written.error().code == ErrorCode::kDiskFull);
  CHECK((test::load(stick.file) == before));
  CHECK_FALSE(fs::exists(stick.folder / "sample.odop.part"));
}
