#include "harness/strategy/portfolio.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <array>

namespace mapquake {
namespace {

constexpr std::array<std::string_view, 8> names{"mixed", "random", "pct", "pos", "surw", "rff", "delay", "hold"};

}  // namespace

std::span<const std::string_view> portfolio_names() {
  return names;
}

std::span<const Portfolio::Member> Portfolio::round_of(std::string_view name) {
  using enum Member;
  static constexpr std::array mixed{rff, walk, surw, pct2, rff, walk, pos, pct3, rff, walk, surw, pct5};
  static constexpr std::array random{walk};
  static constexpr std::array pct{pct2, pct3, pct2, pct5};
  static constexpr std::array only_pos{pos};
  static constexpr std::array only_surw{surw};
  static constexpr std::array only_rff{rff};
  static constexpr std::array only_delay{delay};
  static constexpr std::array only_hold{hold};
  MQ_ASSERT(std::ranges::find(names, name) != names.end());
  if (name == "random") return random;
  if (name == "pct") return pct;
  if (name == "pos") return only_pos;
  if (name == "surw") return only_surw;
  if (name == "rff") return only_rff;
  if (name == "delay") return only_delay;
  if (name == "hold") return only_hold;
  return mixed;
}

Portfolio::Portfolio(std::string_view name, std::uint32_t fault_mask)
    : round_(round_of(name)),
      round_long_(name == "mixed" ? round_of_long() : round_),
      round_given_(name == "mixed" ? round_of_given() : round_),
      turns_(round_),
      serial_({}),
      watched_serial_(serial_, rff_, surw_),
      walk_(fault_mask),
      pos_(fault_mask),
      surw_(fault_mask),
      rff_(fault_mask),
      delay_(fault_mask),
      hold_(fault_mask),
      pct2_(2, fault_mask),
      pct3_(3, fault_mask),
      pct5_(5, fault_mask) {}

std::span<const Portfolio::Member> Portfolio::round_of_given() {
  using enum Member;
  // What finds the most in few schedules, with many threads above all, comes first.
  static constexpr std::array round{rff,  surw, rff,  surw,  delay, rff,  surw, pos,  rff, walk, pct2,
                                    surw, rff,  walk, delay, pct3,  surw, rff,  walk, pos, pct5};
  return round;
}

std::span<const Portfolio::Member> Portfolio::round_of_long() {
  using enum Member;
  static constexpr std::array round{hold, rff, hold, walk, hold, surw, hold, pct2, hold, pos, hold, pct3};
  return round;
}

void Portfolio::begin_program(std::uint64_t number, std::size_t operations) {
  turns_ = operations >= long_program_min ? round_long_ : operations == 1 ? round_given_ : round_;
  first_turn_ = number;
  starts_.forget();
  surw_.forget();
  rff_.forget();
  delay_.forget();
  hold_.forget();
  for (Pct* const pct : {&pct2_, &pct3_, &pct5_}) pct->note_length(0);
}

Strategy& Portfolio::pick(std::uint64_t n) {
  last_ = nullptr;
  Strategy& member = n == 0 ? watched_serial_ : member_at((n - 1 + first_turn_) % turns_.size());
  return starting_.emplace(member, starts_);
}

Strategy& Portfolio::member_at(std::uint64_t turn) {
  switch (turns_[turn]) {
    case Member::rff:
      return rff_;
    case Member::pos:
      return pos_;
    case Member::walk:
      return walk_;
    case Member::surw:
      return surw_;
    case Member::delay:
      return delay_;
    case Member::hold:
      return hold_;
    case Member::pct2:
      return *(last_ = &pct2_);
    case Member::pct3:
      return *(last_ = &pct3_);
    case Member::pct5:
      break;
  }
  return *(last_ = &pct5_);
}

void Portfolio::end_execution() {
  if (last_ == nullptr) return;
  const std::uint64_t length = last_->points();
  for (Pct* const pct : {&pct2_, &pct3_, &pct5_}) pct->note_length(length);
}

}  // namespace mapquake
