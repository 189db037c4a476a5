#include "harness/cli/stress_places.hpp"

#include "harness/store/replay_file.hpp"

#include <charconv>
#include <optional>

namespace mapquake::cli {
namespace {

/// "my_map.hpp:88"; nothing where the place is not known.
std::optional<SourceLine> source_line_of(const std::string& place) {
  const std::size_t colon = place.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  unsigned line = 0;
  const char* const end = place.data() + place.size();
  const auto read = std::from_chars(place.data() + colon + 1, end, line);
  if (read.ec != std::errc() || read.ptr != end || line == 0) return std::nullopt;
  return SourceLine{place.substr(0, colon), line};
}

}  // namespace

std::set<SourceLine> interesting_places(const nightly::Index& store, const std::string& map) {
  std::set<SourceLine> places;
  for (auto at = store.lower_bound({map, ""}); at != store.end() && at->first.map == map; ++at) {
    const auto file = load_replay(at->second.front(), false);
    if (!file) continue;
    for (const StoredChoice& choice : file->choices) {
      if (choice.kind != ChoiceKind::schedule && choice.kind != ChoiceKind::delay) continue;
      if (const auto place = source_line_of(choice.place)) places.insert(*place);
    }
  }
  return places;
}

}  // namespace mapquake::cli
