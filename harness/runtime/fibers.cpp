#include "harness/runtime/fibers.hpp"

#include "harness/base/assert.hpp"
#include "harness/memory/layout.hpp"
#include "harness/runtime/scheduler.hpp"

#include <boost/fiber/all.hpp>

#include <sys/mman.h>
#include <array>
#include <memory>

namespace mapquake::runtime {

namespace {

using boost::fibers::context;

// Whether a thread of the map is blocked, and who runs next, is our scheduler's knowledge: Boost's is never asked. Its
// dispatcher would only reap finished fibers, and ours never finish.
struct Pool {
  std::array<context*, threads_max> contexts{};
  std::array<boost::fibers::fiber, threads_max> fibers;
  context* outside = nullptr;
  unsigned made = 0;
  unsigned starting = 0;
  void (*body)(unsigned) = nullptr;
};

Pool* pool = nullptr;

class NeverAsked final : public boost::fibers::algo::algorithm {
 public:
  void awakened(context*) noexcept override {}
  context* pick_next() noexcept override { return nullptr; }
  bool has_ready_fibers() const noexcept override { return false; }
  void suspend_until(const std::chrono::steady_clock::time_point&) noexcept override {}
  void notify() noexcept override {}
};

// Boost.Context's StackAllocator: our fixed stacks, each with a guard page below.
struct FixedStack {
  using traits_type = boost::context::stack_traits;
  unsigned index;

  boost::context::stack_context allocate() const {
    const std::uint64_t lowest = memory::stack_bottom(index);
    const int error = ::mprotect(reinterpret_cast<void*>(lowest), memory::stack_guard_bytes, PROT_NONE);
    MQ_ASSERT(error == 0);
    boost::context::stack_context stack;
    stack.size = memory::stack_bytes;
    stack.sp = reinterpret_cast<void*>(memory::stack_top(index));
    return stack;
  }
  void deallocate(boost::context::stack_context&) const noexcept {}
};

}  // namespace

void open_fibers() {
  MQ_ASSERT(pool == nullptr);
  pool = new Pool;  // lives as long as the process: fibers that never finish must not be destroyed
  boost::fibers::use_scheduling_algorithm<NeverAsked>();
  pool->outside = context::active();
}

void make_fiber(unsigned index, void (*body)(unsigned index)) {
  MQ_ASSERT(index == pool->made && index < threads_max);
  context* const creator = context::active();
  pool->body = body;
  pool->starting = index;
  // Dispatched at once, so that it can name its context, and goes straight back.
  pool->fibers[index] =
      boost::fibers::fiber(boost::fibers::launch::dispatch, std::allocator_arg, FixedStack{index}, [creator] {
        const unsigned mine = pool->starting;
        pool->contexts[mine] = context::active();
        creator->resume();
        pool->body(mine);
      });
  ++pool->made;
}

unsigned fibers_made() {
  return pool->made;
}

__attribute__((noinline)) void switch_to_fiber(unsigned index) {
  pool->contexts[index]->resume();
}

__attribute__((noinline)) void switch_outside() {
  pool->outside->resume();
}

}  // namespace mapquake::runtime
