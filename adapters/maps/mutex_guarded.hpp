// An adapter behind one mutex that every operation holds from beginning to end: right whatever the map inside is, as
// long as it is right for one thread.
#pragma once

#include <mapquake/adapter.hpp>

#include <concepts>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

namespace mapquake::maps {

/// `Inner`: an adapter over mapquake::Key and mapquake::Value with all the operations below. Callbacks run under the
/// lock. Derived classes add claims.
template <class Inner>
class MutexGuardedOperations {
 public:
  MutexGuardedOperations() = default;
  explicit MutexGuardedOperations(CapacityHint hint) requires std::constructible_from<Inner, CapacityHint>
      : inner_(hint) {}
  MutexGuardedOperations(const MutexGuardedOperations& other)
      : MutexGuardedOperations(other, std::scoped_lock(other.mutex_)) {}

  bool insert(Key key, Value value) {
    const std::scoped_lock lock(mutex_);
    return inner_.insert(key, value);
  }
  std::optional<Value> find(Key key) {
    const std::scoped_lock lock(mutex_);
    return inner_.find(key);
  }
  bool contains(Key key) {
    const std::scoped_lock lock(mutex_);
    return inner_.contains(key);
  }
  bool erase(Key key) {
    const std::scoped_lock lock(mutex_);
    return inner_.erase(key);
  }
  bool assign(Key key, Value value) {
    const std::scoped_lock lock(mutex_);
    return inner_.assign(key, value);
  }
  template <class Change>
  bool update(Key key, Change change) {
    const std::scoped_lock lock(mutex_);
    return inner_.update(key, change);
  }
  Value get_or_create(Key key, Value value) {
    const std::scoped_lock lock(mutex_);
    const auto make = [value] { return value; };
    if constexpr (requires { inner_.get_or_create(key, make); }) {
      return inner_.get_or_create(key, make);
    } else {
      return inner_.get_or_create(key, value);
    }
  }
  std::size_t size() {
    const std::scoped_lock lock(mutex_);
    return inner_.size();
  }
  void clear() {
    const std::scoped_lock lock(mutex_);
    inner_.clear();
  }
  template <class Visit>
  void for_each(Visit visit) {
    const std::scoped_lock lock(mutex_);
    inner_.for_each(visit);
  }
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    const std::scoped_lock lock(mutex_);
    return inner_.erase_if(pred);
  }

 protected:
  mutable std::mutex mutex_;
  Inner inner_;

 private:
  MutexGuardedOperations(const MutexGuardedOperations& other, const std::scoped_lock<std::mutex>&)
      : inner_(other.inner_) {}
};

/// For an Inner that can also be examined.
template <class Inner>
class MutexGuarded : public MutexGuardedOperations<Inner> {
 public:
  using MutexGuardedOperations<Inner>::MutexGuardedOperations;
  std::string validate() {
    const std::scoped_lock lock(this->mutex_);
    return this->inner_.validate();
  }
  std::string dump() {
    const std::scoped_lock lock(this->mutex_);
    return this->inner_.dump();
  }
};

}  // namespace mapquake::maps
