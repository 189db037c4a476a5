#include "harness/cli/environment.hpp"

#include "reports/states.hpp"

#include <algorithm>
#include <ostream>

namespace mapquake::cli {

CampaignServices services_of(const Environment& environment, const Limits& limits) {
  CampaignServices services;
  services.make_executor = [&environment, limits](const MapInfo& map) {
    return environment.make_executor(map, limits);
  };
  services.make_symbolizer = environment.make_symbolizer;
  services.shrink_case = environment.shrink_case;
  services.moments = reports::moments_to_look_at;
  services.stored_case = [&environment](const MapInfo& map) -> std::optional<std::filesystem::path> {
    std::error_code error;
    std::filesystem::path file = environment.cases / (map.name + ".toml");
    if (!map.bundled || environment.cases.empty() || !std::filesystem::exists(file, error)) return std::nullopt;
    return file;
  };
  services.signal = environment.signal;
  return services;
}

int report_error(const Environment& environment, const Error& error) {
  environment.err << "mapquake: " << error.what << '\n';
  for (std::size_t at = 0; at < error.hint.size();) {
    const std::size_t end = std::min(error.hint.find('\n', at), error.hint.size());
    environment.err << "          " << error.hint.substr(at, end - at) << '\n';
    at = end + 1;
  }
  return static_cast<int>(error.code);
}

void report_problems(const Environment& environment, std::span<const Error> problems) {
  constexpr std::size_t told_max = 10;
  for (const Error& problem : problems.first(std::min(problems.size(), told_max))) report_error(environment, problem);
  if (problems.size() > told_max) {
    environment.err << "mapquake: and " << problems.size() - told_max << " more problems of the kind\n";
  }
}

}  // namespace mapquake::cli
