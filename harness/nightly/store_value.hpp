// A store as a value: which defects it knows, each by its smallest case, and what its runs did.
#pragma once

#include "harness/nightly/record.hpp"
#include "harness/store/replay_file.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace mapquake::nightly {

/// Lexicographic: threads, operations, choices, prefill entries. Smaller is easier to read.
using CaseSize = std::array<std::uint64_t, 4>;
CaseSize size_of(const ReplayFile& file);

/// A replay file of the store, but for its program and choices.
struct StoredDefect {
  CaseSize size{};
  std::uint64_t digest = 0;  ///< of the text: decides between cases of one size
  std::string scenario;
  Outcome outcome = Outcome::clean;
  std::string label;
  std::string why;             ///< as told
  std::filesystem::path path;  ///< where it was read from; says nothing of the defect, so it does not count below

  friend bool operator==(const StoredDefect& a, const StoredDefect& b) {
    return a.size == b.size && a.digest == b.digest && a.scenario == b.scenario && a.outcome == b.outcome &&
           a.label == b.label && a.why == b.why;
  }
};
StoredDefect stored_defect(const ReplayFile& file, std::string_view text, std::filesystem::path path);

/// Of two cases of one defect, the one to keep: commutative, associative, idempotent.
const StoredDefect& smaller(const StoredDefect& a, const StoredDefect& b);

struct StoreValue {
  std::map<DefectKey, StoredDefect> defects;
  std::map<std::string, RunRecord> runs;  ///< by id
  friend bool operator==(const StoreValue&, const StoreValue&) = default;
};

void add(StoreValue& store, const DefectKey& key, StoredDefect defect);
void add(StoreValue& store, RunRecord run);

/// All defects of both, each by its smaller case; all runs of both, each once. Commutative, associative, idempotent;
/// the empty store is neutral. Cost: O((n + m) log(n + m)).
StoreValue merge(StoreValue a, const StoreValue& b);

}  // namespace mapquake::nightly
