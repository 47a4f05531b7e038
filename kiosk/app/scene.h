// Everything that is drawn and decided, without the window that shows it. A scene is prepared on a
// thread of its own while the window opens, which takes as long, and rehearsed: its first frame is
// built once, so that letters are shaped and drawings are being made before there is a screen.
// Threads: made on any thread, then used by the UI thread only.
#pragma once

#include "kiosk/app/desk.h"
#include "kiosk/media/images.h"
#include "kiosk/media/recorder.h"
#include "kiosk/media/speaker.h"
#include "kiosk/print/printer.h"
#include "kiosk/text/text_engine.h"
#include "kiosk/ui/frame_maker.h"
#include "kiosk/ui/theme.h"
#include "shared/core/result.h"
#include "shared/text/language.h"

#include <filesystem>
#include <functional>
#include <memory>

namespace odop::kiosk::app {

// What a scene borrows; all outlive it.
struct SceneParts {
  std::filesystem::path data;   // of journal and catalogues
  std::filesystem::path words;  // hi.mo en.mo ur.mo
  typeset::AtlasBackend& atlas;
  media::TextureStore& textures;
  media::ImagesOptions images;
  Journal& journal;
  CatalogueStore& catalogues;
  Mailbox& mailbox;
  Errands& errands;
  const Clock& clock;
  Random& random;
  media::Speaker* speaker = nullptr;        // null: it stays silent
  const print::Printer* printer = nullptr;  // null: none is configured
  media::Recorder* recorder = nullptr;      // null: nobody can speak to it
  Courier* courier = nullptr;               // null: no sticks
  std::function<void()> reopened{};         // DeskParts
};

class Scene {
 public:
  // Fonts and words must be there (errors of TextEngine::open and Words::load). A catalogue that
  // cannot be read is told on stderr, and the scene is that of a kiosk without one.
  [[nodiscard]] static Result<std::unique_ptr<Scene>> prepare(SceneParts parts,
                                                              const ui::Panel& panel,
                                                              Language first_language);
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  [[nodiscard]] typeset::TextEngine& text() { return *text_; }
  [[nodiscard]] media::Images& images() { return images_; }
  [[nodiscard]] ui::FrameMaker& frames() { return frames_; }
  [[nodiscard]] Desk& desk() { return desk_; }

  // The visitor's language, text size and contrast, for the next frame.
  void apply_look();

 private:
  Scene(SceneParts& parts, const ui::Panel& panel, Language first_language,
        std::unique_ptr<Translations> words, std::unique_ptr<typeset::TextEngine> text,
        Catalogue catalogue);

  std::unique_ptr<Translations> words_;
  std::unique_ptr<typeset::TextEngine> text_;
  media::Images images_;
  ui::FrameMaker frames_;
  Desk desk_;
};

}  // namespace odop::kiosk::app
