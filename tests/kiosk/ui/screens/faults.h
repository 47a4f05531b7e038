// What may be wrong with a screen that is drawn, on the panels of the fleet.
#pragma once

#include "kiosk/ui/frame_maker.h"
#include "kiosk/ui/semantics.h"
#include "kiosk/ui/theme.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace odop::test {

inline kiosk::ui::Panel glass(int width_px, int height_px, double width_mm, double height_mm) {
  return {width_px, height_px, width_mm, height_mm, 0};
}

// The panels of the fleet, smallest last.
inline const std::map<std::string, kiosk::ui::Panel>& panels() {
  static const std::map<std::string, kiosk::ui::Panel> all{
      {"portrait 32 inch", glass(1080, 1920, 398, 707.6)},
      {"landscape 32 inch", glass(1920, 1080, 708, 398)},
      {"landscape 31.5 inch", glass(1920, 1080, 698, 393)},
      {"landscape 24 inch", glass(1920, 1080, 531, 299)},
      {"landscape 21.5 inch", glass(1920, 1080, 476, 268)},
      {"landscape 15.4 inch", glass(1280, 800, 331, 207)}};
  return all;
}

inline bool overlap(const kiosk::ui::PixelRect& a, const kiosk::ui::PixelRect& b) {
  const float w = std::min(a.x + a.w, b.x + b.w) - std::max(a.x, b.x);
  const float h = std::min(a.y + a.h, b.y + b.h) - std::max(a.y, b.y);
  return w > 1.5F && h > 1.5F;
}

// The least that a finger hits (P10), mm; a target of the design is larger.
inline constexpr double kLeastTargetMm = 15;

inline const kiosk::ui::ScrolledArea* area_of(const std::vector<kiosk::ui::ScrolledArea>& areas,
                                              const kiosk::ui::Node& node) {
  const auto found = std::ranges::find(areas, node.area, &kiosk::ui::ScrolledArea::id);
  return found == areas.end() ? nullptr : &*found;
}

inline bool inside(const kiosk::ui::PixelRect& rect, const kiosk::ui::PixelRect& outer) {
  return rect.x >= outer.x - 1.0F && rect.y >= outer.y - 1.0F &&
         rect.x + rect.w <= outer.x + outer.w + 1.0F && rect.y + rect.h <= outer.y + outer.h + 1.0F;
}

// Everything that is wrong with what can be touched and with texts, in words; empty when good.
inline std::vector<std::string> faults_of(const kiosk::ui::FrameMaker& maker) {
  std::vector<std::string> out;
  const kiosk::ui::SemanticTree& tree = maker.tree();
  const kiosk::ui::Theme& theme = maker.theme();
  const float least_px = static_cast<float>(kLeastTargetMm * theme.px_per_mm) - 1.0F;
  const kiosk::ui::PixelRect window{0, 0, static_cast<float>(theme.panel.width_px),
                                    static_cast<float>(theme.panel.height_px)};
  const bool sheet = std::ranges::any_of(tree, &kiosk::ui::Node::modal);
  std::set<std::string> ids;
  std::vector<const kiosk::ui::Node*> touchable;
  for (const kiosk::ui::Node& node : tree) {
    if (!node.target) continue;
    const auto fault = [&](const std::string& what) { out.push_back(node.id + ": " + what); };
    if (node.label.empty()) fault("has no name");
    if (!ids.insert(node.id).second) fault("is there twice");
    if (node.rect.w < least_px || node.rect.h < least_px) {
      fault("is too small: " + std::to_string(node.rect.w / theme.px_per_mm) + " x " +
            std::to_string(node.rect.h / theme.px_per_mm));
    }
    if (node.area.empty()) {
      if (!inside(node.rect, window)) fault("leaves the window");
    } else {
      const kiosk::ui::ScrolledArea* area = area_of(maker.areas(), node);
      if (area == nullptr) {
        fault("lies in no known area");
        continue;
      }
      const kiosk::ui::PixelRect whole{area->rect.x, area->rect.y - area->offset, area->rect.w,
                                       std::max(area->content, area->rect.h)};
      if (!inside(node.rect, whole)) fault("lies outside of what its area can show");
      if (node.rect.h > area->rect.h + 1.0F) fault("is taller than its area");
      // More than is seen needs a visible way on.
      if (area->content > area->rect.h + 2.0F) {
        const auto down = std::ranges::find(tree, node.area + ".down", &kiosk::ui::Node::id);
        if (down == tree.end() || !inside(down->rect, window)) fault("has no key to bring it");
      }
    }
    if (!node.visible || node.hit.w < 2 || node.hit.h < 2) continue;
    if (!sheet || node.modal) touchable.push_back(&node);
  }
  if (touchable.size() < 2) out.emplace_back("nothing can be touched");
  for (std::size_t i = 0; i < touchable.size(); ++i) {
    for (std::size_t k = i + 1; k < touchable.size(); ++k) {
      if (overlap(touchable[i]->hit, touchable[k]->hit)) {
        out.push_back(touchable[i]->id + " lies over " + touchable[k]->id);
      }
    }
  }
  for (const std::string& text : maker.cuts()) out.push_back("cut: " + text);
  return out;
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

}  // namespace odop::test
