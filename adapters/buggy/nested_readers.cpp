// A reader that asks for its lock again while it holds it, and one that wants to become a writer: deadlock.
//
// Nested: find() holds the lock shared and asks for it shared once more. With a writer in between, whether that ends is
// up to the lock: the standard leaves open who goes first [thread.sharedmutex.requirements], and a lock that lets
// waiting writers go first holds the second request back for ever. Minimum: 2 threads, 2 operations (find, insert), 1
// preemption (find, between its two requests), 1 fault (the lock lets the writer go first). Upgrading: insert() looks
// under the shared lock, and takes the exclusive one without letting go of it. Minimum: 1 thread, 1 operation.
#include <mapquake/adapter.hpp>

#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>

namespace {

using mapquake::Key;
using mapquake::Value;

enum class Defect { none, nested, upgrading };

template <Defect defect>
class Readers {
 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::none,
      .on_bad_alloc = mapquake::ExceptionGuarantee::strong,
      .citation = "nested_readers.cpp: every operation under one reader-writer lock",
  };
  static constexpr mapquake::Expectation expected =
      defect == Defect::none ? mapquake::Expectation{}
      : defect == Defect::nested
          ? mapquake::Expectation{.outcomes = "deadlock", .threads = 2, .operations = 2, .preemptions = 1, .faults = 1}
          : mapquake::Expectation{.outcomes = "deadlock", .threads = 1, .operations = 1};
  static constexpr const char* about = defect == Defect::none     ? "each operation takes its lock once"
                                       : defect == Defect::nested ? "a reader asks for its lock again"
                                                                  : "a reader wants to become a writer";

  bool insert(Key k, Value v) {
    if (defect == Defect::upgrading) {
      const std::shared_lock reader(lock_);
      if (entries_.count(k) != 0) return false;
      const std::unique_lock writer(lock_);
      return entries_.emplace(k, v).second;
    }
    const std::unique_lock writer(lock_);
    return entries_.emplace(k, v).second;
  }
  bool erase(Key k) {
    const std::unique_lock writer(lock_);
    return entries_.erase(k) != 0;
  }
  std::optional<Value> find(Key k) const {
    const std::shared_lock reader(lock_);
    if (defect == Defect::nested && !contains(k)) return std::nullopt;
    const auto found = entries_.find(k);
    return found == entries_.end() ? std::nullopt : std::optional<Value>(found->second);
  }
  bool contains(Key k) const {
    const std::shared_lock reader(lock_);
    return entries_.count(k) != 0;
  }

 private:
  mutable std::shared_mutex lock_;
  std::unordered_map<Key, Value> entries_;
};

MAPQUAKE_MAP("buggy_nested_readers", Readers<Defect::nested>);
MAPQUAKE_MAP("buggy_upgrading_reader", Readers<Defect::upgrading>);
MAPQUAKE_MAP("fixed_nested_readers", Readers<Defect::none>);

}  // namespace
