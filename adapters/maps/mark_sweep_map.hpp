// S12 mark_sweep_map: deletion in two steps. An entry is active, then marked (invisible to look-ups, but it can be
// queried, restored and audited), and 72 hours later archived and swept.
//
//            put            mark            72 h, sweep
//   absent ───────► active ────────► marked ─────────────► archived, then absent
//                     ▲                 │
//                     └──── restore ────┘
//
// Invariants, checked by validate():
//   1. A marked entry holds the value that it had when it was marked: nothing changes it but restore() and sweep().
//   2. marks = restores + sweeps + entries marked now.
//   3. Every swept entry was archived before: archived ≥ swept; more only while a sweep is interrupted by an exception.
//   4. Nothing is swept less than `retention` after it was marked.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mapquake::maps {

enum class EntryState : std::uint8_t { active, marked };

enum class MarkSweepAnswer : std::uint8_t {
  done,
  absent,       ///< no such entry, or it has been swept
  wrong_state,  ///< mutation or mark of a marked entry, restore of an active one: refused, nothing changed
};

/// `Clock()` answers milliseconds and never goes back. All operations are atomic; callbacks run under the lock.
template <class K, class V, class Clock, class Hash = std::hash<K>>
class MarkSweepMap {
 public:
  using Milliseconds = std::uint64_t;
  static constexpr Milliseconds default_retention = std::chrono::milliseconds(std::chrono::hours(72)).count();

  struct Queried {
    V value;
    EntryState state = EntryState::active;
    Milliseconds marked_at_ms = 0;
  };
  struct Archived {
    K key;
    V value;
    Milliseconds marked_at_ms = 0;
    Milliseconds swept_at_ms = 0;
  };

  explicit MarkSweepMap(Clock clock = {}, Milliseconds retention_ms = default_retention)
      : clock_(std::move(clock)), retention_ms_(retention_ms) {}
  MarkSweepMap(const MarkSweepMap&) = delete;
  MarkSweepMap& operator=(const MarkSweepMap&) = delete;

  /// Creates or overwrites; a marked entry refuses.
  MarkSweepAnswer put(const K& key, const V& value) {
    const std::scoped_lock lock(mutex_);
    const auto [at, added] = entries_.try_emplace(key, value);
    if (added) {
      ++active_;
    } else if (at->second.marked) {
      return MarkSweepAnswer::wrong_state;
    } else {
      at->second.value = value;
    }
    return MarkSweepAnswer::done;
  }
  /// Restores the entry if it is marked, and puts, as one step. True if the key was not active before.
  bool put_or_revive(const K& key, const V& value) {
    const std::scoped_lock lock(mutex_);
    return add_locked(key, value, true);
  }
  /// The same, but leaves an active entry alone.
  bool add_or_revive(const K& key, const V& value) {
    const std::scoped_lock lock(mutex_);
    return add_locked(key, value, false);
  }
  /// Active entries only.
  std::optional<V> find(const K& key) const {
    const std::scoped_lock lock(mutex_);
    const auto at = entries_.find(key);
    return at == entries_.end() || at->second.marked ? std::nullopt : std::optional<V>(at->second.value);
  }
  /// Active and marked entries.
  std::optional<Queried> query(const K& key) const {
    const std::scoped_lock lock(mutex_);
    const auto at = entries_.find(key);
    if (at == entries_.end()) return std::nullopt;
    if (!at->second.marked) return Queried{at->second.value};
    return Queried{at->second.value, EntryState::marked, at->second.marked->at_ms};
  }
  /// change(V&) on an active entry; a marked one refuses.
  template <class Change>
  MarkSweepAnswer update(const K& key, Change change) {
    const std::scoped_lock lock(mutex_);
    const auto at = entries_.find(key);
    if (at == entries_.end()) return MarkSweepAnswer::absent;
    if (at->second.marked) return MarkSweepAnswer::wrong_state;
    change(at->second.value);
    return MarkSweepAnswer::done;
  }
  MarkSweepAnswer mark(const K& key) {
    const std::scoped_lock lock(mutex_);
    const auto at = entries_.find(key);
    if (at == entries_.end()) return MarkSweepAnswer::absent;
    if (at->second.marked) return MarkSweepAnswer::wrong_state;
    mark_locked(at->second);
    return MarkSweepAnswer::done;
  }
  /// Marks every active entry for which pred(key, value) holds; answers how many.
  template <class Predicate>
  std::size_t mark_if(Predicate pred) {
    const std::scoped_lock lock(mutex_);
    std::size_t marked = 0;
    for (auto& [key, entry] : entries_) {
      if (entry.marked || !pred(key, std::as_const(entry.value))) continue;
      mark_locked(entry);
      ++marked;
    }
    return marked;
  }
  MarkSweepAnswer restore(const K& key) {
    const std::scoped_lock lock(mutex_);
    const auto at = entries_.find(key);
    if (at == entries_.end()) return MarkSweepAnswer::absent;
    if (!at->second.marked) return MarkSweepAnswer::wrong_state;
    restore_locked(at->second);
    return MarkSweepAnswer::done;
  }
  /// Archives and removes what has been marked for the retention time. Idempotent; answers how many were swept. If the
  /// archive cannot take an entry, that entry stays marked.
  std::size_t sweep() {
    const std::scoped_lock lock(mutex_);
    const Milliseconds now = clock_();
    std::size_t swept = 0;
    for (auto at = entries_.begin(); at != entries_.end();) {
      const auto& [key, entry] = *at;
      if (!entry.marked || now - entry.marked->at_ms < retention_ms_) {
        ++at;
        continue;
      }
      archive_.push_back({key, entry.value, entry.marked->at_ms, now});
      ++archived_;
      at = entries_.erase(at);
      ++sweeps_;
      ++swept;
    }
    return swept;
  }
  /// visit(key, value, marked_at_ms) for every marked entry.
  template <class Visit>
  void audit(Visit visit) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& [key, entry] : entries_) {
      if (entry.marked) visit(key, entry.value, entry.marked->at_ms);
    }
  }
  /// visit(key, value) for every active entry.
  template <class Visit>
  void for_each(Visit visit) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& [key, entry] : entries_) {
      if (!entry.marked) visit(key, entry.value);
    }
  }
  /// Active entries.
  std::size_t size() const {
    const std::scoped_lock lock(mutex_);
    return active_;
  }
  /// Hands over what has been archived so far.
  std::vector<Archived> take_archive() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(archive_, {});
  }

  std::string validate() const;
  std::string dump() const;

 private:
  struct Mark {
    Milliseconds at_ms;
    V sealed;
  };
  struct Entry {
    explicit Entry(const V& v) : value(v) {}
    V value;
    std::optional<Mark> marked;
  };

  bool add_locked(const K& key, const V& value, bool overwrite) {
    const auto [at, added] = entries_.try_emplace(key, value);
    Entry& entry = at->second;
    const bool was_active = !added && !entry.marked;
    if (added) {
      ++active_;
    } else if (entry.marked || overwrite) {
      V copy = value;
      if (entry.marked) restore_locked(entry);
      entry.value = std::move(copy);
    }
    return !was_active;
  }
  void mark_locked(Entry& entry) {
    entry.marked.emplace(Mark{clock_(), entry.value});
    --active_;
    ++marks_;
  }
  void restore_locked(Entry& entry) {
    entry.marked.reset();
    ++active_;
    ++restores_;
  }

  Clock clock_;
  Milliseconds retention_ms_;
  mutable std::mutex mutex_;
  std::unordered_map<K, Entry, Hash> entries_;
  std::vector<Archived> archive_;
  std::size_t active_ = 0;
  std::uint64_t marks_ = 0;
  std::uint64_t restores_ = 0;
  std::uint64_t archived_ = 0;
  std::uint64_t sweeps_ = 0;
};

template <class K, class V, class Clock, class Hash>
std::string MarkSweepMap<K, V, Clock, Hash>::validate() const {
  const std::scoped_lock lock(mutex_);
  std::uint64_t marked = 0;
  const Milliseconds now = clock_();
  for (const auto& [key, entry] : entries_) {
    if (!entry.marked) continue;
    ++marked;
    if (!(entry.marked->sealed == entry.value)) return "a marked entry was changed";
    if (entry.marked->at_ms > now) return "an entry is marked in the future";
  }
  if (active_ + marked != entries_.size()) return "the count of active entries is wrong";
  if (marks_ != restores_ + sweeps_ + marked) return "an entry left the marked state by an illegal transition";
  if (archived_ < sweeps_) return "an entry was swept without having been archived";
  for (const Archived& archived : archive_) {
    if (archived.swept_at_ms - archived.marked_at_ms < retention_ms_) return "an entry was swept too early";
  }
  return "";
}

template <class K, class V, class Clock, class Hash>
std::string MarkSweepMap<K, V, Clock, Hash>::dump() const {
  const std::scoped_lock lock(mutex_);
  return "active=" + std::to_string(active_) + " marked=" + std::to_string(entries_.size() - active_) +
         " marks=" + std::to_string(marks_) + " restores=" + std::to_string(restores_) +
         " archived=" + std::to_string(archived_) + " swept=" + std::to_string(sweeps_) +
         " retention_ms=" + std::to_string(retention_ms_) + " now_ms=" + std::to_string(clock_()) + "\n";
}

}  // namespace mapquake::maps
