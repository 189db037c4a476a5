#include "harness/campaign/defects.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace mapquake {
namespace {

void add_hits(std::vector<CellHits>& where, std::size_t cell, std::uint64_t hits) {
  const auto at = std::ranges::find(where, cell, &CellHits::cell);
  at == where.end() ? where.push_back({cell, hits}) : void(at->hits += hits);
}

/// What tells failures apart that were found alike.
std::string telling_label(const Violation& violation) {
  const bool symptoms = violation.outcome == Outcome::exception_guarantee_broken;
  return symptoms ? "" : label_to_keep(violation.outcome, violation.label);
}

}  // namespace

Defects::Defects(std::span<const MapInfo> maps, bool per_cell, bool expected)
    : maps_(maps), per_cell_(per_cell), expected_(expected) {}

Defects::Key Defects::key(std::size_t map, std::size_t cell, std::uint64_t fingerprint) const {
  // Maps and cells never mix: a campaign has one sort of key.
  return {per_cell_ ? cell : map, fingerprint};
}

Defects::Met Defects::meet(Candidate candidate) {
  const Key at = key(candidate.map, candidate.cell, candidate.fingerprint);
  const auto known = by_fingerprint_.find(at);
  if (known != by_fingerprint_.end()) {
    Entry& entry = entries_[known->second];
    const bool earlier = candidate.slice.in_row && candidate.order() < entry.candidate.order();
    if (entry.taken || !earlier) return Met::known;
    entry.candidate = std::move(candidate);
    return Met::news;
  }
  std::vector<std::size_t>& of_map = of_map_[candidate.map];
  if (of_map.size() == known_defects_max) return Met::too_many;
  by_fingerprint_.emplace(at, entries_.size());
  of_map.push_back(entries_.size());
  Entry& entry = entries_.emplace_back();
  const Violation& violation = candidate.failure.violation;
  entry.headline = candidate.failure.headline;
  entry.alike = {violation.outcome, telling_label(violation)};
  entry.hits[candidate.cell] = 1;
  entry.candidate = std::move(candidate);
  return Met::news;
}

KnownDefects Defects::known_to(std::size_t map, std::size_t cell, const Slice& slice) const {
  KnownDefects known;
  const auto of_map = of_map_.find(map);
  if (of_map == of_map_.end()) return known;
  for (const std::size_t id : of_map->second) {
    const Candidate& candidate = entries_[id].candidate;
    if (per_cell_ && candidate.cell != cell) continue;
    const Slice& found = candidate.slice;
    const bool before = std::pair(found.index, found.arm) <= std::pair(slice.index, slice.arm);
    if (!slice.in_row || !found.in_row || before || entries_[id].taken) known.push_back(candidate.fingerprint);
  }
  return known;
}

void Defects::count(std::size_t map, std::size_t cell, const KnownDefects& known, std::span<const std::uint32_t> hits) {
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (hits[i] != 0) entries_[by_fingerprint_.at(key(map, cell, known[i]))].hits[cell] += hits[i];
  }
}

bool Defects::listed(const Entry& entry) const {
  return expected_ && is_expected(maps_[entry.candidate.map], entry.candidate.failure.violation.outcome);
}

unsigned Defects::pursued_alike(const Entry& entry) const {
  const auto at = pursued_alike_.find({entry.candidate.map, entry.alike});
  return at == pursued_alike_.end() ? 0 : at->second;
}

bool Defects::alike_is_looked_into(const Entry& entry) const {
  return std::ranges::any_of(of_map_.at(entry.candidate.map), [&](std::size_t id) {
    return entries_[id].looked_into && entries_[id].alike == entry.alike;
  });
}

bool Defects::may_be_told(const Entry& entry, bool over) const {
  if (entry.taken || pursued_alike(entry) >= pursued_alike_max || alike_is_looked_into(entry)) return false;
  const Candidate& candidate = entry.candidate;
  // A cell that ends with its first failure has no other.
  if (per_cell_ && std::ranges::any_of(of_map_.at(candidate.map), [&](std::size_t id) {
        const Entry& other = entries_[id];
        return &other != &entry && other.candidate.cell == candidate.cell &&
               (other.taken || other.candidate.order() < candidate.order());
      })) {
    return false;
  }
  if (listed(entry) && has_failed_as_listed(candidate.map)) return false;
  if (!candidate.beyond_claims) return true;
  return over && std::ranges::none_of(of_map_.at(candidate.map), [&](std::size_t id) {
           const Entry& other = entries_[id];
           return !other.candidate.beyond_claims && other.hits.contains(candidate.cell);
         });
}

std::optional<Defects::Choice> Defects::next(const std::function<bool(const Candidate&)>& ready, bool over) const {
  std::size_t best = entries_.size();
  const auto rank = [&](std::size_t id) {
    const Entry& entry = entries_[id];
    return std::tuple(pursued_alike(entry) > 0, listed(entry), pursued_alike(entry), id);
  };
  for (std::size_t id = 0; id < entries_.size(); ++id) {
    if (!may_be_told(entries_[id], over) || !ready(entries_[id].candidate)) continue;
    if (best == entries_.size() || rank(id) < rank(best)) best = id;
  }
  if (best == entries_.size()) return std::nullopt;
  return Choice{best, pursued_alike(entries_[best]) == 0, !listed(entries_[best])};
}

const Candidate& Defects::begin(std::size_t id) {
  Entry& entry = entries_[id];
  MQ_ASSERT(!entry.taken);
  entry.taken = entry.looked_into = true;
  ++pursued_alike_[{entry.candidate.map, entry.alike}];
  ++pursued_;
  return entry.candidate;
}

void Defects::end(std::size_t id) {
  MQ_ASSERT(entries_[id].looked_into);
  entries_[id].looked_into = false;
}

bool Defects::settle(std::size_t id, const Finding& finding) {
  Entry& entry = entries_[id];
  if (settle_as(id, finding.file.signature)) return false;
  entry.told_as = told_.size();
  told_.push_back({.map = entry.candidate.map,
                   .cell = entry.candidate.cell,
                   .headline = headline_of(finding.file),
                   .outcome = finding.file.outcome,
                   .signature = finding.file.signature,
                   .path = finding.path,
                   .state = finding.reproducible() ? DefectState::confirmed : DefectState::nondeterministic,
                   .after_race = is_behind_race(finding.file.outcome, finding.execution),
                   .reason = {},
                   .where = {},
                   .simplicity = simplicity_of(finding)});
  return true;
}

bool Defects::settle_as(std::size_t id, const std::string& signature) {
  Entry& entry = entries_[id];
  for (std::size_t told = 0; told < told_.size(); ++told) {
    if (told_[told].map != entry.candidate.map || told_[told].signature != signature) continue;
    if (per_cell_ && told_[told].cell != entry.candidate.cell) continue;
    entry.told_as = told;
    return true;
  }
  return false;
}

void Defects::suppress(std::size_t id, const Suppression& suppression) {
  // One line of the report for each suppression and map.
  const std::string name = suppression.text();
  if (settle_as(id, name)) return;
  Entry& entry = entries_[id];
  entry.told_as = told_.size();
  told_.push_back({.map = entry.candidate.map,
                   .cell = entry.candidate.cell,
                   .headline = entry.headline,
                   .outcome = entry.candidate.failure.violation.outcome,
                   .signature = name,
                   .path = {},
                   .state = DefectState::suppressed,
                   .after_race = false,
                   .reason = suppression.reason,
                   .where = {},
                   .simplicity = {}});
}

void Defects::add_stored(const DefectReport& stored, std::uint64_t fingerprint) {
  const Key at = key(stored.map, stored.cell, fingerprint);
  if (by_fingerprint_.contains(at) || of_map_[stored.map].size() == known_defects_max) return;
  by_fingerprint_.emplace(at, entries_.size());
  of_map_[stored.map].push_back(entries_.size());
  Entry& entry = entries_.emplace_back();
  entry.candidate.map = stored.map;
  entry.candidate.cell = stored.cell;
  entry.candidate.fingerprint = fingerprint;
  entry.candidate.failure.violation.outcome = stored.outcome;
  entry.headline = stored.headline;
  entry.taken = true;
  entry.told_as = told_.size();
  told_.push_back(stored);
}

bool Defects::has_failed_as_listed(std::size_t map) const {
  return std::ranges::any_of(told_, [&](const DefectReport& told) {
    return told.map == map && told.state != DefectState::nondeterministic && told.state != DefectState::suppressed &&
           is_expected(maps_[map], told.outcome);
  });
}

std::vector<DefectReport> Defects::report() const {
  std::vector<DefectReport> all = told_;
  std::map<std::pair<std::size_t, Alike>, std::size_t> united;
  for (const Entry& entry : entries_) {
    const Candidate& candidate = entry.candidate;
    std::size_t at = entry.told_as;
    if (at == untold && (candidate.beyond_claims || per_cell_)) continue;
    if (at == untold) {
      const Violation& violation = candidate.failure.violation;
      const auto [same, is_new] = united.try_emplace({candidate.map, {violation.outcome, violation.label}}, all.size());
      at = same->second;
      if (is_new) {
        all.push_back({.map = candidate.map,
                       .cell = candidate.cell,
                       .headline = entry.headline,
                       .outcome = violation.outcome,
                       .signature = {},
                       .path = {},
                       .state = DefectState::unconfirmed,
                       .after_race = false,
                       .reason = {},
                       .where = {},
                       .simplicity = {}});
      }
    }
    for (const auto& [cell, hits] : entry.hits) add_hits(all[at].where, cell, hits);
  }
  const auto first_untold = all.begin() + static_cast<std::ptrdiff_t>(told_.size());
  std::vector<DefectReport> told(all.begin(), first_untold);
  put_simplest_first(told, std::mem_fn(&DefectReport::map), std::mem_fn(&DefectReport::simplicity));
  std::ranges::move(told, all.begin());
  return all;
}

}  // namespace mapquake
