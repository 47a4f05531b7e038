#include "kiosk/model/calendar_entry.h"

#include "shared/text/dates.h"

#include <algorithm>
#include <cstddef>

namespace odop::kiosk {

namespace {

// RFC 5545, 3.1: a line has at most 75 octets without its end; a folded one goes on after a space.
constexpr std::size_t kLineBytes = 75;

void put(std::string& out, std::string_view line) {
  std::size_t room = kLineBytes;
  while (line.size() > room) {
    std::size_t cut = room;
    while (cut > 1 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) --cut;
    out.append(line.substr(0, cut)).append("\r\n ");
    line.remove_prefix(cut);
    room = kLineBytes - 1;
  }
  out.append(line).append("\r\n");
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\r') continue;
    if (c == ',' || c == ';' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string basic(Date date) {
  std::string iso = iso_date(date);
  std::erase(iso, '-');
  return iso;
}

}  // namespace

std::string calendar_entry(const Event& event, std::string_view title, std::string_view place,
                           std::string_view today) {
  const auto start = parse_date(event.start_date);
  if (!start.has_value()) return {};
  const auto named_end = parse_date(event.end_date);
  const Date end = named_end.has_value() ? std::max(*named_end, *start) : *start;
  std::string out;
  put(out, "BEGIN:VCALENDAR");
  put(out, "VERSION:2.0");
  put(out, "PRODID:-//ODOP//kiosk//HI");
  put(out, "BEGIN:VEVENT");
  put(out, "UID:" + event.id + "@odop");
  put(out, "DTSTAMP:" + basic(parse_date(today).value_or(*start)) + "T000000Z");
  put(out, "DTSTART;VALUE=DATE:" + basic(*start));
  // The end is the day after the last one.
  put(out, "DTEND;VALUE=DATE:" + basic(add_days(end, 1)));
  put(out, "SUMMARY:" + escaped(title));
  if (!place.empty()) put(out, "LOCATION:" + escaped(place));
  put(out, event.status == "cancelled" ? "STATUS:CANCELLED"
           : event.about               ? "STATUS:TENTATIVE"
                                       : "STATUS:CONFIRMED");
  put(out, "END:VEVENT");
  put(out, "END:VCALENDAR");
  return out;
}

}  // namespace odop::kiosk
