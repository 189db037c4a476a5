#include "harness/runtime/shims/vain_wakes.hpp"

#include "harness/runtime/shims/state.hpp"

#include <algorithm>
#include <vector>

namespace mapquake::runtime {
namespace {

constexpr std::size_t objects_max = 64;

// Part of the runtime's state; reset with the shims. The last ones, each once.
std::vector<const void*> objects;

}  // namespace

void note_vain_wake(const void* object) {
  if (was_woken_in_vain(object)) return;
  if (objects.size() == objects_max) objects.erase(objects.begin());
  objects.push_back(object);
}

bool was_woken_in_vain(const void* object) {
  return std::ranges::find(objects, object) != objects.end();
}

void reset_vain_wakes() {
  objects.clear();
}

}  // namespace mapquake::runtime
