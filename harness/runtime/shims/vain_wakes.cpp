#include "harness/runtime/shims/vain_wakes.hpp"

#include "harness/runtime/shims/state.hpp"
#include "harness/runtime/state.hpp"

#include <algorithm>
#include <vector>

namespace mapquake::runtime {
namespace {

constexpr std::size_t objects_max = 64;

struct VainWake {
  const void* object = nullptr;
  std::uint64_t step = 0;  ///< of the last one
};

// Part of the runtime's state; reset with the shims. The last ones, each object once.
std::vector<VainWake> wakes;

}  // namespace

void note_vain_wake(const void* object) {
  std::erase_if(wakes, [&](const VainWake& wake) { return wake.object == object; });
  if (wakes.size() == objects_max) wakes.erase(wakes.begin());
  wakes.push_back({object, rt.steps});
}

bool was_woken_in_vain(const void* object, std::uint64_t since) {
  return std::ranges::any_of(wakes, [&](const VainWake& wake) { return wake.object == object && wake.step >= since; });
}

void reset_vain_wakes() {
  wakes.clear();
}

}  // namespace mapquake::runtime
