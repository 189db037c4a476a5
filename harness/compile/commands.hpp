// The commands that make a plugin out of sources.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace mapquake::compile {

using Words = std::vector<std::string>;

enum class Language : std::uint8_t { c, cpp };
enum class Family : std::uint8_t { gnu, clang };

enum class Kind : std::uint8_t {
  instrumented,  ///< for the deterministic scheduler
  plain,         ///< for real threads: as it is shipped
  delayed,       ///< for real threads, with a hook in each basic block
};

/// By the file's extension, as g++ has it: C for ".c", C++ for .cpp .cc .cxx .c++ .C .cp .CPP.
bool is_source(const std::filesystem::path& file);
Language language_of(const std::filesystem::path& source);

struct Compiler {
  Words words;  ///< "g++", or what $CXX says: "ccache clang++"
  Family family = Family::gnu;
};

/// `user` comes last, so that it has the last word. Words that only a link needs (-l, -L, -Wl, libraries and objects)
/// are left out.
Words compile_command(const Compiler& compiler, Language language, const std::filesystem::path& headers,
                      const std::filesystem::path& source, const std::filesystem::path& object,
                      std::span<const std::string> user, Kind kind = Kind::instrumented);

/// Always by the C++ compiler: every plugin holds C++ code.
Words link_command(const Compiler& compiler, std::span<const std::filesystem::path> objects,
                   const std::filesystem::path& plugin, std::span<const std::string> user,
                   Kind kind = Kind::instrumented);

/// For a shell: words quoted where they need it.
std::string shell_text(std::span<const std::string> words);

}  // namespace mapquake::compile
