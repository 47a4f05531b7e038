#include "kiosk/print/printer.h"

#include "tests/kiosk/print/reading.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

#include <catch2/catch.hpp>
#include <cups/raster.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace odop;                // NOLINT: a test
using namespace odop::kiosk::print;  // NOLINT

namespace {

int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  close(fd);
  return ntohs(address.sin_port);
}

// CUPS' own IPP Everywhere printer, which keeps what it prints in a folder. It wants a message bus,
// which is one of this test alone.
struct PaperPrinter {
  explicit PaperPrinter(const std::string& formats = "image/pwg-raster") {
    const std::string address = "unix:path=" + (folder.path() / "bus").string();
    bus.emplace(
        std::vector<std::string>{"dbus-daemon", "--session", "--nofork", "--address=" + address},
        folder.path(), "bus-log");
    for (int i = 0; i < 500 && !std::filesystem::exists(folder.path() / "bus"); ++i) wait();
    std::filesystem::create_directory(folder.path() / "jobs");
    printer.emplace(std::vector<std::string>{"ippeveprinter", "-p", std::to_string(port), "-n",
                                             "localhost", "-f", formats, "-r", "off", "-k", "-d",
                                             (folder.path() / "jobs").string(), "Slips"},
                    folder.path(), "printer-log",
                    std::vector<std::string>{"DBUS_SYSTEM_BUS_ADDRESS=" + address});
    Result<Paper> paper = fail(ErrorCode::kOffline, "");
    for (int i = 0; i < 500; ++i) {
      paper = Printer::at(uri)->paper();
      if (paper || paper.error().code != ErrorCode::kOffline) return;
      wait();
    }
    FAIL("ippeveprinter did not start: " << printer->err());
  }
  static void wait() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

  // The page of the job's raster; the printer has it before it answers.
  [[nodiscard]] Bitmap page() const {
    Bitmap bitmap;
    for (const auto& file : std::filesystem::directory_iterator(folder.path() / "jobs")) {
      if (file.path().extension() != ".pwg" && file.path().extension() != ".ras") continue;
      const int fd = open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
      cups_raster_t* raster = cupsRasterOpen(fd, CUPS_RASTER_READ);
      REQUIRE(raster != nullptr);
      cups_page_header2_t header{};
      REQUIRE(cupsRasterReadHeader2(raster, &header) != 0);
      bitmap.width = static_cast<int>(header.cupsWidth);
      bitmap.height = static_cast<int>(header.cupsHeight);
      CHECK(header.HWResolution[0] == 300);
      CHECK(header.PageSize[0] == 612);
      bitmap.grey.resize(static_cast<std::size_t>(header.cupsBytesPerLine) * header.cupsHeight);
      for (unsigned y = 0; y < header.cupsHeight; ++y) {
        REQUIRE(cupsRasterReadPixels(raster, bitmap.grey.data() + y * header.cupsBytesPerLine,
                                     header.cupsBytesPerLine) == header.cupsBytesPerLine);
      }
      cupsRasterClose(raster);
      close(fd);
    }
    return bitmap;
  }

  test::TempFolder folder;
  int port = free_port();
  std::string uri = "ipp://localhost:" + std::to_string(port) + "/ipp/print";
  std::optional<test::Process> bus;
  std::optional<test::Process> printer;
};

}  // namespace

TEST_CASE("An IPP printer gets the slip, and its code can be read", "[kiosk][print]") {
  const PaperPrinter paper;
  const auto printer = Printer::at(paper.uri);
  REQUIRE(printer.has_value());
  const auto sheet = printer->paper();
  REQUIRE(sheet.has_value());
  CHECK(sheet->width_mm == Approx(215.9));
  CHECK(sheet->dots_per_mm == Approx(300 / 25.4));
  const Slip slip = test::slip_in(Language::kUrdu);
  const Status printed = printer->print(slip);
  INFO((printed ? "" : printed.error().context));
  REQUIRE(printed.has_value());
  const Bitmap page = paper.page();
  REQUIRE(page.width > 0);
  CHECK(test::read_code(page, paper.folder.path()) == slip.code);
  // What is on the page is the slip, dot by dot.
  const auto drawn = draw_slip(slip, sheet->width_mm - 8, sheet->dots_per_mm);
  REQUIRE(drawn.has_value());
  const int left = (page.width - drawn->width) / 2;
  const auto top = static_cast<int>(std::lround(4 * sheet->dots_per_mm));
  std::size_t differ = 0;
  for (int y = 0; y < drawn->height; ++y) {
    for (int x = 0; x < drawn->width; ++x) {
      const auto on_page =
          static_cast<std::size_t>(top + y) * static_cast<std::size_t>(page.width) +
          static_cast<std::size_t>(left + x);
      const auto on_slip = static_cast<std::size_t>(y) * static_cast<std::size_t>(drawn->width) +
                           static_cast<std::size_t>(x);
      if (page.grey[on_page] != drawn->grey[on_slip]) ++differ;
    }
  }
  CHECK(differ == 0);
}

TEST_CASE("What is no printer, or takes no raster, is said", "[kiosk][print]") {
  for (const char* uri : {"", "printer", "http://localhost/x", "file:///dev/null", "ipp://"}) {
    INFO(uri);
    CHECK_FALSE(Printer::at(uri).has_value());
  }
  const auto nobody = Printer::at("ipp://localhost:" + std::to_string(free_port()) + "/ipp/print");
  REQUIRE(nobody.has_value());
  CHECK(nobody->print(test::slip_in(Language::kHindi)).error().code == ErrorCode::kOffline);
  const PaperPrinter jpeg("image/jpeg");
  CHECK(Printer::at(jpeg.uri)->paper().error().code == ErrorCode::kUnsupported);
}
