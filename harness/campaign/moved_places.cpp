#include "harness/campaign/moved_places.hpp"

#include <cstddef>
#include <cstdlib>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace mapquake {
namespace {

constexpr std::size_t moves_max = 32;

struct Line {
  std::string file;
  long number = 0;
};

Line line_of(const std::string& place) {
  const std::size_t colon = place.rfind(':');
  if (colon == std::string::npos) return {};
  return {place.substr(0, colon), std::strtol(place.c_str() + colon + 1, nullptr, 10)};
}

/// How far, then down or up, and the name of the file there.
using Move = std::tuple<long, long, std::string>;

std::set<Move> moves_of(const StoredChoice& stored, const Line& line, const Trace& trace, const SiteFunction& site) {
  std::set<Move> moves;
  for (const TraceEvent& event : trace.events) {
    if (event.thread != stored.thread || event.op != stored.op || event.pc == 0) continue;
    if (name_of(event.kind) != stored.event) continue;
    const Site& place = place_of(event, site);
    const long by = static_cast<long>(place.line) - line.number;
    if (place.line != 0 && (by != 0 || place.file != line.file)) moves.emplace(std::labs(by), by, place.file);
  }
  return moves;
}

}  // namespace

std::vector<ReplayFile> with_places_moved(const ReplayFile& file, const Trace& trace, const SiteFunction& site) {
  std::vector<ReplayFile> all;
  std::set<std::string> seen;
  for (const StoredChoice& stored : file.choices) {
    const Line line = line_of(stored.place);
    if (line.number == 0 || !seen.insert(line.file).second) continue;
    std::size_t count = 0;
    for (const auto& [far, by, name] : moves_of(stored, line, trace, site)) {
      if (++count > moves_max) break;
      ReplayFile& moved = all.emplace_back(file);
      for (StoredChoice& choice : moved.choices) {
        const Line old = line_of(choice.place);
        if (old.file == line.file) choice.place = name + ":" + std::to_string(old.number + by);
      }
    }
  }
  return all;
}

}  // namespace mapquake
