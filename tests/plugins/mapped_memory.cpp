// Maps that map their memory themselves: right ones, and such as no longer have it, or too little of it.
#include "locked_map.hpp"

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <optional>

namespace {

constexpr mapquake::Claims claims_of_mapped{.concurrent_use = mapquake::ConcurrentUse::all_operations,
                                            .iteration = mapquake::Iteration::none,
                                            .size = mapquake::SizeClaim::none,
                                            .on_bad_alloc = mapquake::ExceptionGuarantee::strong};

constexpr std::size_t mib = std::size_t{1} << 20;

void* mapped(std::size_t bytes) {
  return ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

struct Slot {
  std::int64_t key, value;
  std::uint32_t next;  ///< index + 1
};

std::optional<std::int64_t> value_of(const Slot* slot) {
  return slot == nullptr ? std::nullopt : std::optional(slot->value);
}

/// Chains in an arena that the map has mapped: for itself, or once for the process.
template <std::size_t bytes, bool shared>
class Arena {
 public:
  static constexpr mapquake::Claims claims = claims_of_mapped;

  Arena() : slots_(shared ? of_process() : fresh()) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena() {
    if (!shared) ::munmap(slots_, bytes);
  }

  bool insert(std::int64_t key, std::int64_t value) {
    const std::lock_guard hold(mutex_);
    if (at(key) != nullptr) return false;
    if ((used_ + 1) * sizeof(Slot) > bytes) throw std::bad_alloc();
    slots_[used_] = {key, value, first_};
    first_ = ++used_;
    return true;
  }
  std::optional<std::int64_t> find(std::int64_t key) {
    const std::lock_guard hold(mutex_);
    return value_of(at(key));
  }

 private:
  static Slot* fresh() {
    void* const memory = mapped(bytes);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    return static_cast<Slot*>(memory);
  }
  static Slot* of_process() {
    static Slot* const slots = fresh();
    return slots;
  }
  Slot* at(std::int64_t key) {
    for (std::uint32_t i = first_; i != 0; i = slots_[i - 1].next) {
      if (slots_[i - 1].key == key) return &slots_[i - 1];
    }
    return nullptr;
  }

  std::mutex mutex_;
  Slot* slots_;
  std::uint32_t used_ = 0, first_ = 0;
};

using MapsItsArena = Arena<mib, false>;
using MapsALargeArena = Arena<64 * mib, false>;
using MapsAnArenaOfTheProcess = Arena<mib, true>;
using MapsALargeArenaOfTheProcess = Arena<64 * mib, true>;
MAPQUAKE_MAP("maps_its_arena", MapsItsArena);
MAPQUAKE_MAP("maps_a_large_arena", MapsALargeArena);
MAPQUAKE_MAP("maps_an_arena_of_the_process", MapsAnArenaOfTheProcess);
MAPQUAKE_MAP("maps_a_large_arena_of_the_process", MapsALargeArenaOfTheProcess);

enum class Defect : std::uint8_t { none, unchecked, use_after_unmap, never_unmapped };

/// A table that grows into a new mapping with every insert.
template <Defect defect>
class Growing {
 public:
  static constexpr mapquake::Claims claims = claims_of_mapped;

  Growing() = default;
  Growing(const Growing&) = delete;
  Growing& operator=(const Growing&) = delete;
  ~Growing() {
    if (slots_ != nullptr && defect != Defect::never_unmapped) ::munmap(slots_, pages_ * page);
  }

  bool insert(std::int64_t key, std::int64_t value) {
    const std::lock_guard hold(mutex_);
    if (at(key) != nullptr) return false;
    void* const memory = mapped((pages_ + 1) * page);
    if (memory == MAP_FAILED && defect != Defect::unchecked) throw std::bad_alloc();
    Slot* const old = slots_;
    slots_ = static_cast<Slot*>(memory);
    slots_[used_].key = key;
    for (std::uint32_t i = 0; defect != Defect::use_after_unmap && i < used_; ++i) slots_[i] = old[i];
    if (old != nullptr) ::munmap(old, pages_ * page);
    for (std::uint32_t i = 0; defect == Defect::use_after_unmap && i < used_; ++i) slots_[i] = old[i];
    slots_[used_].value = value;
    ++used_;
    ++pages_;
    return true;
  }
  std::optional<std::int64_t> find(std::int64_t key) {
    const std::lock_guard hold(mutex_);
    return value_of(at(key));
  }

 private:
  static constexpr std::size_t page = 4096;
  Slot* at(std::int64_t key) {
    for (std::uint32_t i = 0; i < used_; ++i) {
      if (slots_[i].key == key) return &slots_[i];
    }
    return nullptr;
  }

  std::mutex mutex_;
  Slot* slots_ = nullptr;
  std::size_t pages_ = 0;
  std::uint32_t used_ = 0;
};

using GrowsMapped = Growing<Defect::none>;
using DoesNotCheckMapped = Growing<Defect::unchecked>;
using ReadsUnmapped = Growing<Defect::use_after_unmap>;
using LosesMapped = Growing<Defect::never_unmapped>;
MAPQUAKE_MAP("grows_mapped", GrowsMapped);
MAPQUAKE_MAP("does_not_check_mapped", DoesNotCheckMapped);
MAPQUAKE_MAP("reads_unmapped", ReadsUnmapped);
MAPQUAKE_MAP("loses_mapped", LosesMapped);

}  // namespace
