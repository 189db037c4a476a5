#include "harness/runtime/shims/lock_holds.hpp"

#include "harness/runtime/scheduler.hpp"
#include "harness/runtime/shims/state.hpp"
#include "harness/runtime/shims/wait_table.hpp"

#include <algorithm>
#include <vector>

namespace mapquake::runtime {
namespace {

struct Hold {
  const void* lock;
  ThreadId thread;
  friend bool operator==(const Hold&, const Hold&) = default;
};

struct HoldAlone {
  std::uint64_t lock;
  ThreadId thread;
  LockKind kind;
};

// Part of the runtime's state; reset with the shims.
std::vector<Hold> holds;
std::vector<HoldAlone> held_alone;

}  // namespace

void hold_shared(const void* lock) {
  holds.push_back({lock, current_thread()});
}

bool let_go_shared(const void* lock) {
  const auto mine = std::ranges::find(holds, Hold{lock, current_thread()});
  if (mine == holds.end()) return false;
  holds.erase(mine);
  return true;
}

void hold_alone(const void* lock, LockKind kind) {
  held_alone.push_back({reinterpret_cast<std::uint64_t>(lock), current_thread(), kind});
}

void let_go_alone(const void* lock) {
  const auto at = std::ranges::find(held_alone.rbegin(), held_alone.rend(), reinterpret_cast<std::uint64_t>(lock),
                                    &HoldAlone::lock);
  if (at == held_alone.rend()) return;
  *at = held_alone.back();
  held_alone.pop_back();
}

std::vector<std::uint64_t> locks_held_alone(LockKind kind) {
  std::vector<std::uint64_t> locks;
  for (const HoldAlone& hold : held_alone) {
    if (hold.thread == current_thread() && hold.kind == kind) locks.push_back(hold.lock);
  }
  return locks;
}

void check_no_lock_is_held(std::uint64_t begin, std::size_t bytes, std::uint64_t pc) {
  const auto lies_in = [&](const HoldAlone& hold) { return hold.lock - begin < bytes; };
  const auto held = std::ranges::find_if(held_alone, lies_in);
  if (held != held_alone.end()) misused(LockMisuse::frees_held, held->kind, held->thread, pc);
  const ThreadId waiting = waiter_within(begin, bytes);
  if (waiting != UINT16_MAX) misused(LockMisuse::frees_waited, LockKind::any, waiting, pc);
}

ThreadId shared_holder(const void* lock, ThreadId preferred) {
  if (std::ranges::find(holds, Hold{lock, preferred}) != holds.end()) return preferred;
  const auto first = std::ranges::find(holds, lock, &Hold::lock);
  return first == holds.end() ? ThreadId{UINT16_MAX} : first->thread;
}

void reset_lock_holds() {
  holds.clear();
  held_alone.clear();
}

}  // namespace mapquake::runtime
