// From sources to a plugin, with what CMake's functions do and no less.
#pragma once

#include "harness/base/result.hpp"
#include "harness/compile/commands.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace mapquake::compile {

/// What the user named.
struct Request {
  std::vector<std::filesystem::path> sources;  ///< at least one; is_source() of each
  Words flags;                                 ///< for the compiler, after ours
  Kind kind = Kind::instrumented;
};

/// Where everything is.
struct Place {
  std::filesystem::path headers;  ///< <mapquake/adapter.hpp> is below it
  std::filesystem::path cache;
};

/// The place of the tool `executable`: headers next to its bin/, else in its source tree; the cache in $MAPQUAKE_CACHE,
/// else $XDG_CACHE_HOME/mapquake, else ~/.cache/mapquake, else a directory of the user in the temporary one.
std::filesystem::path headers_for(const std::filesystem::path& executable);
Place place_for(const std::filesystem::path& executable);

struct Built {
  std::filesystem::path plugin;  ///< in the cache, named after the first source and its content; stays there
  bool compiled = false;         ///< false: everything was in the cache
};

/// Compiles what is not in the cache and links. The compiler writes its messages to the standard error, unchanged.
/// Compilers are $CXX and $CC, else g++ and gcc. What is cached is found by content: of the compiler (its predefined
/// macros, version included, with these flags), the command, the working directory, the source and every file that the
/// compiler read with it (-MD), system headers too.
///
/// Adapters register themselves. A `main` becomes a program under the name of the first source, as mapquake_add_program
/// has it; a source that includes <mapquake/explore.hpp> or <mapquake/gtest.hpp> is compiled with MAPQUAKE_BODIES, and
/// its bodies are programs, as mapquake_add_gtest has it.
///
/// Errors: bad_input for a missing source or compiler, for sources that do not compile, link or register anything;
/// input_output for a cache that cannot be written.
Result<Built> build(const Request& request, const Place& place);

/// `error` about the plugin, told of the first source instead: the user knows of no other file.
Error told_of_source(Error error, const Built& built, const Request& request);

/// The commands of a build in this directory, for a person to read: objects beside the sources.
/// Errors: as build() for a compiler that is missing.
Result<std::string> commands_text(const Request& request, const std::filesystem::path& headers);

}  // namespace mapquake::compile
