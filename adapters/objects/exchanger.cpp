// An exchanger: two calls that overlap give each other their values, at one and the same instant. The broken one looks
// whether its offer was taken and withdraws it afterwards, whatever happened meanwhile: one has exchanged, the other
// not. Smallest counterexample: two threads with one call each, two preemptions (the first lets the other thread
// begin).
#include <mapquake/object.hpp>

#include <atomic>
#include <optional>
#include <thread>
#include <utility>

namespace {

template <bool fixed>
class Exchanger {
 public:
  static constexpr mapquake::Expectation expected{.outcomes = fixed ? "" : "invariant broken"};
  static constexpr const char* about = fixed ? "an exchanger" : "an exchanger that withdraws offers that were taken";

  /// The other's value, or nothing where nobody came in time. No value is 0.
  std::optional<int> exchange(int value) {
    Offer seen{};
    const Offer mine{.given = value, .answered = 0};
    if (slot_.compare_exchange_strong(seen, mine)) return withdraw(mine);
    if (seen.answered != 0) return std::nullopt;
    if (!slot_.compare_exchange_strong(seen, {.given = seen.given, .answered = value})) return std::nullopt;
    return seen.given;
  }

 private:
  struct Offer {
    int given, answered;  ///< 0: nothing yet
  };
  std::optional<int> withdraw(Offer mine) {
    std::this_thread::yield();
    if (fixed && slot_.compare_exchange_strong(mine, {})) return std::nullopt;
    const int answered = slot_.load().answered;
    slot_.store({});
    return answered == 0 ? std::nullopt : std::optional(answered);
  }

  std::atomic<Offer> slot_{};
};

/// Of two that share an instant, each gets what the other gave; who gets nothing is alone.
struct ExchangerModel {
  std::optional<std::pair<int, int>> half;  ///< what the first of two gave and got
  bool exchange(int given, std::optional<int> got) {
    if (!half) {
      if (got) half = {given, *got};
      return true;
    }
    const auto [first_gave, first_got] = *std::exchange(half, std::nullopt);
    return got == first_gave && given == first_got;
  }
  bool settled() const { return !half; }
  friend bool operator==(const ExchangerModel&, const ExchangerModel&) = default;
};

MAPQUAKE_OBJECT("exchanger_withdraws_blindly", Exchanger<false>, ExchangerModel, exchange);
MAPQUAKE_OBJECT("exchanger_withdraws_blindly_fixed", Exchanger<true>, ExchangerModel, exchange);

}  // namespace
