// Where a campaign stands, in words and as JSON.
#pragma once

#include "harness/cli/campaign_text.hpp"
#include "harness/nightly/status.hpp"

#include <filesystem>
#include <string>

namespace mapquake::cli {

std::string status_text(const nightly::Status& status, const std::filesystem::path& store, const TextStyle& style);

/// One document.
std::string status_json(const nightly::Status& status, const std::filesystem::path& store);

}  // namespace mapquake::cli
