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
constexpr std::size_t sampled_size_max = 5;  ///< operations of programs whose schedules are drawn at random
constexpr std::uint32_t sampled_share = 20, sampled_runs_min = 40;  ///< of partial order sampling
constexpr std::size_t sampled_programs_max = 130;                   ///< of each size: all fours of nine operations

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

/// The best case's programs of `size` operations, `programs` of them at most, until one fails.
bool search_programs_of(Session& session, const Case& best, std::size_t size, std::size_t programs,
                        const Effort& effort) {
  std::vector<std::size_t> chosen(size);
  for (std::size_t i = 0; i < size; ++i) chosen[i] = i;
  std::size_t tried = 0;
  do {
    if (session.spent()) return false;
    const Case candidate = reduced_to(best, chosen);
    if (session.search(candidate.program, faults_of(candidate.choices), preemptions_max, effort).accepted) return true;
  } while (advance(chosen, best.program.operation_count()) && ++tried < programs);
  return false;
}

}  // namespace

bool smaller_programs(Session& session, std::uint32_t runs) {
  const Case best = session.best();
  const std::size_t count = best.program.operation_count();
  if (count < worth_it) return false;
  for (std::size_t size = 2; size <= std::min(size_max, count - 1); ++size) {
    if (search_programs_of(session, best, size, programs_max, {.bounded_runs = runs})) return true;
  }
  // More preemptions than can be gone through: what fails by a random schedule gets calmer from there.
  if (session.execution().preemptions <= Session::depth_max) return false;
  const Effort sampled{.order_runs = std::max(runs / sampled_share, sampled_runs_min)};
  for (std::size_t size = size_max; size <= std::min(sampled_size_max, count - 1); ++size) {
    if (search_programs_of(session, best, size, sampled_programs_max, sampled)) return true;
  }
  return false;
}

}  // namespace mapquake
