// What every libcds map needs: the library, the hazard pointers' singleton and the threads attached to both.
//
// libcds.so holds the scan of retired nodes and the registration of threads. It is not instrumented: those parts run
// without a switch of threads in between, and are not examined. The maps and the hazard pointers that they set are
// headers, and are.
#pragma once

#include <mapquake/adapter.hpp>

#include <cds/gc/hp.h>
#include <cds/init.h>

#include <cstddef>
#include <optional>
#include <thread>
#include <utility>

namespace mapquake::cds_maps {

/// Lives longer than the map: the end of it frees every node that the map has retired.
class Session {
 public:
  /// `hazard_pointers`: how many one thread needs for the map and one iterator.
  explicit Session(std::size_t hazard_pointers) : library_(), collector_(hazard_pointers, max_threads) {
    cds::threading::Manager::attachThread();
  }
  /// The thread that made the session is attached until that ends: it destroys the map.
  void attach() {
    if (!cds::threading::Manager::isThreadAttached()) cds::threading::Manager::attachThread();
  }
  void detach() {
    if (std::this_thread::get_id() != creator_) cds::threading::Manager::detachThread();
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    if (cds::threading::Manager::isThreadAttached()) cds::threading::Manager::detachThread();
  }

 private:
  static constexpr std::size_t max_threads = 16;
  struct Library {
    Library() { cds::Initialize(); }
    ~Library() { cds::Terminate(); }
  };

  Library library_;
  cds::gc::HP collector_;
  std::thread::id creator_ = std::this_thread::get_id();
};

/// The operations that all libcds maps have. Values are never changed in place: update() of libcds leaves the
/// exclusion of other writers to its user.
template <class Map, std::size_t hazard_pointers>
class Adapter {
 public:
  using key_type = typename Map::key_type;
  using mapped_type = typename Map::mapped_type;

  Adapter() : session_(hazard_pointers) {}

  void thread_started() { session_.attach(); }
  void thread_ending() { session_.detach(); }

  bool insert(const key_type& key, const mapped_type& value) { return map_.insert(key, value); }
  std::optional<mapped_type> find(const key_type& key) {
    std::optional<mapped_type> found;
    map_.find(key, [&found](auto& entry) { found = entry.second; });
    return found;
  }
  bool contains(const key_type& key) { return map_.contains(key); }
  bool erase(const key_type& key) { return map_.erase(key); }
  /// The guarded pointer keeps what was taken out until it has been read.
  std::optional<mapped_type> extract(const key_type& key) {
    const auto taken = map_.extract(key);
    return taken ? std::optional<mapped_type>(taken->second) : std::nullopt;
  }
  /// Adds the entry, or reads the one that is there through a guarded pointer, until one of them succeeds.
  mapped_type get_or_create(const key_type& key, const mapped_type& value) {
    for (;;) {
      if (map_.emplace(key, value)) return value;
      if (const auto there = map_.get(key)) return there->second;
    }
  }
  std::size_t size() { return map_.size(); }
  void clear() { map_.clear(); }

 protected:
  template <class... Arguments>
  explicit Adapter(std::in_place_t, Arguments... arguments) : session_(hazard_pointers), map_(arguments...) {}

  Session session_;
  Map map_;
};

/// With the iterators that most libcds maps have.
template <class Map, std::size_t hazard_pointers>
class IterableAdapter : public Adapter<Map, hazard_pointers> {
 public:
  using Adapter<Map, hazard_pointers>::Adapter;
  template <class Visit>
  void for_each(Visit visit) {
    for (auto it = this->map_.begin(); it != this->map_.end(); ++it) visit(it->first, it->second);
  }
};

/// The claims of a non-blocking libcds map. libcds documents nothing of exceptions; clear() is 'not atomic', and may
/// therefore erase a key more than once.
constexpr Claims claims(Iteration iteration, Progress progress, const char* citation) {
  return {.concurrent_use = ConcurrentUse::all_operations,
          .iteration = iteration,
          .size = SizeClaim::quiescent,
          .whole_map = WholeMap::per_key,
          .on_bad_alloc = ExceptionGuarantee::none,
          .progress = progress,
          .exclusive_operations = op_bit(OpKind::clear),
          .citation = citation};
}

/// The same, with clear() among the concurrent operations.
constexpr Claims with_concurrent_clear(Claims claims) {
  claims.exclusive_operations = 0;
  return claims;
}

}  // namespace mapquake::cds_maps
