#include "harness/store/replay_file.hpp"

#include "harness/store/fsio.hpp"
#include "harness/store/signature.hpp"
#include "harness/store/text.hpp"

#include <algorithm>

namespace mapquake {
namespace {

/// Letters, digits, - and _ stay, other bytes become _; not empty, no - in front, about 80 bytes at most.
std::string file_name_part(std::string_view text) {
  std::string part(text.substr(0, 80));
  const auto harmless = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  std::replace_if(
      part.begin(), part.end(), [&](char c) { return !harmless(c); }, '_');
  if (part.empty() || part.front() == '-') part.insert(part.begin(), '_');
  return part;
}

}  // namespace

bool is_pinned(const ReplayFile& file) {
  return file.outcome != Outcome::clean || !file.choices.empty();
}

Result<ReplayFile> load_replay(const std::filesystem::path& path, bool allow_edited) {
  const Result<std::string> text = read_file_bounded(path, replay_file_bytes_max);
  if (!text) return text.error();
  return parse_replay(*text, path.string(), allow_edited);
}

Result<Done> save_replay(const ReplayFile& file, const std::filesystem::path& path) {
  return write_file_durably(path, to_toml(file));
}

std::string file_name_for(const ReplayFile& file) {
  const std::string signature = is_hex16(file.signature) ? file.signature : signature_of(file);
  return file_name_part(file.map) + "-" + file_name_part(file.scenario) + "-" + signature.substr(0, 8) + ".toml";
}

}  // namespace mapquake
