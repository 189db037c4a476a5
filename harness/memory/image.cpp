#include "harness/memory/image.hpp"

#include <link.h>
#include <algorithm>
#include <cstring>
#include <string_view>

// The dynamic linker's own entry point for thread_local access (ELF TLS specification, section 3.4.2).
extern "C" void* __tls_get_addr(void*);

namespace mapquake::memory {

namespace {

struct TlsIndex {
  unsigned long module;
  unsigned long offset;
};

}  // namespace

void Image::add(void* first, std::size_t bytes) {
  if (bytes == 0) return;
  auto* const begin = static_cast<std::uint8_t*>(first);
  ranges_.push_back({begin, std::vector<std::uint8_t>(begin, begin + bytes)});
}

void Image::restore() const {
  for (const Range& range : ranges_) std::memcpy(range.first, range.copy.data(), range.copy.size());
}

std::size_t Image::bytes() const {
  std::size_t sum = 0;
  for (const Range& range : ranges_) sum += range.copy.size();
  return sum;
}

bool Image::contains(std::uint64_t address) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) {
    return address - reinterpret_cast<std::uint64_t>(range.first) < range.copy.size();
  });
}

LoadedObjects::LoadedObjects() {
  for_each_object([&](const dl_phdr_info& info) { bases_.push_back(info.dlpi_addr); });
}

bool LoadedObjects::contains(std::uint64_t base) const {
  return std::find(bases_.begin(), bases_.end(), base) != bases_.end();
}

Image image_of_new_objects(const LoadedObjects& before) {
  Image image;
  for_each_object([&](const dl_phdr_info& info) {
    if (before.contains(info.dlpi_addr)) return;
    for_each_writable_part(
        info, [&](std::uint64_t first, std::uint64_t bytes) { image.add(reinterpret_cast<void*>(first), bytes); });
  });
  return image;
}

bool is_instrumented(const dl_phdr_info& info) {
  constexpr std::string_view mark = "__tsan_";
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    if (info.dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
    const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(info.dlpi_addr + info.dlpi_phdr[i].p_vaddr);
    const char* text = nullptr;
    std::size_t bytes = 0;
    for (; entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_STRTAB) text = reinterpret_cast<const char*>(entry->d_un.d_ptr);  // relocated by ld.so
      if (entry->d_tag == DT_STRSZ) bytes = entry->d_un.d_val;
    }
    if (text != nullptr && std::string_view(text, bytes).find(mark) != std::string_view::npos) return true;
  }
  return false;
}

bool is_instrumented_at(const void* address) {
  Dl_info place{};
  if (::dladdr(address, &place) == 0) return false;
  const auto base = reinterpret_cast<ElfW(Addr)>(place.dli_fbase);
  bool found = false;
  for_each_object(
      [&](const dl_phdr_info& info) { found = found || (info.dlpi_addr == base && is_instrumented(info)); });
  return found;
}

Image image_of_this_threads_tls() {
  Image image;
  bool executable = true;  // dl_iterate_phdr names it first
  for_each_object([&](const dl_phdr_info& info) {
    const bool skip = executable;
    executable = false;
    if (skip || info.dlpi_tls_modid == 0) return;
    for (int i = 0; i < info.dlpi_phnum; ++i) {
      if (info.dlpi_phdr[i].p_type != PT_TLS) continue;
      TlsIndex index{info.dlpi_tls_modid, 0};
      image.add(__tls_get_addr(&index), info.dlpi_phdr[i].p_memsz);
    }
  });
  return image;
}

}  // namespace mapquake::memory
