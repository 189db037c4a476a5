// The formats of reports by name, and the document of a campaign in each of them.
#pragma once

#include "harness/cli/arguments.hpp"
#include "reports/document/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mapquake::cli {

/// Where `run` leaves the document of its campaign, below its store.
inline constexpr const char* document_name = "campaign.json";

struct FormatInfo {
  Format format;
  std::string name;
  std::string_view about;
};
/// In the order of Format.
const std::vector<FormatInfo>& formats();
std::vector<std::string> format_names();
/// Requires: a name of formats().
Format format_named(std::string_view name);

/// The document in a format. `width`: of text. Places in SARIF are relative to the current directory.
std::string rendered(const reports::CampaignFacts& campaign, Format format, std::size_t width);
/// The same of a document that this process has just written.
std::string rendered(const std::string& document, Format format, std::size_t width);

}  // namespace mapquake::cli
