// Wear of an object (object.hpp): few calls that the first thread makes again and again before all others, so that what
// has a long way to go gets there: an index of eight bits comes round, a segment is full, a counter wraps. Only their
// answers are kept, and held against the model one after another: nobody else is there yet.
#pragma once

#include <mapquake/object_calls.hpp>
#include <mapquake/object_order.hpp>

#include <cstdint>

// Has the execution used half of the steps that it has? Null without a harness.
extern "C" __attribute__((weak)) bool mapquake_half_is_used();

namespace mapquake::detail {

/// One execution in so many of those with a history (object_executions_per_history).
inline constexpr unsigned object_executions_per_wear = 8;
inline constexpr unsigned wear_calls_max = 4;  ///< of a round
inline constexpr unsigned wear_doublings_max = 8;

template <class Table>
class Wear {
 public:
  using Model = typename Table::MapquakeModel;

  MAPQUAKE_GLUE void draw() {
    if (choose(object_executions_per_wear) != 1) return;
    rounds_ = 1U << choose(wear_doublings_max + 1);
    for (unsigned i = 0; i < wear_calls_max; ++i) calls_.draw(static_cast<unsigned>(std::size(Table::methods)), i, 0);
    // Which orders are allowed but the one in which they were made is not looked at.
    if (OrderSearch<Table>::consistency != Consistency::linearizable) calls_.count = 0;
  }

  /// `maker.make(call, object)` makes it, and fills in its answer.
  template <class Maker>
  MAPQUAKE_GLUE void run(Maker& maker, typename Table::MapquakeObject& object) {
    for (unsigned n = 0; n < count(); ++n) {
      // Calls that are long are no endless loop because there are many of them.
      const bool round_begins = n % calls_.count == 0;
      if (round_begins && mapquake_half_is_used != nullptr && mapquake_half_is_used()) return stop_before(n);
      ObjectCall call = call_at(n);
      tell_call(call, Table::methods[call.method], false);
      maker.make(call, object);
      tell_call(call, Table::methods[call.method], true);
      answers_[n] = call.answer;
      if (!call.answer.known) return stop_behind(n);
    }
  }
  /// Of all rounds.
  MAPQUAKE_GLUE unsigned count() const { return rounds_ * calls_.count; }

  /// Makes the calls on `model`. True: it admits all that was answered.
  bool explained_by(Model& model) {
    for (unsigned n = 0; n < count(); ++n) {
      ObjectCall call = call_at(n);
      call.answer = answers_[n];
      if (!OrderSearch<Table>::performs_alone(model, call)) return wrong_ = n, is_wrong_ = true, false;
    }
    return true;
  }
  /// One of them threw, and may or may not have taken effect: what the model is then, is not known.
  MAPQUAKE_GLUE bool is_open() const { return is_open_; }
  /// explained_by() was false.
  MAPQUAKE_GLUE bool is_wrong() const { return is_wrong_; }

  MAPQUAKE_GLUE void tell(CallText& text) const {
    if (count() == 0) return;
    text.put("\nat first ");
    text.put_number(rounds_);
    text.put(rounds_ == 1 ? " round of" : " rounds of");
    for (unsigned i = 0; i < calls_.count; ++i) {
      text.put(i == 0 ? " " : ", ");
      text.put(Table::methods[calls_.calls[i].method].name);
    }
    if (is_wrong_) {
      ObjectCall call = call_at(wrong_);
      call.answer = answers_[wrong_];
      text.put(", in which call ");
      text.put_number(wrong_ + 1);
      text.put(" is ");
      text.put(call, Table::methods[call.method]);
    }
  }

 private:
  MAPQUAKE_GLUE ObjectCall call_at(unsigned n) const {
    ObjectCall call = calls_.calls[n % calls_.count];
    call.value = static_cast<std::int64_t>(1001 + n);
    return call;
  }
  MAPQUAKE_GLUE void stop_before(unsigned n) { rounds_ = n / calls_.count; }
  MAPQUAKE_GLUE void stop_behind(unsigned n) {
    is_open_ = true;
    stop_before(n);
  }

  CallList calls_{};
  unsigned rounds_ = 0;
  Places<ObjectAnswer, wear_calls_max << wear_doublings_max> answers_;  ///< of the calls that were made
  unsigned wrong_ = 0;
  bool is_wrong_ = false;
  bool is_open_ = false;
};

}  // namespace mapquake::detail
