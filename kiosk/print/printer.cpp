#include "kiosk/print/printer.h"

#include "kiosk/print/ipp_client.h"

#include <algorithm>
#include <utility>

namespace odop::kiosk::print {

Printer::Printer(PrinterAddress address) : address_(std::move(address)) {}

Result<Printer> Printer::at(const std::string& uri) {
  const auto client = ipp_client();
  if (!client) return fail(client.error());
  auto address = (*client)->parse(uri);
  if (!address) return fail(address.error());
  return Printer(std::move(*address));
}

Result<Paper> Printer::paper() const {
  const auto client = ipp_client();
  if (!client) return fail(client.error());
  return (*client)->paper(address_);
}

Status Printer::print(const Slip& slip) const {
  const auto client = ipp_client();
  if (!client) return fail(client.error());
  const auto sheet = (*client)->paper(address_);
  if (!sheet) return fail(sheet.error());
  const double room = std::max(kNarrowestMm, sheet->width_mm - 2 * kEdgeMm);
  auto drawn = draw_slip(slip, room, sheet->dots_per_mm);
  if (!drawn) return fail(drawn.error());
  Status printed = (*client)->print(address_, *drawn, *sheet);
  std::ranges::fill(drawn->grey, std::uint8_t{0});
  return printed;
}

}  // namespace odop::kiosk::print
