// One deep defect, alone and behind shallow ones that show in many executions: a campaign must get past those.
#include <mapquake/adapter.hpp>

#include <map>
#include <mutex>
#include <optional>

namespace {

using mapquake::Key;
using mapquake::Value;

enum class Shallow { none, leak, crash, loop };

template <Shallow shallow>
class Map {
 public:
  static constexpr mapquake::Claims claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                           .on_bad_alloc = mapquake::ExceptionGuarantee::none,
                                           .citation = "tests/plugins/behind_map.cpp"};
  static constexpr const char* about = "two inserts of one key may both say that they added it";

  bool insert(Key key, Value value) {
    if constexpr (shallow == Shallow::leak) [[maybe_unused]]
      int* volatile lost = new int(1);
    bool absent = false;
    {
      const std::scoped_lock hold(lock_);
      absent = !entries_.contains(key);
    }
    // The deep one: another insert of the key may come in between.
    const std::scoped_lock hold(lock_);
    if (absent) entries_.insert_or_assign(key, value);
    return absent;
  }
  std::optional<Value> find(Key key) {
    const std::scoped_lock hold(lock_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? std::nullopt : std::optional<Value>(found->second);
  }
  bool erase(Key key) {
    const std::scoped_lock hold(lock_);
    const bool erased = entries_.erase(key) != 0;
    if constexpr (shallow == Shallow::crash) {
      if (!erased) *nowhere_ = 1;
    }
    if constexpr (shallow == Shallow::loop) {
      while (!erased) rounds_ = rounds_ + 1;
    }
    return erased;
  }

 private:
  std::mutex lock_;
  std::map<Key, Value> entries_;
  int* volatile nowhere_ = nullptr;
  volatile int rounds_ = 0;
};

MAPQUAKE_MAP("deep", Map<Shallow::none>);
MAPQUAKE_MAP("deep_behind_leak", Map<Shallow::leak>);
MAPQUAKE_MAP("deep_behind_crash", Map<Shallow::crash>);
MAPQUAKE_MAP("deep_behind_loop", Map<Shallow::loop>);

}  // namespace
