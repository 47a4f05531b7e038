#include "tests/fuzz/server_targets.h"

#include "syncserver/service/answers_json.h"
#include "syncserver/service/case_sheet.h"
#include "syncserver/service/erasure_list.h"
#include "syncserver/service/new_life.h"
#include "tests/support/temp_folder.h"
#include "tests/syncserver/service/desk.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace odop::fuzz {

namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, BytesView bytes) {
  // Not emptied first: closing an emptied file waits for the disk.
  std::fstream(file, std::ios::binary | std::ios::in | std::ios::out) << bytes;
  fs::resize_file(file, bytes.size());
}
Bytes whole(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Every kind's answers in turn: the first byte says which.
bool take_answers(BytesView input) {
  if (input.empty()) return false;
  const auto kind = static_cast<std::uint8_t>(static_cast<unsigned char>(input[0]) - '0');
  const std::string_view json = input.substr(1);
  (void)syncserver::shown_answers(json, "agra");
  (void)syncserver::number_to_call(json);
  (void)syncserver::other_fields(json);
  (void)syncserver::field_text(json, "products");
  return syncserver::read_answers(kind, json).has_value();
}

// Shared by copies of the target's function.
using Folder = std::shared_ptr<test::TempFolder>;

Target lives(const Folder& folder) {
  const syncserver::Life life{"0190a000-0000-7000-8000-000000000001", KioskNumber{300},
                              ReleaseNumber{17}};
  const fs::path file = folder->path() / "lives.list";
  for (int i = 0; i < 2; ++i) syncserver::must(syncserver::note_life(folder->path(), life));
  return {"lives.list", {whole(file)}, [folder, file](BytesView input) {
            write(file, input);
            const auto lives = syncserver::read_lives(folder->path());
            SeededRandom random(1);
            // Whatever stands there, the next number is one that a reference can hold.
            if (!lives.has_value()) return false;
            const auto next = syncserver::kiosks_of_new_life({}, KioskNumber{12}, *lives, random);
            if (next.has_value() && next->value > syncserver::kMostKiosks) {
              throw std::logic_error("a number that no reference can hold");
            }
            return lives->size() == 2;
          }};
}

Target erased(const Folder& folder) {
  const fs::path file = folder->path() / "erased.list";
  const std::vector<syncserver::Erased> some = {{Bytes(32, 'a'),
                                                 "0192f0c8-1a2b-7c3d-8e4f-001122334455", Epoch{1},
                                                 Sequence{42}, 1, "0170042836", 1'790'000'000'000}};
  syncserver::must(syncserver::append_erased(file, some));
  return {"erased.list", {whole(file)}, [folder, file](BytesView input) {
            write(file, input);
            const auto list = syncserver::read_erased(file);
            return list.has_value() && !list->empty();
          }};
}

// The sheet of a district with one open enquiry; previews change nothing.
class Office {
 public:
  Office() {
    kiosk_.purposes = {"contact"};
    kiosk_.push({kiosk_.enquiry().envelope});
    desk_.open_all();
  }
  Bytes filled() {
    auto rows = sheet_.rows("kannauj").value();
    if (rows.size() != 2) throw std::logic_error("a seed: no open case");
    for (std::size_t i = 0; i < rows[0].size(); ++i) {
      if (rows[0][i] == syncserver::kSheetState) rows[1][i] = "answered";
      if (rows[0][i] == syncserver::kSheetRemark) rows[1][i] = "सोमवार को आएं";
    }
    return syncserver::to_csv(rows);
  }
  bool take(BytesView input) {
    const auto report = sheet_.import(input, {.preview = true});
    if (!report.has_value()) return false;
    if (report->applied) throw std::logic_error("a preview that answered");
    return report->problems.empty() && !report->changes.empty();
  }

 private:
  syncserver::Desk desk_;
  syncserver::TestKiosk kiosk_{desk_, "awadh-shilp-gram", "lucknow"};
  syncserver::CaseSheet sheet_{*desk_.store, desk_.submissions};
};

}  // namespace

void add_server_files(std::vector<Target>& all) {
  SeededRandom random(3);
  const std::string reference = make_reference(KioskNumber{17}, Sequence{42}, random);
  all.push_back({"server_answers",
                 {std::string("1") + syncserver::kEnquiryOfTwo,
                  R"(7{"reference":")" + reference + R"(","status_code":"12345678"})"},
                 take_answers});
  const auto folder = std::make_shared<test::TempFolder>();
  all.push_back(lives(folder));
  all.push_back(erased(folder));
  const auto office = std::make_shared<Office>();
  all.push_back({"case_sheet", {office->filled()}, [office](BytesView input) {
                   return office->take(input);
                 }});
}

}  // namespace odop::fuzz
