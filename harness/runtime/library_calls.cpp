#include "harness/runtime/library_calls.hpp"

#include "harness/runtime/code_origin.hpp"
#include "harness/runtime/library_thunks.hpp"
#include "harness/runtime/relocations.hpp"

#include <cxxabi.h>
#include <dlfcn.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace mapquake::runtime {
namespace {

/// struct dwarf_eh_bases of libgcc (unwind-dw2-fde.h).
struct FrameBases {
  void* tbase;
  void* dbase;
  void* func;
};
/// libgcc's: the entry of .eh_frame that covers an address, and where its function begins.
extern "C" const void* find_frame_entry(void* pc, FrameBases* bases) __asm__("_Unwind_Find_FDE");

/// An object that came with the plugin.
struct Object {
  dl_phdr_info info;
  bool seen = false;  ///< instrumented
  std::vector<Slot> slots;

  const Slot* slot_at(std::uint64_t address) const {
    const auto found = std::ranges::lower_bound(slots, address, {}, &Slot::address);
    return found != slots.end() && found->address == address ? &*found : nullptr;
  }
};

std::uint64_t word_at(std::uint64_t address) {
  return *reinterpret_cast<const std::uint64_t*>(address);
}

bool begins_function(std::uint64_t address) {
  FrameBases bases{};
  return find_frame_entry(reinterpret_cast<void*>(address), &bases) != nullptr &&
         reinterpret_cast<std::uint64_t>(bases.func) == address;
}

bool holds_library_function(const Slot& slot) {
  const std::uint64_t function = word_at(slot.address);
  return is_library_code(function) && (slot.kind == Slot::Kind::call || begins_function(function));
}

/// Where the variable of a library that `address` lies in begins and ends; empty where the library exports none there.
CodeRange exported_variable(std::uint64_t address) {
  Dl_info place{};
  const ElfW(Sym)* symbol = nullptr;
  const bool found = ::dladdr1(reinterpret_cast<void*>(address), &place,
                               reinterpret_cast<void**>(const_cast<ElfW(Sym)**>(&symbol)), RTLD_DL_SYMENT) != 0;
  if (!found || symbol == nullptr || ELF64_ST_TYPE(symbol->st_info) != STT_OBJECT) return {};
  return {reinterpret_cast<std::uint64_t>(place.dli_saddr), symbol->st_size};
}

/// The class of a std::type_info object begins the name of its table of virtual functions (Itanium C++ ABI, 2.9.5).
bool is_type_info(std::uint64_t address) {
  Dl_info place{};
  const bool found = ::dladdr(reinterpret_cast<void*>(word_at(address)), &place) != 0 && place.dli_sname != nullptr;
  return found && std::string_view(place.dli_sname).starts_with("_ZTVN10__cxxabiv1");
}

/// The slots of a library through which map code can call it without naming a function: variables of functions that it
/// imports, and tables of virtual functions. A table of virtual functions is known by what precedes them: an offset,
/// which is no address, and the address of a type_info (Itanium C++ ABI, 2.5.2).
class Tables {
 public:
  Tables(const Object& library, const std::vector<CodeRange>& imported) : library_(library), imported_(imported) {}

  std::vector<Slot> slots() const {
    std::vector<Slot> found;
    for (const Slot& slot : library_.slots) {
      if (slot.kind == Slot::Kind::table && is_imported(slot.address)) found.push_back(slot);
      if (!is_head_of_virtual_functions(slot)) continue;
      const Slot* function = library_.slot_at(slot.address + 8);
      for (; function != nullptr && holds_a_function(*function); function = library_.slot_at(function->address + 8)) {
        found.push_back(*function);
      }
    }
    return found;
  }

 private:
  bool is_imported(std::uint64_t address) const {
    return std::ranges::any_of(imported_, [address](const CodeRange& variable) { return variable.contains(address); });
  }
  bool holds_a_function(const Slot& slot) const {
    return slot.kind == Slot::Kind::table && begins_function(word_at(slot.address));
  }
  bool is_head_of_virtual_functions(const Slot& slot) const {
    if (slot.kind != Slot::Kind::table || library_.slot_at(slot.address - 8) != nullptr) return false;
    const Slot* const first = library_.slot_at(slot.address + 8);
    if (first == nullptr || !holds_a_function(*first)) return false;
    const std::uint64_t type = word_at(slot.address);
    return library_.slot_at(type) != nullptr && is_type_info(type);
  }

  const Object& library_;
  const std::vector<CodeRange>& imported_;
};

std::vector<Object> objects_of_plugin(const memory::LoadedObjects& before) {
  std::vector<Object> objects;
  memory::for_each_object([&](const dl_phdr_info& info) {
    if (before.contains(info.dlpi_addr) || info.dlpi_addr == 0) return;
    objects.push_back({info, memory::is_instrumented(info), slots_of(info)});
  });
  return objects;
}

/// The variables of libraries that instrumented code names.
std::vector<CodeRange> imported_variables(const std::vector<Object>& objects) {
  std::vector<CodeRange> variables;
  for (const Object& object : objects) {
    for (const Slot& slot : object.slots) {
      const std::uint64_t value = word_at(slot.address);
      if (!object.seen || slot.kind == Slot::Kind::call || !is_library_code(value)) continue;
      if (const CodeRange variable = exported_variable(value); variable.contains(value)) variables.push_back(variable);
    }
  }
  return variables;
}

}  // namespace

void watch_library_calls(const memory::LoadedObjects& before) {
  if (!has_unseen_libraries) return;
  const std::vector<Object> objects = objects_of_plugin(before);
  const std::vector<CodeRange> imported = imported_variables(objects);
  Thunks thunks;
  for (const Object& object : objects) {
    for (const Slot& slot : object.seen ? object.slots : Tables(object, imported).slots()) {
      if (!holds_library_function(slot)) continue;
      overwrite(object.info, slot.address, thunks.for_function(word_at(slot.address)));
    }
  }
  thunks.seal();
}

}  // namespace mapquake::runtime
