// The failures of a campaign: which are new, how often and where each was met, and which one is looked into next.
#pragma once

#include "harness/campaign/agenda.hpp"
#include "harness/campaign/finding.hpp"
#include "harness/campaign/report.hpp"
#include "harness/campaign/suppressions.hpp"
#include "harness/case/known_defects.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mapquake {

/// Orders failures of one map by where they lie in its rows, which does not depend on the workers.
struct FailureOrder {
  std::uint64_t slice = 0;
  std::size_t arm = 0;
  std::uint64_t program = 0;
  friend auto operator<=>(const FailureOrder&, const FailureOrder&) = default;
};

/// A failure that no fingerprint of its map was known for.
struct Candidate {
  std::size_t map = 0;
  std::size_t cell = 0;
  Slice slice;
  std::uint64_t program = 0;
  std::uint64_t fingerprint = 0;
  bool beyond_claims = false;  ///< see ExploreResult
  RawFailure failure;

  FailureOrder order() const { return {slice.index, slice.arm, program}; }
};

/// So many failures that are alike are looked into for each map: what they have in common is likely the defect. Alike
/// are those with one outcome and label; where labels only name symptoms (label_to_keep), those with one outcome.
inline constexpr unsigned pursued_alike_max = 3;

/// Not thread-safe; its owner holds a lock.
class Defects {
 public:
  /// `per_cell`: what is known in one cell is news in another. `expected`: see CampaignOptions.
  Defects(std::span<const MapInfo> maps, bool per_cell, bool expected);

  enum class Met : std::uint8_t {
    news,      ///< first of its kind, or earlier than the one that was kept
    known,     ///< nothing
    too_many,  ///< no further ones of the map are kept apart
  };
  Met meet(Candidate candidate);
  /// Fingerprints that a worker at this slice need not report: all that were met in lanes or before it, and those of
  /// other slices only where they come before it.
  KnownDefects known_to(std::size_t map, std::size_t cell, const Slice& slice) const;
  void count(std::size_t map, std::size_t cell, const KnownDefects& known, std::span<const std::uint32_t> hits);

  struct Choice {
    std::size_t id = 0;
    bool is_first = false;     ///< of those that are alike, of this map
    bool is_surprise = false;  ///< not what the map's adapter lists
  };
  /// What to look into next, of those that are `ready`: what is unlike all others of its map comes first, then
  /// surprises before what is expected. `over`: nothing more is explored.
  std::optional<Choice> next(const std::function<bool(const Candidate&)>& ready, bool over) const;
  /// It is being looked into, until end(). Meanwhile none that is alike is: the first has the most time, and what it
  /// finds is what is told.
  const Candidate& begin(std::size_t id);
  void end(std::size_t id);
  /// Told: with this signature, of a finding that was published, or of one told before.
  /// False: the latter.
  bool settle(std::size_t id, const Finding& finding);
  /// It shows a defect of the map that was told before, by its signature. False: there is none.
  bool settle_as(std::size_t id, const std::string& signature);
  /// The user does not want to hear of it.
  void suppress(std::size_t id, const Suppression& suppression);
  /// A stored case of the map fails in this very campaign. What exceeds known_defects_max is left out.
  void add_stored(const DefectReport& stored, std::uint64_t fingerprint);

  /// In a way that the map's adapter lists, confirmed.
  bool has_failed_as_listed(std::size_t map) const;
  unsigned pursued() const { return pursued_; }

  /// Told ones first, in the order in which their maps failed and of each map the simplest first; then, united by map,
  /// outcome and label, those that nobody looked into.
  std::vector<DefectReport> report() const;

 private:
  static constexpr std::size_t untold = SIZE_MAX;
  /// What failures of a map have in common that are counted together.
  struct Alike {
    Outcome outcome = Outcome::clean;
    std::string label;
    friend auto operator<=>(const Alike&, const Alike&) = default;
  };
  struct Entry {
    Candidate candidate;
    std::string headline;
    Alike alike;
    bool taken = false;
    bool looked_into = false;      ///< right now
    std::size_t told_as = untold;  ///< index into told_
    std::map<std::size_t, std::uint64_t> hits;
  };
  using Key = std::pair<std::size_t, std::uint64_t>;
  Key key(std::size_t map, std::size_t cell, std::uint64_t fingerprint) const;
  bool listed(const Entry& entry) const;
  bool may_be_told(const Entry& entry, bool over) const;
  unsigned pursued_alike(const Entry& entry) const;
  bool alike_is_looked_into(const Entry& entry) const;

  std::span<const MapInfo> maps_;
  const bool per_cell_;
  const bool expected_;
  std::vector<Entry> entries_;
  std::map<Key, std::size_t> by_fingerprint_;
  std::map<std::size_t, std::vector<std::size_t>> of_map_;  ///< entries
  std::map<std::pair<std::size_t, Alike>, unsigned> pursued_alike_;
  std::vector<DefectReport> told_;
  unsigned pursued_ = 0;
};

}  // namespace mapquake
