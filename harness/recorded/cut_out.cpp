#include "harness/recorded/cut_out.hpp"

#include "harness/recorded/words.hpp"
#include "harness/store/replay_text.hpp"
#include "harness/store/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>

namespace mapquake::recorded {
namespace {

constexpr std::int64_t first_text_value = 1001;

std::int64_t end_of(const Row& row) {
  return row.told == Told::unfinished ? std::numeric_limits<std::int64_t>::max() : row.end;
}

class CuttingOut {
 public:
  CuttingOut(const Log& log, const Contradiction& found, Breadth breadth)
      : log_(log), found_(found), breadth_(breadth), seeds_(found.rows) {
    // What left the key as it should have stayed may have been made undone by what went on beside it.
    if (found.before_row) seeds_.push_back(*found.before_row);
  }

  CutOut run() {
    choose_rows();
    for (const std::uint32_t row : cut_.rows) add(row);
    prefill();
    return std::move(cut_);
  }

 private:
  /// How long the call is beside none of the contradicting ones: 0 for those that overlap one.
  std::uint64_t distance(const Row& row) const {
    std::uint64_t nearest = UINT64_MAX;
    for (const std::uint32_t other : seeds_) {
      const Row& told = log_.rows[other];
      std::uint64_t apart = 0;
      if (end_of(row) < told.start) apart = gap(end_of(row), told.start);
      if (end_of(told) < row.start) apart = gap(end_of(told), row.start);
      nearest = std::min(nearest, apart);
    }
    return nearest;
  }
  static std::uint64_t gap(std::int64_t from, std::int64_t to) {
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
  }

  /// A program has no more threads, and no more calls, than a search can do something with.
  void choose_rows() {
    std::set<std::uint32_t> chosen(seeds_.begin(), seeds_.end());
    if (breadth_ != Breadth::contradiction) add_writers(chosen);
    std::vector<std::pair<std::uint64_t, std::uint32_t>> beside;
    for (std::uint32_t row = 0; row < log_.rows.size(); ++row) {
      const OpKind kind = log_.rows[row].kind;
      const bool can_matter = is_write(kind) && kind != OpKind::clear;
      if (!is_within_breadth(log_.rows[row])) continue;
      if (can_matter && !chosen.contains(row) && distance(log_.rows[row]) == 0) beside.emplace_back(length(row), row);
    }
    // Short ones say most precisely that they were beside.
    std::ranges::sort(beside);
    for (const auto& [unused, row] : beside) {
      if (chosen.size() >= cut_out_calls_max) break;
      chosen.insert(row);
    }
    cut_.rows.assign(chosen.begin(), chosen.end());
    std::ranges::stable_sort(cut_.rows, {}, [this](std::uint32_t row) { return log_.rows[row].start; });
  }
  /// A value that was seen was written: perhaps long before, by a call that was right to write it.
  void add_writers(std::set<std::uint32_t>& chosen) const {
    std::set<std::int64_t> seen;
    for (const std::uint32_t number : seeds_) {
      if (log_.rows[number].told == Told::value) seen.insert(log_.rows[number].answer);
    }
    for (std::uint32_t row = 0; row < log_.rows.size() && chosen.size() < cut_out_calls_max; ++row) {
      const Row& other = log_.rows[row];
      const bool writes = writes_value(other.kind) || adds_amount(other.kind);
      if (writes && other.key == *found_.key && seen.contains(other.value)) chosen.insert(row);
    }
  }
  bool is_within_breadth(const Row& row) const {
    if (breadth_ == Breadth::contradiction) return false;
    return breadth_ == Breadth::all || (names_key(row.kind) && row.key == *found_.key);
  }
  std::uint64_t length(std::uint32_t row) const { return gap(log_.rows[row].start, end_of(log_.rows[row])); }

  void add(std::uint32_t number) {
    const Row& row = log_.rows[number];
    const auto at = std::ranges::find(cut_.threads, row.thread);
    const auto thread = static_cast<std::size_t>(at - cut_.threads.begin());
    if (at == cut_.threads.end()) {
      if (cut_.threads.size() == program_threads_max) return;
      cut_.threads.push_back(row.thread);
      cut_.program.threads.emplace_back();
      cut_.row_of.emplace_back();
      cut_.answer_of.emplace_back();
    }
    Operation operation{row.kind, 0, 0, 0};
    if (names_key(row.kind)) operation.key = key_of(row.key);
    if (writes_value(row.kind) || adds_amount(row.kind)) operation.value = value_of(row.value);
    if (traits_of(row.kind).takes == Takes::key_value_extra) operation.extra = value_of(row.extra);
    cut_.program.threads[thread].push_back(operation);
    cut_.row_of[thread].push_back(number);
    cut_.answer_of[thread].push_back(row.told == Told::value ? value_of(row.answer) : row.answer);
  }

  std::int64_t key_of(std::uint32_t key) {
    auto at = std::ranges::find(cut_.keys, key);
    if (at == cut_.keys.end()) {
      cut_.keys.push_back(key);
      at = cut_.keys.end() - 1;
    }
    return at - cut_.keys.begin() + 1;
  }

  std::int64_t value_of(std::int64_t value) {
    if (Values::is_number(value)) return value;
    const auto [at, fresh] = values_.try_emplace(value, first_text_value + static_cast<std::int64_t>(values_.size()));
    return at->second;
  }

  /// What the call shows the key to hold after it. Empty: nothing.
  std::optional<KeyState> shown(const Row& row) const {
    switch (row.kind) {
      case OpKind::insert:
      case OpKind::assign:
        if (row.kind == OpKind::insert && row.told != Told::yes) return std::nullopt;
        return KeyState{true, row.value};
      case OpKind::find:
      case OpKind::get_or_create:
        if (row.told == Told::value) return KeyState{true, row.answer};
        return row.told == Told::absent ? std::optional(KeyState{}) : std::nullopt;
      case OpKind::erase:
      case OpKind::extract:
        return KeyState{};
      case OpKind::update:
        if (row.told == Told::value) return KeyState{true, added(row.answer, row.value)};
        return row.told == Told::absent ? std::optional(KeyState{}) : std::nullopt;
      default:
        return std::nullopt;
    }
  }

  /// By the last call on each key that had returned before; that of the contradiction as its evidence says.
  void prefill() {
    const std::int64_t begin = log_.rows[cut_.rows.front()].start;
    std::map<std::uint32_t, std::pair<std::int64_t, KeyState>> states;
    for (const Row& row : log_.rows) {
      if (!names_key(row.kind) || end_of(row) >= begin) continue;
      const auto state = shown(row);
      if (!state) continue;
      const auto [at, fresh] = states.try_emplace(row.key, row.end, *state);
      if (!fresh && at->second.first <= row.end) at->second = {row.end, *state};
    }
    if (found_.before && !found_.before_row) states[*found_.key] = {begin, *found_.before};
    const auto take = [&](std::uint32_t key) {
      const auto at = states.find(key);
      if (at == states.end() || !at->second.second.present) return;
      if (cut_.program.prefill.size() == cut_out_prefill_max) return;
      cut_.program.prefill.push_back({key_of(key), value_of(at->second.second.value)});
    };
    const std::vector<std::uint32_t> in_use = cut_.keys;
    for (const std::uint32_t key : in_use) take(key);
    for (const auto& [key, unused] : states) {
      if (std::ranges::find(in_use, key) == in_use.end()) take(key);
    }
  }

  const Log& log_;
  const Contradiction& found_;
  const Breadth breadth_;
  std::vector<std::uint32_t> seeds_;
  CutOut cut_;
  std::map<std::int64_t, std::int64_t> values_;
};

/// Logs come from anywhere; a file of ours is plain.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continues = byte >= 0x80 && byte < 0xc0;
    if (!continues) result += byte < 0x20 || byte >= 0x7f ? '?' : c;
  }
  return result;
}

}  // namespace

CutOut cut_out(const Log& log, const Contradiction& found, Breadth breadth) {
  return CuttingOut(log, found, breadth).run();
}

std::string incident_text(const Log& log, const Contradiction& found, const CutOut& cut, std::string_view map,
                          std::string_view source) {
  std::string text = "# " + plain(sentence(log, found)) + "\n#\n# The calls that were recorded:\n";
  for (const std::uint32_t row : cut.rows) text += "#   " + plain(statement(log, row)) + '\n';
  for (std::size_t i = 0; i < cut.keys.size(); ++i) {
    const std::string name = log.printable_key(cut.keys[i]);
    if (name != std::to_string(i + 1)) text += fmt::format("# Key {} is {}.\n", i + 1, plain(name));
  }
  for (std::size_t i = 0; i < cut.threads.size(); ++i) {
    text += fmt::format("# Thread {} is {}.\n", thread_name(static_cast<ThreadId>(i + 1)),
                        plain(log.printable_thread(cut.threads[i])));
  }
  text += fmt::format("incident = 1\nid = \"imported\"\ntitle = {}\n\n[program]\nprefill = [",
                      toml_string(plain(fmt::format("{} {}: {}", log.unit, log.rows[found.culprit].line, source))));
  for (std::size_t i = 0; i < cut.program.prefill.size(); ++i) {
    text += fmt::format("{}[{}, {}]", i == 0 ? "" : ", ", cut.program.prefill[i].key, cut.program.prefill[i].value);
  }
  text += "]\nthreads = [\n";
  for (const std::vector<Operation>& operations : cut.program.threads) {
    text += "  [";
    for (std::size_t i = 0; i < operations.size(); ++i) {
      text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", stored_operation(operations[i]));
    }
    text += "],\n";
  }
  return text + fmt::format(
                    "]\n\n[[broken]]\nmap = {}\nabout = \"what the log tells of it\"\nfails = [\"not linearizable\"]\n",
                    toml_string(plain(map)));
}

}  // namespace mapquake::recorded
