#include "kiosk/search/vocabulary.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace odop::kiosk {
namespace {

// What PostingReader reads.
class PostingWriter {
 public:
  explicit PostingWriter(std::vector<std::uint8_t>& out) : out_(out) {}

  void put(Posting posting) {
    const bool elsewhere = place_ != posting.place();
    std::uint32_t coded = (posting.document() - document_) << 1U | (elsewhere ? 1U : 0U);
    for (; coded >= 0x80U; coded >>= 7U) out_.push_back(static_cast<std::uint8_t>(coded | 0x80U));
    out_.push_back(static_cast<std::uint8_t>(coded));
    if (elsewhere) out_.push_back(posting.place());
    document_ = posting.document();
    place_ = posting.place();
  }

 private:
  std::vector<std::uint8_t>& out_;
  std::uint32_t document_ = 0;
  std::uint8_t place_ = 0;
};

}  // namespace

std::uint32_t Vocabulary::Builder::intern(std::u16string key) {
  const auto number = static_cast<std::uint32_t>(numbers_.size());
  return numbers_.try_emplace(std::move(key), number).first->second;
}

Vocabulary Vocabulary::Builder::build() && {
  std::vector<const std::u16string*> keys(numbers_.size());
  for (const auto& [key, number] : numbers_) keys[number] = &key;
  std::vector<std::uint32_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return *keys[a] < *keys[b]; });
  std::vector<std::uint32_t> position(keys.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) position[order[i]] = i;

  for (Entry& entry : entries_) entry.key = position[entry.key];
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return a.key != b.key ? a.key < b.key : a.posting < b.posting;
  });
  const auto same = [](const Entry& a, const Entry& b) {
    return a.key == b.key && a.posting.document() == b.posting.document();
  };
  entries_.erase(std::unique(entries_.begin(), entries_.end(), same), entries_.end());

  Vocabulary made;
  made.key_end_.reserve(order.size());
  made.posting_end_.reserve(order.size());
  std::size_t entry = 0;
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    made.letters_ += *keys[order[i]];
    made.key_end_.push_back(static_cast<std::uint32_t>(made.letters_.size()));
    PostingWriter writer(made.postings_);
    for (; entry < entries_.size() && entries_[entry].key == i; ++entry) {
      writer.put(entries_[entry].posting);
    }
    made.posting_end_.push_back(static_cast<std::uint32_t>(made.postings_.size()));
  }
  made.letters_.shrink_to_fit();
  made.postings_.shrink_to_fit();
  return made;
}

std::u16string_view Vocabulary::key(std::uint32_t index) const {
  const std::uint32_t first = index == 0 ? 0 : key_end_[index - 1];
  return std::u16string_view(letters_).substr(first, key_end_[index] - first);
}

PostingReader Vocabulary::postings(std::uint32_t index) const {
  const std::uint8_t* all = postings_.data();
  return {all + (index == 0 ? 0 : posting_end_[index - 1]), all + posting_end_[index]};
}

char16_t Vocabulary::char_at(std::uint32_t index, std::size_t depth) const {
  const std::u16string_view letters = key(index);
  return depth < letters.size() ? letters[depth] : u'\0';
}

KeyRange Vocabulary::narrow(KeyRange range, std::size_t depth, char16_t c) const {
  const auto bound = [&](bool upper) {
    std::uint32_t low = range.first;
    std::uint32_t high = range.last;
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      const char16_t at = char_at(middle, depth);
      if (at < c || (upper && at == c)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  const std::uint32_t first = bound(false);
  return {first, std::max(first, bound(true))};
}

KeyRange Vocabulary::narrow(KeyRange range, std::size_t depth, std::u16string_view rest) const {
  for (const char16_t c : rest) {
    if (range.empty()) break;
    range = narrow(range, depth++, c);
  }
  return range;
}

KeyRange Vocabulary::with_prefix(std::u16string_view prefix) const {
  return narrow({0, static_cast<std::uint32_t>(size())}, 0, prefix);
}

void Vocabulary::near(std::u16string_view typed, const Found& found) const {
  if (typed.empty()) return;
  // `so_far`: the keys that begin as `typed` does before position `at`.
  KeyRange so_far = with_prefix(typed.substr(0, 1));
  const auto finish = [&](KeyRange range, std::size_t depth, std::size_t from, std::size_t at) {
    const std::u16string_view rest = typed.substr(from);
    const KeyRange match = narrow(range, depth, rest);
    if (!match.empty()) found(match, depth + rest.size(), at);
  };
  for (std::size_t at = 1; at < typed.size() && !so_far.empty(); ++at) {
    finish(so_far, at, at + 1, at);  // a letter too many
    if (at + 1 < typed.size() && typed[at] != typed[at + 1]) {
      const KeyRange swapped = narrow(narrow(so_far, at, typed[at + 1]), at + 1, typed[at]);
      if (!swapped.empty()) finish(swapped, at + 2, at + 2, at);
    }
    for (std::uint32_t i = so_far.first; i < so_far.last;) {
      const char16_t c = char_at(i, at);
      const KeyRange child = narrow({i, so_far.last}, at, c);
      if (c != u'\0') {
        if (c != typed[at]) finish(child, at + 1, at + 1, at);  // another letter
        finish(child, at + 1, at, at);                          // a letter too few
      }
      i = child.last;
    }
    so_far = narrow(so_far, at, typed[at]);
  }
}

std::size_t Vocabulary::memory() const {
  return letters_.capacity() * sizeof(char16_t) + key_end_.capacity() * sizeof(std::uint32_t) +
         posting_end_.capacity() * sizeof(std::uint32_t) + postings_.capacity();
}

}  // namespace odop::kiosk
