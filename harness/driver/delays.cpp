#include "harness/driver/delays.hpp"

#include "harness/base/rng.hpp"

#include <sched.h>
#include <time.h>

#include <algorithm>

namespace mapquake::driver {
namespace {

/// Written between rounds alone.
struct Sites {
  std::uint64_t seed = 0;
  std::uint64_t below = 0;   ///< of 2^32: a place whose hash is below it is a site
  std::uint64_t rarity = 0;  ///< bits that must be drawn 0 for a visit to be held up: few early ones, or many anywhere
  const std::vector<CodeRange>* places = nullptr;  ///< instead of those by hash
  std::uintptr_t base = 0;
};
constinit Sites sites;

struct Participant {
  bool takes_part = false;
  std::uint64_t random = 1;
  unsigned left = 0;  ///< hold-ups: on a busy machine each may cost a time slice
};
constinit thread_local Participant me;

std::uint64_t draw() {
  me.random = mix64(me.random);
  return me.random;
}

void hold_up() {
  const std::uint64_t drawn = draw();
  if ((drawn >> 32 & sites.rarity) != 0 || me.left == 0) return;
  --me.left;
  switch (drawn & 7) {
    case 0:
    case 1:
      ::sched_yield();
      return;
    case 2:
      for (std::uint64_t i = drawn >> 52; i > 0; --i) asm volatile("");
      return;
    default: {
      // As long as dozens of calls: a thread that sleeps leaves its processor to the others.
      const timespec span{0, static_cast<long>(1'000 + (drawn >> 8) % 60'000)};
      ::nanosleep(&span, nullptr);
    }
  }
}

std::uint64_t rarity_of(std::uint64_t seed) {
  constexpr unsigned bits_max = 6;
  return (std::uint64_t{1} << (mix64(~seed) % (bits_max + 1))) - 1;
}

/// A block is known by the call of the hook at its beginning: a place in the middle of it lies behind that.
bool is_favoured(std::uintptr_t place) {
  constexpr std::uint64_t block_bytes = 64;
  const std::uint64_t offset = place - sites.base;
  const auto behind = std::ranges::upper_bound(*sites.places, offset, {}, &CodeRange::end);
  return behind != sites.places->end() && behind->begin < offset + block_bytes;
}

bool is_site(std::uintptr_t place) {
  if (sites.places != nullptr) return is_favoured(place);
  return (mix64(place ^ sites.seed) >> 32) < sites.below;
}

}  // namespace

void set_delay_sites(std::uint64_t seed, double share) {
  sites = {.seed = mix64(seed),
           .below = static_cast<std::uint64_t>(std::clamp(share, 0.0, 1.0) * 0x1p32),
           .rarity = rarity_of(seed)};
}

void set_delay_places(std::uint64_t seed, std::uintptr_t base, const std::vector<CodeRange>& places) {
  sites = {.seed = mix64(seed), .rarity = rarity_of(seed), .places = &places, .base = base};
}

void take_part_in_delays(bool takes_part, std::uint64_t seed) {
  constexpr unsigned hold_ups_max = 32;
  me = {takes_part, mix64(seed), hold_ups_max};
}

void maybe_delay(const void* place) {
  if (me.takes_part && is_site(reinterpret_cast<std::uintptr_t>(place))) hold_up();
}

}  // namespace mapquake::driver

// Called by what was compiled with -fsanitize-coverage=trace-pc (g++ and clang have the same hook).
extern "C" __attribute__((visibility("default"))) void __sanitizer_cov_trace_pc() {
  mapquake::driver::maybe_delay(__builtin_return_address(0));
}
