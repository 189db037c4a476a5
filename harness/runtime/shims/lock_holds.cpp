#include "harness/runtime/shims/lock_holds.hpp"

#include "harness/runtime/scheduler.hpp"

#include <algorithm>
#include <vector>

namespace mapquake::runtime {
namespace {

struct Hold {
  const void* lock;
  ThreadId thread;
  friend bool operator==(const Hold&, const Hold&) = default;
};

std::vector<Hold> holds;  // part of the runtime's state; reset with the shims

}  // namespace

void hold_shared(const void* lock) {
  holds.push_back({lock, current_thread()});
}

void let_go_shared(const void* lock) {
  const auto mine = std::ranges::find(holds, Hold{lock, current_thread()});
  const auto any = mine != holds.end() ? mine : std::ranges::find(holds, lock, &Hold::lock);
  if (any != holds.end()) holds.erase(any);
}

ThreadId shared_holder(const void* lock, ThreadId preferred) {
  if (std::ranges::find(holds, Hold{lock, preferred}) != holds.end()) return preferred;
  const auto first = std::ranges::find(holds, lock, &Hold::lock);
  return first == holds.end() ? ThreadId{UINT16_MAX} : first->thread;
}

void reset_lock_holds() {
  holds.clear();
}

}  // namespace mapquake::runtime
