// What an engineer would look at in a GoMap: header, tophash bytes, and whether the invariants of go_map.hpp hold.
// Requires that nobody writes meanwhile.
#pragma once

#include "go_map.hpp"

#include <string>

namespace mapquake::maps {

template <class Map>
class GoMapInspector {
 public:
  explicit GoMapInspector(const Map& map) : map_(map) {}

  /// Empty if all invariants hold, else which one is broken and where. O(entries), hashes every key.
  std::string validate() const {
    if ((map_.flags_ & go_flag::hash_writing) != 0) return "hashWriting is set although nobody writes";
    if (!map_.growing() && map_.same_size()) return "sameSizeGrow is set although the map is not growing";
    if (map_.buckets_ == nullptr) return map_.count_ == 0 ? "" : "count is not 0 although there are no buckets";
    std::ptrdiff_t live = 0;
    std::size_t overflow = 0;
    std::string wrong;
    const std::size_t size = std::size_t{1} << map_.b_;
    for (std::size_t i = 0; i < size && wrong.empty(); ++i) {
      wrong = check_chain(&map_.buckets_[i], i, size - 1, live);
      for (Bucket* b = map_.buckets_[i].overflow; b != nullptr; b = b->overflow) ++overflow;
    }
    if (map_.growing() && wrong.empty()) wrong = check_old_buckets(live);
    if (!wrong.empty()) return wrong;
    if (live != map_.count_) {
      return "count is " + std::to_string(map_.count_) + " but " + std::to_string(live) + " slots are live";
    }
    if (map_.b_ < 16 && overflow != map_.noverflow_) {
      return "noverflow is " + std::to_string(map_.noverflow_) + " but " + std::to_string(overflow) + " are linked";
    }
    return "";
  }

  /// The header and, for up to `buckets_max` buckets each, the tophash bytes: "." emptyRest, "o" emptyOne, "X" "Y" "E"
  /// evacuated, else two hexadecimal digits.
  std::string dump(std::size_t buckets_max = 16) const {
    std::string text = "count=" + std::to_string(map_.count_) + " B=" + std::to_string(map_.b_) + " flags=" + flags() +
                       " noverflow=" + std::to_string(map_.noverflow_) + " hash0=" + std::to_string(map_.hash0_) +
                       " nevacuate=" + std::to_string(map_.nevacuate_) +
                       " doublings=" + std::to_string(map_.doublings_) +
                       " sameSizeGrowths=" + std::to_string(map_.same_size_growths_) + "\n";
    if (map_.buckets_ == nullptr) return text + "buckets=nil\n";
    append_buckets(text, "buckets", map_.buckets_, std::size_t{1} << map_.b_, buckets_max);
    if (!map_.growing()) return text + "oldbuckets=nil\n";
    append_buckets(text, "oldbuckets", map_.oldbuckets_, map_.old_bucket_count(), buckets_max);
    return text;
  }

  /// Overflow buckets linked to the current array, counted. O(buckets).
  std::size_t linked_overflow() const {
    std::size_t n = 0;
    for (std::size_t i = 0; map_.buckets_ != nullptr && i < std::size_t{1} << map_.b_; ++i) {
      for (Bucket* b = map_.buckets_[i].overflow; b != nullptr; b = b->overflow) ++n;
    }
    return n;
  }
  std::size_t nevacuate() const { return map_.nevacuate_; }
  std::uint8_t flag_bits() const { return map_.flags_; }
  std::uint32_t hash0() const { return map_.hash0_; }
  std::uint8_t tophash(std::size_t bucket, unsigned index) const { return map_.buckets_[bucket].tophash[index]; }
  std::uint8_t old_tophash(std::size_t bucket, unsigned index) const { return map_.oldbuckets_[bucket].tophash[index]; }
  /// For tests of the detector: the bit as another writer would have left it.
  static void flip_hash_writing(Map& map) { map.flags_ ^= go_flag::hash_writing; }

 private:
  using Bucket = typename Map::Bucket;

  std::string check_chain(Bucket* chain, std::size_t index, std::size_t mask, std::ptrdiff_t& live) const {
    const std::string where = "bucket " + std::to_string(index) + ": ";
    bool rest = false;
    for (Bucket* b = chain; b != nullptr; b = b->overflow) {
      for (unsigned i = 0; i < Map::slots; ++i) {
        const std::uint8_t top = b->tophash[i];
        if (rest && top != slot::empty_rest) return where + "something follows emptyRest";
        rest = top == slot::empty_rest;
        if (slot::is_empty(top)) continue;
        if (!slot::is_live(top)) return where + "evacuated state in a bucket that is not evacuated";
        ++live;
        const std::uint64_t hash = map_.hash_of(b->keys[i]);
        if (slot::top_of(hash) != top) return where + "tophash does not belong to the key";
        if ((hash & mask) != index) return where + "a key of another bucket";
        const auto place = map_.locate(b->keys[i]);
        if (place.bucket != b || place.index != i) return where + "a key is there twice, or cannot be looked up";
      }
    }
    return "";
  }

  std::string check_old_buckets(std::ptrdiff_t& live) const {
    const std::size_t old_size = map_.old_bucket_count();
    for (std::size_t i = 0; i < old_size; ++i) {
      Bucket* const chain = &map_.oldbuckets_[i];
      const std::string where = "old bucket " + std::to_string(i) + ": ";
      if (!chain->evacuated()) {
        if (i < map_.nevacuate_) return where + "below nevacuate but not evacuated";
        for (std::size_t to = i; to <= (std::size_t{1} << map_.b_) - 1; to += old_size) {
          if (map_.buckets_[to].tophash[0] != slot::empty_rest) return where + "not evacuated, but its target is used";
        }
        if (std::string wrong = check_chain(chain, i, old_size - 1, live); !wrong.empty()) return "old " + wrong;
        continue;
      }
      for (Bucket* b = chain; b != nullptr; b = b->overflow) {
        for (const std::uint8_t top : b->tophash) {
          if (slot::is_empty(top) || slot::is_live(top)) return where + "evacuated in part";
        }
      }
    }
    return "";
  }

  std::string flags() const {
    std::string text;
    const auto add = [&](std::uint8_t bit, const char* name) {
      if ((map_.flags_ & bit) != 0) text += (text.empty() ? "" : "|") + std::string(name);
    };
    add(go_flag::iterator, "iterator");
    add(go_flag::old_iterator, "oldIterator");
    add(go_flag::hash_writing, "hashWriting");
    add(go_flag::same_size_grow, "sameSizeGrow");
    return text.empty() ? "0" : text;
  }

  static void append_buckets(std::string& text, const char* name, Bucket* buckets, std::size_t size, std::size_t max) {
    text += std::string(name) + "[" + std::to_string(size) + "]\n";
    for (std::size_t i = 0; i < size && i < max; ++i) {
      text += "  " + std::to_string(i) + ":";
      unsigned shown = 0;
      for (Bucket* b = &buckets[i]; b != nullptr; b = b->overflow) {
        if (++shown > 4) {
          text += " → …";
          break;
        }
        if (b != &buckets[i]) text += " →";
        for (const std::uint8_t top : b->tophash) append_state(text, top);
      }
      text += "\n";
    }
    if (size > max) text += "  … " + std::to_string(size - max) + " more\n";
  }

  static void append_state(std::string& text, std::uint8_t top) {
    static constexpr const char* states[] = {" .", " o", " X", " Y", " E"};
    static constexpr char digits[] = "0123456789abcdef";
    if (top < slot::live_min) {
      text += states[top];
    } else {
      text += {' ', digits[top >> 4], digits[top & 15]};
    }
  }

  const Map& map_;
};

}  // namespace mapquake::maps
