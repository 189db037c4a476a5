#include "harness/runtime/library_thunks.hpp"

#include "harness/base/assert.hpp"
#include "harness/memory/layout.hpp"
#include "harness/runtime/memory_check.hpp"

#include <sys/mman.h>

#include <cstring>

// What a thunk passes through: the function to call is on top of the stack, the caller's return address below it. All
// registers that may carry arguments are kept (System V AMD64 ABI, 3.2.3): those of vectors at the width that the
// processor has, 256 bits at most.
extern "C" void mapquake_library_call();
extern "C" void mapquake_library_call_wide();
extern "C" __attribute__((visibility("hidden"), used)) void mapquake_note_library_call() {
  using namespace mapquake::runtime;
  if (!in_map || !rt.running) return;
  const HarnessScope scope;
  unseen_code_released();
  unseen_code_acquired();
}

// clang-format off
#define MQ_LIBRARY_CALL(name, width, move)                                                                          \
  ".globl " name "\n.hidden " name "\n.type " name ", @function\n" name ":\n"                                      \
  "  .cfi_startproc\n  .cfi_adjust_cfa_offset 8\n"                                                                  \
  "  pushq %rbp\n  .cfi_adjust_cfa_offset 8\n  .cfi_offset %rbp, -24\n"                                             \
  "  movq %rsp, %rbp\n  .cfi_def_cfa_register %rbp\n"                                                               \
  "  pushq %rax\n  pushq %rdi\n  pushq %rsi\n  pushq %rdx\n  pushq %rcx\n  pushq %r8\n  pushq %r9\n  pushq %r10\n"   \
  "  subq $8*" width ", %rsp\n  andq $-64, %rsp\n"                                                                  \
  MQ_EACH_VECTOR(MQ_KEEP_##move, width)                                                                             \
  "  call mapquake_note_library_call\n"                                                                             \
  MQ_EACH_VECTOR(MQ_GIVE_##move, width)                                                                             \
  "  leaq -64(%rbp), %rsp\n"                                                                                        \
  "  popq %r10\n  popq %r9\n  popq %r8\n  popq %rcx\n  popq %rdx\n  popq %rsi\n  popq %rdi\n  popq %rax\n"          \
  "  popq %rbp\n  .cfi_def_cfa %rsp, 16\n  popq %r11\n  .cfi_adjust_cfa_offset -8\n  jmp *%r11\n"                    \
  "  .cfi_endproc\n  .size " name ", . - " name "\n"
#define MQ_EACH_VECTOR(one, width)                                                                                  \
  one("0", width) one("1", width) one("2", width) one("3", width)                                                   \
  one("4", width) one("5", width) one("6", width) one("7", width)
#define MQ_KEEP_sse(n, width) "  movups %xmm" n ", " n "*" width "(%rsp)\n"
#define MQ_GIVE_sse(n, width) "  movups " n "*" width "(%rsp), %xmm" n "\n"
#define MQ_KEEP_avx(n, width) "  vmovups %ymm" n ", " n "*" width "(%rsp)\n"
#define MQ_GIVE_avx(n, width) "  vmovups " n "*" width "(%rsp), %ymm" n "\n"
__asm__(".text\n"
        MQ_LIBRARY_CALL("mapquake_library_call", "16", sse)
        MQ_LIBRARY_CALL("mapquake_library_call_wide", "32", avx));
// clang-format on

namespace mapquake::runtime {
namespace {

using memory::page_bytes;

constexpr std::size_t thunk_bytes = 32;

}  // namespace

std::uint64_t Thunks::for_function(std::uint64_t function) {
  const auto [at, is_new] = made_.try_emplace(function, 0);
  if (is_new) at->second = write(function);
  return at->second;
}

void Thunks::seal() {
  make_executable();
  page_ = nullptr;
}

void Thunks::make_executable() {
  if (page_ != nullptr) MQ_ASSERT(::mprotect(page_, page_bytes, PROT_READ | PROT_EXEC) == 0);
}

std::uint64_t Thunks::write(std::uint64_t function) {
  if (page_ == nullptr || used_ + thunk_bytes > page_bytes) {
    make_executable();
    void* const page = ::mmap(nullptr, page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    MQ_ASSERT(page != MAP_FAILED);
    page_ = static_cast<std::uint8_t*>(page);
    used_ = 0;
  }
  const bool wide = __builtin_cpu_supports("avx") != 0;
  const auto passed_through =
      reinterpret_cast<std::uint64_t>(wide ? &mapquake_library_call_wide : &mapquake_library_call);
  std::uint8_t* const thunk = page_ + used_;
  used_ += thunk_bytes;
  // movabs $function, %r11; push %r11; movabs $passed_through, %r11; jmp *%r11
  constexpr std::uint8_t load_r11[] = {0x49, 0xbb};
  constexpr std::uint8_t push_r11[] = {0x41, 0x53};
  constexpr std::uint8_t jump_r11[] = {0x41, 0xff, 0xe3};
  std::uint8_t* at = thunk;
  const auto put = [&at](const void* bytes, std::size_t count) {
    std::memcpy(at, bytes, count);
    at += count;
  };
  put(load_r11, sizeof load_r11);
  put(&function, sizeof function);
  put(push_r11, sizeof push_r11);
  put(load_r11, sizeof load_r11);
  put(&passed_through, sizeof passed_through);
  put(jump_r11, sizeof jump_r11);
  return reinterpret_cast<std::uint64_t>(thunk);
}

}  // namespace mapquake::runtime
