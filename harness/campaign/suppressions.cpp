#include "harness/campaign/suppressions.hpp"

#include "harness/base/trimmed.hpp"
#include "harness/store/fsio.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <utility>

namespace mapquake {
namespace {

constexpr std::array<std::pair<std::string_view, SuppressionKind>, 3> kinds{
    {{"race", SuppressionKind::race}, {"leak", SuppressionKind::leak}, {"signature", SuppressionKind::signature}}};

bool matches(const std::string& pattern, const std::string& text) {
  return !text.empty() && ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

bool matches(const std::string& pattern, const Site& site) {
  if (matches(pattern, site.function) || matches(pattern, site.file)) return true;
  return site.line != 0 && matches(pattern, to_string(site));
}

std::string module_of(std::uint64_t pc, const MapInfo& map) {
  const Module* found = nullptr;
  for (const Module& module : map.modules) {
    if (module.base <= pc && (found == nullptr || module.base > found->base)) found = &module;
  }
  return found == nullptr ? "" : std::filesystem::path(found->path).filename().string();
}

bool matches(const std::string& pattern, std::uint64_t pc, const MapInfo& map, const SiteFunction& site) {
  const Site& at = site(pc);
  if (matches(pattern, at) || matches(pattern, module_of(pc, map))) return true;
  return std::ranges::any_of(at.frames, [&](const Site& frame) { return matches(pattern, frame); });
}

std::optional<SuppressionKind> kind_for(Outcome outcome) {
  if (outcome == Outcome::data_race) return SuppressionKind::race;
  if (outcome == Outcome::leak) return SuppressionKind::leak;
  return std::nullopt;
}

}  // namespace

std::string Suppression::text() const {
  const auto named = std::ranges::find(kinds, kind, [](const auto& entry) { return entry.second; });
  return fmt::format("{}:{} ({})", named->first, pattern, place);
}

Result<std::vector<Suppression>> parse_suppressions(std::string_view text, std::string_view name) {
  std::vector<Suppression> all;
  for (unsigned number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view whole = text.substr(0, end);
    const std::string_view line = trimmed(whole.substr(0, whole.find('#')));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    const std::string place = fmt::format("{}:{}", name, number);
    const auto error = [&](const std::string& what) {
      return Error{ExitCode::bad_input, fmt::format("{}: {}", place, what),
                   "A line is KIND:PATTERN REASON, where KIND is race, leak or signature."};
    };
    const std::size_t colon = line.find(':');
    const auto kind = std::ranges::find(kinds, line.substr(0, colon), [](const auto& entry) { return entry.first; });
    if (colon == std::string_view::npos || kind == kinds.end()) return error("no kind of suppression");
    const std::string_view rest = line.substr(colon + 1);
    const std::size_t gap = std::min(rest.find_first_of(blanks), rest.size());
    const std::string_view reason = trimmed(rest.substr(gap));
    if (gap == 0) return error("the pattern is missing");
    if (reason.empty()) return error("the reason is missing: who reads this later must know why");
    all.push_back({kind->second, std::string(rest.substr(0, gap)), std::string(reason), place});
  }
  return all;
}

Result<std::vector<Suppression>> load_suppressions(const std::filesystem::path& path) {
  const auto text = read_file_bounded(path, suppression_file_bytes_max);
  if (!text) return text.error();
  return parse_suppressions(*text, path.filename().string());
}

std::optional<std::size_t> suppression_of(const Execution& traced, const MapInfo& map, const SiteFunction& site,
                                          std::span<const Suppression> all) {
  const auto kind = kind_for(traced.violation.outcome);
  if (!kind) return std::nullopt;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind != *kind) continue;
    for (const Witness& state : traced.threads) {
      const auto is_there = [&](std::uint64_t pc) { return pc != 0 && matches(all[i].pattern, pc, map, site); };
      if (std::ranges::any_of(state.stack, is_there)) return i;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> suppression_of(const std::string& signature, std::span<const Suppression> all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].kind == SuppressionKind::signature && matches(all[i].pattern, signature)) return i;
  }
  return std::nullopt;
}

}  // namespace mapquake
