// The text of source lines, for reports that show what a place says and not only where it is.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace mapquake::reports {

/// A line of a source file.
struct FoundLine {
  std::string path;  ///< absolute where the file was found, else as asked for
  std::string text;  ///< without surrounding blanks, safe to print, at most 160 bytes; empty where it was not found
};
/// `path` as the debug information has it. A report made on another machine than the build simply has no text.
using SourceFunction = std::function<FoundLine(const std::string& path, unsigned line)>;

/// Reads each file once, of files up to 4 MiB. Not thread-safe. Compilers (under ccache, always) may have been given
/// relative paths: they are looked for from the current directory, then from those above the plugin, nearest first.
SourceFunction readable_sources(const std::filesystem::path& plugin);

}  // namespace mapquake::reports
