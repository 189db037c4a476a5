#include "reports/frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace mapquake::reports {
namespace {

bool same_line(const Site& a, const Site& b) {
  return a.path == b.path && a.line == b.line && a.function == b.function;
}

}  // namespace

Place place_in_words(const TraceEvent& event, const SiteFunction& site) {
  const Site& at = place_of(event, site);
  // A line of ours tells nothing that what happened there does not.
  if (at.line == 0 || at.origin == Origin::glue) return {};
  Place place{mapquake::to_string(at), {}, {}, at.function, at.path, at.line};
  const bool plain = event.kind == EventKind::read || event.kind == EventKind::write;
  if (at.origin == Origin::library) {
    if (const Site* const own = own_place_of(event, site)) place.from = mapquake::to_string(*own);
  } else if (const Site& inner = site(event.pc).innermost();
             plain && inner.origin == Origin::standard && inner.line != 0) {
    // Within a container the line there tells more than the call that led to it.
    if (!same_line(inner, at)) place.inside = mapquake::to_string(inner);
  }
  return place;
}

Place place_of_call(const Site& site) {
  return {mapquake::to_string(site), {}, {}, site.function, site.path, site.line};
}

std::string to_string(const Place& place) {
  if (!place.inside.empty()) return fmt::format("{} (from {})", place.inside, place.at);
  if (!place.from.empty()) return fmt::format("{} (from {})", place.at, place.from);
  return place.at;
}

std::vector<Site> telling_frames(std::span<const std::uint64_t> stack, const SiteFunction& site, bool innermost_too) {
  std::vector<Site> all, last;
  const auto add = [&all](const Site& frame) {
    if (frame.line != 0 && (all.empty() || !same_line(all.back(), frame))) all.push_back(frame);
  };
  for (const std::uint64_t pc : stack) {
    const Site& place = site(pc);
    std::vector<Site> frames = place.frames.empty() ? std::vector{place} : place.frames;
    // Of one call the stack may hold the access and a place behind it: its inlined frames are the same.
    if (!std::ranges::equal(frames, last, same_line)) std::ranges::for_each(frames, add);
    last = std::move(frames);
  }
  const auto tells = [&](const Site& frame) {
    return !frame.is_standard() || (innermost_too && &frame == all.data() && frame.origin == Origin::standard);
  };
  std::vector<Site> telling;
  std::ranges::copy_if(all, std::back_inserter(telling), tells);
  if (!telling.empty()) return telling;
  std::erase_if(all, [](const Site& frame) { return frame.origin == Origin::glue; });
  return all;
}

std::vector<Site> telling_frames(const TraceEvent& event, const SiteFunction& site) {
  std::vector<std::uint64_t> stack{event.pc};
  for (const std::uint64_t caller : event.callers) {
    if (caller != 0) stack.push_back(caller);
  }
  return telling_frames(stack, site, false);
}

std::string to_line(const Site& frame) {
  if (frame.line == 0) return frame.function.empty() ? "?" : frame.function;
  return fmt::format("{:<28}  {}", mapquake::to_string(frame), frame.function);
}

}  // namespace mapquake::reports
