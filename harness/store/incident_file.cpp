#include "harness/store/incident_file.hpp"

#include "harness/store/fsio.hpp"

#include <fmt/format.h>

namespace mapquake {

std::string to_string(const ToldFailure& failure) {
  if (!failure.outcome) return std::string(any_failure);
  if (failure.label.empty()) return std::string(name_of(*failure.outcome));
  return fmt::format("{} ({})", name_of(*failure.outcome), failure.label);
}

Result<Incident> load_incident(const std::filesystem::path& path) {
  const Result<std::string> text = read_file_bounded(path, incident_file_bytes_max);
  if (!text) return text.error();
  return parse_incident(*text, path.string());
}

}  // namespace mapquake
