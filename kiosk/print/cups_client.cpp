// Built as a library of its own; see ipp_client.h.
#include "kiosk/print/ipp_client.h"

#include <cups/cups.h>
#include <cups/pwg.h>
#include <cups/raster.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string_view>
#include <vector>

namespace odop::kiosk::print {
namespace {

constexpr const char* kRaster = "image/pwg-raster";
constexpr int kConnectMs = 5'000;
constexpr double kSilenceS = 10;

struct CloseHttp {
  void operator()(http_t* http) const { httpClose(http); }
};
struct DeleteIpp {
  void operator()(ipp_t* ipp) const { ippDelete(ipp); }
};
using Http = std::unique_ptr<http_t, CloseHttp>;
using Ipp = std::unique_ptr<ipp_t, DeleteIpp>;

int give_up(http_t* /*http*/, void* /*nothing*/) { return 0; }

Result<Http> connect(const std::string& host, int port, bool tls) {
  Http http(httpConnect2(host.c_str(), port, nullptr, AF_UNSPEC,
                         tls ? HTTP_ENCRYPTION_ALWAYS : HTTP_ENCRYPTION_IF_REQUESTED, 1, kConnectMs,
                         nullptr));
  if (http == nullptr) return fail(ErrorCode::kOffline, "the printer does not answer");
  httpSetTimeout(http.get(), kSilenceS, &give_up, nullptr);
  return http;
}

ipp_t* request(ipp_op_t operation, const std::string& uri) {
  ipp_t* made = ippNewRequest(operation);
  ippAddString(made, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, uri.c_str());
  // Nobody's name: the kiosk prints, not a person.
  ippAddString(made, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr, "kiosk");
  return made;
}

Status judge(const Ipp& answer) {
  if (answer == nullptr) return fail(ErrorCode::kOffline, "the printer stopped answering");
  const ipp_status_t status = ippGetStatusCode(answer.get());
  if (status > IPP_STATUS_OK_CONFLICTING) {
    return fail(ErrorCode::kIo, fmt::format("the printer refused: {}", ippErrorString(status)));
  }
  return {};
}

bool takes(const Ipp& answer, const char* name, const char* value) {
  ipp_attribute_t* found = ippFindAttribute(answer.get(), name, IPP_TAG_ZERO);
  return found != nullptr && ippContainsString(found, value) != 0;
}

// Of the resolutions that it takes the one nearest to 12 dots a mm: finer shows nothing more.
double resolution_of(const Ipp& answer) {
  constexpr double kWanted = 12;
  ipp_attribute_t* found = ippFindAttribute(
      answer.get(), "pwg-raster-document-resolution-supported", IPP_TAG_RESOLUTION);
  double best = 0;
  for (int i = 0; found != nullptr && i < ippGetCount(found); ++i) {
    int across = 0;
    ipp_res_t unit = IPP_RES_PER_INCH;
    const int along = ippGetResolution(found, i, &across, &unit);
    if (along != across || along <= 0) continue;
    const double dots = unit == IPP_RES_PER_INCH ? along / 25.4 : along / 10.0;
    if (best == 0 || std::abs(dots - kWanted) < std::abs(best - kWanted)) best = dots;
  }
  return best;
}

ssize_t collect(void* into, unsigned char* bytes, std::size_t count) {
  static_cast<std::string*>(into)->append(reinterpret_cast<const char*>(bytes), count);
  return static_cast<ssize_t>(count);
}

// The page: the slip in the middle of its top.
Result<std::string> raster_of(const Bitmap& slip, const Paper& paper) {
  const auto dots = [&](double mm) {
    return static_cast<unsigned>(std::lround(mm * paper.dots_per_mm));
  };
  const unsigned width = dots(paper.width_mm);
  const unsigned height = dots(paper.height_mm);
  const auto slip_width = static_cast<unsigned>(slip.width);
  const unsigned left = width > slip_width ? (width - slip_width) / 2 : 0;
  const unsigned top = dots(kEdgeMm);
  if (top + static_cast<unsigned>(slip.height) > height) {
    return fail(ErrorCode::kTooLarge, "the slip is longer than the paper");
  }
  cups_page_header2_t header{};
  const auto dpi = static_cast<unsigned>(std::lround(paper.dots_per_mm * 25.4));
  constexpr double kPointsInMm = 72 / 25.4;
  std::copy_n("PwgRaster", 10, header.MediaClass);
  header.HWResolution[0] = header.HWResolution[1] = dpi;
  header.PageSize[0] = static_cast<unsigned>(std::lround(paper.width_mm * kPointsInMm));
  header.PageSize[1] = static_cast<unsigned>(std::lround(paper.height_mm * kPointsInMm));
  header.cupsPageSize[0] = static_cast<float>(paper.width_mm * kPointsInMm);
  header.cupsPageSize[1] = static_cast<float>(paper.height_mm * kPointsInMm);
  header.NumCopies = 1;
  header.cupsWidth = width;
  header.cupsHeight = height;
  header.cupsBitsPerColor = header.cupsBitsPerPixel = 8;
  header.cupsBytesPerLine = width;
  header.cupsColorOrder = CUPS_ORDER_CHUNKED;
  header.cupsColorSpace = CUPS_CSPACE_SW;
  header.cupsNumColors = 1;
  header.cupsInteger[0] = 1;                          // pages
  header.cupsInteger[1] = header.cupsInteger[2] = 1;  // as it is fed, not turned

  std::string bytes;
  cups_raster_t* raster = cupsRasterOpenIO(&collect, &bytes, CUPS_RASTER_WRITE_PWG);
  bool good = raster != nullptr && cupsRasterWriteHeader2(raster, &header) != 0;
  std::vector<unsigned char> line(width, 255);
  for (unsigned y = 0; good && y < height; ++y) {
    std::ranges::fill(line, static_cast<unsigned char>(255));
    if (y >= top && y - top < static_cast<unsigned>(slip.height)) {
      const auto* row = slip.grey.data() + static_cast<std::size_t>(y - top) * slip_width;
      std::copy_n(row, std::min(slip_width, width - left), line.begin() + left);
    }
    good = cupsRasterWritePixels(raster, line.data(), width) == width;
  }
  if (raster != nullptr) cupsRasterClose(raster);
  if (!good) return fail(ErrorCode::kInternal, "the raster could not be written");
  return bytes;
}

class CupsClient final : public IppClient {
 public:
  [[nodiscard]] Result<PrinterAddress> parse(const std::string& uri) const override {
    std::array<char, 32> scheme{};
    std::array<char, 256> user{};
    std::array<char, 256> host{};
    std::array<char, 1024> resource{};
    int port = 0;
    const http_uri_status_t parsed = httpSeparateURI(
        HTTP_URI_CODING_ALL, uri.c_str(), scheme.data(), scheme.size(), user.data(), user.size(),
        host.data(), host.size(), &port, resource.data(), resource.size());
    const std::string_view kind = scheme.data();
    if (parsed < HTTP_URI_STATUS_OK || (kind != "ipp" && kind != "ipps") || host.front() == '\0') {
      return fail(ErrorCode::kInvalidArgument, "a printer's address is ipp://HOST[:PORT]/PATH");
    }
    return PrinterAddress{uri, host.data(), resource.data(), port, kind == "ipps"};
  }

  [[nodiscard]] Result<Paper> paper(const PrinterAddress& printer) const override {
    auto http = connect(printer.host, printer.port, printer.tls);
    if (!http) return fail(http.error());
    ipp_t* asked = request(IPP_OP_GET_PRINTER_ATTRIBUTES, printer.uri);
    constexpr std::array<const char*, 3> kWanted{
        "document-format-supported", "pwg-raster-document-resolution-supported", "media-default"};
    ippAddStrings(asked, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
                  static_cast<int>(kWanted.size()), nullptr, kWanted.data());
    const Ipp answer(cupsDoRequest(http->get(), asked, printer.resource.c_str()));
    if (const Status judged = judge(answer); !judged) return fail(judged.error());
    if (!takes(answer, "document-format-supported", kRaster)) {
      return fail(ErrorCode::kUnsupported, "the printer takes no PWG raster");
    }
    ipp_attribute_t* media = ippFindAttribute(answer.get(), "media-default", IPP_TAG_ZERO);
    const char* name = media == nullptr ? nullptr : ippGetString(media, 0, nullptr);
    const pwg_media_t* size = name == nullptr ? nullptr : pwgMediaForPWG(name);
    const double dots = resolution_of(answer);
    if (size == nullptr || dots < 4 || size->width < kNarrowestMm * 100) {
      return fail(ErrorCode::kUnsupported, "the printer names no paper or resolution for a slip");
    }
    constexpr double kUnitsInMm = 100;
    return Paper{size->width / kUnitsInMm, size->length / kUnitsInMm, dots};
  }

  [[nodiscard]] Status print(const PrinterAddress& printer, const Bitmap& slip,
                             const Paper& paper) const override {
    auto bytes = raster_of(slip, paper);
    if (!bytes) return fail(bytes.error());
    auto http = connect(printer.host, printer.port, printer.tls);
    if (!http) return fail(http.error());
    const Ipp job(request(IPP_OP_PRINT_JOB, printer.uri));
    ippAddString(job.get(), IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", nullptr, "slip");
    ippAddString(job.get(), IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", nullptr,
                 kRaster);
    http_status_t status = cupsSendRequest(http->get(), job.get(), printer.resource.c_str(),
                                           ippLength(job.get()) + bytes->size());
    if (status == HTTP_STATUS_CONTINUE) {
      status = cupsWriteRequestData(http->get(), bytes->data(), bytes->size());
    }
    std::ranges::fill(*bytes, '\0');
    if (status != HTTP_STATUS_CONTINUE) {
      return fail(ErrorCode::kOffline, "the printer stopped listening");
    }
    const Ipp answer(cupsGetResponse(http->get(), printer.resource.c_str()));
    return judge(answer);
  }
};

}  // namespace

extern "C" const IppClient* odop_ipp_client() {
  static const CupsClient client;
  return &client;
}

}  // namespace odop::kiosk::print
