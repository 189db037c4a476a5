// The formats that mapquake reads and that anyone may have written, and what must hold of every answer.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::hostile {

enum class Format : std::uint8_t {
  replay,         ///< sealed: a file that nobody has touched
  edited_replay,  ///< `replay --nearest`
  incident,
  suppressions,
  log,       ///< recorded histories: JSON lines, CSV, OTLP JSON, record files
  record,    ///< DIR/runs/*.json of a store
  document,  ///< campaign.json
};
inline constexpr std::array formats{Format::replay, Format::edited_replay, Format::incident, Format::suppressions,
                                    Format::log,    Format::record,        Format::document};
std::string_view name_of(Format format);
/// The one that $MAPQUAKE_FORMAT names; without, says which there are and ends the process with exit code 64.
Format chosen_format();

struct Verdict {
  bool read = false;    ///< and not refused
  std::string unsound;  ///< what is wrong about the answer; empty: nothing
};

/// Reads `input` as `mapquake` would. A sound answer: it is read and within the limits of its format, or refused as bad
/// input with its name, a line where the format has lines, and a reason on one printable line. A crash is a crash.
Verdict judge(Format format, std::string_view input);

/// Valid inputs, from the tree at `root` and written here.
std::vector<std::string> samples(Format format, const std::filesystem::path& root);

/// Words of the format, for mutations.
const std::vector<std::string>& dictionary(Format format);

}  // namespace mapquake::hostile
