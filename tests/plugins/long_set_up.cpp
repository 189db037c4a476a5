// Maps whose construction takes longer than an execution may, and for ever.
#include <mapquake/adapter.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace {

using mapquake::Key;
using mapquake::Value;

constexpr mapquake::Claims claims_here{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                       .iteration = mapquake::Iteration::none,
                                       .size = mapquake::SizeClaim::none,
                                       .on_bad_alloc = mapquake::ExceptionGuarantee::none};

/// `Rounds` steps, or none that end.
template <std::uint64_t Rounds>
class LongSetUp {
 public:
  static constexpr mapquake::Claims claims = claims_here;
  static constexpr const char* about = "the constructor takes long";
  static constexpr mapquake::Expectation expected = [] {
    mapquake::Expectation expectation;
    if (Rounds == 0) expectation.outcomes = "budget exceeded";
    return expectation;
  }();

  LongSetUp() {
    const auto cells = std::make_unique<std::uint64_t[]>(512);
    for (std::uint64_t i = 0; Rounds == 0 || i < Rounds; ++i) {
      std::uint64_t* cell = &cells[i % 512];
      asm volatile("" : "+r"(cell));
      *cell += i;
    }
  }
  bool insert(Key key, Value value) {
    const std::lock_guard lock(mutex_);
    return map_.emplace(key, value).second;
  }
  std::optional<Value> find(Key key) {
    const std::lock_guard lock(mutex_);
    const auto found = map_.find(key);
    return found == map_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::mutex mutex_;
  std::map<Key, Value> map_;
};
MAPQUAKE_MAP("long_set_up", LongSetUp<1'000'000>);
MAPQUAKE_MAP("endless_set_up", LongSetUp<0>);

}  // namespace
