#include "harness/shrink/passes.hpp"
#include "harness/shrink/remap.hpp"

#include <algorithm>
#include <vector>

namespace mapquake {
namespace {

constexpr std::size_t worth_it = 4;        ///< operations; below, leaving out one at a time has seen all there is
constexpr std::size_t size_max = 3;        ///< operations of the programs that are tried
constexpr std::size_t programs_max = 300;  ///< of each size; beyond, those of the last operations are left out
constexpr std::uint32_t preemptions_max = 2;

/// The best case with the operations at `kept` (ascending, in the order of threads and then of operations) alone.
Case reduced_to(const Case& input, const std::vector<std::size_t>& kept) {
  Case output = input;
  for (std::size_t at = input.program.operation_count(); at-- > 0;) {
    if (!std::ranges::binary_search(kept, at)) output = without_operations(output, at, at + 1);
  }
  return output;
}

/// The next choice of as many indexes below `count`, in lexicographic order. False: that was the last.
bool advance(std::vector<std::size_t>& chosen, std::size_t count) {
  for (std::size_t at = chosen.size(); at-- > 0;) {
    if (chosen[at] + (chosen.size() - at) >= count) continue;
    ++chosen[at];
    for (std::size_t next = at + 1; next < chosen.size(); ++next) chosen[next] = chosen[next - 1] + 1;
    return true;
  }
  return false;
}

}  // namespace

bool smaller_programs(Session& session, std::uint32_t runs) {
  const Case best = session.best();
  const std::size_t count = best.program.operation_count();
  if (count < worth_it) return false;
  for (std::size_t size = 2; size <= std::min(size_max, count - 1); ++size) {
    std::vector<std::size_t> chosen(size);
    for (std::size_t i = 0; i < size; ++i) chosen[i] = i;
    std::size_t tried = 0;
    do {
      if (session.spent()) return false;
      const Case candidate = reduced_to(best, chosen);
      const Effort effort{.bounded_runs = runs};
      if (session.search(candidate.program, faults_of(candidate.choices), preemptions_max, effort).accepted)
        return true;
    } while (advance(chosen, count) && ++tried < programs_max);
  }
  return false;
}

}  // namespace mapquake
