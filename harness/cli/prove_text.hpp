// What `prove` tells.
#pragma once

#include "harness/campaign/proof.hpp"
#include "harness/cli/campaign_text.hpp"

#include <span>
#include <string>

namespace mapquake::cli {

/// What is gone through: "every interleaving with at most 2 preemptions, sequential consistency, no faults".
std::string bounds_text(const ProofBounds& bounds);
/// A line per row, a heading before them.
std::string proof_table(std::span<const ProofRow> rows, const TextStyle& style);
/// What is proven of all the rows, what fails, and of what nothing is known, and why.
std::string proof_verdict(std::span<const ProofRow> rows, const ProofBounds& bounds, const TextStyle& style);
/// One JSON document.
std::string proof_json(const MapInfo& map, std::span<const ProofRow> rows, const ProofBounds& bounds);

/// failure_found where one is, else unknown_only where something is undecided, else clean.
int exit_code_of(std::span<const ProofRow> rows);

}  // namespace mapquake::cli
