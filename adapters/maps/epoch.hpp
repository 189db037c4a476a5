// Safe memory reclamation for structures with readers that take no lock: three epochs, after K. Fraser, "Practical
// lock-freedom" (2004), section 5.2.3. In place of the garbage collector that an original relies on.
//
// A thread enters the domain with a Guard before it loads a shared pointer. What has been unlinked is retired; it is
// deleted when every Guard that existed at that time is gone. Nobody ever waits: a thread that finds the epoch held
// back simply leaves the garbage for a later one.
//
// Invariants:
//   1. A Guard made at epoch e keeps the epoch ≤ e + 1.
//   2. What is retired while the epoch is e is deleted at the change to e + 2 or later.
// Both need the unlinking store and the readers' pointer loads to be sequentially consistent.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace mapquake::maps {

class EpochDomain {
  struct alignas(64) Stripe {
    std::array<std::atomic<std::uint64_t>, 3> inside{};
  };

 public:
  /// Base of everything that can be retired.
  class Retired {
   public:
    Retired() = default;
    Retired(const Retired&) = delete;
    Retired& operator=(const Retired&) = delete;
    virtual ~Retired() = default;

   private:
    friend EpochDomain;
    Retired* next_ = nullptr;
  };

  /// Try to delete garbage whenever `batch` objects or more wait.
  explicit EpochDomain(std::size_t batch = 8) : batch_(batch) {}
  EpochDomain(const EpochDomain&) = delete;
  EpochDomain& operator=(const EpochDomain&) = delete;
  /// Requires that no Guard is left. Deletes all garbage.
  ~EpochDomain() {
    for (auto& list : garbage_) delete_all(list.exchange(nullptr));
  }

  class Guard {
   public:
    explicit Guard(EpochDomain& domain) : domain_(domain), stripe_(domain.stripes_[my_stripe()]) {
      while (true) {
        epoch_ = domain_.epoch_.load();
        stripe_.inside[epoch_ % 3].fetch_add(1);
        if (domain_.epoch_.load() == epoch_) return;
        stripe_.inside[epoch_ % 3].fetch_sub(1);
      }
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    ~Guard() {
      stripe_.inside[epoch_ % 3].fetch_sub(1);
      if (retired_ && domain_.waiting_.load() >= domain_.batch_) domain_.reclaim();
    }

    /// Hands over an object that no thread can newly reach. Null is ignored.
    void retire(Retired* object) {
      if (object == nullptr) return;
      retired_ = true;
      domain_.waiting_.fetch_add(1);
      auto& list = domain_.garbage_[domain_.epoch_.load() % 3];
      object->next_ = list.load();
      while (!list.compare_exchange_weak(object->next_, object)) {
      }
    }

   private:
    EpochDomain& domain_;
    Stripe& stripe_;
    std::uint64_t epoch_ = 0;
    bool retired_ = false;
  };

  /// Objects retired and not yet deleted.
  std::size_t waiting() const { return waiting_.load(); }

  /// Advances the epoch if nobody holds it back, and deletes what that makes unreachable. Never waits.
  void reclaim() {
    if (reclaiming_.exchange(true)) return;
    const std::uint64_t epoch = epoch_.load();
    const std::size_t before = (epoch + 2) % 3;
    Retired* unreachable = nullptr;
    if (nobody_inside(before)) {
      unreachable = garbage_[before].exchange(nullptr);
      epoch_.store(epoch + 1);
    }
    reclaiming_.store(false);
    waiting_.fetch_sub(delete_all(unreachable));
  }

 private:
  static constexpr std::size_t stripe_count = 8;

  /// Threads count in stripes, so that readers do not fight over one cache line.
  static std::size_t my_stripe() {
    static std::atomic<std::size_t> next{0};
    thread_local const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed) % stripe_count;
    return mine;
  }

  bool nobody_inside(std::size_t epoch_mod_3) const {
    for (const Stripe& stripe : stripes_) {
      if (stripe.inside[epoch_mod_3].load() != 0) return false;
    }
    return true;
  }

  static std::size_t delete_all(Retired* list) {
    std::size_t n = 0;
    for (; list != nullptr; ++n) delete std::exchange(list, list->next_);
    return n;
  }

  std::size_t batch_;
  std::array<Stripe, stripe_count> stripes_;
  std::atomic<std::uint64_t> epoch_{3};
  std::array<std::atomic<Retired*>, 3> garbage_{};
  std::atomic<std::size_t> waiting_{0};
  std::atomic<bool> reclaiming_{false};
};

}  // namespace mapquake::maps
