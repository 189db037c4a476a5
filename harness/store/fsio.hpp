// Files that survive a crash: written whole or not at all, read within a bound.
#pragma once

#include "harness/base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace mapquake {

/// Makes `bytes` the content of the file `path`: temporary file in the same directory, fsync, rename, fsync of the
/// directory. Whoever opens `path` at any moment, also after a power cut, sees the old content or the new, whole;
/// of several writers, also in other processes, the later one wins. Creates missing directories. A symbolic link is
/// replaced, not followed. After an error `path` is as it was and no temporary file is left (a kill may leave one,
/// ".mapquake-PID-N.tmp"; it may be deleted at any time).
/// Errors: input_output. Refuses a `path` that exists and is not a regular file.
/// Cost: two fsyncs, 0.1 to 20 ms depending on the disk.
Result<Done> write_file_durably(const std::filesystem::path& path, std::string_view bytes);

/// Makes an empty file of this name, which nobody else made, and creates missing directories. False: it exists.
/// Errors: input_output.
Result<bool> claim_file(const std::filesystem::path& path);

/// The content of a regular file, at most `bytes_max`; never blocks on a pipe or terminal.
/// Errors: input_output where it cannot be read, bad_input where it is longer.
Result<std::string> read_file_bounded(const std::filesystem::path& path, std::size_t bytes_max);

}  // namespace mapquake
