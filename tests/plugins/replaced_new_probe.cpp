// A library that replaces only the plain forms of operator new and delete. The others, which it does not define, must
// reach its own ([new.delete.single] and [new.delete.array], default behaviour).
#include "probe.hpp"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <thread>

namespace {

/// In front of every block: a block that did not come from here is noticed.
struct alignas(16) Tag {
  std::uint64_t mark;
};
constexpr std::uint64_t mark = 0x5245504c41434544;

int foreign = 0;

void check_foreign() {
  CHECK(foreign == 0);
}

}  // namespace

void* operator new(std::size_t bytes) {
  void* const block = std::malloc(sizeof(Tag) + bytes);
  if (block == nullptr) throw std::bad_alloc();
  static_cast<Tag*>(block)->mark = mark;
  return static_cast<Tag*>(block) + 1;
}

#ifndef __clang__
#pragma GCC diagnostic ignored "-Wsized-deallocation"  // that it is missing is the point
#endif
void operator delete(void* block) noexcept {
  if (block == nullptr) return;
  Tag* const tag = static_cast<Tag*>(block) - 1;
  if (tag->mark != mark) ++foreign;
  std::free(tag);
}

namespace {

using probe::hidden;

struct OtherForms {
  static constexpr const char* about = "sized, array and nothrow forms reach the replaced plain ones";
  static void run() {
    ::operator delete (hidden(::operator new(5)), std::size_t{5});
    ::operator delete[](hidden(::operator new[](5)), std::size_t{5});
    delete[] hidden(new char[3]);
    delete[] hidden(new (std::nothrow) char[3]);
    delete hidden(new (std::nothrow) int(1));
    ::operator delete(hidden(::operator new(5, std::nothrow)), std::nothrow);
    check_foreign();
  }
};
MAPQUAKE_MAP("probe_other_forms_of_new", probe::Probe<OtherForms>);

struct LibraryBlocks {
  static constexpr const char* about = "what libstdc++ allocates is deleted in the map, and the other way round";
  static void run() {
    std::string text(100, 'x');
    text += std::string(200, 'y');
    std::string copy;
    std::thread([&] { copy = std::string(text).insert(0, 500, 'z'); }).join();
    CHECK(copy.size() == 800 && std::make_shared<std::string>(std::move(copy))->size() == 800);
    check_foreign();
  }
};
MAPQUAKE_MAP("probe_blocks_of_libstdcxx", probe::Probe<LibraryBlocks>);

struct FreeOfReplaced {
  static constexpr const char* about = "a block of the replaced new is given to free";
  static constexpr const char* provokes = "double free";
  static void run() { std::free(hidden(new int(1))); }
};
MAPQUAKE_MAP("probe_free_of_replaced_new", probe::Probe<FreeOfReplaced>);

}  // namespace
