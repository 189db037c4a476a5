// getrandom, arc4random, std::random_device (which may use rdrand and so is replaced itself) and the generators of libc
// that have hidden state: rand, random, drand48. Those that keep their state with the caller (rand_r) are libc's.
#include "harness/runtime/shims/random.hpp"

#include "harness/base/rng.hpp"
#include "harness/runtime/scheduler.hpp"
#include "harness/runtime/shims/environment.hpp"
#include "harness/runtime/shims/interpose.hpp"
#include "harness/runtime/shims/state.hpp"
#include "harness/runtime/state.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace mapquake::runtime {
namespace {

constexpr std::uint64_t entropy_seed = 0x6d61707175616b65;

struct RandomState {
  Rng entropy{entropy_seed};
  Rng rand{1};  // srand(1), as ISO C has it
  Rng rand48{0};
  bool sequence_chosen = false;
};

constinit RandomState state;

}  // namespace

void reset_random() {
  state = RandomState{};
}

std::uint64_t random_number(std::uint64_t pc) {
  note_effect(Effect::changes, &state);
  if (!state.sequence_chosen) {
    const HarnessScope scope;
    state.entropy = Rng(entropy_seed + random_sequence(pc));
    state.sequence_chosen = true;
  }
  return state.entropy.next();
}

void random_bytes(void* to, std::size_t size, std::uint64_t pc) {
  auto* bytes = static_cast<unsigned char*>(to);
  while (size > 0) {
    const std::uint64_t number = random_number(pc);
    const std::size_t part = std::min(size, sizeof number);
    std::memcpy(bytes, &number, part);
    bytes += part;
    size -= part;
  }
}

}  // namespace mapquake::runtime

using namespace mapquake;
using namespace mapquake::runtime;

MQ_INTERPOSED ssize_t getrandom(void* to, size_t size, unsigned flags) {
  if (!in_map) return MQ_REAL(getrandom)(to, size, flags);
  random_bytes(to, size, MQ_CALLER);
  return static_cast<ssize_t>(size);
}

MQ_INTERPOSED int getentropy(void* to, size_t size) {
  if (!in_map) return MQ_REAL(getentropy)(to, size);
  if (size > 256) {
    errno = EIO;
    return -1;
  }
  random_bytes(to, size, MQ_CALLER);
  return 0;
}

MQ_INTERPOSED std::uint32_t arc4random() noexcept {
  if (!in_map) return MQ_REAL(arc4random)();
  return static_cast<std::uint32_t>(random_number(MQ_CALLER));
}

MQ_INTERPOSED void arc4random_buf(void* to, size_t size) noexcept {
  if (!in_map) return MQ_REAL(arc4random_buf)(to, size);
  random_bytes(to, size, MQ_CALLER);
}

MQ_INTERPOSED std::uint32_t arc4random_uniform(std::uint32_t bound) noexcept {
  if (!in_map) return MQ_REAL(arc4random_uniform)(bound);
  return bound < 2 ? 0 : static_cast<std::uint32_t>(random_number(MQ_CALLER) % bound);
}

// unsigned std::random_device::_M_getval()
MQ_INTERPOSED unsigned random_device_value(void* device) __asm__("_ZNSt13random_device9_M_getvalEv");
unsigned random_device_value(void* device) {
  if (!in_map) return MQ_REAL_AS(unsigned (*)(void*), "_ZNSt13random_device9_M_getvalEv")(device);
  return static_cast<unsigned>(random_number(MQ_CALLER));
}

MQ_INTERPOSED void srand(unsigned seed) noexcept {
  if (!in_map) return MQ_REAL(srand)(seed);
  note_effect(Effect::changes, &state);
  state.rand = Rng(seed);
}

MQ_INTERPOSED int rand() noexcept {
  if (!in_map) return MQ_REAL(rand)();
  note_effect(Effect::changes, &state);
  return static_cast<int>(state.rand.next() >> 33);
}

MQ_INTERPOSED void srandom(unsigned seed) noexcept {
  if (!in_map) return MQ_REAL(srandom)(seed);
  note_effect(Effect::changes, &state);
  state.rand = Rng(seed);
}

MQ_INTERPOSED long random() noexcept {
  if (!in_map) return MQ_REAL(random)();
  note_effect(Effect::changes, &state);
  return static_cast<long>(state.rand.next() >> 33);
}

MQ_INTERPOSED void srand48(long seed) noexcept {
  if (!in_map) return MQ_REAL(srand48)(seed);
  note_effect(Effect::changes, &state);
  state.rand48 = Rng(static_cast<std::uint64_t>(seed));
}

MQ_INTERPOSED double drand48() noexcept {
  if (!in_map) return MQ_REAL(drand48)();
  note_effect(Effect::changes, &state);
  return static_cast<double>(state.rand48.next() >> 16) * 0x1p-48;
}

MQ_INTERPOSED long lrand48() noexcept {
  if (!in_map) return MQ_REAL(lrand48)();
  note_effect(Effect::changes, &state);
  return static_cast<long>(state.rand48.next() >> 33);
}

MQ_INTERPOSED long mrand48() noexcept {
  if (!in_map) return MQ_REAL(mrand48)();
  note_effect(Effect::changes, &state);
  return static_cast<std::int32_t>(state.rand48.next() >> 32);
}
