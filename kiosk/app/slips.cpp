#include "kiosk/app/slips.h"

#include <algorithm>

namespace odop::kiosk::app {

print::Slip slip_of(const ReceiptView& receipt, Language language) {
  print::Slip slip;
  slip.language = language;
  slip.title = receipt.title;
  slip.state = receipt.spoken_state;
  slip.numbers = {{receipt.reference_label, receipt.reference}, {receipt.code_label, receipt.code}};
  slip.code = receipt.qr;
  slip.code_label = receipt.qr_label;
  slip.rows = {{receipt.due, receipt.due_note},
               {receipt.not_filed, receipt.not_filed_note},
               {receipt.office, receipt.office_note},
               {receipt.phone, receipt.phone_note}};
  return slip;
}

void burn(print::Slip& slip) {
  std::ranges::fill(slip.code, '\0');
  for (print::SlipNumber& number : slip.numbers) std::ranges::fill(number.digits, '\0');
}

}  // namespace odop::kiosk::app
