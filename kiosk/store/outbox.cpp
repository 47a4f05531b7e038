#include "kiosk/store/outbox.h"

#include "kiosk/store/lean_archive.h"
#include "shared/crypto/digest.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace odop::kiosk {

// The order of the fields on the disk; found by the archives.
template <typename Archive>
void fields(Archive& archive, OutboxAttachment& one) {
  archive(one.hash, one.sealed);
}
template <typename Archive>
void fields(Archive& archive, OutboxSubmission& one) {
  archive(one.device, one.epoch, one.sequence, one.id, one.reference, one.wall_ms, one.hash,
          one.envelope, one.attachments);
}
template <typename Archive>
void fields(Archive& archive, OutboxChain& one) {
  archive(one.device, one.epoch, one.sequence, one.head);
}
template <typename Archive>
void fields(Archive& archive, OutboxIdentity& one) {
  archive(one.answer);
}
template <typename Archive>
void fields(Archive& archive, OutboxSetting& one) {
  archive(one.name, one.value);
}

namespace {

constexpr std::string_view kMagic = "ODPF";
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kHeadBytes = 4 + 4 + 4 + kHashBytes;
constexpr std::size_t kFootBytes = 4;

void put_number(Bytes& out, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

std::uint32_t number_at(BytesView bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[at + i])) << (8 * i);
  }
  return value;
}

constexpr std::size_t padded(std::size_t payload) {
  return (kHeadBytes + payload + kFootBytes + kOutboxBlock - 1) / kOutboxBlock * kOutboxBlock;
}

Bytes digest(std::uint32_t kind, BytesView payload) {
  Bytes head;
  put_number(head, kind);
  put_number(head, static_cast<std::uint32_t>(payload.size()));
  crypto::Sha256 digest;
  digest.update(head);
  digest.update(payload);
  return digest.finish();
}

template <std::size_t kind = 0>
std::optional<OutboxRecord> decode(std::uint32_t wanted, BytesView payload) {
  if constexpr (kind < std::variant_size_v<OutboxRecord>) {
    if (wanted != kind + 1) return decode<kind + 1>(wanted, payload);
    std::variant_alternative_t<kind, OutboxRecord> record;
    LeanReader reader(payload);
    fields(reader, record);
    if (!reader.whole()) return std::nullopt;
    return record;
  } else {
    return std::nullopt;  // of a newer program
  }
}

// Whether a frame begins here, and how long its payload is.
std::optional<std::size_t> payload_of(BytesView head) {
  if (head.size() < kHeadBytes || !head.starts_with(kMagic)) return std::nullopt;
  const std::size_t length = number_at(head, 8);
  if (length > kMaxOutboxPayload) return std::nullopt;
  return length;
}

struct Frame {
  OutboxRecord record;
  std::size_t size = 0;
};

// `found` is empty when no whole frame begins there.
Result<std::optional<Frame>> read_frame(const FileSystem& files, const std::filesystem::path& file,
                                        std::uint64_t at) {
  auto bytes = files.read(file, at, kOutboxBlock);
  if (!bytes) return fail(bytes.error());
  const auto length = payload_of(*bytes);
  if (!length) return std::optional<Frame>{};
  const std::size_t size = padded(*length);
  if (size > kOutboxBlock) {
    bytes = files.read(file, at, size);
    if (!bytes) return fail(bytes.error());
  }
  if (bytes->size() != size) return std::optional<Frame>{};
  const BytesView whole = *bytes;
  const BytesView payload = whole.substr(kHeadBytes, *length);
  const std::uint32_t kind = number_at(whole, 4);
  const bool fits = digest(kind, payload) == whole.substr(12, kHashBytes) &&
                    number_at(whole, size - kFootBytes) == size / kOutboxBlock;
  if (!fits) return std::optional<Frame>{};
  auto record = decode(kind, payload);
  if (!record) return std::optional<Frame>{};
  return std::optional{Frame{std::move(*record), size}};
}

}  // namespace

Bytes frame_of(const OutboxRecord& record) {
  const Bytes payload = std::visit(
      [](auto one) {
        LeanWriter writer;
        fields(writer, one);
        return writer.take();
      },
      record);
  const auto kind = static_cast<std::uint32_t>(record.index() + 1);
  const std::size_t size = padded(payload.size());
  Bytes frame;
  frame.reserve(size);
  frame += kMagic;
  put_number(frame, kind);
  put_number(frame, static_cast<std::uint32_t>(payload.size()));
  frame += digest(kind, payload);
  frame += payload;
  frame.resize(size - kFootBytes, '\0');
  put_number(frame, static_cast<std::uint32_t>(size / kOutboxBlock));
  return frame;
}

Outbox::Outbox(const std::filesystem::path& folder, const FileSystem& files)
    : file_(folder / "outbox.log"), files_(&files) {}

std::uint64_t Outbox::bytes() const { return files_->size(file_).value_or(0); }

bool Outbox::ready() const {
  const std::uint64_t size = bytes();
  return size > 0 && size % kOutboxBlock == 0;
}

std::optional<OutboxChain> Outbox::stands_at() const {
  const std::uint64_t size = bytes();
  if (size == 0 || size % kOutboxBlock != 0) return std::nullopt;
  const auto foot = files_->read(file_, size - kFootBytes, kFootBytes);
  if (!foot || foot->size() != kFootBytes) return std::nullopt;
  const std::uint64_t back = static_cast<std::uint64_t>(number_at(*foot, 0)) * kOutboxBlock;
  if (back == 0 || back > size) return std::nullopt;
  const auto frame = read_frame(*files_, file_, size - back);
  if (!frame || !*frame || (*frame)->size != back) return std::nullopt;
  if (const auto* chain = std::get_if<OutboxChain>(&(*frame)->record)) return *chain;
  if (const auto* one = std::get_if<OutboxSubmission>(&(*frame)->record)) {
    return OutboxChain{one->device, one->epoch, one->sequence, one->hash};
  }
  return std::nullopt;
}

Result<OutboxScan> Outbox::scan(const std::function<Status(OutboxRecord)>& take) const {
  const auto size = files_->size(file_);
  if (!size) return fail(size.error());
  OutboxScan scan;
  scan.bytes = *size;
  std::size_t damaged = 0;
  for (std::uint64_t at = 0; at < scan.bytes;) {
    auto frame = read_frame(*files_, file_, at);
    if (!frame) return fail(frame.error());
    if (!*frame) {
      ++damaged;
      at += kOutboxBlock;
      continue;
    }
    at += (*frame)->size;
    scan.damaged_blocks += std::exchange(damaged, 0);
    scan.whole_bytes = at;
    ++scan.frames;
    if (auto taken = take(std::move((*frame)->record)); !taken) return fail(taken.error());
  }
  return scan;
}

Status Outbox::append(BytesView frames) {
  before_ = bytes();
  auto output = files_->write_from(file_, before_);
  if (!output) return fail(output.error());
  auto written = (*output)->write(frames);
  if (written) written = (*output)->finish();
  if (!written) take_back();
  return written;
}

void Outbox::take_back() {
  if (before_ > 0 && bytes() > before_) static_cast<void>(files_->truncate(file_, before_));
  before_ = 0;
}

Status Outbox::cut(const OutboxScan& scan) {
  if (scan.bytes == scan.whole_bytes) return {};
  return files_->truncate(file_, scan.whole_bytes);
}

void Outbox::set_aside() {
  for (int number = 1; number < 1000; ++number) {
    std::filesystem::path aside = file_;
    aside += ".damaged-" + std::to_string(number);
    if (files_->size(aside)) continue;
    static_cast<void>(files_->replace(file_, aside));
    return;
  }
}

Outbox::Rewriting::Rewriting(const Outbox& outbox, std::filesystem::path temporary,
                             std::unique_ptr<FileSystem::Output> output)
    : outbox_(outbox), temporary_(std::move(temporary)), output_(std::move(output)) {}

Status Outbox::Rewriting::add(BytesView frame) { return output_->write(frame); }

Status Outbox::Rewriting::finish() {
  auto status = output_->finish();
  if (status) status = outbox_.files_->replace(temporary_, outbox_.file_);
  if (!status) outbox_.files_->remove(temporary_);
  return status;
}

Result<Outbox::Rewriting> Outbox::rewrite() {
  before_ = 0;
  std::filesystem::path temporary = file_;
  temporary += ".new";
  files_->remove(temporary);  // of a rewriting that did not end
  auto output = files_->write_from(temporary, 0);
  if (!output) return fail(output.error());
  return Rewriting(*this, std::move(temporary), std::move(*output));
}

}  // namespace odop::kiosk
