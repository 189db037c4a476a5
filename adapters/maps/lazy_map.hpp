// S4 lazy_map: a pointer to a map, null until the first write makes it. The map behind the pointer is right; what is in
// question is who makes it. Reads of a null map answer as an empty one does and make nothing.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace mapquake::maps {

/// `if (pointer == null) pointer = make()`: two first writers both make one, and what the first put into his is lost
/// (incidents I1, I2). Broken on purpose.
template <class T>
class UnsynchronisedLazy {
 public:
  UnsynchronisedLazy() = default;
  UnsynchronisedLazy(const UnsynchronisedLazy&) = delete;
  UnsynchronisedLazy& operator=(const UnsynchronisedLazy&) = delete;
  ~UnsynchronisedLazy() { delete pointer_; }

  T& get() {
    if (pointer_ == nullptr) pointer_ = new T();
    return *pointer_;
  }
  T* peek() const { return pointer_; }

 private:
  T* pointer_ = nullptr;
};

/// The defence: std::call_once. If making it throws, the next one tries again.
template <class T>
class OnceLazy {
 public:
  OnceLazy() = default;
  OnceLazy(const OnceLazy&) = delete;
  OnceLazy& operator=(const OnceLazy&) = delete;
  ~OnceLazy() { delete pointer_.load(std::memory_order_relaxed); }

  T& get() {
    std::call_once(once_, [this] { pointer_.store(new T(), std::memory_order_release); });
    return *pointer_.load(std::memory_order_acquire);
  }
  T* peek() const { return pointer_.load(std::memory_order_acquire); }

 private:
  std::once_flag once_;
  std::atomic<T*> pointer_{nullptr};
};

/// `Lazy<T>` is one of the two above. Every single operation is atomic once the map exists; callbacks run under its
/// lock.
template <class K, class V, template <class> class Lazy, class Hash = std::hash<K>>
class LazyMap {
 public:
  bool insert(const K& key, const V& value) {
    return with(made_.get(), [&](Entries& e) { return e.try_emplace(key, value).second; });
  }
  bool assign(const K& key, const V& value) {
    return with(made_.get(), [&](Entries& e) { return e.insert_or_assign(key, value).second; });
  }
  V get_or_create(const K& key, const V& value) {
    return with(made_.get(), [&](Entries& e) { return e.try_emplace(key, value).first->second; });
  }
  std::optional<V> find(const K& key) const {
    return if_made(std::optional<V>(), [&](const Entries& e) {
      const auto found = e.find(key);
      return found == e.end() ? std::nullopt : std::optional<V>(found->second);
    });
  }
  bool contains(const K& key) const { return find(key).has_value(); }
  bool erase(const K& key) {
    return if_made(false, [&](Entries& e) { return e.erase(key) == 1; });
  }
  template <class Change>
  bool update(const K& key, Change change) {
    return if_made(false, [&](Entries& e) {
      const auto found = e.find(key);
      if (found == e.end()) return false;
      change(found->second);
      return true;
    });
  }
  std::size_t size() const {
    return if_made(std::size_t{0}, [](const Entries& e) { return e.size(); });
  }
  void clear() {
    if_made(0, [](Entries& e) {
      e.clear();
      return 0;
    });
  }
  template <class Visit>
  void for_each(Visit visit) const {
    if_made(0, [&](const Entries& e) {
      for (const auto& [key, value] : e) visit(key, value);
      return 0;
    });
  }
  bool made() const { return made_.peek() != nullptr; }
  std::string dump() const {
    return made() ? "map: made, " + std::to_string(size()) + " entries\n" : std::string("map: null\n");
  }

 private:
  using Entries = std::unordered_map<K, V, Hash>;
  struct Map {
    std::mutex mutex;
    Entries entries;
  };

  template <class Call>
  static auto with(Map& map, Call call) {
    const std::scoped_lock lock(map.mutex);
    return call(map.entries);
  }
  template <class Answer, class Call>
  Answer if_made(Answer otherwise, Call call) const {
    Map* const map = made_.peek();
    return map == nullptr ? otherwise : with(*map, call);
  }

  Lazy<Map> made_;
};

}  // namespace mapquake::maps
