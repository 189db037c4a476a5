#include "harness/nightly/kept_text.hpp"

#include "harness/base/assert.hpp"
#include "harness/case/case_bytes.hpp"

#include <algorithm>
#include <cstdint>
#include <set>

namespace mapquake::nightly {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

Program program_of(std::string_view text) {
  MQ_ASSERT(is_kept_text(text));
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    bytes.push_back(static_cast<std::uint8_t>(digits.find(text[i]) << 4 | digits.find(text[i + 1])));
  }
  return from_bytes(bytes).program;
}

}  // namespace

std::vector<std::string> kept_texts(const KeptPrograms& kept) {
  std::vector<std::string> texts;
  const std::size_t first = kept.size() - std::min(kept.size(), kept_in_record_max);
  for (std::size_t i = first; i < kept.size(); ++i) {
    const auto bytes = to_bytes({kept[i], {}});
    if (!bytes || bytes->size() * 2 > kept_text_bytes_max) continue;
    std::string& text = texts.emplace_back();
    for (const std::uint8_t byte : *bytes) {
      text += digits[byte >> 4];
      text += digits[byte & 15];
    }
  }
  return texts;
}

bool is_kept_text(std::string_view text) {
  return text.size() % 2 == 0 && text.size() <= kept_text_bytes_max &&
         text.find_first_not_of(digits) == std::string_view::npos;
}

std::map<CellKey, KeptPrograms> kept_by(const std::map<std::string, RunRecord>& runs) {
  std::map<CellKey, std::set<std::string>> seen;
  std::map<CellKey, KeptPrograms> latest;
  const std::vector<const RunRecord*> order = oldest_first(runs);
  for (auto run = order.rbegin(); run != order.rend(); ++run) {
    for (const auto& [key, cell] : (*run)->cells) {
      for (auto text = cell.kept.rbegin(); text != cell.kept.rend(); ++text) {
        if (latest[key].size() == kept_programs_max) break;
        if (seen[key].insert(*text).second) latest[key].push_back(program_of(*text));
      }
    }
  }
  for (auto& [key, kept] : latest) std::ranges::reverse(kept);
  return latest;
}

}  // namespace mapquake::nightly
