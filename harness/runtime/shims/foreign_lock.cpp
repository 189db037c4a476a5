#include "harness/runtime/shims/foreign_lock.hpp"

#include "harness/base/assert.hpp"
#include "harness/memory/layout.hpp"
#include "harness/runtime/state.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace mapquake::runtime {
namespace {

constexpr std::size_t bytes_max = 64;

struct Remembered {
  void* lock;
  std::size_t bytes;
  unsigned char state[bytes_max];
};

constinit std::vector<Remembered> remembered;

bool is_put_back(const void* lock) {
  const auto address = reinterpret_cast<std::uint64_t>(lock);
  return memory::in_span(address) || rt.data.contains(address);
}

}  // namespace

void before_change(void* lock, std::size_t bytes) {
  MQ_ASSERT(!in_map && bytes <= bytes_max);
  if (is_put_back(lock)) return;
  if (std::any_of(remembered.begin(), remembered.end(), [&](const Remembered& one) { return one.lock == lock; }))
    return;
  Remembered& one = remembered.emplace_back(Remembered{lock, bytes, {}});
  std::memcpy(one.state, lock, bytes);
}

void reset_foreign_locks() {
  for (const Remembered& one : remembered) std::memcpy(one.lock, one.state, one.bytes);
  remembered.clear();
}

}  // namespace mapquake::runtime
