#include "harness/runtime/cycle_proof.hpp"

#include "harness/base/rng.hpp"

#include <unwind.h>
#include <algorithm>
#include <cstring>
#include <utility>

namespace mapquake::runtime {

namespace {

constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15U;

std::uint64_t hash_of_words(std::uint64_t from, std::uint64_t end, std::uint64_t hash) {
  for (std::uint64_t at = from; at + 8 <= end; at += 8) {
    std::uint64_t word;
    std::memcpy(&word, reinterpret_cast<const void*>(at), sizeof word);
    hash = (hash ^ word) * multiplier;
    hash ^= hash >> 32;
  }
  return hash;
}

struct Walk {
  std::uint64_t pc;
  std::uint64_t stack_top;
  unsigned frames = 0;
  std::optional<std::uint64_t> hash;
};

_Unwind_Reason_Code look_at(_Unwind_Context* context, void* argument) {
  constexpr unsigned frames_max = 12;
  constexpr std::uint64_t bytes_max = std::uint64_t{1} << 16;
  constexpr std::array preserved{3, 6, 12, 13, 14, 15};  // rbx, rbp, r12 … r15, in DWARF's numbers
  auto& walk = *static_cast<Walk*>(argument);
  if (_Unwind_GetIP(context) != walk.pc) return ++walk.frames == frames_max ? _URC_END_OF_STACK : _URC_NO_REASON;
  const std::uint64_t stack = _Unwind_GetCFA(context);
  if (stack >= walk.stack_top || walk.stack_top - stack > bytes_max) return _URC_END_OF_STACK;
  std::uint64_t hash = mix64(stack);
  for (const int number : preserved) hash = mix64(hash ^ _Unwind_GetGR(context, number));
  walk.hash = hash_of_words(stack, walk.stack_top, hash);
  return _URC_END_OF_STACK;
}

}  // namespace

std::optional<std::uint64_t> hash_of_frames_above(std::uint64_t pc, std::uint64_t stack_top) {
  Walk walk{.pc = pc, .stack_top = stack_top, .hash = std::nullopt};
  _Unwind_Backtrace(look_at, &walk);
  return walk.hash;
}

void CycleProof::begin_at(const TraceEvent& event, std::uint64_t step) {
  now_ = {.anchor_pc = event.pc,
          .anchor_address = event.address,
          .anchor_until = step + now_.window_steps,
          .window_steps = std::min(2 * now_.window_steps, window_steps_max),
          .compare_at = now_.compare_at,
          .state = std::nullopt};
}

bool CycleProof::touch(std::uint64_t address, unsigned bytes) {
  for (std::uint64_t word = address & ~std::uint64_t{7}; word < address + bytes; word += 8) {
    const auto known = std::span(touched_).first(now_.touched_count);
    if (std::ranges::find(known, word) != known.end()) continue;
    if (now_.touched_count == touched_max) return false;
    touched_[now_.touched_count++] = word;
  }
  return true;
}

bool CycleProof::is_same_state(std::uint64_t pc, std::uint64_t stack_top) {
  std::optional<std::uint64_t> state = hash_of_frames_above(pc, stack_top);
  for (std::size_t i = 0; state && i < now_.touched_count; ++i) {
    state = hash_of_words(touched_[i], touched_[i] + 8, *state);
  }
  const bool same = state && now_.state == state;
  now_.state = state;
  return same;
}

bool CycleProof::passes(const TraceEvent& event, std::uint64_t step, std::uint64_t stack_top) {
  constexpr unsigned range_bytes = 255;  // or more (TraceEvent::size)
  const bool is_access = event.kind == EventKind::read || event.kind == EventKind::write;
  if (!is_access || event.size >= range_bytes) {
    disturb();
    return false;
  }
  if (event.pc == now_.anchor_pc && event.address == now_.anchor_address) {
    const bool again = now_.hash == now_.last_hash;
    now_.last_hash = std::exchange(now_.hash, 0);
    if (!again) {
      now_.same = 0;
      now_.same_since = step;
      now_.state.reset();
    } else if (++now_.same >= now_.compare_at && step - now_.same_since >= same_steps_min) {
      now_.compare_at = 2 * now_.same;
      if (is_same_state(event.pc, stack_top)) return true;
    }
  }
  // An anchor in a loop within the loop never sees many rounds that are alike.
  const bool in_vain = step >= now_.anchor_until && now_.same < same_rounds_min;
  const bool uses_too_much = now_.same >= same_rounds_min / 2 && !touch(event.address, event.size);
  if (now_.anchor_pc == 0 || in_vain || uses_too_much) {
    begin_at(event, step);
    return false;
  }
  now_.hash = mix64(now_.hash ^ event.pc ^ mix64(event.address + static_cast<std::uint64_t>(event.kind)));
  return false;
}

}  // namespace mapquake::runtime
