// Which threads hold a reader-writer lock shared: glibc's structure has only their number.
#pragma once

#include "harness/choice/choice.hpp"

namespace mapquake::runtime {

/// The current thread holds `lock` shared, once more. Requires: harness code.
void hold_shared(const void* lock);
/// It has let go of it once. No effect where it held none (another thread's hold is given back: undefined by POSIX).
void let_go_shared(const void* lock);
/// Of the threads that hold `lock` shared `preferred`, else the first one; UINT16_MAX: nobody does.
ThreadId shared_holder(const void* lock, ThreadId preferred);

void reset_lock_holds();

}  // namespace mapquake::runtime
