// Addresses to places, through libdw (elfutils/libdwfl.h): the debug information is read once per module, on demand.
#include "harness/parent/symbolizer.hpp"

#include "harness/base/demangle.hpp"
#include "harness/parent/closing_brace.hpp"
#include "harness/parent/debug_info.hpp"
#include "harness/parent/unit_functions.hpp"

#include <dwarf.h>
#include <elfutils/libdwfl.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mapquake {

namespace {

/// The C and C++ libraries have directories of their own below /usr/include, and a few flat headers with inline code.
bool is_standard(std::string_view path) {
  static constexpr std::array<std::string_view, 7> directories{"c++",         "bits",  "sys", "asm",
                                                               "asm-generic", "linux", "gnu"};
  static constexpr std::array<std::string_view, 16> files{
      "ctype.h",  "math.h",    "pthread.h",   "sched.h",  "setjmp.h",  "signal.h", "stdio.h",  "stdlib.h",
      "string.h", "strings.h", "semaphore.h", "tgmath.h", "threads.h", "time.h",   "unistd.h", "wchar.h"};
  if (path.starts_with("/usr/lib/gcc") || path.starts_with("/usr/lib/llvm")) return true;
  constexpr std::string_view headers = "/usr/include/", of_machine = "x86_64-linux-gnu/";
  if (!path.starts_with(headers)) return false;
  path.remove_prefix(headers.size());
  if (path.starts_with(of_machine)) path.remove_prefix(of_machine.size());
  const std::string_view first = path.substr(0, path.find('/'));
  return first == path ? std::ranges::find(files, first) != files.end()
                       : std::ranges::find(directories, first) != directories.end();
}

Origin origin_of(std::string_view path) {
  // What of the adapter API stands between the harness and the author's code.
  static constexpr std::array<std::string_view, 23> glue{
      "at_rest", "blob",    "callbacks",    "check_result", "convert",    "explore",      "glue",        "gtest",
      "host",    "models",  "object",       "object_calls", "operations", "object_order", "object_wear", "other_map",
      "plain",   "program", "registration", "sized",        "traced",     "types",        "adapter"};
  constexpr std::string_view directory = "/mapquake/", ending = ".hpp";
  const std::size_t at = path.rfind(directory);
  if (at != std::string_view::npos && path.ends_with(ending)) {
    std::string_view name = path.substr(at + directory.size());
    name.remove_suffix(ending.size());
    if (std::ranges::find(glue, name) != glue.end()) return Origin::glue;
  }
  if (is_standard(path)) return Origin::standard;
  const bool installed = path.starts_with("/usr/") || path.starts_with("/opt/");
  return installed ? Origin::library : Origin::own;
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

/// Of an object: all of the name but template arguments and parameters.
std::string object_name(const std::string& full) {
  std::string name;
  int depth = 0;
  for (const char c : full) {
    const bool opens = c == '<' || c == '(' || c == '[';
    depth += opens;
    if (depth == 0) name += c;
    depth -= c == '>' || c == ')' || c == ']';
  }
  return name;
}

std::string name_of_scope(Dwarf_Die* scope) {
  Dwarf_Attribute attribute;
  for (const unsigned linkage :
       {static_cast<unsigned>(DW_AT_linkage_name), static_cast<unsigned>(DW_AT_MIPS_linkage_name)}) {
    if (const char* const name = dwarf_formstring(dwarf_attr_integrate(scope, linkage, &attribute)))
      return short_name(demangled(name));
  }
  const char* const name = dwarf_diename(scope);
  return name == nullptr ? "" : short_name(name);
}

}  // namespace

struct Symbolizer::State {
  Dwfl* session = nullptr;
  std::unordered_map<std::uint64_t, Site> sites;
  UnitFunctions functions;

  Site look_up(std::uint64_t pc);
};

namespace {

Site site_at(const char* path, unsigned line) {
  Site site;
  // clang writes "/usr/bin/../lib/gcc/…".
  site.path = std::filesystem::path(path).lexically_normal();
  site.file = base_name(site.path);
  site.origin = origin_of(site.path);
  site.line = line;
  return site;
}

/// The compilation unit of `address`. libdw finds it by .debug_aranges, which clang does not write: then among all.
Dwarf_Die* unit_of(Dwfl_Module* module, Dwarf_Addr address, Dwarf_Addr& bias) {
  if (Dwarf_Die* const unit = dwfl_module_addrdie(module, address, &bias)) return unit;
  Dwarf_Die* unit = nullptr;
  while ((unit = dwfl_module_nextcu(module, unit, &bias)) != nullptr) {
    if (dwarf_haspc(unit, address - bias) == 1) return unit;
  }
  return nullptr;
}

unsigned line_of_declaration(Dwarf_Die* function) {
  Dwarf_Attribute attribute;
  Dwarf_Word line = 0;
  return dwarf_formudata(dwarf_attr_integrate(function, DW_AT_decl_line, &attribute), &line) == 0
             ? static_cast<unsigned>(line)
             : 0;
}

/// The call at `address`, which lies at `innermost`, and those round it into which it was inlined.
std::vector<Site> frames_at(UnitFunctions& of_units, Dwarf_Die* unit, Dwarf_Addr address, Site innermost) {
  Dwarf_Files* files = nullptr;
  std::size_t file_count = 0;
  if (unit != nullptr) dwarf_getsrcfiles(unit, &files, &file_count);
  std::vector<Site> frames{std::move(innermost)};
  std::vector<Dwarf_Die> functions = of_units.at(unit, address);
  for (std::size_t i = 0; i < functions.size(); ++i) {
    Dwarf_Die* const function = &functions[i];
    frames.back().function = name_of_scope(function);
    if (dwarf_tag(function) == DW_TAG_subprogram) break;
    const CallLine call{dwarf_filesrc(files, number_of(function, DW_AT_call_file), nullptr, nullptr),
                        number_of(function, DW_AT_call_line), number_of(function, DW_AT_call_column)};
    if (call.path == nullptr) break;
    const unsigned first_line = i + 1 < functions.size() ? line_of_declaration(&functions[i + 1]) : 0;
    frames.push_back(site_at(call.path, line_of_call(unit, address, call, frames.back().function, first_line)));
  }
  return frames;
}

}  // namespace

Site Symbolizer::State::look_up(std::uint64_t pc) {
  Site site;
  // A return address belongs to the instruction before it.
  const Dwarf_Addr address = pc - 1;
  Dwfl_Module* const module = dwfl_addrmodule(session, address);
  if (module == nullptr) return site;
  GElf_Sym data;
  GElf_Off offset = 0;
  const char* const object = dwfl_module_addrinfo(module, address, &offset, &data, nullptr, nullptr, nullptr);
  if (object != nullptr && GELF_ST_TYPE(data.st_info) == STT_OBJECT) {
    site.function = object_name(demangled(object));
    return site;
  }
  std::string symbol;
  if (const char* const name = dwfl_module_addrname(module, address)) symbol = short_name(demangled(name));
  Dwarf_Addr bias = 0;
  Dwarf_Die* const unit = unit_of(module, address, bias);
  Dwarf_Line* const entry = unit == nullptr ? nullptr : dwarf_getsrc_die(unit, address - bias);
  const char* const path = entry == nullptr ? nullptr : dwarf_linesrc(entry, nullptr, nullptr);
  int line = 0;
  if (path == nullptr || dwarf_lineno(entry, &line) != 0) {
    site.function = std::move(symbol);
    return site;
  }
  Site innermost = site_at(path, static_cast<unsigned>(line));
  innermost.function = std::move(symbol);
  std::vector<Site> frames = frames_at(functions, unit, address - bias, std::move(innermost));
  // Out of the standard library's headers, to the line that called them.
  const auto telling = std::find_if_not(frames.begin(), frames.end(), [](const Site& f) { return f.is_standard(); });
  site = telling == frames.end() ? frames.back() : *telling;
  if (frames.size() > 1) site.frames = std::move(frames);
  return site;
}

Symbolizer::Symbolizer(const MapInfo& map) : state_(std::make_unique<State>()) {
  state_->session = dwfl_begin(&debug_info_callbacks);
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
