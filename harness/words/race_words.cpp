#include "harness/words/race_words.hpp"

#include "harness/history/phrases.hpp"
#include "harness/history/program.hpp"
#include "harness/words/standing.hpp"
#include "harness/words/why.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace mapquake {
namespace {

/// ", at offset 16 of a block of 48 bytes"; empty where it is no block's.
std::string offset_in_words(const TouchedMemory& touched) {
  if (touched.block == 0) return {};
  return fmt::format(", at offset {} of a block of {} bytes", touched.address - touched.block, touched.bytes);
}

struct Parts {
  const Witness* first = nullptr;
  const Witness* second = nullptr;
  std::vector<std::uint64_t> first_locks, second_locks;
  bool met = false;
};

Parts parts_of(const Race& race) {
  Parts parts;
  for (const Witness& witness : race.witnesses) {
    if (witness.role == Role::first_access) parts.first = &witness;
    if (witness.role == Role::second_access) parts.second = &witness;
    if (witness.role == Role::lock_held) {
      (parts.second == nullptr ? parts.first_locks : parts.second_locks).push_back(witness.object);
    }
    parts.met |= witness.role == Role::left_object;
  }
  return parts;
}

bool share_a_lock(const Parts& parts) {
  return std::ranges::any_of(parts.first_locks, [&](std::uint64_t lock) {
    return std::ranges::find(parts.second_locks, lock) != parts.second_locks.end();
  });
}

std::string locks_sentence(const Parts& parts) {
  if (parts.first_locks.empty() && parts.second_locks.empty()) return "Neither holds a lock.";
  if (parts.second_locks.empty()) return "Only " + thread_name(parts.first->thread) + " holds a lock.";
  if (parts.first_locks.empty()) return "Only " + thread_name(parts.second->thread) + " holds a lock.";
  return share_a_lock(parts) ? "Both hold the lock only shared, but one of them writes." : "They hold different locks.";
}

std::string meeting_sentence(const Parts& parts) {
  const std::string one = thread_name(parts.first->thread), other = thread_name(parts.second->thread);
  if (parts.met && share_a_lock(parts)) return {};  // they met at the lock itself, which orders no two readers
  if (parts.met) {
    return fmt::format(
        " {} and {} meet at one object in between, but its memory orders are too weak, or {} found an older value.",
        one, other, other);
  }
  return fmt::format(" {} finds nothing that {} left behind after its access.", other, one);
}

}  // namespace

std::string call_in_words(const WitnessFacts& witness, const History& history) {
  if (std::string name = name_of_call(history, witness.thread, witness.op); !name.empty()) return name;
  return witness.thread == main_thread ? "the main thread" : "thread " + thread_name(witness.thread);
}

std::string sentence_of(const Race& race, const History& history) {
  const Parts parts = parts_of(race);
  if (parts.first == nullptr || parts.second == nullptr) return {};
  std::string text = fmt::format(
      "The {} by {} and the {} by {} touch the same memory{}, and neither a lock nor an atomic operation nor the start "
      "or end of a thread orders them.",
      name_of(parts.first->access), call_in_words(*parts.first, history), name_of(parts.second->access),
      call_in_words(*parts.second, history), offset_in_words(race.facts.touched));
  // Without a trace nothing is known of locks and meetings.
  const bool traced = parts.first->event != 0;
  return traced ? text + " " + locks_sentence(parts) + meeting_sentence(parts) : text;
}

}  // namespace mapquake
