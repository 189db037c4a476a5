#include "harness/recorded/times.hpp"

#include <charconv>
#include <chrono>

namespace mapquake::recorded {
namespace {

/// Exactly `digits` digits at the front, which are taken away.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// What stands behind the point, one to nine digits, in billionths.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
  std::int64_t billionths = 0;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    if (digits == 9) return std::nullopt;
    billionths = billionths * 10 + (text[digits++] - '0');
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  for (; digits < 9; ++digits) billionths *= 10;
  return billionths;
}

/// "Z", "+01:00" in minutes.
std::optional<int> take_zone(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return 0;
  const bool west = take(text, '-');
  if (!west && !take(text, '+')) return std::nullopt;
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return (west ? -1 : 1) * (*hours * 60 + *minutes);
}

}  // namespace

std::optional<Stamp> parse_stamp(std::string_view text) {
  Stamp stamp;
  const bool negative = text.starts_with('-');
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), stamp.whole);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.empty()) return stamp;
  if (!take(text, '.')) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction || !text.empty()) return std::nullopt;
  stamp.has_point = true;
  stamp.billionths = negative ? -*fraction : *fraction;
  return stamp;
}

std::optional<std::int64_t> parse_date_time(std::string_view text) {
  using namespace std::chrono;
  const auto y = take_digits(text, 4);
  if (!y || !take(text, '-')) return std::nullopt;
  const auto mon = take_digits(text, 2);
  if (!mon || !take(text, '-')) return std::nullopt;
  const auto d = take_digits(text, 2);
  if (!d || !(take(text, 'T') || take(text, 't') || take(text, ' '))) return std::nullopt;
  const auto h = take_digits(text, 2);
  if (!h || !take(text, ':')) return std::nullopt;
  const auto min = take_digits(text, 2);
  if (!min || !take(text, ':')) return std::nullopt;
  const auto s = take_digits(text, 2);
  if (!s || *h > 23 || *min > 59 || *s > 60) return std::nullopt;
  std::int64_t nanoseconds_in = 0;
  if (take(text, '.')) {
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    nanoseconds_in = *fraction;
  }
  const auto zone = take_zone(text);
  if (!zone || !text.empty()) return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*mon)}, day{static_cast<unsigned>(*d)}};
  // Nanoseconds in 64 bits reach from 1678 to 2262.
  if (!date.ok() || *y < 1700 || *y > 2200) return std::nullopt;
  const auto time = sys_days(date) + hours(*h) + minutes(*min - *zone) + seconds(*s);
  return duration_cast<nanoseconds>(time.time_since_epoch()).count() + nanoseconds_in;
}

}  // namespace mapquake::recorded
