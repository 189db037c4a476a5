// Learns which instructions touch memory that several threads share, so that only those become scheduling points and
// long initialisation loops cost no choices. The shadow remembers the last access of every eight bytes.
#pragma once

#include "harness/memory/layout.hpp"

#include <array>
#include <cstdint>

namespace mapquake::memory {

/// Shadow cell: 32 bits of the instruction, 8 of the thread, 1 write, 16 of the execution.
/// Invariants: 1. a cell counts only if its execution is the current one. 2. learned_ only grows within a program.
class Sharing {
 public:
  /// Maps the shadow. Call once per process.
  void open();
  /// The memory outside the span that is watched too: the plugin's data.
  void watch_data(std::uint64_t first, std::uint64_t bytes);

  /// A new execution: no access has happened yet. What was learned stays.
  void begin_execution();
  /// A new program: nothing is learned yet.
  void forget();

  /// Notes an access by `thread` and answers whether the instruction at `pc` is known to touch shared memory. The
  /// main thread (0), which constructs and examines, shares with nobody. About 2 ns.
  bool access(std::uint64_t address, std::uint64_t pc, unsigned thread, bool write) {
    std::uint64_t* const cell = cell_of(address);
    if (cell == nullptr) return learned(pc);
    const std::uint64_t old = *cell;
    std::uint64_t mine = (pc << 32) | (std::uint64_t{thread} << 24) | (std::uint64_t{write} << 23) | execution_;
    const bool fresh = (old & execution_mask) != execution_;
    const unsigned other = (old >> 24) & 0xff;
    if (!fresh && other != thread) {
      if (((old >> 23) & 1) != 0 || write) {
        if (other != 0 && thread != 0) {
          learn(pc);
          learn(old >> 32);
        }
      }
    } else if (!fresh) {
      mine |= old & (std::uint64_t{1} << 23);  // a thread's own write stays visible behind its later reads
    }
    *cell = mine;
    return learned(pc);
  }
  /// The instruction at `pc` touches shared memory.
  void learn(std::uint64_t pc) {
    std::uint8_t& known = learned_[slot(pc)];
    learned_count_ += known == 0;
    known = 1;
  }
  bool learned(std::uint64_t pc) const { return learned_[slot(pc)] != 0; }
  /// Grows whenever an instruction turns out to touch shared memory; 0 after forget().
  std::uint32_t learned_count() const { return learned_count_; }

 private:
  static constexpr std::uint64_t execution_mask = 0x7fffff;
  static constexpr unsigned table_bits = 14;

  static unsigned slot(std::uint64_t pc) {
    return static_cast<unsigned>((static_cast<std::uint32_t>(pc) * 0x9e3779b1U) >> (32 - table_bits));
  }
  std::uint64_t* cell_of(std::uint64_t address) {
    if (in_span(address)) return reinterpret_cast<std::uint64_t*>(shadow_base) + (address - span_base) / 8;
    if (address - data_first_ < data_bytes_) return data_cells_ + (address - data_first_) / 8;
    return nullptr;
  }

  std::uint64_t execution_ = 1;
  std::uint64_t data_first_ = 0;
  std::uint64_t data_bytes_ = 0;
  std::uint64_t* data_cells_ = nullptr;
  std::uint32_t learned_count_ = 0;
  std::array<std::uint8_t, std::size_t{1} << table_bits> learned_{};
};

/// The one of this process.
extern Sharing sharing;

}  // namespace mapquake::memory
