#include "harness/recorded/row_builder.hpp"

#include "harness/recorded/times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace mapquake::recorded {
namespace {

using enum FieldName;
using Kind = Field::Kind;

struct Naming {
  std::string_view name;
  FieldName field;
};

/// The first of each field is the one that errors name.
constexpr std::array namings = std::to_array<Naming>({
    {"start", start},
    {"begin", start},
    {"invoked", start},
    {"start_time", start},
    {"start_ns", start},
    {"start_us", start},
    {"end", end},
    {"returned", end},
    {"finish", end},
    {"end_time", end},
    {"end_ns", end},
    {"end_us", end},
    {"duration", duration},
    {"duration_ns", duration},
    {"duration_us", duration},
    {"elapsed", duration},
    {"thread", thread},
    {"thread_id", thread},
    {"tid", thread},
    {"request", thread},
    {"request_id", thread},
    {"process", thread},
    {"client", thread},
    {"id", thread},
    {"operation", operation},
    {"op", operation},
    {"method", operation},
    {"key", key},
    {"hash", collides},
    {"key_hash", collides},
    {"shard", collides},
    {"bucket", collides},
    {"value", value},
    {"argument", value},
    {"arg", value},
    {"amount", value},
    {"expected", extra},
    {"extra", extra},
    {"old", extra},
    {"result", result},
    {"answer", result},
    {"return", result},
    {"output", result},
    {"status", status},
    {"outcome", status},
});

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t printed_max = 40;
  std::string result;
  for (const char c : text.substr(0, printed_max)) result += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  return '"' + result + (text.size() > printed_max ? "…\"" : "\"");
}

std::string no_field(FieldName name) {
  return fmt::format("no field \"{}\"", name_of(name));
}

}  // namespace

std::optional<FieldName> field_named(std::string_view name) {
  const std::string wanted = lower(name);
  const auto found = std::ranges::find(namings, wanted, &Naming::name);
  if (found == namings.end()) return std::nullopt;
  return found->field;
}

std::string_view name_of(FieldName field) {
  return std::ranges::find(namings, field, &Naming::field)->name;
}

void RowBuilder::bad(std::uint64_t line, std::string reason) {
  ++log_.bad_count;
  if (log_.bad.size() < bad_kept_max) log_.bad.push_back({line, std::move(reason)});
}

void RowBuilder::add(std::uint64_t line, const RawRow& raw) {
  if (line > UINT32_MAX || log_.rows.size() == rows_max) return bad(line, "there are too many calls before it");
  Row row;
  row.line = static_cast<std::uint32_t>(line);
  bool keep = true;
  if (auto trouble = read(raw, row, keep)) return bad(line, std::move(*trouble));
  if (keep) log_.rows.push_back(row);
}

const std::optional<Word>& RowBuilder::word_of(const std::string& operation) {
  constexpr std::size_t words_max = 1024;  // a log with more has no operations there
  if (words_.size() > words_max) words_.clear();
  const auto [at, fresh] = words_.try_emplace(operation);
  if (fresh) at->second = word_for(operation);
  return at->second;
}

RowBuilder::Trouble RowBuilder::read(const RawRow& raw, Row& row, bool& keep) {
  if (!raw[operation].given()) return no_field(operation);
  const std::optional<Word>& word = word_of(raw[operation].text);
  if (!word) {
    return fmt::format("unknown operation {}; `mapquake help recorded` lists those that there are",
                       in_quotes(raw[operation].text));
  }
  row.kind = word->kind;
  if (auto trouble = read_times(raw, row)) return trouble;
  if (!raw[thread].given()) return no_field(thread);
  row.thread = log_.threads.of(raw[thread].text);
  if (auto trouble = read_arguments(raw, *word, row)) return trouble;
  const Field& state = raw[status];
  if (row.told != Told::unfinished && state.given()) {
    const std::string said = lower(state.text);
    if (said == "unknown" || said == "info" || said == "error" || said == "timeout") row.told = Told::unfinished;
    if (said == "fail" || says_nothing(row.kind)) return keep = false, std::nullopt;
    if (row.told != Told::unfinished && said != "ok") {
      return fmt::format("status {} is none of ok, fail (did not happen), unknown (may have happened)",
                         in_quotes(state.text));
    }
  }
  if (says_nothing(row.kind)) return keep = false, std::nullopt;
  if (row.told == Told::unfinished) return std::nullopt;
  return read_result(raw, *word, row);
}

RowBuilder::Trouble RowBuilder::use_decimals() {
  constexpr std::int64_t whole_max = INT64_MAX / decimal_scale - 1;
  for (const Row& row : log_.rows) {
    if (row.start > whole_max || row.start < -whole_max || row.end > whole_max || row.end < -whole_max) {
      return "a time with a decimal point, but those before it are too large for that to be the same unit";
    }
  }
  for (Row& row : log_.rows) {
    row.start *= decimal_scale;
    row.end *= decimal_scale;
  }
  decimals_ = true;
  return std::nullopt;
}

RowBuilder::Trouble RowBuilder::read_time(const Field& field, std::string_view name, std::int64_t& time) {
  if (field.kind != Kind::number && field.kind != Kind::text) return fmt::format("\"{}\" is no time", name);
  const auto stamp = parse_stamp(field.text);
  if (!stamp) {
    const auto date_time = parse_date_time(field.text);
    if (!date_time || decimals_) {
      return fmt::format("\"{}\" is no time: {} (an integer, a decimal, or 2026-01-02T03:04:05.678Z)", name,
                         in_quotes(field.text));
    }
    time = *date_time;
    return std::nullopt;
  }
  if (stamp->has_point && !decimals_) {
    if (auto trouble = use_decimals()) return trouble;
  }
  time = stamp->whole;
  if (!decimals_) return std::nullopt;
  if (__builtin_mul_overflow(stamp->whole, decimal_scale, &time) ||
      __builtin_add_overflow(time, stamp->billionths, &time)) {
    return fmt::format("\"{}\" is too large for a time with a decimal point", name);
  }
  return std::nullopt;
}

RowBuilder::Trouble RowBuilder::read_times(const RawRow& raw, Row& row) {
  const bool was_decimal = decimals_;
  if (!raw[start].given()) return no_field(start);
  if (auto trouble = read_time(raw[start], name_of(start), row.start)) return trouble;
  const bool ends = raw[end].given() && raw[end].kind != Kind::null;
  const bool lasts = raw[duration].given() && raw[duration].kind != Kind::null;
  if (!ends && !lasts) {
    row.told = Told::unfinished;
    row.end = row.start;
    return std::nullopt;
  }
  const FieldName last = ends ? end : duration;
  if (auto trouble = read_time(raw[last], name_of(last), row.end)) return trouble;
  // The second time was the first of the log with a decimal point.
  if (!was_decimal && decimals_) return read_times(raw, row);
  if (!ends && __builtin_add_overflow(row.start, row.end, &row.end)) return "it ends too late";
  if (row.end < row.start) return "it ends before it starts";
  return std::nullopt;
}

RowBuilder::Trouble RowBuilder::read_arguments(const RawRow& raw, const Word& word, Row& row) {
  if (names_key(word.kind)) {
    if (!raw[key].given() || raw[key].kind == Kind::null) return no_field(key);
    row.key = log_.keys.of(raw[key].text);
    read_collision(raw, row.key);
  }
  if (writes_value(word.kind) || adds_amount(word.kind)) {
    if (!raw[value].given())
      return fmt::format("{}: it is what {} writes", no_field(value), in_quotes(raw[operation].text));
    row.value = log_.values.of(raw[value].text);
    if (adds_amount(word.kind) && !Values::is_number(row.value)) return "\"value\" is added, but it is no integer";
  }
  if (traits_of(word.kind).takes == Takes::key_value_extra) {
    if (!raw[extra].given()) return no_field(extra);
    row.extra = log_.values.of(raw[extra].text);
  }
  return std::nullopt;
}

/// Where a key has several, as after a change of the number of shards, the first one counts.
void RowBuilder::read_collision(const RawRow& raw, std::uint32_t key) {
  if (!raw[collides].given() || raw[collides].kind == Kind::null) return;
  if (log_.collision_of.size() <= key) log_.collision_of.resize(std::size_t{key} + 1, collision_unknown);
  std::uint32_t& collision = log_.collision_of[key];
  if (collision == collision_unknown) collision = log_.collisions.of(raw[collides].text);
}

RowBuilder::Trouble RowBuilder::read_flag(const Field& result, const Word& word, Row& row) const {
  const std::string said = lower(result.text);
  if (result.kind == Kind::text && (said == "ok" || said == "done")) return std::nullopt;
  const bool one = word.form == ResultForm::zero_one && (said == "1" || said == "0");
  if (!one && said != "true" && said != "false") {
    return fmt::format("result {} of {} is neither true nor false", in_quotes(result.text),
                       in_quotes(name_of(word.kind)));
  }
  if (word.form == ResultForm::success) {
    return fmt::format(
        "\"{}\" says {}: that it was added, or only that it was done? Write insert_or_assign where true means added, "
        "else leave the result out",
        word.word, said);
  }
  row.told = said == "true" || said == "1" ? Told::yes : Told::no;
  return std::nullopt;
}

RowBuilder::Trouble RowBuilder::read_result(const RawRow& raw, const Word& word, Row& row) {
  const Field& said = raw[result];
  const Answers answers = traits_of(word.kind).answers;
  row.told = Told::nothing;
  if (answers == Answers::visits) return read_visits(raw, row);
  if (!said.given() || answers == Answers::nothing) return std::nullopt;
  const auto tell_value = [&] {
    row.told = said.kind == Kind::null ? Told::absent : Told::value;
    if (row.told == Told::value) row.answer = log_.values.of(said.text);
  };
  if (answers == Answers::count) {
    const std::string& digits = said.text;
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (error != std::errc() || end != digits.data() + digits.size()) return "a size that is no number";
    row.answer = static_cast<std::int64_t>(count);
    row.told = Told::count;
    return std::nullopt;
  }
  if (answers == Answers::value) {
    tell_value();
    if (word.kind == OpKind::get_or_create && row.told == Told::absent)
      return "it answers the value that is there then";
    if (word.kind == OpKind::update && row.told == Told::value && !Values::is_number(row.answer)) {
      return "it adds to a value that is no integer";
    }
    return std::nullopt;
  }
  const bool may_be_old = word.kind == OpKind::erase || word.kind == OpKind::assign;
  const bool ok = said.kind == Kind::text && (lower(said.text) == "ok" || lower(said.text) == "done");
  const bool number_means_flag = word.form == ResultForm::zero_one;
  if (may_be_old && !ok && !number_means_flag && said.kind != Kind::boolean) return tell_value(), std::nullopt;
  if (word.form == ResultForm::old_value && !ok) return tell_value(), std::nullopt;
  return read_flag(said, word, row);
}

RowBuilder::Trouble RowBuilder::read_visits(const RawRow& raw, Row& row) {
  if (!raw.visits && !raw[result].given()) return std::nullopt;
  row.visits_begin = static_cast<std::uint32_t>(log_.visits.size());
  if (raw.visits) {
    for (const auto& [visited, content] : *raw.visits) {
      log_.visits.push_back({log_.keys.of(visited), log_.values.of(content)});
    }
  } else {
    std::string_view left = raw[result].text;
    while (!left.empty()) {
      const std::string_view entry = left.substr(0, left.find_first_of(" ;"));
      left.remove_prefix(std::min(left.size(), entry.size() + 1));
      if (entry.empty()) continue;
      const std::size_t equals = entry.find('=');
      if (equals == std::string_view::npos) {
        log_.visits.resize(row.visits_begin);
        return fmt::format("{} is no entry; write 5=50 6=60", in_quotes(entry));
      }
      log_.visits.push_back({log_.keys.of(entry.substr(0, equals)), log_.values.of(entry.substr(equals + 1))});
    }
  }
  row.visits_end = static_cast<std::uint32_t>(log_.visits.size());
  row.told = Told::visits;
  return std::nullopt;
}

}  // namespace mapquake::recorded
