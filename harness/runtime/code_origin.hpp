// Whose code lies at an address. What is not instrumented is either libc, whose doings the shims see, or not seen at
// all: then it may order threads by atomic operations that nobody tells of (memory/happens_before.hpp).
#pragma once

#include "harness/memory/image.hpp"

#include <cstdint>

namespace mapquake::runtime {

struct CodeRange {
  std::uint64_t first = 0;
  std::uint64_t bytes = 0;
  bool contains(std::uint64_t pc) const { return pc - first < bytes; }
};

/// Learns where libc and the dynamic linker lie: what they allocate while a plugin loads is theirs, not the map's.
void learn_system_code();
bool is_system_code(std::uint64_t pc);

/// Learns which of the objects that came with the plugin are instrumented. Call once it is loaded.
void learn_map_code(const memory::LoadedObjects& before);

/// The plugin, or the one library that came with it: most calls come from there.
extern CodeRange main_map_code;
bool is_unseen_code_elsewhere(std::uint64_t pc);

/// Whether libraries came with the plugin that are not instrumented (library_calls.hpp).
extern bool has_unseen_libraries;
/// Code of one of those. The C++ library and others that the harness shares with the plugin are not among them.
bool is_library_code(std::uint64_t pc);

/// Code of a library that neither is instrumented nor libc. Before learn_map_code(): false.
inline bool is_unseen_code(std::uint64_t pc) {
  return !main_map_code.contains(pc) && is_unseen_code_elsewhere(pc);
}

/// A thread that goes on at `pc` goes on where such libraries may be at work, and can learn of other threads there.
inline bool goes_on_in_library(std::uint64_t pc) {
  return has_unseen_libraries && is_unseen_code(pc);
}

}  // namespace mapquake::runtime
