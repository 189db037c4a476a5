// What every reader of debug information here needs (elfutils/libdwfl.h).
#pragma once

#include <elfutils/libdwfl.h>

#include <string>
#include <string_view>

namespace mapquake {

/// For files that are reported by path and address.
inline constexpr Dwfl_Callbacks debug_info_callbacks{.find_elf = nullptr,
                                                     .find_debuginfo = dwfl_standard_find_debuginfo,
                                                     .section_address = dwfl_offline_section_address,
                                                     .debuginfo_path = nullptr};

/// What stands behind the last '/'; all of it where there is none.
inline std::string base_name(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

/// An attribute of `die` (DW_AT_call_line, ...); 0 where it has none, or where it is no number.
inline unsigned number_of(Dwarf_Die* die, unsigned which) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_formudata(dwarf_attr(die, which, &attribute), &value) != 0) return 0;
  return static_cast<unsigned>(value);
}

}  // namespace mapquake
