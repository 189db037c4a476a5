// A failure as a person wants to read it. Pure functions: the same arguments give the same text.
#pragma once

#include "harness/case/executor.hpp"
#include "harness/case/map_info.hpp"
#include "harness/store/replay_file.hpp"
#include "reports/steps.hpp"

#include <cstddef>
#include <string>

namespace mapquake::reports {

struct ReportOptions {
  std::size_t width = 120;     ///< columns, >= 60
  std::string path;            ///< of the replay file, for the commands at the end; empty: no commands
  SourceFunction source = {};  ///< of the lines beside places; empty: none
};

/// "my_map × rehash-pressure: not linearizable (lost key)"
std::string headline(const ReplayFile& file);
/// What contradicts what, or how it ended: of the execution, or, where that has nothing to say, as it was stored.
std::string why_in(const ReplayFile& file, const Execution& execution);
/// "2 threads · 2 operations · 1 preemption · 0 faults · prefill 3 keys"
std::string size_line(const ReplayFile& file, const Execution& execution);

/// Headline, size, prefill, steps, final state, why, stacks, commands. Requires: `execution` is of the file's case,
/// with trace.
std::string text_report(const ReplayFile& file, const Execution& execution, const SiteFunction& site,
                        const MapInfo& map, const ReportOptions& options);

/// The same facts as one JSON object, pretty-printed with `indent` spaces, or on one line where it is negative.
std::string json_report(const ReplayFile& file, const Execution& execution, const SiteFunction& site,
                        const MapInfo& map, const ReportOptions& options, int indent);

}  // namespace mapquake::reports
