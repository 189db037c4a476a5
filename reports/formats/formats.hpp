// The document of a campaign in the formats of the tools that people have. Pure functions: the same document gives the
// same text. In none of them does a cell that has not run, or a failure that nobody looked into, appear as passed.
#pragma once

#include "reports/document/document.hpp"

#include <filesystem>
#include <string>

namespace mapquake::reports {

struct RenderOptions {
  std::size_t width = 120;     ///< of text, columns, >= 60
  std::filesystem::path root;  ///< SARIF: places below this directory are relative to it; empty: all are absolute
};

/// The table of cells, the distinct defects, and each failure that is none of the expected ones, step by step.
std::string campaign_text(const CampaignFacts& campaign, const RenderOptions& options);

/// JUnit XML as Jenkins, GitLab and others read it: a map is a suite and a cell a test case. Not run, in another shard
/// and not looked into are skipped; so is an expected failure, as pytest has it, with the type mapquake.expected. What
/// cannot be run and what is nondeterministic is an error. With --expected, each map has one more test case: that it
/// did what is expected.
std::string junit_xml(const CampaignFacts& campaign);

/// SARIF 2.1.0 (OASIS, 2020): a rule for each outcome, a result for each distinct defect, whose signature is its
/// partial fingerprint "mapquakeSignature/v1"; accesses, allocations and waits as related locations, the steps as a
/// code flow with a thread flow for each thread. Expected and suppressed ones are suppressed.
std::string sarif_json(const CampaignFacts& campaign, const RenderOptions& options);

/// GitHub-flavoured Markdown for the summary page of a CI job: verdicts, defects, cells; for each failure its why and a
/// Mermaid sequence diagram, folded away.
std::string markdown(const CampaignFacts& campaign);
/// The diagram alone: a participant for each thread and one for the map where it is told what is in it.
std::string mermaid_sequence(const FailureFacts& failure);

/// The text exposition format of Prometheus, version 0.0.4, for a textfile collector or a push gateway.
std::string prometheus_text(const CampaignFacts& campaign);

/// Trace events in JSON as Perfetto and chrome://tracing read them: a process for each failure, a track for each
/// thread, a microsecond for each event of the execution.
std::string trace_events(const CampaignFacts& campaign);

/// One page with everything in it: no script, style, font or picture is fetched from anywhere.
std::string html_page(const CampaignFacts& campaign);

}  // namespace mapquake::reports
