// Where the dynamic linker has filled an object with addresses: its tables of imports, of virtual functions, and
// others.
#pragma once

#include <link.h>

#include <cstdint>
#include <vector>

namespace mapquake::runtime {

/// A word that holds an address.
struct Slot {
  std::uint64_t address = 0;
  enum class Kind : std::uint8_t {
    call,    ///< of the function that the code calls through it
    symbol,  ///< of a function or variable that the code names
    table,   ///< part of the object's data
  } kind = Kind::table;
  bool operator==(const Slot&) const = default;
};

/// Of an x86-64 object that the linker has relocated, ascending. Left out: what the linker itself calls
/// (constructors and destructors), and thread-local storage. After the generic ABI, chapter 5, with DT_RELR.
std::vector<Slot> slots_of(const dl_phdr_info& info);

/// Writes to a slot, also where the linker has made it read-only; it is so again afterwards.
void overwrite(const dl_phdr_info& info, std::uint64_t slot, std::uint64_t value);

}  // namespace mapquake::runtime
