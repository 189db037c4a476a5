// Copies of memory that every execution starts from: the writable data of the plugin and of the libraries that came
// with it, and the thread_local storage of borrowed threads.
#pragma once

#include <link.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mapquake::memory {

/// A set of address ranges and what they held when they were added.
class Image {
 public:
  /// Remembers the bytes that are there now.
  void add(void* first, std::size_t bytes);
  /// Puts them back. Cost: one copy.
  void restore() const;
  std::size_t bytes() const;
  bool contains(std::uint64_t address) const;
  /// Calls visit(first, bytes) for each range, as it is now.
  template <class Visit>
  void visit(Visit visit) const {
    for (const Range& range : ranges_) visit(range.first, range.copy.size());
  }

 private:
  struct Range {
    std::uint8_t* first;
    std::vector<std::uint8_t> copy;
  };
  std::vector<Range> ranges_;
};

/// Calls visit(const dl_phdr_info&) for every object that is loaded, the executable first.
template <class Visit>
void for_each_object(Visit visit) {
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* context) {
        (*static_cast<Visit*>(context))(*info);
        return 0;
      },
      &visit);
}

/// The names of the shared objects that are loaded now.
class LoadedObjects {
 public:
  LoadedObjects();
  bool contains(std::uint64_t base) const;

 private:
  std::vector<std::uint64_t> bases_;
};

/// Calls visit(first address, bytes) for each part of the object that can be written once it is loaded: the writable
/// segments without what is read-only after relocation.
template <class Visit>
void for_each_writable_part(const dl_phdr_info& info, Visit visit) {
  constexpr std::uint64_t page = 4096;
  std::uint64_t relro_begin = 0;
  std::uint64_t relro_end = 0;
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& header = info.dlpi_phdr[i];
    if (header.p_type != PT_GNU_RELRO) continue;
    relro_begin = info.dlpi_addr + header.p_vaddr;
    // The linker protects whole pages; the rest of the last one stays writable.
    relro_end = (relro_begin + header.p_memsz) & ~(page - 1);
  }
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& header = info.dlpi_phdr[i];
    if (header.p_type != PT_LOAD || (header.p_flags & PF_W) == 0) continue;
    const std::uint64_t first = info.dlpi_addr + header.p_vaddr;
    const std::uint64_t last = first + header.p_memsz;
    const std::uint64_t begin = relro_begin >= first && relro_begin < last && relro_end > first ? relro_end : first;
    if (begin < last) visit(begin, last - begin);
  }
}

/// The writable segments, relocation-read-only parts left out, of every shared object that is not in `before`.
Image image_of_new_objects(const LoadedObjects& before);

/// Is a shared object that the dynamic linker has relocated compiled with -fsanitize=thread, as far as its imports
/// tell?
bool is_instrumented(const dl_phdr_info& info);
/// As above, of the shared object that `address` lies in.
bool is_instrumented_at(const void* address);

/// The thread_local blocks of the calling thread, in every loaded module but the executable. Forces those that libc
/// would allocate on first use into being, so that they never come out of the map's arena. Call on the thread itself.
Image image_of_this_threads_tls();

}  // namespace mapquake::memory
