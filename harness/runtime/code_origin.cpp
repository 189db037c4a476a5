#include "harness/runtime/code_origin.hpp"

#include "harness/base/assert.hpp"

#include <link.h>
#include <algorithm>
#include <array>
#include <cstring>

namespace mapquake::runtime {

constinit CodeRange main_map_code{};
constinit bool has_unseen_libraries = false;

namespace {

/// Asked before constructors and after destructors of globals have run: malloc does.
struct CodeRanges {
  std::array<CodeRange, 256> ranges{};
  unsigned count = 0;
  void add(CodeRange range) {
    MQ_ASSERT(count < ranges.size());
    ranges[count++] = range;
  }
  bool contain(std::uint64_t pc) const {
    return std::any_of(ranges.begin(), ranges.begin() + count,
                       [pc](const CodeRange& range) { return range.contains(pc); });
  }
};

constinit CodeRanges system_code;
constinit CodeRanges unseen_code;
constinit CodeRanges library_code;

CodeRange range_of(const dl_phdr_info& info) {
  std::uint64_t end = 0;
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& header = info.dlpi_phdr[i];
    if (header.p_type == PT_LOAD) end = std::max<std::uint64_t>(end, header.p_vaddr + header.p_memsz);
  }
  return {info.dlpi_addr, end};
}

bool is_libc(const dl_phdr_info& info) {
  const char* const name = std::strrchr(info.dlpi_name, '/');
  return name != nullptr && (std::strncmp(name, "/libc.so", 8) == 0 || std::strncmp(name, "/ld-linux", 9) == 0);
}

}  // namespace

void learn_system_code() {
  memory::for_each_object([](const dl_phdr_info& info) {
    if (is_libc(info)) system_code.add(range_of(info));
  });
}

bool is_system_code(std::uint64_t pc) {
  return system_code.contain(pc);
}

void learn_map_code(const memory::LoadedObjects& before) {
  bool executable = true;  // dl_iterate_phdr names it first
  memory::for_each_object([&](const dl_phdr_info& info) {
    const bool harness = executable;
    executable = false;
    if (harness || is_libc(info)) return;
    const bool shared_with_us = before.contains(info.dlpi_addr);
    if (shared_with_us || !memory::is_instrumented(info)) {
      unseen_code.add(range_of(info));
      if (!shared_with_us) library_code.add(range_of(info));
      has_unseen_libraries |= !shared_with_us;
    } else if (main_map_code.bytes == 0) {
      main_map_code = range_of(info);
    }
  });
}

bool is_library_code(std::uint64_t pc) {
  return library_code.contain(pc);
}

bool is_unseen_code_elsewhere(std::uint64_t pc) {
  return unseen_code.contain(pc);
}

}  // namespace mapquake::runtime
