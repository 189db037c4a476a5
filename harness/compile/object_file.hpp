// What an object file of the compiler defines.
#pragma once

#include "harness/base/result.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace mapquake::compile {

/// The functions and objects that an ELF64 object file defines (elf(5), section SHT_SYMTAB), mangled, without those
/// that are local to it. Errors: bad_input for other files (such as those of -flto=…), and broken ones.
Result<std::set<std::string>> defined_symbols(const std::filesystem::path& object);

}  // namespace mapquake::compile
