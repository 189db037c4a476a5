#include "harness/history/reason_words.hpp"

namespace mapquake {
namespace {

/// What stands between a sentence and another that is added to it.
std::string_view joint(const std::string& text, const Reason& next) {
  const auto* const end = std::get_if<EndReason>(&next);
  if (end == nullptr || !std::holds_alternative<reason::RaceBefore>(*end)) return "";
  return text.ends_with('.') ? " " : "\n";
}

}  // namespace

std::string in_words(std::span<const Reason> reasons, const History& history) {
  std::string text;
  for (const Reason& reason : reasons) {
    text += joint(text, reason);
    text += std::visit([&](const auto& one) { return in_words(one, history); }, reason);
  }
  if (text.size() > sentences_bytes_max) text.resize(sentences_bytes_max);
  return text;
}

}  // namespace mapquake
