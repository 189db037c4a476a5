// One thread of the map under test, as the scheduler keeps it.
#pragma once

#include "harness/history/usage.hpp"
#include "harness/runtime/debugger.hpp"
#include "harness/runtime/scheduler.hpp"
#include "harness/runtime/thread_context.hpp"
#include "harness/strategy/strategy.hpp"

#include <array>
#include <csetjmp>
#include <cstdint>
#include <vector>

namespace mapquake::runtime {

enum class State : std::uint8_t { idle, ready, blocked, finished };

/// A registered destructor of a thread_local object.
struct ThreadLocalDestructor {
  void (*destroy)(void*);
  void* object;
};

/// The calls that are open, kept by __tsan_func_entry/exit: a stack trace costs nothing to take.
struct CallStack {
  static constexpr unsigned kept_max = 256;
  std::uint32_t depth = 0;
  std::array<std::uint64_t, kept_max> callers{};

  void push(std::uint64_t pc) {
    if (depth < kept_max) callers[depth] = pc;
    ++depth;
  }
  void pop() { depth -= depth != 0; }
  /// The `n`-th caller outwards, from 0; 0 where there is none.
  std::uint64_t caller(unsigned n) const {
    const std::uint32_t kept = depth < kept_max ? depth : kept_max;
    return n < kept ? callers[kept - 1 - n] : 0;
  }
};

/// Recognises a thread that re-reads unchanged memory: a spin loop without pause or yield.
struct SpinDetector {
  static constexpr unsigned rounds_max = 8;
  struct Cell {
    std::uint64_t address = 0;
    std::uint64_t pc = 0;
    std::uint64_t value = 0;
    std::uint32_t writes = 0;
    std::uint32_t rounds = 0;
  };
  std::array<Cell, 8> cells{};
  std::uint32_t writes = 0;  ///< that this thread made

  /// Notes a read by an atomic operation; true: it has seen the same there too often, without writing anything itself.
  bool reads(std::uint64_t address, std::uint64_t pc, std::uint64_t value) {
    Cell& cell = cells[(pc >> 1 ^ pc >> 4) % cells.size()];
    if (cell.address != address || cell.pc != pc || cell.value != value || cell.writes != writes) {
      cell = {address, pc, value, writes, 0};
      return false;
    }
    if (++cell.rounds < rounds_max) return false;
    cell.rounds = 0;
    return true;
  }
};

/// What the current operation has used so far. Steps and time are taken at its end, from where it began.
struct Meter {
  Usage used;
  std::uint32_t began_event = 0;
  std::uint64_t began_ns = 0;            ///< virtual time
  std::uint64_t began_skipped_ns = 0;    ///< Runtime::skipped_ns
  std::uint64_t delayed_ns = 0;          ///< by faults of its own
  std::uint32_t locks_held = 0;          ///< also those that an earlier operation left held
  std::uint32_t locked_event = 0;        ///< where the first of them was taken, or the operation began
  const void* announced_from = nullptr;  ///< source of the last copy of an aggregate
  std::size_t announced_bytes = 0;
  std::uint32_t announced_event = 0;
};

/// Invariants: 1. exactly one thread is current. 2. state is `blocked` exactly between block() and wake. 3. event
/// never decreases within an operation.
struct Thread {
  ThreadId id = 0;
  State state = State::idle;
  Wake woken_by = Wake::notified;
  OpIndex op = 0;
  std::uint64_t op_began = 0;  ///< step at which the operation, or its life, began
  OpIndex first_op = 0;        ///< with which its life began; parts of it (begin_part) are numbered behind
  std::uint32_t event = 0;
  std::uint32_t forced_event = UINT32_MAX;  ///< ask the strategy there, whatever it is
  NextStep next;                            ///< of the latest scheduling point
  std::uint64_t waits_since = 0;            ///< step at which it last ran or, if that is later, became ready
  std::uint64_t granted_until = 0;          ///< the step up to which no strategy takes its turn away
  SpinDetector spin;
  CallStack calls;
  Meter meter;

  Wait wait;
  void* (*entry)(void*) = nullptr;
  void* argument = nullptr;
  bool in_operation = false;      ///< between begin_operation and end_operation of a program thread
  bool in_hook = false;           ///< between begin_hook and end_hook: no fault is asked for
  bool allocations_fail = false;  ///< until the operation ends
  bool stalled = false;           ///< was stopped by ChoiceKind::crash, until nobody else can run
  bool runs_map_code = false;     ///< entry is the map's own (std::thread), not the harness's
  void* result = nullptr;
  std::vector<ThreadLocalDestructor> destructors;

  Loan loan;
  std::jmp_buf restart;         ///< the fiber's outermost frame
  bool restarting = false;      ///< when it next runs, it drops what is on its stack and begins a new life
  std::uint64_t parked_sp = 0;  ///< stack below it is garbage of the last execution
  std::uint64_t map_sp = 0;     ///< no live frame of the map's lies below while it is parked; 0: not known
  SavedRegisters registers;     ///< while it is parked, in an execution that is debugged
};

}  // namespace mapquake::runtime
