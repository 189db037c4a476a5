// What cmake/MapquakeFlags.cmake says, and the entry point of programs that know nothing of mapquake: CMake writes the
// .cpp out of flags.cpp.in, so the tool and the CMake functions cannot differ.
#pragma once

#include <string_view>

namespace mapquake::compile::flags {

/// Lists in CMake's manner: words with ';' in between.
extern const std::string_view common;  ///< every compilation
extern const std::string_view gnu;     ///< gcc and g++ besides
extern const std::string_view gxx;     ///< g++ besides
extern const std::string_view link;
extern const std::string_view plain;    ///< instead of common and gnu: Kind::plain
extern const std::string_view delayed;  ///< likewise: Kind::delayed
extern const std::string_view plain_link;
extern const std::string_view module_compile;
extern const std::string_view module_link;
extern const std::string_view cxx_standard;

/// cmake/program_main.cpp.in, with names between '@' to be filled in.
extern const std::string_view program_main;

/// adapters/ of the tree that this was built from: where the headers are if nothing is installed.
extern const std::string_view source_headers;

}  // namespace mapquake::compile::flags
