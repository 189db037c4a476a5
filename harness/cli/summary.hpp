// A campaign's results as JSON.
#pragma once

#include "harness/cli/display.hpp"

#include <span>
#include <string>

namespace mapquake::cli {

/// One line: executions, executions_per_s, steps_per_s, switches_per_s, exit_code, and of each failure map, scenario,
/// outcome, label, signature, replay, threads, operations, preemptions, faults, trace_hash, executions_to_failure;
/// where asked for, what the operations of each map used.
std::string summary_line(std::span<const MapInfo> maps, const CampaignReport& report,
                         std::span<const FailureSummary> failures, int exit_code);

/// A document: the summary, the cells, the verdicts, and each failure with its steps.
std::string summary_document(std::span<const MapInfo> maps, const CampaignReport& report,
                             std::span<const MapVerdict> verdicts, std::span<const FailureSummary> failures,
                             int exit_code);

}  // namespace mapquake::cli
