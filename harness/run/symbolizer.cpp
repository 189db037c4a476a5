// Addresses to places, through libdw (elfutils/libdwfl.h): the debug information is read once per module, on demand.
#include "harness/run/catalogue.hpp"

#include <cxxabi.h>
#include <dwarf.h>
#include <elfutils/libdwfl.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mapquake {

namespace {

bool is_system(std::string_view path) {
  if (path.starts_with("/usr/include") || path.starts_with("/usr/lib")) return true;
  // What of the adapter API stands between the harness and the author's code.
  for (const char* const glue : {"glue", "host", "program", "explore", "gtest"}) {
    if (path.ends_with(std::string("/mapquake/") + glue + ".hpp")) return true;
  }
  return false;
}

std::string base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

/// The name without template arguments and parameters: "Table::grow".
std::string short_name(std::string_view full) {
  std::string name;
  int depth = 0;
  for (std::size_t i = 0; i < full.size(); ++i) {
    const char c = full[i];
    if (full.substr(i).starts_with("operator")) {
      name += full.substr(i, full.find('(', i) - i);
      break;
    }
    if (c == '<') ++depth;
    if (depth == 0 && c == '(' && !full.substr(i).starts_with("(anonymous")) break;
    if (depth == 0) name += c;
    if (c == '>') --depth;
  }
  // Templates are mangled with their return type: "void f".
  const std::size_t space = name.rfind(' ');
  if (space != std::string::npos && name.find("operator") == std::string::npos) name.erase(0, space + 1);
  return name;
}

std::string demangled(const char* mangled) {
  int status = 0;
  char* const text = ::abi::__cxa_demangle(mangled, nullptr, nullptr, &status);
  if (status != 0) return mangled;
  std::string name = short_name(text);
  std::free(text);
  return name;
}

std::string name_of_scope(Dwarf_Die* scope) {
  Dwarf_Attribute attribute;
  for (const unsigned linkage :
       {static_cast<unsigned>(DW_AT_linkage_name), static_cast<unsigned>(DW_AT_MIPS_linkage_name)}) {
    if (const char* const name = dwarf_formstring(dwarf_attr_integrate(scope, linkage, &attribute)))
      return demangled(name);
  }
  const char* const name = dwarf_diename(scope);
  return name == nullptr ? "" : name;
}

unsigned number_of(Dwarf_Die* scope, unsigned which) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_formudata(dwarf_attr(scope, which, &attribute), &value) != 0) return 0;
  return static_cast<unsigned>(value);
}

}  // namespace

struct Symbolizer::State {
  Dwfl* session = nullptr;
  std::unordered_map<std::uint64_t, Site> sites;

  Site look_up(std::uint64_t pc);
};

Site Symbolizer::State::look_up(std::uint64_t pc) {
  Site site;
  // A return address belongs to the instruction before it.
  const Dwarf_Addr address = pc - 1;
  Dwfl_Module* const module = dwfl_addrmodule(session, address);
  if (module == nullptr) return site;
  if (const char* const symbol = dwfl_module_addrname(module, address)) site.function = demangled(symbol);
  int line = 0;
  Dwfl_Line* const entry = dwfl_module_getsrc(module, address);
  const char* path = entry == nullptr ? nullptr : dwfl_lineinfo(entry, nullptr, &line, nullptr, nullptr, nullptr);
  if (path == nullptr) return site;
  site.path = path;
  site.line = static_cast<unsigned>(line);

  Dwarf_Addr bias = 0;
  Dwarf_Die* const unit = dwfl_module_addrdie(module, address, &bias);
  // dwarf_getscopes leaves the chain of inlined calls for the abstract definition's scopes; from its innermost entry
  // dwarf_getscopes_die follows the concrete ones.
  Dwarf_Die* innermost = nullptr;
  Dwarf_Die* scopes = nullptr;
  int count = unit == nullptr ? 0 : dwarf_getscopes(unit, address - bias, &innermost);
  if (count > 0) count = dwarf_getscopes_die(innermost, &scopes);
  std::free(innermost);
  Dwarf_Files* files = nullptr;
  std::size_t file_count = 0;
  if (unit != nullptr) dwarf_getsrcfiles(unit, &files, &file_count);
  bool named = false;
  for (int i = 0; i < count; ++i) {
    const int tag = dwarf_tag(&scopes[i]);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) continue;
    if (!named) site.function = name_of_scope(&scopes[i]);
    named = true;
    if (!is_system(site.path)) break;
    if (tag == DW_TAG_subprogram) break;
    // Out of the library's header, to the line that called it.
    const char* const caller = dwarf_filesrc(files, number_of(&scopes[i], DW_AT_call_file), nullptr, nullptr);
    if (caller == nullptr) break;
    site.path = caller;
    site.line = number_of(&scopes[i], DW_AT_call_line);
    named = false;
  }
  std::free(scopes);
  site.file = base_name(site.path);
  site.system = is_system(site.path);
  return site;
}

Symbolizer::Symbolizer(const MapInfo& map) : state_(std::make_unique<State>()) {
  static const Dwfl_Callbacks callbacks{.find_elf = nullptr,
                                        .find_debuginfo = dwfl_standard_find_debuginfo,
                                        .section_address = dwfl_offline_section_address,
                                        .debuginfo_path = nullptr};
  state_->session = dwfl_begin(&callbacks);
  dwfl_report_begin(state_->session);
  for (const Module& module : map.modules) {
    dwfl_report_elf(state_->session, module.path.c_str(), module.path.c_str(), -1, module.base, true);
  }
  dwfl_report_end(state_->session, nullptr, nullptr);
}

Symbolizer::~Symbolizer() {
  dwfl_end(state_->session);
}

const Site& Symbolizer::site(std::uint64_t pc) {
  const auto found = state_->sites.find(pc);
  if (found != state_->sites.end()) return found->second;
  return state_->sites.emplace(pc, pc == 0 ? Site{} : state_->look_up(pc)).first->second;
}

}  // namespace mapquake
