#include "kiosk/ui/semantics.h"

namespace odop::kiosk::ui {

std::string_view name_of(Role role) {
  switch (role) {
    case Role::kText:
      return "text";
    case Role::kHeading:
      return "heading";
    case Role::kImage:
      return "image";
    case Role::kStatus:
      return "status";
    case Role::kButton:
      return "button";
    case Role::kLink:
      return "link";
    case Role::kChoice:
      return "choice";
    case Role::kCheckbox:
      return "checkbox";
    case Role::kField:
      return "field";
    case Role::kKey:
      return "key";
    case Role::kDialog:
      return "dialog";
  }
  return "text";
}

}  // namespace odop::kiosk::ui
