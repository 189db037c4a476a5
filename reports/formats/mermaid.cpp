#include "reports/formats/formats.hpp"

#include "reports/text_format.hpp"

#include <fmt/format.h>

namespace mapquake::reports {
namespace {

constexpr std::size_t lines_max = 120;
constexpr std::size_t text_columns_max = 64;

/// Mermaid ends a message at ';' and a line feed, and takes '#' for an entity; HTML's brackets are not for us to send.
std::string escaped_for_mermaid(const std::string& text) {
  std::string safe;
  for (const char c : shortened(text, text_columns_max)) {
    switch (c) {
      case ';':
      case '#':
      case '<':
      case '>':
      case '&':
      case '%':
        safe += fmt::format("#{};", static_cast<int>(c));
        break;
      default:
        safe += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return safe;
}

std::string with_place(const StepFacts& step) {
  std::string text = escaped_for_mermaid(step.at.place.empty() ? step.text : step.text + "  " + step.at.place);
  // What it was about to do is told when it does it.
  if (!step.at.text.empty() && step.kind != StepKind::preempted) text += "<br/>" + escaped_for_mermaid(step.at.text);
  return text;
}

std::string list_of(const std::vector<std::pair<std::int64_t, std::int64_t>>& entries) {
  constexpr std::size_t shown_max = 16;
  std::string list;
  for (std::size_t i = 0; i < std::min(entries.size(), shown_max); ++i) {
    list += fmt::format("{}{}: {}", i == 0 ? "" : ", ", entries[i].first, entries[i].second);
  }
  return entries.size() > shown_max ? list + ", …" : list;
}

std::string line_of(const StepFacts& step) {
  const std::string who = "T" + step.thread;
  switch (step.kind) {
    case StepKind::whole:
    case StepKind::begin:
      return fmt::format("  {}->>Map: {}\n", who, with_place(step));
    case StepKind::end:
      return fmt::format("  Map-->>{}: {}\n", who, with_place(step));
    case StepKind::preempted:
      return fmt::format("  {}->>T{}: {}\n", who, step.to, with_place(step));
    case StepKind::broken:
      return fmt::format("  {}-xMap: {}\n", who, with_place(step));
    case StepKind::inside:
    case StepKind::repeated:
      return fmt::format("  Note over {}: {}\n", who, with_place(step));
  }
  return {};
}

}  // namespace

std::string mermaid_sequence(const FailureFacts& failure) {
  std::string text = "sequenceDiagram\n  autonumber\n";
  const std::vector<std::string> threads = failure.threads();
  for (const std::string& thread : threads) {
    text += fmt::format("  participant T{} as thread {}\n", thread, escaped_for_mermaid(thread));
  }
  text += fmt::format("  participant Map as {}\n", escaped_for_mermaid(failure.map));
  if (!failure.prefill.empty())
    text += fmt::format("  Note over Map: {{{}}}\n", escaped_for_mermaid(list_of(failure.prefill)));
  const std::size_t skipped = failure.steps.size() > lines_max ? failure.steps.size() - lines_max : 0;
  for (std::size_t i = 0; i < failure.steps.size(); ++i) {
    if (skipped > 0 && i == lines_max / 4)
      text += fmt::format("  Note over Map: … {} left out …\n", counted(skipped, "step"));
    if (i >= lines_max / 4 && i < lines_max / 4 + skipped) continue;
    text += line_of(failure.steps[i]);
  }
  if (failure.at_the_end)
    text += fmt::format("  Note over Map: at the end {{{}}}\n", escaped_for_mermaid(list_of(*failure.at_the_end)));
  return text;
}

}  // namespace mapquake::reports
