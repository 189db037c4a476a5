#include "harness/runtime/map_place.hpp"

#include <link.h>
#include <unwind.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace mapquake::runtime {
namespace {

struct Range {
  std::uint64_t first = 0;
  std::uint64_t bytes = 0;
};

constexpr std::size_t ranges_max = 64;
constexpr unsigned frames_max = 64;

constinit std::array<Range, ranges_max> foreign{};
constinit std::size_t foreign_count = 0;

bool is_foreign(std::uint64_t pc) {
  const auto holds = [pc](const Range& range) { return pc - range.first < range.bytes; };
  return std::any_of(foreign.begin(), foreign.begin() + foreign_count, holds);
}

/// The executable (whose name is empty) and what the system installed. Libraries of the user's own count as the map's.
bool is_foreign_object(std::string_view path) {
  return path.empty() || path.starts_with("/lib") || path.starts_with("/usr/lib");
}

int add_object(dl_phdr_info* info, std::size_t, void*) {
  if (!is_foreign_object(info->dlpi_name)) return 0;
  for (int i = 0; i < info->dlpi_phnum && foreign_count < ranges_max; ++i) {
    const auto& header = info->dlpi_phdr[i];
    if (header.p_type == PT_LOAD && (header.p_flags & PF_X) != 0) {
      foreign[foreign_count++] = {info->dlpi_addr + header.p_vaddr, header.p_memsz};
    }
  }
  return 0;
}

struct Walk {
  std::span<std::uint64_t> found;
  std::size_t count = 0;
  unsigned frames = 0;
};

_Unwind_Reason_Code look_at(_Unwind_Context* context, void* argument) {
  auto& walk = *static_cast<Walk*>(argument);
  const std::uint64_t pc = _Unwind_GetIP(context);
  if (pc != 0 && !is_foreign(pc)) walk.found[walk.count++] = pc;
  return walk.count == walk.found.size() || ++walk.frames == frames_max ? _URC_END_OF_STACK : _URC_NO_REASON;
}

}  // namespace

void find_foreign_code() {
  foreign_count = 0;
  ::dl_iterate_phdr(add_object, nullptr);
}

bool is_map_code(std::uint64_t pc) {
  return pc != 0 && !is_foreign(pc);
}

std::size_t map_frames(std::span<std::uint64_t> frames) {
  Walk walk{frames};
  if (!frames.empty()) _Unwind_Backtrace(look_at, &walk);
  return walk.count;
}

std::uint64_t place_in_map(std::uint64_t pc) {
  if (pc == 0 || !is_foreign(pc)) return pc;
  std::uint64_t innermost = 0;
  return map_frames(std::span(&innermost, 1)) != 0 ? innermost : pc;
}

}  // namespace mapquake::runtime
