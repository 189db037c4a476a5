// Keys and values of a byte: what programs ask for must fit into them, or a right map looks wrong.
#include <mapquake/adapter.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace {

enum class Added : std::uint8_t { to_the_entry, to_a_copy };

template <class T, Added added>
class Narrow {
 public:
  static constexpr mapquake::Claims claims{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                           .iteration = mapquake::Iteration::snapshot,
                                           .size = mapquake::SizeClaim::linearizable};

  Narrow() = default;
  template <class Iterator>
  Narrow(Iterator first, Iterator last) : map_(first, last) {}

  bool insert(T key, T value) {
    const std::lock_guard lock(mutex_);
    return map_.emplace(key, value).second;
  }
  std::optional<T> find(T key) const {
    const std::lock_guard lock(mutex_);
    const auto found = map_.find(key);
    return found == map_.end() ? std::nullopt : std::optional<T>(found->second);
  }
  bool erase(T key) {
    const std::lock_guard lock(mutex_);
    return map_.erase(key) != 0;
  }
  bool assign(T key, T value) {
    const std::lock_guard lock(mutex_);
    return map_.insert_or_assign(key, value).second;
  }
  template <class Change>
  bool update(T key, Change change) {
    const std::lock_guard lock(mutex_);
    const auto found = map_.find(key);
    if (found == map_.end()) return false;
    T value = found->second;
    change(added == Added::to_the_entry ? found->second : value);
    return true;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return map_.size();
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, value] : map_) visit(key, value);
  }

 private:
  mutable std::mutex mutex_;
  std::map<T, T> map_;
};

using Byte = Narrow<std::uint8_t, Added::to_the_entry>;
using ByteLost = Narrow<std::uint8_t, Added::to_a_copy>;
using SignedByte = Narrow<std::int8_t, Added::to_the_entry>;
using Word = Narrow<std::uint32_t, Added::to_the_entry>;
using WordLost = Narrow<std::uint32_t, Added::to_a_copy>;

}  // namespace

MAPQUAKE_MAP("map_of_bytes", Byte);
MAPQUAKE_MAP("map_of_bytes_lost_update", ByteLost);
MAPQUAKE_MAP("map_of_signed_bytes", SignedByte);
MAPQUAKE_MAP("map_of_words", Word);
MAPQUAKE_MAP("map_of_words_lost_update", WordLost);
