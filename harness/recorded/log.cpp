#include "harness/recorded/log.hpp"

#include <fmt/format.h>

#include <charconv>

namespace mapquake::recorded {
namespace {

/// Longer texts tell no more.
constexpr std::size_t text_printed_max = 40;
constexpr std::size_t visits_printed_max = 8;

/// One line, no control characters: logs come from anywhere, and this goes to terminals and files.
std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text.substr(0, text_printed_max)) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  if (text.size() <= text_printed_max) return result;
  // Do not end within a character of several bytes.
  while (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xc0) == 0x80) result.pop_back();
  if (!result.empty() && static_cast<unsigned char>(result.back()) >= 0xc0) result.pop_back();
  return result + "…";
}

}  // namespace

std::uint32_t Names::of(std::string_view name) {
  if (const auto found = numbers_.find(name); found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(name);
  numbers_.emplace(texts_.back(), number);
  return number;
}

std::int64_t Values::of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size() && std::to_string(number) == text;
  if (whole && is_number(number)) return number;
  return texts_begin + texts_.of(text);
}

std::string Values::text(std::int64_t value) const {
  if (is_number(value)) return std::to_string(value);
  return printable(texts_.name(static_cast<std::uint32_t>(value - texts_begin)));
}

std::string Log::printable_key(std::uint32_t key) const {
  return printable(keys.name(key));
}

std::string Log::printable_thread(std::uint32_t thread) const {
  return printable(threads.name(thread));
}

std::string operation_text(const Log& log, const Row& row) {
  std::string arguments;
  if (names_key(row.kind)) arguments = printable(log.keys.name(row.key));
  if (writes_value(row.kind) || adds_amount(row.kind)) arguments += ", " + log.values.text(row.value);
  if (traits_of(row.kind).takes == Takes::key_value_extra) arguments += ", expecting " + log.values.text(row.extra);
  return fmt::format("{}({})", name_of(row.kind), arguments);
}

std::string answer_text(const Log& log, const Row& row) {
  switch (row.told) {
    case Told::unfinished:
      return "did not return";
    case Told::nothing:
      return "returned";
    case Told::no:
      return "false";
    case Told::yes:
      return "true";
    case Told::absent:
      return "absent";
    case Told::value:
      return log.values.text(row.answer);
    case Told::count:
      return std::to_string(static_cast<std::uint64_t>(row.answer));
    case Told::visits:
      break;
  }
  std::string text = "{";
  for (std::uint32_t v = row.visits_begin; v < row.visits_end; ++v) {
    if (v - row.visits_begin == visits_printed_max) {
      text += fmt::format(", … {} more", row.visits_end - v);
      break;
    }
    text += (v == row.visits_begin ? "" : ", ") + printable(log.keys.name(log.visits[v].key));
  }
  return text + "}";
}

}  // namespace mapquake::recorded
