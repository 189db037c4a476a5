// The futex system call (futex(2)) on waiting fibers.
#pragma once

#include <cstdint>

namespace mapquake::runtime {

/// The arguments as the kernel takes them: `timeout` is a timespec for waits and a number (val2) for requeues.
struct FutexCall {
  std::uint32_t* address;
  int operation;
  std::uint32_t value;
  std::uint64_t timeout;
  std::uint32_t* address2;
  std::uint32_t value3;
};

/// WAIT, WAIT_BITSET, WAKE, WAKE_BITSET, REQUEUE, CMP_REQUEUE, private or not. Answers as the kernel does: a negative
/// errno for an error, ENOSYS for every other operation.
long futex(const FutexCall& call, std::uint64_t pc);

}  // namespace mapquake::runtime
