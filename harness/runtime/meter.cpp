#include "harness/runtime/meter.hpp"

namespace mapquake::runtime {

namespace {

/// Delays that overlap with pauses are taken off twice: then too little is charged, never too much.
std::uint64_t without(std::uint64_t time_ns, std::uint64_t part_ns) {
  return time_ns > part_ns ? time_ns - part_ns : 0;
}

}  // namespace

void start_meter(Thread& thread) {
  Meter& meter = thread.meter;
  const std::uint32_t held = meter.locks_held;
  meter = {};
  meter.began_event = meter.locked_event = thread.event;
  meter.began_ns = now_ns();
  meter.began_skipped_ns = rt.skipped_ns;
  meter.locks_held = held;
}

Usage read_meter(const Thread& thread) {
  const Meter& meter = thread.meter;
  Usage used = meter.used;
  used.steps = thread.event - meter.began_event;
  used.latency_ns = without(now_ns() - meter.began_ns, rt.skipped_ns - meter.began_skipped_ns + meter.delayed_ns);
  used.delayed_ns = meter.delayed_ns;
  if (meter.locks_held > 0) used.lock_steps += thread.event - meter.locked_event;
  return used;
}

void count_copied(std::size_t bytes) {
  note_copy(bytes);
}

void note_lock() {
  Thread& thread = *rt.current;
  if (thread.meter.locks_held++ == 0) thread.meter.locked_event = thread.event;
}

void note_unlock() {
  Thread& thread = *rt.current;
  Meter& meter = thread.meter;
  if (meter.locks_held == 0 || --meter.locks_held > 0) return;
  meter.used.lock_steps += thread.event - meter.locked_event;
}

}  // namespace mapquake::runtime
