#include "harness/recorded/words.hpp"

#include "harness/history/phrases.hpp"

#include <fmt/format.h>

namespace mapquake::recorded {
namespace {

/// More calls than these are named by their lines alone.
constexpr std::size_t stated_max = 4;

std::string predicate(const Log& log, const Row& row) {
  switch (row.told) {
    case Told::unfinished:
    case Told::nothing:
      return answer_text(log, row);
    case Told::no:
    case Told::yes:
      return "returned " + answer_text(log, row);
    case Told::absent:
    case Told::value:
    case Told::count:
      return "says " + answer_text(log, row);
    case Told::visits:
      return "reports " + answer_text(log, row);
  }
  return {};
}

std::string state_text(const Log& log, const KeyState& state) {
  return state.present ? "held " + log.values.text(state.value) : "was absent";
}

/// "a", "a and b", "a, b and c"
std::string listed(const std::vector<std::string>& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? " and " : ", ";
    text += parts[i];
  }
  return text;
}

std::string key_text(const Log& log, const Contradiction& found) {
  return found.key ? "key " + log.printable_key(*found.key) : "the map";
}

/// What the culprit cannot be reconciled with.
std::vector<std::string> facts(const Log& log, const Contradiction& found) {
  std::vector<std::string> facts;
  if (found.before && found.before_row) {
    facts.push_back(fmt::format("the key {} before, as {} left it", state_text(log, *found.before),
                                place_of(log, *found.before_row)));
  } else if (found.before) {
    facts.push_back(fmt::format("the key {} before", state_text(log, *found.before)));
  }
  if (found.rows.size() > stated_max + 1) {
    std::vector<std::string> places;
    for (const std::uint32_t row : found.rows) {
      if (row != found.culprit) places.push_back(std::to_string(log.rows[row].line));
    }
    facts.push_back(fmt::format("there are {}s {}", log.unit, listed(places)));
    return facts;
  }
  for (const std::uint32_t row : found.rows) {
    if (row != found.culprit) facts.push_back(statement(log, row));
  }
  return facts;
}

}  // namespace

std::string place_of(const Log& log, std::uint32_t row) {
  return fmt::format("{} {}", log.unit, log.rows[row].line);
}

std::string statement(const Log& log, std::uint32_t row) {
  const Row& told = log.rows[row];
  return fmt::format("{}: {}'s {} {}", place_of(log, row), log.printable_thread(told.thread), operation_text(log, told),
                     predicate(log, told));
}

std::string sentence(const Log& log, const Contradiction& found) {
  std::string text = capitalised(statement(log, found.culprit));
  const std::vector<std::string> against = facts(log, found);
  if (!against.empty()) text += ", but " + listed(against);
  if (!found.label.empty())
    return text + fmt::format(": each key by itself is right, the map is not ({}).", found.label);
  const std::string others =
      found.left_out == 0 ? ""
                          : fmt::format(", whatever {} did",
                                        found.left_out == 1 ? "the other call on it"
                                                            : fmt::format("the other {} calls on it", found.left_out));
  return text + fmt::format("; no order of the calls on {} explains that{}.", key_text(log, found), others);
}

std::string sentence(const Log& log, const Undecided& undecided) {
  const std::string place = place_of(log, undecided.row);
  const std::string key = undecided.key ? "key " + log.printable_key(*undecided.key) : "the whole map";
  using enum Undecided::Reason;
  switch (undecided.reason) {
    case too_many_open:
      return fmt::format(
          "{} is not decided: at {} more than {} calls on it were open at once; calls without an end stay open, so end "
          "those that are known to have failed (status \"fail\").",
          capitalised(key), place, JustInTime::open_max);
    case too_many_orders:
      return fmt::format(
          "{} is not decided: at {} more than {} states are possible; recorded answers of its writes, or distinct "
          "values, "
          "would leave fewer.",
          capitalised(key), place, JustInTime::configurations_max);
    case whole_map_bound:
      return fmt::format("{} is not decided: sizes and traversals such as {} overlap with too many other calls.",
                         capitalised(key), place);
    case whole_map_large:
      return fmt::format(
          "{} is not decided: sizes and traversals such as {} are judged in logs of up to 200,000 calls; cut the log.",
          capitalised(key), place);
    case unknown_beginning:
      return fmt::format(
          "{} is not decided: to judge {} one must know what the map held when the log begins; `--initial empty` says "
          "that it held nothing.",
          capitalised(key), place);
  }
  return {};
}

}  // namespace mapquake::recorded
