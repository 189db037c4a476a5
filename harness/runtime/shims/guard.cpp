// __cxa_guard_*: the real ones do the work, with our futex where they wait. Their atomics are in libstdc++, which is
// not instrumented, so the edge from the end of an initialisation to those who find it done is told here. (Itanium C++
// ABI, section 3.3.3.)
#include "harness/runtime/memory_check.hpp"
#include "harness/runtime/shims/interpose.hpp"

using namespace mapquake;
using namespace mapquake::runtime;

namespace {

using Acquire = int (*)(std::uint64_t*);
using End = void (*)(std::uint64_t*);

/// Looked up as harness code; called as what the caller is, because the real one may wait.
template <class Find>
auto real(Find find) {
  const HarnessScope scope;
  return find();
}

}  // namespace

MQ_INTERPOSED int __cxa_guard_acquire(std::uint64_t* guard) {
  const auto original = real([] { return MQ_REAL_AS(Acquire, "__cxa_guard_acquire"); });
  const int must_initialise = original(guard);
  if (in_map && must_initialise == 0) {
    const HarnessScope scope;
    acquired(guard);
  }
  return must_initialise;
}

MQ_INTERPOSED void __cxa_guard_release(std::uint64_t* guard) {
  const auto original = real([] { return MQ_REAL_AS(End, "__cxa_guard_release"); });
  if (in_map) {
    const HarnessScope scope;
    released(guard);
  }
  original(guard);
}

MQ_INTERPOSED void __cxa_guard_abort(std::uint64_t* guard) {
  const auto original = real([] { return MQ_REAL_AS(End, "__cxa_guard_abort"); });
  original(guard);
}
