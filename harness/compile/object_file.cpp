#include "harness/compile/object_file.hpp"

#include "harness/store/fsio.hpp"

#include <elf.h>

#include <cstring>
#include <optional>
#include <string_view>

namespace mapquake::compile {
namespace {

constexpr std::size_t bytes_max = std::size_t{1} << 30;

/// A copy of what stands at an offset; nothing where the file is too short.
template <class T>
std::optional<T> at(std::string_view bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

std::optional<Elf64_Shdr> section(std::string_view bytes, const Elf64_Ehdr& header, std::uint64_t number) {
  return at<Elf64_Shdr>(bytes, header.e_shoff + number * sizeof(Elf64_Shdr));
}

/// False where the table is broken.
bool read_table(std::string_view bytes, const Elf64_Shdr& table, const Elf64_Shdr& names,
                std::set<std::string>& symbols) {
  for (std::uint64_t i = 0; i < table.sh_size / sizeof(Elf64_Sym); ++i) {
    const auto symbol = at<Elf64_Sym>(bytes, table.sh_offset + i * sizeof(Elf64_Sym));
    if (!symbol) return false;
    if (symbol->st_shndx == SHN_UNDEF || ELF64_ST_BIND(symbol->st_info) == STB_LOCAL) continue;
    const std::uint64_t begin = names.sh_offset + symbol->st_name;
    const std::size_t end = begin < bytes.size() ? bytes.find('\0', begin) : std::string_view::npos;
    if (end == std::string_view::npos) return false;
    symbols.emplace(bytes.substr(begin, end - begin));
  }
  return true;
}

}  // namespace

Result<std::set<std::string>> defined_symbols(const std::filesystem::path& object) {
  const auto bytes = read_file_bounded(object, bytes_max);
  if (!bytes) return bytes.error();
  const Error broken{ExitCode::bad_input, object.string() + ": not an object file of ELF64",
                     "Leave out compiler flags that make the compiler write something else, such as -flto or -S."};
  const auto header = at<Elf64_Ehdr>(*bytes, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_ident[EI_CLASS] != ELFCLASS64 ||
      header->e_shentsize != sizeof(Elf64_Shdr)) {
    return broken;
  }
  // More sections than e_shnum can say (one for each function of many templates) stand in the first section.
  const auto first = section(*bytes, *header, 0);
  const std::uint64_t count = header->e_shnum != 0 || !first ? header->e_shnum : first->sh_size;
  std::set<std::string> symbols;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto table = section(*bytes, *header, i);
    if (!table) return broken;
    if (table->sh_type != SHT_SYMTAB) continue;
    const auto names = section(*bytes, *header, table->sh_link);
    if (!names || !read_table(*bytes, *table, *names, symbols)) return broken;
  }
  return symbols;
}

}  // namespace mapquake::compile
