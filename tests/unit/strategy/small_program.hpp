// Random small programs over shared words, mutexes and condition variables, run under a strategy as the runtime runs
// threads: asked before each event, where a thread blocks and where it ends. Fast enough to go through all orders.
#pragma once

#include "harness/strategy/strategy.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace mapquake::small {

enum class Kind : std::uint8_t { load, store, add, exchange_if_zero, lock, unlock, try_lock, wait, signal, spin, draw };

struct Instruction {
  Kind kind = Kind::load;
  unsigned object = 0;  ///< word, mutex or condition variable; of a wait both, with one number
  unsigned value = 1;
};

struct SmallProgram {
  std::vector<std::vector<Instruction>> threads;
  bool locks_block = false;     ///< a mutex that another has is not even tried to be taken
  bool spins_block = false;     ///< Kind::spin waits instead of going round
  bool has_operations = false;  ///< every instruction is an operation of its own, and its real-time order an outcome
};

std::ostream& operator<<(std::ostream& out, const SmallProgram& program);

struct SmallRun {
  std::string outcome;  ///< what each thread has read, memory at the end, and whether all came to their end
  std::string order;    ///< equal for two runs that differ in the order of independent steps alone
  unsigned preemptions = 0;
  bool is_cut = false;  ///< a loop went round too often
};

SmallRun run(Strategy& strategy, const SmallProgram& program);

/// Goes through all answers to all questions, in no clever way.
class EveryAnswer final : public Strategy {
 public:
  bool next() override;
  void begin(std::uint64_t seed, unsigned thread_count) override;
  ThreadId next_thread(const Point& point, std::span<const ThreadId> ready) override;
  std::uint32_t next_choice(const Point& point, ChoiceKind kind, std::uint32_t n) override;
  bool follows_effects() const override { return true; }

 private:
  std::uint32_t answer(std::uint32_t n);
  struct Answer {
    std::uint32_t n = 1, take = 0;
  };
  std::vector<Answer> answers_;
  std::size_t at_ = 0;
  bool started_ = false;
};

}  // namespace mapquake::small
