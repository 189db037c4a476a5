#include "harness/parent/unit_functions.hpp"

#include <dwarf.h>

#include <algorithm>

namespace mapquake {

namespace {

/// Appends the inlined functions below `scope` that `address` lies in, outermost first.
void find_inlined(Dwarf_Die* scope, Dwarf_Addr address, std::vector<Dwarf_Die>& found) {
  Dwarf_Die child;
  if (dwarf_child(scope, &child) != 0) return;
  do {
    const int tag = dwarf_tag(&child);
    const bool is_call = tag == DW_TAG_inlined_subroutine;
    if (!is_call && tag != DW_TAG_lexical_block) continue;
    if (dwarf_haspc(&child, address) != 1) continue;
    if (is_call) found.push_back(child);
    return find_inlined(&child, address, found);
  } while (dwarf_siblingof(&child, &child) == 0);
}

}  // namespace

void UnitFunctions::collect(Dwarf_Die* scope, Codes& codes) {
  Dwarf_Die child;
  if (dwarf_child(scope, &child) != 0) return;
  do {
    switch (dwarf_tag(&child)) {
      case DW_TAG_subprogram: {
        Dwarf_Addr base = 0, begin = 0, end = 0;
        for (std::ptrdiff_t at = 0; (at = dwarf_ranges(&child, at, &base, &begin, &end)) > 0;) {
          codes.push_back({begin, end, child});
        }
        [[fallthrough]];  // a function of a local class (a lambda) stands within one that it does not lie in
      }
      case DW_TAG_lexical_block:
      case DW_TAG_class_type:
      case DW_TAG_structure_type:
      case DW_TAG_union_type:
      case DW_TAG_namespace:
        collect(&child, codes);
        break;
      default:
        break;
    }
  } while (dwarf_siblingof(&child, &child) == 0);
}

std::vector<Dwarf_Die> UnitFunctions::at(Dwarf_Die* unit, Dwarf_Addr address) {
  if (unit == nullptr) return {};
  const auto [known, is_new] = units_.try_emplace(unit->addr);
  Codes& codes = known->second;
  if (is_new) {
    collect(unit, codes);
    std::ranges::reverse(codes);
    std::ranges::stable_sort(codes, {}, &Code::begin);
  }
  const auto behind = std::ranges::upper_bound(codes, address, {}, &Code::begin);
  if (behind == codes.begin() || address >= behind[-1].end) return {};
  std::vector<Dwarf_Die> found{behind[-1].function};
  Dwarf_Die function = found.front();
  find_inlined(&function, address, found);
  std::ranges::reverse(found);
  return found;
}

}  // namespace mapquake
