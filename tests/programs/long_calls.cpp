// Objects whose calls are long: many of them in a row (object_wear.hpp) are no endless loop.
#include <mapquake/object.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>

namespace {

class Searched {
 public:
  bool add() {
    const std::scoped_lock hold(lock_);
    for (int& place : places_) {
      if (place != 0) continue;
      place = 1;
      return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t size = 1200;
  std::mutex lock_;
  std::array<int, size> places_ = [] {
    std::array<int, size> taken{};
    taken.fill(1);
    return taken;
  }();
};

struct AlwaysFull {
  bool add() { return false; }
};

/// Reads what nobody changes at its scheduling points.
class Scanned {
 public:
  bool is_free() {
    return std::ranges::none_of(cells_, [](const std::atomic<int>& cell) { return cell.load() != 0; });
  }

 private:
  std::array<std::atomic<int>, 100> cells_{};
};

struct AlwaysFree {
  bool is_free() const { return true; }
};

}  // namespace

MAPQUAKE_OBJECT("scans_long", Scanned, AlwaysFree, is_free);
MAPQUAKE_OBJECT("searches_long", Searched, AlwaysFull, add);
