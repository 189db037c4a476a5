// What a copy, or what a map was moved into, must be by itself: no other thread knows of it, so that it is at rest.
#pragma once

#include <mapquake/abi.hpp>
#include <mapquake/callbacks.hpp>
#include <mapquake/convert.hpp>
#include <mapquake/host.hpp>
#include <mapquake/operations.hpp>

#include <string>

namespace mapquake::detail {

/// The entries that a traversal reports: passed on, and the first of them kept. No allocation: those are the map's.
class Remembered {
 public:
  static constexpr std::size_t kept_max = 16;

  MAPQUAKE_GLUE explicit Remembered(const abi::Request& asked) : asked_(&asked), request_(asked) {
    request_.visit = &remember;
    request_.context = this;
  }
  Remembered(const Remembered&) = delete;
  Remembered& operator=(const Remembered&) = delete;
  ~Remembered() = default;

  MAPQUAKE_GLUE const abi::Request* request() const { return &request_; }
  MAPQUAKE_GLUE std::size_t seen() const { return seen_; }
  MAPQUAKE_GLUE std::size_t kept() const { return kept_; }
  MAPQUAKE_GLUE const abi::Entry& entry(std::size_t i) const { return entries_[i]; }

 private:
  MAPQUAKE_GLUE static void remember(void* context, std::int64_t key, std::int64_t value, bool erased) {
    Remembered& self = *static_cast<Remembered*>(context);
    ++self.seen_;
    if (self.kept_ < kept_max) self.entries_[self.kept_++] = {key, value};
    if (self.asked_->visit != nullptr) self.asked_->visit(self.asked_->context, key, value, erased);
  }

  const abi::Request* asked_;
  abi::Request request_;
  abi::Entry entries_[kept_max] = {};
  std::size_t seen_ = 0;
  std::size_t kept_ = 0;
};

/// Does a look-up in the map answer this entry? Values that nobody ever wrote go into the response.
template <class A, class K, class V>
MAPQUAKE_GLUE bool answers_entry(A& map, const abi::Entry& entry, abi::Response& response) {
  if constexpr (has_find<A, K, V>) {
    const std::optional<V> found = map.find(Convert<K>::from(entry.key));
    return found && observe(*found, response, torn_value) == entry.value;
  } else if constexpr (has_contains<A, K>) {
    return map.contains(Convert<K>::from(entry.key));
  } else {
    return true;
  }
}

/// Reports the entries of `other`, and what else it says of itself: its size (`has_value`, `count`), and the first
/// entry that a look-up contradicts (`flag`, `value`: the key). Of adapters that must be brought to rest first, the
/// entries alone. Ends the execution where its own invariants do not hold.
template <class A, class K, class V>
MAPQUAKE_GLUE void tell_at_rest(A& other, const abi::Request& request, abi::Response& response) {
  const Remembered entries(request);
  other.for_each(Visitor<K, V>(entries.request(), &response, false));
  if constexpr (!has_quiesce<A>) {
    try {
      if constexpr (has_size<A>) {
        response.count = static_cast<std::uint64_t>(other.size());
        response.has_value = true;
      }
      for (std::size_t i = 0; i < entries.kept() && !response.flag; ++i) {
        response.flag = !answers_entry<A, K, V>(other, entries.entry(i), response);
        if (response.flag) response.value = entries.entry(i).key;
      }
    } catch (const Refused&) {  // nothing that an entry's report would have had to tell
    }
    if constexpr (has_validate<A>) {
      const std::string broken = other.validate();
      if (!broken.empty()) fail(("the copy: " + broken).c_str());
    }
  }
}

}  // namespace mapquake::detail
