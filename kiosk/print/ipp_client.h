// The half of a printer that speaks IPP, apart from the program: libcups brings some 25 libraries,
// which cost 9 ms at each start (measured), and most kiosks have no printer. It lies in a library
// of its own, odop-print-ipp.so, which is loaded when a printer is named. Internal to this room.
#pragma once

#include "kiosk/print/printer.h"
#include "kiosk/print/slip.h"
#include "shared/core/result.h"

#include <string>

namespace odop::kiosk::print {

inline constexpr double kEdgeMm = 4;  // most printers leave so much white anyway

// Errors as Printer names them. Threads: any one; it holds no state.
class IppClient {
 public:
  IppClient() = default;
  IppClient(const IppClient&) = delete;
  IppClient& operator=(const IppClient&) = delete;
  virtual ~IppClient() = default;

  [[nodiscard]] virtual Result<PrinterAddress> parse(const std::string& uri) const = 0;
  [[nodiscard]] virtual Result<Paper> paper(const PrinterAddress& printer) const = 0;
  // The drawn slip goes to the middle of the paper's top.
  [[nodiscard]] virtual Status print(const PrinterAddress& printer, const Bitmap& slip,
                                     const Paper& paper) const = 0;
};

// Loads the library that lies beside the program (../lib/odop-print-ipp.so); lives as long as the
// program. Errors: kUnsupported (it is missing, or libcups is).
[[nodiscard]] Result<const IppClient*> ipp_client();

}  // namespace odop::kiosk::print
