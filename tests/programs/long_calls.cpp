// An object whose calls are long: many of them in a row (object_wear.hpp) are no endless loop.
#include <mapquake/object.hpp>

#include <array>
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

}  // namespace

MAPQUAKE_OBJECT("searches_long", Searched, AlwaysFull, add);
