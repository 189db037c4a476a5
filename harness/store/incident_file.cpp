#include "harness/store/incident_file.hpp"

#include "harness/store/fsio.hpp"

#include <fmt/format.h>

namespace mapquake {

std::string to_string(const ToldFailure& failure) {
  const std::string outcome(name_of(failure.kind.outcome));
  return failure.any_symptom ? outcome : fmt::format("{} ({})", outcome, label_of(failure.kind));
}

Result<Incident> load_incident(const std::filesystem::path& path) {
  const Result<std::string> text = read_file_bounded(path, incident_file_bytes_max);
  if (!text) return text.error();
  return parse_incident(*text, path.string());
}

}  // namespace mapquake
