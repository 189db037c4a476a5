// Memory: too much of it, and where it must not be touched.
#include "hostile.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

[[gnu::noinline]] unsigned recurse(volatile unsigned* depth) {
  volatile unsigned here = *depth + 1;
  if (here == 0) return 0;  // the compiler would see that it never ends
  return recurse(&here) + here;
}

template <std::size_t bytes>
[[gnu::noinline]] unsigned deep() {
  volatile unsigned char array[bytes];
  for (std::size_t i = bytes; i > 4096; i -= 4096) array[i - 1] = static_cast<unsigned char>(i);
  return array[bytes / 2];
}

volatile unsigned sink = 0;
char* volatile block = nullptr;
std::uint64_t* volatile word = nullptr;

/// Keeps the compiler from seeing what is wrong.
template <class T>
T* hidden(T* pointer) {
  asm volatile("" : "+r"(pointer));
  return pointer;
}

HOSTILE(Recurses, "hostile_recursion", "stack overflow", "calls itself for ever", volatile unsigned depth = 0;
        sink = recurse(&depth));
HOSTILE(DeepArray, "hostile_deep_array", "stack overflow", "8.5 MiB of local variables", sink = deep<8704 * 1024>());
template <std::size_t bytes>
[[gnu::noinline]] unsigned deep_from_below() {
  volatile unsigned char array[bytes];
  array[0] = 1;
  return array[0];
}
HOSTILE(JumpsGuard, "hostile_jumps_guard", "stack overflow", "local variables that reach beyond the guard page",
        sink = deep_from_below<8400 * 1024>());
HOSTILE(DeeperArray, "hostile_deeper_array", "stack overflow", "16 MiB of local variables", sink = deep<16 << 20>());
HOSTILE(EndlessNew, "hostile_endless_new", "out of memory", "allocates for ever",
        for (;;) std::memset(hidden(new char[1 << 20]), 1, 1 << 20));
HOSTILE(EndlessSmall, "hostile_endless_small", "out of memory|budget exceeded|data race", "small blocks for ever",
        for (;;) block = new char[4096]);
HOSTILE(TooLarge, "hostile_too_large", "out of memory|unexpected exception", "one block of 2^40 bytes",
        block = new char[std::size_t{1} << 40]);
HOSTILE(HeaderOverwritten, "hostile_header", "out of bounds|double free|crash", "writes over the heap's header",
        block = new char[32];
        word = reinterpret_cast<std::uint64_t*>(block); std::memset(hidden(block) - 16, 0xff, 16); delete[] block);
HOSTILE(NeighbourOverwritten, "hostile_overflow", "out of bounds|double free|crash", "writes past the end of a block",
        char* const first = new char[32];
        block = new char[32]; std::memset(hidden(first), 0xee, 64); delete[] block);
HOSTILE(FreesTwice, "hostile_double_free", "double free", "frees a block twice", block = new char[8];
        char* const again = hidden(block); delete[] block; delete[] again);
HOSTILE(FreesMiddle, "hostile_invalid_free", "double free", "frees the middle of a block", block = new char[64];
        std::free(hidden(block + 16)));
HOSTILE(SmashesStack, "hostile_smash", "crash|abort|hang|stack overflow", "fills its own frame and what is above it",
        char* const here = static_cast<char*>(__builtin_frame_address(0));
        std::memset(hidden(here), 0x41, 256));
HOSTILE(WildWrite, "hostile_wild", "crash", "writes to a wild address",
        *hidden(reinterpret_cast<volatile int*>(0x7777777770)) = 1);
HOSTILE(NonCanonical, "hostile_noncanonical", "crash", "reads a freed pointer's pattern as a pointer",
        sink = *hidden(reinterpret_cast<volatile unsigned*>(0xdddddddddddddddd)));

}  // namespace
