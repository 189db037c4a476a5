#include "harness/runtime/shims/virtual_clock.hpp"

#include "harness/runtime/state.hpp"

namespace mapquake::runtime {
namespace {

constexpr std::uint64_t second_ns = 1'000'000'000;
constexpr std::uint64_t millisecond_ns = 1'000'000;
constexpr std::uint32_t jump_powers = 28;  // the greatest jump is 2^27 ms, a day and a half

std::uint64_t origin_s(clockid_t clock) {
  const bool civil =
      clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_REALTIME_ALARM || clock == CLOCK_TAI;
  return civil ? epoch_s : 0;
}

/// Seconds and nanoseconds as one number; `never` where it does not fit.
std::uint64_t total_ns(std::uint64_t s, std::uint64_t ns) {
  if (s >= never / second_ns) return never;
  return s * second_ns + ns;
}

}  // namespace

timespec read_clock(clockid_t clock) {
  const std::uint64_t now = now_ns();
  timespec time{};
  time.tv_sec = static_cast<time_t>(origin_s(clock) + now / second_ns);
  time.tv_nsec = static_cast<long>(now % second_ns);
  return time;
}

bool valid(const timespec& time) {
  return time.tv_nsec >= 0 && static_cast<std::uint64_t>(time.tv_nsec) < second_ns;
}

std::uint64_t deadline_of(clockid_t clock, const timespec& time) {
  if (time.tv_sec < 0 || static_cast<std::uint64_t>(time.tv_sec) < origin_s(clock)) return 0;
  return total_ns(static_cast<std::uint64_t>(time.tv_sec) - origin_s(clock), static_cast<std::uint64_t>(time.tv_nsec));
}

std::uint64_t deadline_after(const timespec& duration) {
  const std::uint64_t ns =
      total_ns(static_cast<std::uint64_t>(duration.tv_sec), static_cast<std::uint64_t>(duration.tv_nsec));
  return ns > never - now_ns() ? never : now_ns() + ns;
}

bool out_of_time(std::uint64_t deadline_ns) {
  if (deadline_ns == never) return false;
  note_effect(Effect::sees_time);
  if (now_ns() >= deadline_ns) return true;
  if (choose(ChoiceKind::timeout, 2) == 0) return false;
  skip_clock(deadline_ns - now_ns());
  return true;
}

void clock_point(std::uint64_t pc) {
  point(EventKind::clock, nullptr, pc);
  note_effect(Effect::sees_time);
  advance_clock(poll_cost_ns);
  if (const std::uint32_t power = choose(ChoiceKind::clock_jump, jump_powers)) {
    skip_clock((std::uint64_t{1} << power) * millisecond_ns);
  }
}

void give_way(std::uint64_t pc) {
  advance_clock(poll_cost_ns);
  yield_point(EventKind::yield, pc);
}

void sleep_until(std::uint64_t deadline_ns, std::uint64_t pc) {
  note_effect(Effect::sees_time);
  if (deadline_ns <= now_ns()) {
    advance_clock(poll_cost_ns);
    yield_point(EventKind::sleep, pc);
    return;
  }
  point(EventKind::sleep, nullptr, pc, deadline_ns);
  while (now_ns() < deadline_ns) block({.what = Awaited::sleep, .deadline_ns = deadline_ns, .pc = pc});
}

}  // namespace mapquake::runtime
