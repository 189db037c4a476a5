#include "harness/oracle/expiry.hpp"

#include "harness/base/assert.hpp"
#include "harness/history/symptom.hpp"
#include "harness/oracle/judgement.hpp"

#include <algorithm>

namespace mapquake {
namespace {

constexpr std::uint64_t ns_per_ms = 1'000'000;

std::uint64_t ttl_ns(const Claims& claims) {
  return claims.ttl_ms * ns_per_ms;
}

/// The call, of an entry that does not go away by itself.
KeyOp without_vanishing(KeyOp op) {
  if (op.vanishing_is_open()) op.alternatives /= 2;
  op.may_vanish = false;
  return op;
}

/// Did the call certainly give the entry its whole time anew?
bool surely_renews(const KeyOp& op, Retention retention) {
  if (aftermath(without_vanishing(op)).presence != Aftermath::present) return false;
  if (retention == Retention::expires_touched) return true;
  switch (op.action) {
    case Action::assign:
    case Action::exchange:
    case Action::upsert:
      return true;
    case Action::insert:
    case Action::replace:
    case Action::compare_exchange:
    case Action::update:
      return op.answer == Answer::yes;
    default:
      return false;
  }
}

bool may_renew(const KeyOp& op, Retention retention) {
  return retention == Retention::expires_touched || !is_look_up(op);
}

class ExpiryOfKey {
 public:
  ExpiryOfKey(const History& history, const Claims& claims, const KeyHistories& keys, std::size_t key)
      : history_(history), claims_(claims), keys_(keys), order_(keys.ops_of(key)), key_(keys.key(key)) {}

  std::optional<Violation> answered_late(const KeyOp& look_up) const {
    const std::uint64_t began_ns = history_.times[look_up.call].began_ns;
    std::uint64_t latest_ns = 0;
    for (const std::uint32_t i : order_) {
      const KeyOp& op = keys_.ops()[i];
      if (op.call == look_up.call || op.invoked > look_up.returned || !may_renew(op, claims_.retention)) continue;
      const std::uint64_t ended_ns = history_.times[op.call].ended_ns;
      if (ended_ns + ttl_ns(claims_) + ns_per_ms >= began_ns || ended_ns > began_ns) return std::nullopt;
      latest_ns = std::max(latest_ns, ended_ns);
    }
    return Violation{Outcome::not_linearizable,
                     label_of(Symptom::expired_late),
                     {reason::ExpiredLate{CallRef{look_up.call}, key_, (began_ns - latest_ns) / ns_per_ms,
                                          ttl_ns(claims_) / ns_per_ms}},
                     {look_up.call}};
  }

  std::optional<Violation> missed_early(const KeyOp& look_up) const {
    for (const std::uint32_t i : order_) {
      const KeyOp& renewing = keys_.ops()[i];
      if (renewing.returned > look_up.invoked || !surely_renews(renewing, claims_.retention)) continue;
      const std::uint64_t age_ns = history_.times[look_up.call].ended_ns - history_.times[renewing.call].began_ns;
      if (age_ns + ns_per_ms >= ttl_ns(claims_) || may_be_removed(renewing, look_up)) continue;
      return Violation{Outcome::not_linearizable,
                       label_of(Symptom::expired_early),
                       {reason::ExpiredEarly{CallRef{renewing.call}, CallRef{look_up.call}, key_,
                                             (age_ns + ns_per_ms) / ns_per_ms, ttl_ns(claims_) / ns_per_ms}},
                       {renewing.call, look_up.call}};
    }
    return std::nullopt;
  }

 private:
  bool may_be_removed(const KeyOp& since, const KeyOp& until) const {
    return std::ranges::any_of(order_, [&](std::uint32_t i) {
      const KeyOp& op = keys_.ops()[i];
      return &op != &since && op.returned > since.invoked && op.invoked < until.returned &&
             may_remove(without_vanishing(op));
    });
  }

  const History& history_;
  const Claims& claims_;
  const KeyHistories& keys_;
  std::span<const std::uint32_t> order_;
  std::int64_t key_;
};

}  // namespace

bool may_have_expired(const History& history, const Claims& claims) {
  MQ_ASSERT(expires(claims.retention));
  if (history.times.empty() || history.times.size() != history.calls.size()) return true;
  std::uint64_t latest_ns = 0;
  for (const CallTime& time : history.times) latest_ns = std::max(latest_ns, time.ended_ns);
  return latest_ns - history.times.front().began_ns >= ttl_ns(claims);
}

std::optional<Violation> check_expiry(const History& history, const Claims& claims, const KeyHistories& keys) {
  MQ_ASSERT(expires(claims.retention));
  if (history.times.size() != history.calls.size()) return std::nullopt;
  const bool asks_early = claims.capacity == 0 && std::ranges::none_of(history.calls, threw);
  for (std::size_t key = 0; key < keys.key_count(); ++key) {
    const ExpiryOfKey expiry(history, claims, keys, key);
    for (const std::uint32_t i : keys.ops_of(key)) {
      const KeyOp& op = keys.ops()[i];
      if (!is_look_up(op) || history.calls[op.call].status != CallStatus::returned) continue;
      if (op.answer == Answer::yes) {
        if (auto found = expiry.answered_late(op)) return found;
      } else if (op.answer == Answer::no && asks_early) {
        if (auto found = expiry.missed_early(op)) return found;
      }
    }
  }
  return std::nullopt;
}

}  // namespace mapquake
