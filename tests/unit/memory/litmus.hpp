// Litmus tests of the memory model: small programs in one line of text, run in every interleaving and with every choice
// that the model leaves, so that the set of outcomes is exact.
//
//   threads are separated by |, and instructions by spaces:
//     Wx1:rel   x.store(1, release)               Rx:acq    x.load(acquire)
//     Ax1:ar    x.fetch_add(1, acq_rel)           Xx2:rlx   x.exchange(2, relaxed)
//     Cx01:ar   x.compare_exchange_strong(0, 1, acq_rel, the same without release)
//     F:sc      atomic_thread_fence(seq_cst)      Px1       x = 1 by a plain write
//   the orders are rlx, acq, rel, ar and sc; behind a ; the locations whose final values count.
//
// An outcome is the values read, in the order of threads and instructions, then the final ones: "10" or "10 2".
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::memory {

struct Instruction {
  char kind = 0;
  char location = 0;
  std::uint64_t value = 0;
  std::uint64_t expected = 0;
  int order = 0;  ///< as compilers pass it
};

struct LitmusProgram {
  std::vector<std::vector<Instruction>> threads;
  std::string final_values;  ///< locations
};

LitmusProgram parse_litmus(std::string_view text);

struct LitmusResult {
  std::set<std::string> outcomes;
  unsigned long executions = 0;
};

/// By StoreHistories. Requires at most 15 threads.
LitmusResult run_litmus(const LitmusProgram& program);

}  // namespace mapquake::memory
