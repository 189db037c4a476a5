// Threads that register when they start: one map counts them under a lock (right), one without (data race). Whatever
// happens in the hook has numbers behind those of all operations, and comes first.
//
// Minimum: 2 threads, no operations, no preemption.
#include <mapquake/adapter.hpp>

#include <map>
#include <mutex>
#include <optional>

namespace {

using mapquake::Key;
using mapquake::Value;

class LockedMap {
 public:
  static constexpr mapquake::Claims claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                           .citation = "tests/plugins/started_probe.cpp"};

  bool insert(Key key, Value value) {
    const std::scoped_lock hold(lock_);
    return map_.emplace(key, value).second;
  }
  std::optional<Value> find(Key key) {
    const std::scoped_lock hold(lock_);
    const auto found = map_.find(key);
    return found == map_.end() ? std::nullopt : std::optional(found->second);
  }
  bool erase(Key key) {
    const std::scoped_lock hold(lock_);
    return map_.erase(key) != 0;
  }

 protected:
  std::mutex lock_;
  unsigned users_ = 0;

 private:
  std::map<Key, Value> map_;
};

class RegisteringMap : public LockedMap {
 public:
  static constexpr mapquake::Expectation expected{};
  static constexpr const char* about = "counts its threads under a lock as they start";

  void thread_started() {
    const std::scoped_lock hold(lock_);
    ++users_;
  }
};

class HastyMap : public LockedMap {
 public:
  static constexpr mapquake::Expectation expected{.outcomes = "data race"};
  static constexpr const char* about = "counts its threads as they start, without a lock";

  void thread_started() { ++users_; }
};

MAPQUAKE_MAP("probe_registers_under_a_lock", RegisteringMap);
MAPQUAKE_MAP("probe_registers_hastily", HastyMap);

}  // namespace
