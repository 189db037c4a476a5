// Proofs by exhaustion: programs whose every execution is run (SearchKind::all_orders), row by row of a table.
#pragma once

#include "harness/campaign/campaign.hpp"
#include "harness/campaign/finding.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mapquake {

/// What is gone through, and how far.
struct ProofBounds {
  std::uint32_t preemptions_max = UINT32_MAX;  ///< UINT32_MAX: any number
  std::uint32_t fault_mask = 0;                ///< of PartialOrderSearch::explored_kinds
  std::uint64_t executions_max = UINT64_MAX;   ///< of one program
  double seconds = 60;                         ///< of all together; each gets its share of what is left
};

/// Kinds whose answers a proof can go through; others stop threads, or move time or memory for all.
std::uint32_t provable_kinds();

enum class ProofVerdict : std::uint8_t { clean, failing, undecided };

/// Programs that are proven together.
struct ProofRow {
  std::string name;  ///< "insert × erase"
  std::string scenario;
  std::vector<Program> programs;  ///< not empty

  std::size_t clean = 0;  ///< of the programs: every execution was
  std::size_t run = 0;    ///< of the programs
  std::uint64_t executions = 0;
  std::uint64_t given_up = 0;   ///< further ones, of searches that were ended by their share of the time
  std::uint64_t redundant = 0;  ///< of those: as others, which was found out on the way
  std::uint32_t gaps = 0;       ///< bits of Gap
  bool loops_wait = false;      ///< PartialOrderSearch::loops_wait()
  bool limited = false;         ///< some program was stopped by a limit
  bool is_cut_off = false;      ///< by a signal
  double seconds = 0;
  std::optional<Finding> finding;  ///< the first failure; then the row's other programs were not run

  ProofVerdict verdict() const;
};

/// A row for each pair of operations that the map claims may run together (programs_of_pair). Empty: it claims of none.
std::vector<ProofRow> rows_of_pairs(const MapInfo& map);
/// A row for one program. Of a program (mapquake/program.hpp): what it does when it is run.
ProofRow row_of_program(const MapInfo& map);

/// Runs them all, smaller programs of all rows first. Failures are confirmed, shrunk and saved in `store`.
/// `told` hears of each row that has changed. Errors: none; what cannot be saved is Finding::problem.
void prove_rows(std::vector<ProofRow>& rows, const MapInfo& map, Executor& executor, const ProofBounds& bounds,
                const CampaignServices& services, const std::filesystem::path& store,
                const std::function<void(const ProofRow&)>& told);

}  // namespace mapquake
