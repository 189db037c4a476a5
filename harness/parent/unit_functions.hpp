// Which function an address lies in, and which calls were inlined there, from DWARF's tree of a compilation unit (DWARF
// 5, sections 3.3 and 3.3.8). libdw's dwarf_getscopes goes through the whole unit for every address; where all of a map
// and its library's templates are one unit, that takes some 20 ms. Here each unit is gone through once.
#pragma once

#include <elfutils/libdwfl.h>

#include <unordered_map>
#include <vector>

namespace mapquake {

class UnitFunctions {
 public:
  /// The functions that `address` lies in, innermost first: inlined ones, and the one that they were inlined into. None
  /// where `unit` is null or knows of none. Cost: for the first address of a unit, one walk through it; then a search
  /// within one function.
  std::vector<Dwarf_Die> at(Dwarf_Die* unit, Dwarf_Addr address);

 private:
  struct Code {
    Dwarf_Addr begin;
    Dwarf_Addr end;
    Dwarf_Die function;
  };
  /// By `begin`. Of two functions with the same code, the one that the unit names first comes last.
  using Codes = std::vector<Code>;

  static void collect(Dwarf_Die* scope, Codes& codes);

  std::unordered_map<const void*, Codes> units_;  ///< by where the unit's entry lies in the debug information
};

}  // namespace mapquake
