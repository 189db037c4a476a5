#include "harness/runtime/relocations.hpp"

#include "harness/base/assert.hpp"
#include "harness/memory/layout.hpp"
#include "harness/runtime/code_origin.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <optional>
#include <span>

namespace mapquake::runtime {
namespace {

using memory::page_bytes;

/// What the dynamic section of an object says of its relocations (generic ABI, chapter 5; gABI's DT_RELR).
class Relocations {
 public:
  explicit Relocations(const dl_phdr_info& info) : base_(info.dlpi_addr) {
    for (const auto& header : std::span(info.dlpi_phdr, info.dlpi_phnum)) {
      if (header.p_type == PT_DYNAMIC) read(reinterpret_cast<const Elf64_Dyn*>(base_ + header.p_vaddr));
    }
  }

  std::vector<Slot> slots() const {
    std::vector<Slot> slots;
    const auto add = [&](std::uint64_t address, Slot::Kind kind) {
      const bool run_by_linker = constructors_.contains(address) || destructors_.contains(address);
      if (!run_by_linker) slots.push_back({address, kind});
    };
    for (const Table& table : {rela_, calls_}) {
      const std::span entries(reinterpret_cast<const Elf64_Rela*>(table.first), table.bytes / sizeof(Elf64_Rela));
      for (const Elf64_Rela& entry : entries) {
        if (const auto kind = kind_of(ELF64_R_TYPE(entry.r_info))) add(base_ + entry.r_offset, *kind);
      }
    }
    std::uint64_t next = 0;
    const std::span packed(reinterpret_cast<const std::uint64_t*>(relr_.first), relr_.bytes / 8);
    for (const std::uint64_t entry : packed) {
      // An even entry is an address; an odd one tells with 63 bits which of the words that follow are meant.
      if ((entry & 1) == 0) add(base_ + entry, Slot::Kind::table);
      for (unsigned bit = 1; (entry & 1) != 0 && bit < 64; ++bit) {
        if ((entry >> bit & 1) != 0) add(next + (bit - 1) * 8, Slot::Kind::table);
      }
      next = (entry & 1) == 0 ? base_ + entry + 8 : next + std::uint64_t{63} * 8;
    }
    return slots;
  }

 private:
  using Table = CodeRange;

  static std::optional<Slot::Kind> kind_of(std::uint64_t type) {
    switch (type) {
      case R_X86_64_JUMP_SLOT:
        return Slot::Kind::call;
      case R_X86_64_GLOB_DAT:
        return Slot::Kind::symbol;
      case R_X86_64_64:
      case R_X86_64_RELATIVE:
      case R_X86_64_IRELATIVE:
        return Slot::Kind::table;
      default:
        return std::nullopt;
    }
  }

  void read(const Elf64_Dyn* entry) {
    for (; entry->d_tag != DT_NULL; ++entry) {
      const std::uint64_t value = entry->d_un.d_val;
      // The linker has made addresses of some of them: the others lie below the object.
      const std::uint64_t address = value < base_ ? value + base_ : value;
      switch (entry->d_tag) {
        // clang-format off
        case DT_RELA: rela_.first = address; break;
        case DT_RELASZ: rela_.bytes = value; break;
        case DT_JMPREL: calls_.first = address; break;
        case DT_PLTRELSZ: calls_.bytes = value; break;
        case DT_RELR: relr_.first = address; break;
        case DT_RELRSZ: relr_.bytes = value; break;
        case DT_INIT_ARRAY: constructors_.first = address; break;
        case DT_INIT_ARRAYSZ: constructors_.bytes = value; break;
        case DT_FINI_ARRAY: destructors_.first = address; break;
        case DT_FINI_ARRAYSZ: destructors_.bytes = value; break;
        default: break;
          // clang-format on
      }
    }
  }

  std::uint64_t base_;
  Table rela_, calls_, relr_;
  CodeRange constructors_, destructors_;
};

}  // namespace

std::vector<Slot> slots_of(const dl_phdr_info& info) {
  std::vector<Slot> slots = Relocations(info).slots();
  std::ranges::sort(slots, {}, &Slot::address);
  return slots;
}

void overwrite(const dl_phdr_info& info, std::uint64_t slot, std::uint64_t value) {
  bool read_only = false;
  for (const auto& header : std::span(info.dlpi_phdr, info.dlpi_phnum)) {
    // The linker protects whole pages only.
    const std::uint64_t first = (info.dlpi_addr + header.p_vaddr) & ~(page_bytes - 1);
    const std::uint64_t end = (info.dlpi_addr + header.p_vaddr + header.p_memsz) & ~(page_bytes - 1);
    read_only |= header.p_type == PT_GNU_RELRO && slot >= first && slot < end;
  }
  void* const page = reinterpret_cast<void*>(slot & ~(page_bytes - 1));
  if (read_only) MQ_ASSERT(::mprotect(page, page_bytes, PROT_READ | PROT_WRITE) == 0);
  *reinterpret_cast<std::uint64_t*>(slot) = value;
  if (read_only) MQ_ASSERT(::mprotect(page, page_bytes, PROT_READ) == 0);
}

}  // namespace mapquake::runtime
