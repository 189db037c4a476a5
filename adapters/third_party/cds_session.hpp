// What every libcds map needs: the library, the hazard pointers' singleton and the calling thread attached to both.
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
#include <utility>

namespace mapquake::cds_maps {

/// Attaches a thread to libcds from its first operation to its end, unless it is attached already.
class Attachment {
 public:
  Attachment() : mine_(!cds::threading::Manager::isThreadAttached()) {
    if (mine_) cds::threading::Manager::attachThread();
  }
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;
  ~Attachment() {
    if (mine_ && cds::threading::Manager::isThreadAttached()) cds::threading::Manager::detachThread();
  }

 private:
  bool mine_;
};

inline void attach_thread() {
  static thread_local Attachment attachment;
}

/// Lives longer than the map: the end of it frees every node that the map has retired.
class Session {
 public:
  /// `hazard_pointers`: how many one thread needs for the map and one iterator.
  explicit Session(std::size_t hazard_pointers) : library_(), collector_(hazard_pointers, max_threads) {
    cds::threading::Manager::attachThread();
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
};

/// The operations that all libcds maps have. Values are never changed in place: update() of libcds leaves the
/// exclusion of other writers to its user.
template <class Map, std::size_t hazard_pointers>
class Adapter {
 public:
  Adapter() : session_(hazard_pointers) {}

  bool insert(Key key, Value value) {
    attach_thread();
    return map_.insert(key, value);
  }
  std::optional<Value> find(Key key) {
    attach_thread();
    std::optional<Value> found;
    map_.find(key, [&found](auto& entry) { found = entry.second; });
    return found;
  }
  bool contains(Key key) {
    attach_thread();
    return map_.contains(key);
  }
  bool erase(Key key) {
    attach_thread();
    return map_.erase(key);
  }
  std::size_t size() {
    attach_thread();
    return map_.size();
  }
  void clear() {
    attach_thread();
    map_.clear();
  }

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
    attach_thread();
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
