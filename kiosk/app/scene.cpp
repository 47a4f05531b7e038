#include "kiosk/app/scene.h"

#include "kiosk/ui/screens/screens.h"
#include "shared/core/error.h"

#include <future>
#include <iostream>
#include <string>
#include <utility>

namespace odop::kiosk::app {
namespace {

// Over a connection of its own, so that it may run beside the rest.
Result<Catalogue> load_catalogue(const std::filesystem::path& folder, const Clock& clock) {
  Result<CatalogueStore> store = CatalogueStore::open(folder);
  if (!store) return fail(store.error());
  return store->load_newest(clock.wall().time_since_epoch().count());
}

}  // namespace

Result<std::unique_ptr<Scene>> Scene::prepare(SceneParts parts, const ui::Panel& panel,
                                              Language first_language) {
  auto loading =
      std::async(std::launch::async, [&parts] { return load_catalogue(parts.data, parts.clock); });
  auto words = load_translations(parts.words);
  if (!words) return fail(words.error());
  auto text = typeset::TextEngine::open(parts.atlas);
  if (!text) return fail(text.error());
  Result<Catalogue> catalogue = loading.get();
  if (!catalogue) {
    std::cerr << "odop-kiosk: catalogue: " << name_of(catalogue.error().code) << ": "
              << catalogue.error().context << "\n";
    catalogue = Catalogue{};
  }
  std::unique_ptr<Scene> scene(new Scene(parts, panel, first_language,
                                         std::make_unique<Translations>(std::move(*words)),
                                         std::move(*text), std::move(*catalogue)));
  scene->apply_look();
  const ScreenView view = scene->desk_.view();
  scene->frames_.rehearse(parts.clock.mono().count(),
                          [&](ui::Frame& frame) { (void)ui::draw_screen(view, frame); });
  return scene;
}

Scene::Scene(SceneParts& parts, const ui::Panel& panel, Language first_language,
             std::unique_ptr<Translations> words, std::unique_ptr<typeset::TextEngine> text,
             Catalogue catalogue)
    : words_(std::move(words)),
      text_(std::move(text)),
      images_(parts.textures, std::move(parts.images)),
      frames_(*text_, images_, panel),
      desk_({parts.data, parts.journal, parts.catalogues, parts.mailbox, parts.errands, parts.clock,
             parts.random, *words_, parts.speaker, ui::offers_reach(panel), parts.printer,
             parts.recorder, parts.courier, std::move(parts.reopened)},
            first_language, std::move(catalogue)) {}

void Scene::apply_look() {
  const Visit& visit = desk_.state().visit;
  ui::Comfort comfort;
  comfort.text = visit.text_size == 2   ? ui::TextSize::kLarger
                 : visit.text_size == 1 ? ui::TextSize::kLarge
                                        : ui::TextSize::kNormal;
  comfort.high_contrast = visit.high_contrast;
  comfort.reach = visit.low;
  frames_.set_look(comfort, visit.language);
}

}  // namespace odop::kiosk::app
