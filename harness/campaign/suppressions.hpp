// Failures that the user knows and does not want to hear of, in the manner of the sanitizers' suppression files: a line
// for each, KIND:PATTERN and the reason.
//
//   # what stands behind a hash is a comment
//   race:Counter::approximate     nobody needs the number exact
//   race:my_map.hpp:12?           the statistics of lines 120 to 129
//   leak:libfoo.so.1              the library's cache
//   signature:91c2a7e0b3d45f66    known, issue 12
//
// A pattern is a glob (fnmatch(3)). For races and leaks it must match, at any frame of an access or of the allocation:
// the function, "file.hpp:88", the file's name, or the name of the module. For signatures, the signature.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/case/map_info.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake {

inline constexpr std::size_t suppression_file_bytes_max = std::size_t{1} << 20;

enum class SuppressionKind : std::uint8_t { race, leak, signature };

struct Suppression {
  SuppressionKind kind = SuppressionKind::race;
  std::string pattern;
  std::string reason;
  std::string place;  ///< "FILE:LINE"

  /// "race:PATTERN (FILE:LINE)"
  std::string text() const;
};

/// Reads text by anyone. Errors: bad_input, "NAME:LINE: reason".
Result<std::vector<Suppression>> parse_suppressions(std::string_view text, std::string_view name);
/// Errors: input_output, bad_input.
Result<std::vector<Suppression>> load_suppressions(const std::filesystem::path& path);

/// Which of them is about the failure that a traced execution ended in, by its places; empty: none.
std::optional<std::size_t> suppression_of(const Execution& traced, const MapInfo& map, const SiteFunction& site,
                                          std::span<const Suppression> all);
/// The same by its signature.
std::optional<std::size_t> suppression_of(const std::string& signature, std::span<const Suppression> all);

}  // namespace mapquake
