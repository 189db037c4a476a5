// S11 buffer_swap_map: each key has an atomic pointer to a buffer that holds its value. Readers load the pointer and
// copy from the buffer without a lock; writers fill another buffer and swap the pointer. All depends on what becomes
// of the buffer that was swapped out, while a reader may still be copying from it (incident I24).
//
// Invariants: 1. A key's cell is never removed; a null pointer means absent. 2. Writers of one key exclude each other
// by the cell's mutex. 3. A buffer that a reader can reach is not written (ReusingBuffers breaks this one, and frees
// it).
#pragma once

#include "epoch.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace mapquake::maps {

template <class V>
struct SwapBuffer : EpochDomain::Retired {
  explicit SwapBuffer(const V& v) : value(v) {}
  V value;
};

/// Double buffering without protection: the buffer swapped out is filled by the next write, and freed by an erase,
/// whoever still reads it. Broken on purpose.
template <class V>
class ReusingBuffers {
 public:
  using Buffer = SwapBuffer<V>;
  struct Spare {
    std::unique_ptr<Buffer> buffer;
  };
  struct Guard {
    explicit Guard(ReusingBuffers&) {}
  };
  std::unique_ptr<Buffer> filled(Spare& spare, const V& value) {
    if (spare.buffer == nullptr) return std::make_unique<Buffer>(value);
    spare.buffer->value = value;
    return std::move(spare.buffer);
  }
  void swapped_out(Guard&, Spare& spare, Buffer* old) { spare.buffer.reset(old); }
  void erased(Guard&, Spare&, Buffer* old) { delete old; }
  std::size_t waiting() const { return 0; }
};

/// Lifetime protection: every write takes a new buffer, the old one is deleted when no reader can hold it (epoch.hpp).
template <class V>
class EpochBuffers {
 public:
  using Buffer = SwapBuffer<V>;
  struct Spare {};
  struct Guard : EpochDomain::Guard {
    explicit Guard(EpochBuffers& buffers) : EpochDomain::Guard(buffers.domain_) {}
  };
  std::unique_ptr<Buffer> filled(Spare&, const V& value) { return std::make_unique<Buffer>(value); }
  void swapped_out(Guard& guard, Spare&, Buffer* old) { guard.retire(old); }
  void erased(Guard& guard, Spare&, Buffer* old) { guard.retire(old); }
  std::size_t waiting() const { return domain_.waiting(); }

 private:
  EpochDomain domain_;
};

/// With EpochBuffers every operation is atomic for its key, and operations that throw have done nothing. Callbacks run
/// under the index's read lock, those that may write under the cell's mutex as well.
template <class K, class V, template <class> class Buffers, class Hash = std::hash<K>>
class BufferSwapMap {
  using Policy = Buffers<V>;
  using Buffer = typename Policy::Buffer;
  using Guard = typename Policy::Guard;

 public:
  BufferSwapMap() = default;
  BufferSwapMap(const BufferSwapMap&) = delete;
  BufferSwapMap& operator=(const BufferSwapMap&) = delete;
  ~BufferSwapMap() {
    for (auto& [key, cell] : index_) delete cell->current.load();
  }

  std::optional<V> find(const K& key) const {
    Guard guard(buffers_);
    const Cell* cell = cell_of(key);
    const Buffer* buffer = cell == nullptr ? nullptr : cell->current.load();
    return buffer == nullptr ? std::nullopt : std::optional<V>(buffer->value);
  }
  bool contains(const K& key) const {
    const Cell* cell = cell_of(key);
    return cell != nullptr && cell->current.load() != nullptr;
  }
  bool insert(const K& key, const V& value) {
    Cell& cell = make_cell(key);
    const std::scoped_lock lock(cell.writer);
    if (cell.current.load() != nullptr) return false;
    publish(cell, value);
    return true;
  }
  bool assign(const K& key, const V& value) {
    Cell& cell = make_cell(key);
    const std::scoped_lock lock(cell.writer);
    return publish(cell, value);
  }
  template <class Change>
  bool update(const K& key, Change change) {
    Cell* cell = cell_of(key);
    if (cell == nullptr) return false;
    const std::scoped_lock lock(cell->writer);
    const Buffer* now = cell->current.load();
    if (now == nullptr) return false;
    V changed = now->value;
    change(changed);
    publish(*cell, changed);
    return true;
  }
  bool erase(const K& key) {
    Cell* cell = cell_of(key);
    if (cell == nullptr) return false;
    const std::scoped_lock lock(cell->writer);
    return take_out(*cell);
  }
  std::size_t size() const { return live_.load(); }
  template <class Visit>
  void for_each(Visit visit) const {
    Guard guard(buffers_);
    const std::shared_lock lock(index_mutex_);
    for (const auto& [key, cell] : index_) {
      if (const Buffer* buffer = cell->current.load()) visit(key, buffer->value);
    }
  }
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    const std::shared_lock lock(index_mutex_);
    std::size_t erased = 0;
    for (const auto& [key, cell] : index_) {
      const std::scoped_lock writer(cell->writer);
      const Buffer* buffer = cell->current.load();
      if (buffer != nullptr && pred(key, buffer->value)) erased += take_out(*cell) ? 1 : 0;
    }
    return erased;
  }
  /// Empty, or which invariant is broken. Requires that nobody writes.
  std::string validate() const {
    std::size_t present = 0;
    const std::shared_lock lock(index_mutex_);
    for (const auto& [key, cell] : index_) present += cell->current.load() != nullptr ? 1 : 0;
    return present == live_.load() ? "" : "the count of live buffers is wrong";
  }
  std::string dump() const {
    const std::shared_lock lock(index_mutex_);
    return "cells=" + std::to_string(index_.size()) + " live=" + std::to_string(live_.load()) +
           " garbage=" + std::to_string(buffers_.waiting()) + "\n";
  }

 private:
  struct Cell {
    std::atomic<Buffer*> current{nullptr};
    std::mutex writer;  // protects spare, and the right to store into current
    [[no_unique_address]] typename Policy::Spare spare;
  };

  Cell* cell_of(const K& key) const {
    const std::shared_lock lock(index_mutex_);
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : found->second.get();
  }
  Cell& make_cell(const K& key) {
    if (Cell* cell = cell_of(key)) return *cell;
    auto fresh = std::make_unique<Cell>();
    const std::scoped_lock lock(index_mutex_);
    return *index_.try_emplace(key, std::move(fresh)).first->second;
  }
  /// Requires the cell's mutex. True if the key was absent.
  bool publish(Cell& cell, const V& value) {
    Guard guard(buffers_);
    std::unique_ptr<Buffer> filled = buffers_.filled(cell.spare, value);
    Buffer* old = cell.current.exchange(filled.release());
    if (old == nullptr) {
      live_.fetch_add(1);
      return true;
    }
    buffers_.swapped_out(guard, cell.spare, old);
    return false;
  }
  bool take_out(Cell& cell) {
    Guard guard(buffers_);
    Buffer* old = cell.current.exchange(nullptr);
    if (old == nullptr) return false;
    live_.fetch_sub(1);
    buffers_.erased(guard, cell.spare, old);
    return true;
  }

  mutable std::shared_mutex index_mutex_;
  std::unordered_map<K, std::unique_ptr<Cell>, Hash> index_;
  mutable Policy buffers_;
  std::atomic<std::size_t> live_{0};
};

}  // namespace mapquake::maps
