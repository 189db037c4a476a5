// Kept programs in the records of runs, and out of them: what one night has covered, the next one breeds from.
#pragma once

#include "harness/case/kept_programs.hpp"
#include "harness/nightly/record.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mapquake::nightly {

inline constexpr std::size_t kept_in_record_max = 16;
inline constexpr std::size_t kept_text_bytes_max = 4096;

/// The last kept_in_record_max of them, each as the bytes of its case (case/case_bytes.hpp) in hexadecimal digits. One
/// that has no such bytes, or too many of them, is left out.
std::vector<std::string> kept_texts(const KeptPrograms& kept);

/// An even number of lower-case hexadecimal digits, kept_text_bytes_max at most. Any of these is a program.
bool is_kept_text(std::string_view text);

/// What all runs have kept of each cell: the latest programs, oldest first, each once, kept_programs_max at most.
std::map<CellKey, KeptPrograms> kept_by(const std::map<std::string, RunRecord>& runs);

}  // namespace mapquake::nightly
