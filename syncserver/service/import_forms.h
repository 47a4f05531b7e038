// Forms in an import: one JSON file each, beside the tables. Pure.
#pragma once

#include "syncserver/service/import_plan.h"

#include <span>
#include <string>

namespace odop::syncserver {

// The record type of a form; its id is the form's own.
inline constexpr const char* kFormType = "form";

// Parses each file (named "forms/ID.json") and adds its record, or what is wrong with it, to the
// plan. `published` holds every version of every form that a release ever held: answers name the
// version that they fill, so that what a version asks may never change. Notices are those of the
// draft and of the plan. A form's pictures are not looked for: they come with the kiosk's program,
// which draws nothing where it has none. Codes: bad_form (the
// message begins with the place), wrong_form_name (the file is not named after its form),
// duplicate_form, unknown_notice, old_form_version (this version or a later one was published with
// another content).
void plan_forms(std::span<const ImportFile> files, std::span<const CatalogueRecord> published,
                std::span<const CatalogueRecord> draft, ImportPlan& plan);

}  // namespace odop::syncserver
