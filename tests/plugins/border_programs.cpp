// Programs beside a library that is not instrumented: whatever it orders is no race, what it does not order is one.
#include "border_library.h"

#include <mapquake/program.hpp>

#include <functional>
#include <thread>

namespace {

void both(const std::function<void()>& one, const std::function<void()>& other) {
  std::thread a(one), b(other);
  a.join();
  b.join();
}

struct Shared {
  int guarded = 0;
  int unguarded = 0;
};

void library_lock() {
  Shared shared;
  const auto count = [&] {
    border_lock();
    ++shared.guarded;
    border_unlock();
  };
  both(count, count);
  MAPQUAKE_CHECK(shared.guarded == 2);
}
MAPQUAKE_PROGRAM("library_lock", library_lock);

void beside_library_lock() {
  Shared shared;
  const auto count = [&] {
    border_lock();
    ++shared.guarded;
    border_unlock();
    ++shared.unguarded;
  };
  both(count, count);
}
MAPQUAKE_PROGRAM("beside_library_lock", beside_library_lock);

void letter() {
  Shared shared;
  both(
      [&] {
        shared.guarded = 1;
        border_post(&shared);
      },
      [&] {
        if (const auto* const taken = static_cast<const Shared*>(border_take())) MAPQUAKE_CHECK(taken->guarded == 1);
      });
}
MAPQUAKE_PROGRAM("library_letter", letter);

void changed_letter() {
  Shared shared;
  both(
      [&] {
        border_post(&shared);
        shared.guarded = 1;
      },
      [&] {
        if (const auto* const taken = static_cast<const Shared*>(border_take())) MAPQUAKE_CHECK(taken->guarded <= 1);
      });
}
MAPQUAKE_PROGRAM("changed_library_letter", changed_letter);

void table() {
  Shared shared;
  both(
      [&] {
        shared.guarded = 1;
        border_table.publish();
      },
      [&] {
        if (border_table.is_published()) MAPQUAKE_CHECK(shared.guarded == 1);
      });
}
MAPQUAKE_PROGRAM("library_table", table);

void before_table() {
  Shared shared;
  both(
      [&] {
        border_table.publish();
        shared.guarded = 1;
      },
      [&] {
        if (border_table.is_published()) MAPQUAKE_CHECK(shared.guarded <= 1);
      });
}
MAPQUAKE_PROGRAM("before_library_table", before_table);

void virtual_functions() {
  Shared shared;
  BorderFlag& flag = border_flag();
  both(
      [&] {
        shared.guarded = 1;
        flag.raise();
      },
      [&] {
        if (flag.is_raised()) MAPQUAKE_CHECK(shared.guarded == 1);
      });
}
MAPQUAKE_PROGRAM("library_virtual_functions", virtual_functions);

void own_table() {
  const auto check = [] { MAPQUAKE_CHECK(border_knows_its_functions()); };
  both(check, check);
}
MAPQUAKE_PROGRAM("library_own_table", own_table);

void callback() {
  Shared shared;
  const auto count = [](void* context) { ++static_cast<Shared*>(context)->guarded; };
  const auto call = [&] { border_with_lock(count, &shared); };
  both(call, call);
  MAPQUAKE_CHECK(shared.guarded == 2);
}
MAPQUAKE_PROGRAM("library_callback", callback);

void after_callback() {
  Shared shared;
  const auto count = [](void* context) { ++static_cast<Shared*>(context)->guarded; };
  const auto call = [&] {
    border_with_lock(count, &shared);
    ++shared.unguarded;
  };
  both(call, call);
}
MAPQUAKE_PROGRAM("after_library_callback", after_callback);

/// What a call passes in registers and on the stack arrives.
void arguments() {
  const auto sum = [] { MAPQUAKE_CHECK(border_sum(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024) == 2047); };
  both(sum, sum);
}
MAPQUAKE_PROGRAM("library_arguments", arguments);

}  // namespace
