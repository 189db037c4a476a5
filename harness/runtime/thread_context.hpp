// Which thread the processor believes it is: the FS base, through which thread_local, errno, pthread_self and the C++
// exception globals are reached. A fiber borrows that of a parked helper thread, so that all of these are its own.
#pragma once

#include "harness/memory/image.hpp"

#include <cstdint>

namespace mapquake::runtime {

std::uint64_t fs_base();
/// 7 ns where the processor and kernel have FSGSBASE, a system call otherwise. Nothing that the compiler may have
/// cached from thread_local storage survives: call only from noinline functions that touch none.
void set_fs_base(std::uint64_t base);
/// Finds out once whether FSGSBASE may be used.
void detect_fsgsbase();

/// A helper thread that sleeps for ever; its thread_local storage is lent out.
struct Loan {
  std::uint64_t fs_base = 0;
  memory::Image tls;  ///< as it was before any map code ran
};

/// Starts a helper and waits until it is parked. Requires: called with the real FS base, as harness code. About 30 µs.
Loan borrow_thread();

}  // namespace mapquake::runtime
