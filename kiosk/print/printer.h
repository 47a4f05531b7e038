// A printer that speaks IPP, by its address: ipp://printer.local/ipp/print, a USB printer behind
// ipp-usb (ipp://localhost:60000/ipp/print), or a queue of cupsd. It gets PWG raster, which every
// IPP Everywhere printer takes.
// Threads: any one; waits for the network (ten seconds at most without a sign of life).
#pragma once

#include "kiosk/print/slip.h"
#include "shared/core/result.h"

#include <string>

namespace odop::kiosk::print {

struct Paper {
  double width_mm = 0, height_mm = 0;
  double dots_per_mm = 0;
};

struct PrinterAddress {
  std::string uri, host, resource;
  int port = 0;
  bool tls = false;
};

class Printer {
 public:
  // Errors: kInvalidArgument (no ipp:// or ipps:// address), kUnsupported (this kiosk was installed
  // without what printing needs).
  [[nodiscard]] static Result<Printer> at(const std::string& uri);

  // Asks what paper lies in it. Errors: kOffline (it does not answer), kUnsupported (it takes no
  // PWG raster, or only paper that is too narrow), kIo (it refused).
  [[nodiscard]] Result<Paper> paper() const;
  // Draws the slip for that paper and hands it over; when it returns, the printer has all of it.
  // Errors: those of paper() and draw_slip(), kTooLarge (longer than the paper).
  [[nodiscard]] Status print(const Slip& slip) const;

 private:
  explicit Printer(PrinterAddress address);

  PrinterAddress address_;
};

}  // namespace odop::kiosk::print
