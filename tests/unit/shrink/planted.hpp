// Failures planted in the fake executor, with their minimum derived by hand.
#pragma once

#include "tests/unit/shrink/fake_executor.hpp"

#include <vector>

namespace mapquake::fake {

struct Planted {
  const char* name;
  Predicate predicate;
  OpMask operations;  ///< of the bloated programs
  std::size_t threads, operation_count;
  std::uint32_t preemptions;
  std::size_t prefill;
  std::uint32_t faults;
};

/// Lost update: between events 2 and 3 of an insert, another thread does the whole of an erase of the same key.
/// 2 threads, 2 operations, 1 preemption.
std::string lost_update(const Program& program, std::span<const Step> steps);
/// Lock order: event 2 of two updates of one key in the order X Y, event 3 in the order X Y as well, with Y's 2 before
/// X's 3. X must be left and come back before Y goes on: 2 threads, 2 operations, 2 preemptions.
std::string crossed_locks(const Program& program, std::span<const Step> steps);
/// Insert, erase and contains of one key in one thread, in this order. 1 thread, 3 operations.
std::string three_in_a_row(const Program& program, std::span<const Step> steps);
/// An insert of a key that is not in the prefill, where the prefill has 3 entries or more. 1 operation, prefill 3.
std::string growth(const Program& program, std::span<const Step> steps);
/// An allocation failure in an assign. 1 operation, 1 fault.
std::string failed_allocation(const Program& program, std::span<const Step> steps);
/// An allocation failure in an assign during which another thread reads the key. 2 operations, 1 preemption, 1 fault.
std::string torn_after_failure(const Program& program, std::span<const Step> steps);

const std::vector<Planted>& all_planted();

}  // namespace mapquake::fake
