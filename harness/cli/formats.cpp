#include "harness/cli/formats.hpp"

#include "harness/base/assert.hpp"
#include "reports/formats/formats.hpp"
#include "reports/json_text.hpp"

#include <algorithm>

namespace mapquake::cli {

const std::vector<FormatInfo>& formats() {
  static const std::vector<FormatInfo> all{
      {Format::text, "text", "for a terminal: cells, defects, and each failure step by step"},
      {Format::json, "json", "the document itself, by docs/campaign.schema.json; all others are made from it"},
      {Format::html, "html", "one page for a browser, offline: table, timelines to step through, heat map"},
      {Format::markdown, "markdown", "for the summary page of a CI job, with a Mermaid diagram for each failure"},
      {Format::junit, "junit", "JUnit XML: a cell is a test case; what has not run is skipped"},
      {Format::sarif, "sarif", "SARIF 2.1.0 for code scanning: a result for each distinct defect"},
      {Format::prometheus, "prometheus", "text exposition: executions, failures, faults, latency in virtual time"},
      {Format::trace, "trace", "trace events for Perfetto and chrome://tracing: a process for each failure"},
  };
  return all;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const FormatInfo& info : formats()) names.push_back(info.name);
  return names;
}

Format format_named(std::string_view name) {
  const auto found = std::ranges::find(formats(), name, &FormatInfo::name);
  MQ_ASSERT(found != formats().end());
  return found->format;
}

std::string rendered(const reports::CampaignFacts& campaign, Format format, std::size_t width) {
  std::error_code no_directory;
  const reports::RenderOptions options{width, std::filesystem::current_path(no_directory)};
  switch (format) {
    case Format::text:
      return reports::campaign_text(campaign, options);
    case Format::json:
      return reports::dumped(campaign.json, 2);
    case Format::html:
      return reports::html_page(campaign);
    case Format::markdown:
      return reports::markdown(campaign);
    case Format::junit:
      return reports::junit_xml(campaign);
    case Format::sarif:
      return reports::sarif_json(campaign, options);
    case Format::prometheus:
      return reports::prometheus_text(campaign);
    case Format::trace:
      return reports::trace_events(campaign);
  }
  return {};
}

std::string rendered(const std::string& document, Format format, std::size_t width) {
  const auto campaign = reports::read_document(document, document_name);
  return rendered(*campaign, format, width);
}

}  // namespace mapquake::cli
