#include "harness/strategy/footprint.hpp"

#include <algorithm>

namespace mapquake {
namespace {

constexpr std::uint64_t line_bytes = 64;

/// A bit for each line, so that what has no bit in common does not overlap.
std::uint64_t lines_of(std::uint64_t first, std::uint64_t end) {
  std::uint64_t lines = 0;
  const std::uint64_t last = (end - 1) / line_bytes;
  for (std::uint64_t line = first / line_bytes; line <= last; ++line) {
    lines |= std::uint64_t{1} << ((line * 0x9e3779b97f4a7c15ULL) >> 58);
    if (lines == UINT64_MAX || line - first / line_bytes > 256) return UINT64_MAX;
  }
  return lines;
}

}  // namespace

void Footprint::clear() {
  touched_.clear();
  lines_ = 0;
  begins_ = ends_ = false;
}

void Footprint::add(const Touched& touched) {
  for (Touched& known : touched_) {
    if (known.first != touched.first || known.end != touched.end) continue;
    known.changed |= touched.changed;
    return;
  }
  touched_.push_back(touched);
  lines_ |= lines_of(touched.first, touched.end);
}

void Footprint::add(const NextStep& step) {
  // Where operations begin there is no code, and the location is a label.
  if (step.location == 0 || step.code == 0 || step.plain) return;
  add(Touched{step.location, step.location + step.bytes, step.writes && !step.shares});
}

void Footprint::add(Effect effect, std::uint64_t location, std::uint64_t bytes) {
  switch (effect) {
    case Effect::reads:
    case Effect::changes:
    case Effect::takes:
    case Effect::lets_go:
      add(Touched{location, location + std::max<std::uint64_t>(bytes, 1), effect != Effect::reads});
      break;
    case Effect::operation_begins:
      begins_ = true;
      break;
    case Effect::operation_ends:
      ends_ = true;
      break;
    case Effect::sees_time:
    case Effect::orders_all:
      break;
  }
}

void Footprint::add_read(const Footprint& other) {
  for (const Touched& touched : other.touched_) add(Touched{touched.first, touched.end, false});
}

void Footprint::add(const Footprint& other) {
  for (const Touched& touched : other.touched_) add(touched);
  begins_ |= other.begins_;
  ends_ |= other.ends_;
}

bool Footprint::conflicts_with(const Footprint& other) const {
  if ((begins_ && other.ends_) || (ends_ && other.begins_)) return true;
  if ((lines_ & other.lines_) == 0) return false;
  return std::ranges::any_of(touched_, [&](const Touched& mine) {
    return std::ranges::any_of(other.touched_, [&](const Touched& theirs) {
      return (mine.changed || theirs.changed) && mine.overlaps(theirs);
    });
  });
}

bool Footprint::changes_some_of(const Footprint& other) const {
  if ((lines_ & other.lines_) == 0) return false;
  return std::ranges::any_of(touched_, [&](const Touched& mine) {
    return mine.changed &&
           std::ranges::any_of(other.touched_, [&](const Touched& theirs) { return mine.overlaps(theirs); });
  });
}

}  // namespace mapquake
