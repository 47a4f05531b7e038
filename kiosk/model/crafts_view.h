// View-models of the crafts: the map and home, a district, a product, search, the visitor's list;
// part of views.h. Strings and ids as there.
#pragma once

#include "kiosk/model/state.h"

#include <array>
#include <string>
#include <vector>

namespace odop::kiosk {

// A photograph where there is one (hex SHA-256), else the craft's drawing (file stem).
struct Picture {
  std::string photo;
  std::string drawing;
  std::string family;  // tints the ground
};

// One tile of the district map; rows and half columns as in the catalogue.
struct TileView {
  std::string district;
  std::string name;
  std::string family;
  int row = 0;
  int half_column = 0;
  bool dimmed = false;
  bool here = false;
  std::string region{};  // home only: one of kRegions
};

// A part of the map, for panels that cannot show it whole.
struct RegionView {
  std::string id;
  std::string name;
  std::string note;  // "26 districts"
};

struct FamilyView {
  std::string id;
  std::string name;
  bool selected = false;
};

struct DoorView {
  std::string id;  // hall, buyer, artisan, answer
  std::string title;
  std::string note;
  std::string drawing;  // file stem in drawings/ornament
};

struct HomeView {
  std::string title;
  std::string hint;
  std::string here;  // "you are here"; empty when no tile is
  std::vector<TileView> tiles;
  std::vector<RegionView> regions;
  std::string region;     // the part that was chosen; empty: none
  std::string whole_map;  // "the whole state"
  std::vector<FamilyView> families;
  std::string search;  // empty: nothing to search in
  std::vector<DoorView> doors;
};

// A product as a card or a row.
struct ProductCard {
  std::string product;
  std::string district;  // id
  std::string name;
  std::string place;  // district name
  std::string note;   // first sentence of its story
  std::string gi;     // registered name, empty = none
  Picture picture;
};

struct OfficeView {
  std::string name;
  std::string hours;
  std::string phone;  // as spoken; empty = not known
  std::string note;   // stands in for an unknown phone
};

struct DistrictView {
  std::string district;
  std::string name;
  std::string division;
  std::string story;
  std::string family;
  std::string gi_label;
  std::string more;                       // "the story of ..."
  std::vector<TileView> tiles;            // mini map, this one `here`
  std::vector<ProductCard> products;      // the first is shown large
  std::string stalls_title, stalls_note;  // empty: none in this hall
  OfficeView office;
  std::string help;  // label: who helps here
  std::string neighbours_title;
  std::vector<TileView> neighbours;
};

struct FactView {
  std::string text;
  std::string icon;
};

struct StallView {
  std::string number;
  float x = 0, y = 0, width = 0, depth = 0;  // fractions of the hall
  bool wanted = false;
};

struct PlanView {
  std::string caption;  // "in this hall"
  std::string title;    // "Hall 2, stall 14"
  std::string hint;
  float aspect = 1;  // width by depth of the hall
  std::vector<StallView> stalls;
  std::vector<std::array<float, 2>> way;  // kiosk first; fractions of the hall; one point: only
                                          // where the kiosk stands; empty = unknown
};

struct TradeRow {
  std::string label;
  std::string value;  // as known, or the invitation to ask
  bool known = false;
};

struct ProductView {
  ProductCard card;
  std::vector<std::string> other_districts;  // names
  std::string gi_label;
  std::string story;
  std::vector<FactView> facts;
  std::string source;          // of the facts
  std::vector<PlanView> plan;  // none or one
  std::string trade_title;
  std::vector<TradeRow> trade;
  std::string add, enquire;
  bool on_list = false;
};

struct HitView {
  HitKind kind = HitKind::kProduct;
  std::string id;
  std::string title;
  std::string note;
  std::string gi;  // label when registered
  Picture picture;
};

struct SearchView {
  std::string text;
  std::string hint;
  std::string clear;
  std::string count;  // "4 results", or what to do when there are none
  std::vector<FamilyView> families;
  std::vector<HitView> hits;
  std::string search_action;
};

struct ListRow {
  ProductCard card;
  std::string quantity;  // "10", or "?"
  std::string unit;      // or "later"
  std::string spoken;
  bool can_less = false;
};

struct ListView {
  std::string title;
  std::string summary;
  std::vector<ListRow> rows;
  std::string note;   // one enquiry, several offices
  std::string empty;  // said instead of rows
  std::string add_more, send;
  std::string remove_label, less_label, more_label, unit_label;
  bool can_send = false;
};

}  // namespace odop::kiosk
