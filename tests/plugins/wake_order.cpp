// Threads that are served in the order of their tickets, and wait for their turn with one condition variable.
#include "locked_map.hpp"

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

namespace {

template <bool wakes_all>
class Served {
 public:
  static constexpr mapquake::Claims claims = claims_of_locked_map;

  bool insert(std::int64_t key, std::int64_t value) {
    const Turn turn(*this);
    return map_.insert(key, value);
  }
  std::optional<std::int64_t> find(std::int64_t key) {
    const Turn turn(*this);
    return map_.find(key);
  }

 private:
  class Turn {
   public:
    explicit Turn(Served& map) : map_(map) {
      std::unique_lock hold(map_.mutex_);
      const unsigned mine = map_.drawn_++;
      map_.turn_.wait(hold, [&] { return map_.served_ == mine; });
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      const std::lock_guard hold(map_.mutex_);
      ++map_.served_;
      wakes_all ? map_.turn_.notify_all() : map_.turn_.notify_one();
    }

   private:
    Served& map_;
  };

  std::mutex mutex_;
  std::condition_variable turn_;
  unsigned drawn_ = 0, served_ = 0;
  LockedMap map_;
};

using WakesOne = Served<false>;
using WakesAll = Served<true>;
MAPQUAKE_MAP("wakes_one_of_many", WakesOne);
MAPQUAKE_MAP("wakes_all", WakesAll);

}  // namespace
