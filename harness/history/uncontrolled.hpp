// What map code asked of something that mapquake does not control, so that two executions of one case may be answered
// differently.
#pragma once

#include <cstdint>

namespace mapquake {

enum class Source : std::uint8_t {
  file,         ///< it opened one: /proc, /dev/urandom, one that others write
  auxiliary,    ///< it asked for the auxiliary vector, where the kernel's own functions (vdso) are found
  system_call,  ///< it made one through syscall() that has no deterministic answer
};

struct Uncontrolled {
  Source source = Source::file;
  std::uint32_t traced = 0;  ///< events of the trace before it; 0 without a trace
  std::uint64_t number = 0;  ///< of the system call, or the type in the auxiliary vector
  char name[104] = {};       ///< of the file, as far as it fits
};

/// Of one execution; what is asked after so many is not noted.
inline constexpr std::uint32_t uncontrolled_max = 16;

}  // namespace mapquake
