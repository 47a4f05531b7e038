// What the desk says, plays and hears, and who of the staff it knows.
#include "kiosk/app/desk.h"
#include "kiosk/model/prompts.h"
#include "kiosk/model/update.h"
#include "kiosk/sync/fingerprint.h"
#include "shared/core/bytes.h"
#include "shared/crypto/pin.h"
#include "shared/sound/clip.h"
#include "shared/wire/messages.h"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <fstream>
#include <utility>

namespace odop::kiosk::app {
namespace {

// Whose PIN it is in a list as kStaffSetting describes it; empty: nobody's.
std::string helper_with(const std::string& pin, const std::string& staff) {
  const auto list = nlohmann::json::parse(staff, nullptr, false);
  if (!list.is_array()) return {};
  for (const auto& member : list) {
    if (!member.is_object()) continue;
    const auto name = member.find("name");
    const auto hash = member.find("pin");
    const bool whole =
        name != member.end() && name->is_string() && hash != member.end() && hash->is_string();
    if (whole && crypto::pin_fits(pin, hash->get<std::string>())) return name->get<std::string>();
  }
  return {};
}

}  // namespace

// ---- Reading aloud -------------------------------------------------------------------------

void Desk::read_aloud(const ui::SemanticTree& tree) {
  const auto wanted = std::exchange(to_read_, std::nullopt);
  if (!wanted || parts_.speaker == nullptr) return;
  const Words& words = parts_.words.at(index(state_.visit.language));
  const std::string chosen(words.get("speech.chosen"));
  const std::string empty(words.get("speech.empty"));
  const std::string language(code(state_.visit.language));
  const bool question_only = wanted->part == kQuestionPart;
  const auto prompts = prompts_on(state_, *catalogue_, view().name);
  std::vector<media::Passage> passages;
  std::string covered;  // the node whose words the prompt before it has said too
  for (const HeardPrompt& prompt : prompts) {
    if (!prompt.node.empty() || question_only) continue;
    if (Bytes clip = prompt_bytes(prompt.medium); !clip.empty()) {
      passages.push_back({.node = {}, .text = {}, .language = {}, .clip = std::move(clip)});
    }
  }
  for (ui::ReadStretch& stretch :
       ui::reading_of(tree, {.question_only = question_only, .chosen = chosen, .empty = empty})) {
    if (stretch.node == covered) continue;
    const auto prompt = std::ranges::find(prompts, stretch.node, &HeardPrompt::node);
    Bytes clip = prompt == prompts.end() ? Bytes{} : prompt_bytes(prompt->medium);
    if (!clip.empty() && prompt->covers_hint) covered = stretch.node + ".hint";
    passages.push_back(
        {std::move(stretch.node), std::move(stretch.text), language, std::move(clip)});
  }
  parts_.speaker->set_volume(wanted->volume);
  parts_.speaker->say(std::move(passages));
}

// ---- Recorded prompts ----------------------------------------------------------------------

static_assert(kMostClipBytes == sound::kMaxPromptBytes);

Bytes Desk::prompt_bytes(const std::string& medium) const {
  if (!parts_.catalogues.has_medium(medium)) {
    Result<Bytes> own =
        prompts_ ? prompts_->clip(medium) : fail(ErrorCode::kNotFound, "no prompts");
    if (own) return std::move(*own);
    if (own.error().code != ErrorCode::kNotFound) spdlog::warn("prompts: {}", own.error().context);
    return {};
  }
  std::ifstream in(parts_.catalogues.media_path(medium), std::ios::binary);
  Bytes bytes(sound::kMaxPromptBytes + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return bytes.size() > sound::kMaxPromptBytes ? Bytes{} : bytes;
}

void Desk::open_prompts() {
  auto opened = PromptStore::open(parts_.folder);
  if (opened) {
    prompts_.emplace(std::move(*opened));
  } else {
    spdlog::error("prompts: {}", opened.error().context);
    tell(news::PromptsTold{
        {},
        opened.error().code == ErrorCode::kUnsupported ? "prompts.newer" : "prompts.unreadable"});
  }
  tell_prompts();
}

void Desk::tell_prompts() {
  if (!prompts_) return;
  news::PromptsTold told;
  for (const StoredPrompt& one : prompts_->all()) {
    told.prompts.push_back({one.key, one.tongue, one.text, one.medium, one.length_ms});
  }
  if (told.prompts != state_.kiosk.prompts) tell(told);
}

void Desk::keep(const effect::KeepPrompt& wanted) {
  const auto take = takes_.find(wanted.take);
  if (!prompts_ || take == takes_.end()) {
    tell(news::PromptFailed{text_key(ErrorCode::kIo)});
    return;
  }
  const Status kept = prompts_->keep({.key = wanted.key,
                                      .tongue = wanted.tongue,
                                      .text = wanted.text,
                                      .medium = {},
                                      .length_ms = wanted.length_ms,
                                      .made_ms = parts_.clock.wall().time_since_epoch().count()},
                                     take->second.ogg_opus);
  if (!kept) {
    spdlog::error("prompts: {}", kept.error().context);
    tell(news::PromptFailed{text_key(kept.error().code)});
    return;
  }
  tell_prompts();
  tell(news::PromptKept{wanted.key});
}

void Desk::drop(const effect::DropPrompt& wanted) {
  const Status dropped =
      prompts_ ? prompts_->drop(wanted.key, wanted.tongue) : fail(ErrorCode::kIo, "no prompts");
  if (!dropped) {
    spdlog::error("prompts: {}", dropped.error().context);
    tell(news::PromptFailed{text_key(dropped.error().code)});
    return;
  }
  tell_prompts();
}

void Desk::play(const effect::PlayPrompt& wanted) {
  Bytes clip = prompt_bytes(wanted.medium);
  if (clip.empty()) {
    tell(news::PromptFailed{"prompts.damaged"});
    return;
  }
  play_clip(std::move(clip), wanted.volume);
}

void Desk::play_clip(Bytes clip, int volume) {
  if (parts_.speaker == nullptr) return;
  to_read_.reset();
  parts_.speaker->set_volume(volume);
  std::vector<media::Passage> passages;
  passages.push_back({.node = {}, .text = {}, .language = {}, .clip = std::move(clip)});
  parts_.speaker->say(std::move(passages));
}

bool Desk::listen_to_speaker() {
  if (parts_.speaker == nullptr) return false;
  media::SpeakerNews heard = parts_.speaker->take();
  if (heard.probe) {
    tell(news::SoundFound{heard.probe->has_value(), heard.loudspeaker.value_or(false)});
  }
  if (heard.at) {
    tell(news::SpeechAt{
        {std::move(heard.at->node), heard.at->clause, heard.at->word.begin, heard.at->word.end}});
    wipe(heard.at->clause);
  }
  if (heard.ended) tell(news::SpeechEnded{});
  return heard.at || heard.ended || heard.probe;
}

// ---- Spoken answers ------------------------------------------------------------------------

static_assert(kMostSpoken == wire::kMaxAttachments);
static_assert(kVoiceLevels == media::kLevels);
static_assert(kLongestVoiceMs == sound::kLongestAnswer.count());

void Desk::play(const effect::PlayTake& wanted) {
  const auto take = takes_.find(wanted.take);
  if (take != takes_.end()) play_clip(take->second.ogg_opus, wanted.volume);
}

bool Desk::listen_to_recorder() {
  if (parts_.recorder == nullptr) return false;
  media::RecorderNews heard = parts_.recorder->take();
  if (heard.probe) tell(news::MicrophoneFound{heard.probe->has_value()});
  if (heard.hearing) {
    tell(news::VoiceHeard{heard.hearing->elapsed.count(), heard.hearing->level});
  }
  if (heard.taken && !*heard.taken) {
    spdlog::warn("recorder: {}", heard.taken->error().context);
    tell(news::VoiceFailed{});
  } else if (heard.taken) {
    media::Take& take = **heard.taken;
    const news::VoiceTaken taken{++last_take_, take.length.count(), take.quiet};
    takes_.insert_or_assign(last_take_, std::move(take));
    tell(taken);
  }
  return heard.probe || heard.hearing || heard.taken;
}

void Desk::keep_named_takes() {
  const Visit& visit = state_.visit;
  for (auto held = takes_.begin(); held != takes_.end();) {
    const bool named = visit.voice.take == held->first ||
                       std::ranges::find(visit.filling.spoken, held->first, &SpokenAnswer::take) !=
                           visit.filling.spoken.end();
    if (named) {
      ++held;
      continue;
    }
    wipe(held->second.ogg_opus);
    held = takes_.erase(held);
  }
}

// ---- Staff ---------------------------------------------------------------------------------

// An errand: Argon2id takes its time on purpose.
void Desk::check_pin(const effect::CheckPin& wanted) {
  const auto held = parts_.journal.setting(kStaffSetting);
  parts_.errands.run([this, staff = held && *held ? **held : std::string(),
                      pin = wanted.pin]() mutable -> Errands::Finish {
    const std::string name = helper_with(pin, staff);
    wipe(pin);
    return [this, name] { tell(news::PinChecked{name}); };
  });
}

void Desk::tell_staff() {
  const auto held = parts_.journal.setting(kStaffSetting);
  const bool has = held && *held && !(*held)->empty() && **held != "[]";
  if (has != state_.kiosk.has_staff) tell(news::StaffTold{has});
}

// A journal that cannot be read tells no digits; it is told elsewhere.
void Desk::tell_fingerprint() {
  const auto known = fingerprint_of(parts_.journal);
  if (!known) return;
  const bool same =
      known->digits == state_.kiosk.fingerprint && known->asking == state_.kiosk.asks_to_enrol;
  if (!same) tell(news::FingerprintTold{known->digits, known->asking});
}

}  // namespace odop::kiosk::app
