// Entry points that compilers call (cmake/exported.list).
#pragma once

#include <cstdint>

#define MQ_EXPORT extern "C" __attribute__((visibility("default")))
/// In an entry point: the code that called it.
#define MQ_PC reinterpret_cast<std::uint64_t>(__builtin_return_address(0))
