#include "harness/nightly/session.hpp"

#include "harness/base/stopwatch.hpp"
#include "harness/nightly/directory.hpp"
#include "harness/nightly/kept_text.hpp"

#include <algorithm>

namespace mapquake::nightly {
namespace {

constexpr double share_of_saving = 20;

/// Seconds since 1970; 0 by a clock that stands before.
std::int64_t now_s() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(since_1970).count(), 0);
}

}  // namespace

Session::Session(RunRecord record, std::filesystem::path path, std::span<const MapInfo> maps,
                 const SessionLimits& limits, CampaignListener& listener)
    : record_(std::move(record)), path_(std::move(path)), maps_(maps), limits_(limits), listener_(listener) {
  record_.started_s = now_s();
}

void Session::take(const CampaignReport& report) {
  for (const CellReport& cell : report.cells) {
    const CellKey key{maps_[cell.cell.map].name, cell.cell.scenario};
    CellCount& count = record_.cells[key];
    if (kept_[key] != cell.kept) count.kept = kept_texts(*(kept_[key] = cell.kept));
    count.explored_ms = static_cast<std::uint64_t>(cell.seconds * 1000);
    count.undecided = cell.unknown;
    count.coverage = cell.coverage;
    for (const HazardReport& hazard : cell.hazards)
      count.hazards[std::string(name_of(hazard.hazard))] = hazard.executions;
  }
  const std::int64_t now = now_s();
  for (const DefectReport& defect : report.defects) {
    if (defect.signature.empty() || defect.state == DefectState::suppressed) continue;
    const std::uint64_t hits = defect.hits();
    const auto [at, is_new] =
        record_.seen.try_emplace({maps_[defect.map].name, defect.signature}, Sighting{now, now, 0});
    // The clock may go backwards; what was seen stays seen.
    if (hits > at->second.hits) at->second = {at->second.first_s, std::max(at->second.last_s, now), hits};
    if (is_new && hits == 0) record_.seen.erase(at);
  }
}

void Session::save() {
  const auto start = Clock::now();
  ++record_.saves;
  record_.saved_s = std::max<std::int64_t>({now_s(), record_.saved_s, record_.started_s});
  const auto written = write_record(path_, record_);
  if (!written && !problem_) problem_ = written.error();
  saved_ = Clock::now();
  save_seconds_ = std::chrono::duration<double>(saved_ - start).count();
  found_ = false;
}

void Session::save_if_due(double seconds_least) {
  const double since = seconds_since(saved_);
  if (since >= std::clamp(share_of_saving * save_seconds_, seconds_least, seconds_between_saves)) save();
}

void Session::tick(const CampaignReport& so_far) {
  take(so_far);
  save_if_due(found_ ? 0 : seconds_between_saves);
  listener_.tick(so_far);
}

void Session::found(Finding& finding) {
  // The next tick has its executions; that it was seen is known now.
  const std::int64_t now = now_s();
  record_.seen.try_emplace({finding.file.map, finding.file.signature}, Sighting{now, now, 1});
  found_ = true;
  save_if_due(0);
  listener_.found(finding);
}

bool Session::enough(const CampaignReport& so_far) {
  std::uint64_t news = 0;
  for (const CellReport& cell : so_far.cells) news += cell.coverage;
  news += static_cast<std::uint64_t>(
      std::ranges::count_if(so_far.defects, [](const DefectReport& defect) { return !defect.signature.empty(); }));
  if (news != news_) news_ = news, news_at_s_ = so_far.seconds;
  if (limits_.executions_max > 0 && so_far.executions() >= limits_.executions_max) enough_ = RunEnd::executions;
  if (limits_.quiet_seconds > 0 && so_far.seconds - news_at_s_ >= limits_.quiet_seconds) enough_ = RunEnd::quiet;
  return enough_.has_value();
}

void Session::note_known(const DefectKey& key, KnownState state) {
  const std::int64_t now = now_s();
  record_.replayed[key] = {state, now};
  if (state == KnownState::still_fails) record_.seen.try_emplace(key, Sighting{now, now, 1});
}

void Session::end(const CampaignReport& report) {
  take(report);
  record_.end = report.signal != 0 ? RunEnd::signal : enough_.value_or(RunEnd::time);
  save();
}

}  // namespace mapquake::nightly
