// A worker that makes no step: when it is to be woken, and when it is given up. By what it does, not by how long it
// takes: a machine that is busy elsewhere, or slow to find memory, says nothing about the map.
#pragma once

#include <cstdint>

namespace mapquake {

/// Of a process, as proc(5) tells it in /proc/PID/stat.
struct Activity {
  char state = 0;                  ///< R, S, D, ...; 0: unknown
  std::uint64_t cpu_ticks = 0;     ///< that it has had, user and system
  std::uint64_t minor_faults = 0;  ///< pages that it has got

  bool sleeps() const { return state == 'S'; }
  /// It could run, and was not let.
  bool starves_since(const Activity& before) const {
    return (state == 'R' || state == 'D') && cpu_ticks == before.cpu_ticks;
  }
};

/// Looked at in equal intervals while one request is served. Invariant: sleeping_ <= silent_ + looks at one that
/// judges.
class Silence {
 public:
  enum class Advice : std::uint8_t { wait, wake, give_up };
  /// Processor time in map code is watched by the worker itself (runtime/crash.hpp); this is for what cannot be woken.
  static constexpr unsigned silent_max = 200;
  static constexpr unsigned wakings_max = 3;  ///< without effect

  /// Who sleeps is woken once in `sleeping_max` looks, > 0.
  Silence(std::uint64_t beat, unsigned sleeping_max) : beat_(beat), sleeping_max_(sleeping_max) {}

  /// `beat` changes with each step, `activity` answers the worker's (asked only while no step is made). `judges`: the
  /// worker makes none because it looks at an execution that has ended. That has bounds of its own, and may take long
  /// where the execution did.
  template <class F>
  Advice look(std::uint64_t beat, bool judges, F activity) {
    const bool stepped = beat != beat_;
    beat_ = beat;
    if (stepped) {
      silent_ = sleeping_ = 0;
      return Advice::wait;
    }
    const Activity now = activity();
    const Activity before = before_;
    before_ = now;
    if (now.minor_faults != before.minor_faults || now.starves_since(before)) return Advice::wait;
    silent_ += judges ? 0 : 1;
    sleeping_ = now.sleeps() ? sleeping_ + 1 : 0;
    // Harness code never sleeps, but for ever on a lock that it held when the map had it crash.
    if (sleeping_ >= wakings_max * sleeping_max_ || silent_ > silent_max) return Advice::give_up;
    return sleeping_ > 0 && sleeping_ % sleeping_max_ == 0 ? Advice::wake : Advice::wait;
  }

 private:
  std::uint64_t beat_;
  unsigned sleeping_max_;
  unsigned silent_ = 0;
  unsigned sleeping_ = 0;
  Activity before_;
};

}  // namespace mapquake
