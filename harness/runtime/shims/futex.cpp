#include "harness/runtime/shims/futex.hpp"

#include "harness/runtime/code_origin.hpp"
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/shims/vain_wakes.hpp"
#include "harness/runtime/shims/virtual_clock.hpp"
#include "harness/runtime/shims/wait_table.hpp"
#include "harness/runtime/state.hpp"

#include <linux/futex.h>

#include <cerrno>

namespace mapquake::runtime {
namespace {

std::uint32_t load(const std::uint32_t* address) {
  return __atomic_load_n(address, __ATOMIC_RELAXED);
}

/// FUTEX_WAIT counts from now, FUTEX_WAIT_BITSET names an instant. False for a malformed time.
bool read_deadline(const FutexCall& call, bool absolute, std::uint64_t& deadline_ns) {
  deadline_ns = never;
  const auto* time = reinterpret_cast<const timespec*>(call.timeout);
  if (time == nullptr) return true;
  if (!valid(*time) || time->tv_sec < 0) return false;
  const clockid_t clock = (call.operation & FUTEX_CLOCK_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
  deadline_ns = absolute ? deadline_of(clock, *time) : deadline_after(*time);
  return true;
}

// Callers that are instrumented order themselves, by the atomic operations round the call.

void acquired_by_unseen(std::uint64_t pc) {
  if (is_unseen_code(pc)) unseen_code_acquired();
}

void released_by_unseen(std::uint64_t pc) {
  if (is_unseen_code(pc)) unseen_code_released();
}

long futex_wait(const FutexCall& call, bool absolute, std::uint32_t bits, std::uint64_t pc) {
  point(EventKind::futex_wait, call.address, pc, call.value);
  std::uint64_t deadline_ns;
  if (bits == 0 || !read_deadline(call, absolute, deadline_ns)) return -EINVAL;
  if (load(call.address) != call.value) {
    acquired_by_unseen(pc);
    return -EAGAIN;
  }
  if (out_of_time(deadline_ns)) return -told_outcome(EventKind::futex_wait, ETIMEDOUT);
  if (choose(ChoiceKind::spurious_wake, 2) != 0) return 0;
  const Wake wake = wait_on({.what = Awaited::futex,
                             .object = call.address,
                             .was_notified_before = was_woken_in_vain(call.address, rt.current->op_began),
                             .deadline_ns = deadline_ns,
                             .pc = pc},
                            bits);
  acquired_by_unseen(pc);
  return -told_outcome(EventKind::futex_wait, wake == Wake::timed_out ? ETIMEDOUT : 0);
}

long futex_wake(const FutexCall& call, std::uint32_t bits, std::uint64_t pc) {
  point(EventKind::futex_wake, call.address, pc, call.value);
  if (bits == 0) return -EINVAL;
  released_by_unseen(pc);
  const long woken = call.value == 1 ? wake_any(call.address, bits) : wake_longest(call.address, call.value, bits);
  if (woken == 0) note_vain_wake(call.address);
  return woken;
}

long futex_requeue(const FutexCall& call, bool compare, std::uint64_t pc) {
  point(EventKind::futex_wake, call.address, pc, call.value);
  if (compare && load(call.address) != call.value3) return -EAGAIN;
  released_by_unseen(pc);
  const std::uint32_t woken = wake_longest(call.address, call.value);
  const std::uint32_t moved = requeue(call.address, call.address2, static_cast<std::uint32_t>(call.timeout));
  return compare ? long{woken} + moved : long{woken};
}

}  // namespace

long futex(const FutexCall& call, std::uint64_t pc) {
  switch (call.operation & FUTEX_CMD_MASK) {
    case FUTEX_WAIT:
      return futex_wait(call, false, FUTEX_BITSET_MATCH_ANY, pc);
    case FUTEX_WAIT_BITSET:
      return futex_wait(call, true, call.value3, pc);
    case FUTEX_WAKE:
      return futex_wake(call, FUTEX_BITSET_MATCH_ANY, pc);
    case FUTEX_WAKE_BITSET:
      return futex_wake(call, call.value3, pc);
    case FUTEX_REQUEUE:
      return futex_requeue(call, false, pc);
    case FUTEX_CMP_REQUEUE:
      return futex_requeue(call, true, pc);
    default:
      return -ENOSYS;
  }
}

}  // namespace mapquake::runtime
