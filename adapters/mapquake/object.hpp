// Any concurrent object that is no map: a queue, a stack, a set, a counter, a pool. Its author says what it does by a
// model, a plain class with the same member functions that is right when one thread calls it:
//
//   struct QueueModel {
//     std::deque<int> items;
//     void push(int v) { items.push_back(v); }
//     std::optional<int> pop();
//     bool empty() const { return items.empty(); }
//   };
//   MAPQUAKE_OBJECT("my_queue", MyQueue, QueueModel, push, pop, empty);
//
// It becomes a program (program.hpp): each execution draws a few calls for up to three threads, now and then more
// (object_calls.hpp), makes them, and asks whether there is an order of them, respecting real time, in which the model
// gives the same answers (Herlihy & Wing 1990; the search is Wing & Gong's, 1993). If not, it ends with "invariant
// broken" and the calls. Which calls are drawn is part of the choices, so that a failure shrinks to the fewest.
//
// A member function takes none, one or two parameters. One of type mapquake::Key is drawn from few keys; any other (an
// integer, or a type with a Convert) gets a number that nothing else has, so that an answer tells where it came from.
// It answers nothing, bool, a value, or a std::optional of one. Functions that the model declares const change nothing.
// Overloads and templates need a function of one signature round them, types with commas an alias. The model must be
// copyable; with operator== the search is faster; settled(): object_instants.hpp.
//
// At rest, once the threads have ended, every const function is called (with each key), and every other one that takes
// nothing and answers something, until it answers false or nothing, or once more than there were calls: what is left.
// A call that throws bad_alloc may have taken effect or not; any other exception ends the program. Optional members of
// the object's class: `static constexpr mapquake::Expectation expected{...};`, … `about`, … `steps_max`, `dump()`.
#pragma once

#include <mapquake/object_calls.hpp>
#include <mapquake/object_order.hpp>
#include <mapquake/object_standing.hpp>
#include <mapquake/object_wear.hpp>
#include <mapquake/program.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <new>
#include <thread>

// Choices are addressed by the part of the thread's work in which they are made: where calls are left out, those of the
// others stay where they are. A call that has returned happens before those that begin later, also where atomic
// operations may read old values: so that real time is what linearizability needs it to be (docs/memory-model.md). Null
// without a harness.
extern "C" {
__attribute__((weak)) void mapquake_part_begins(std::uint32_t number);
__attribute__((weak)) void mapquake_call_begins();
__attribute__((weak)) void mapquake_call_ends();
// Runs body(context) as no part of the map: unseen, and without costing steps.
__attribute__((weak)) void mapquake_run_unseen(void (*body)(void*), void* context);
}

namespace mapquake::detail {

/// One execution: draws, makes and judges the calls. Table: Object, Model and `methods`, see MAPQUAKE_OBJECT.
template <class Table>
class ObjectRun {
 public:
  static constexpr unsigned method_count = static_cast<unsigned>(std::size(Table::methods));

  void run() {
    draw();
    begin_part(part_of_crowd);
    draw_crowd(lists_, method_count);
    // Not on the stack, where races are not looked for.
    const StandingObject<typename Table::MapquakeObject> made(new (std::nothrow) typename Table::MapquakeObject);
    if (made == nullptr) return;
    auto& object = *made;
    begin_part(part_of_wear);
    wear_.run(*this, object);
    make_all(before_, part_of_history, object);
    begin_part(part_of_start);
    std::array<std::thread, object_threads_max> threads;
    for (unsigned t = 1; t < object_threads_max; ++t) {
      if (lists_[t].count == 0) continue;
      threads[t] = std::thread([this, t, &object] { make_all(lists_[t], part_of_calls, object); });
    }
    make_all(lists_[0], part_of_calls, object);
    begin_part(part_of_end);
    for (std::thread& thread : threads) {
      if (thread.joinable()) thread.join();
    }
    look_at_rest(object);
    judge();
  }

  /// Makes the call, and notes when, and what it answered.
  MAPQUAKE_GLUE void make(ObjectCall& call, typename Table::MapquakeObject& object) {
    point(Table::methods[call.method].name);
    call.invoked = ++clock_;
    if (mapquake_call_begins != nullptr) mapquake_call_begins();
    try {
      Table::methods[call.method].on_object(object, call, call.answer);
      call.answer.known = true;
    } catch (const std::bad_alloc&) {
    }
    if (mapquake_call_ends != nullptr) mapquake_call_ends();
    call.returned = ++clock_;
  }

 private:
  // Each thread's, numbered as they follow each other.
  static constexpr unsigned part_of_wear = 0;
  static constexpr unsigned part_of_history = part_of_wear + 1;
  static constexpr unsigned part_of_start = part_of_history + object_calls_before_max;
  static constexpr unsigned part_of_calls = part_of_start + 1;
  static constexpr unsigned part_of_end = part_of_calls + object_calls_max;
  static constexpr unsigned part_of_crowd = part_of_end + 1;

  MAPQUAKE_GLUE static void begin_part(unsigned number) {
    if (mapquake_part_begins != nullptr) mapquake_part_begins(number);
  }

  MAPQUAKE_GLUE void draw() {
    for (unsigned t = 0; t < object_threads_usual; ++t) {
      for (unsigned i = 0; i < object_calls_max; ++i) {
        lists_[t].draw(method_count, i, static_cast<std::int64_t>(10 * (t + 1) + i + 1));
      }
    }
    if (choose(object_executions_per_history) != 1) return;
    for (unsigned i = 0; i < object_calls_before_max; ++i) {
      before_.draw(method_count, i, static_cast<std::int64_t>(10 * (object_threads_usual + 1) + i + 1));
    }
    wear_.draw();
  }

  MAPQUAKE_GLUE void make_all(CallList& list, unsigned first_part, typename Table::MapquakeObject& object) {
    for (unsigned i = 0; i < list.count; ++i) {
      ObjectCall& call = list.calls[i];
      begin_part(first_part + call.place);
      tell_call(call, Table::methods[call.method], false);
      make(call, object);
      tell_call(call, Table::methods[call.method], true);
    }
  }

  MAPQUAKE_GLUE void look_at_rest(typename Table::MapquakeObject& object) {
    unsigned made = wear_.count() + before_.count;
    for (const CallList& list : lists_) made += list.count;
    for (unsigned m = 0; m < method_count; ++m) {
      const auto& method = Table::methods[m];
      if (method.takes_value || !method.answers) continue;
      if (!method.reads && method.takes_key) continue;
      const unsigned times = method.takes_key ? object_keys : method.reads ? 1 : made + 1;
      for (unsigned i = 0; i < times && at_rest_.count < at_rest_.calls.size(); ++i) {
        at_rest_.add(m, i, 1 + i, 0);
        ObjectCall& call = at_rest_.calls[at_rest_.count - 1];
        make(call, object);
        if (!method.reads && !call.answer.flag) break;
      }
    }
  }

  static void search_order(void* run) {
    ObjectRun& self = *static_cast<ObjectRun*>(run);
    if (self.wear_.is_open()) return;
    typename Table::MapquakeModel worn;
    self.contradicts_ = !self.wear_.explained_by(worn);
    if (self.contradicts_) return;
    OrderSearch<Table> search;
    search.add(self.before_, 0);
    for (unsigned t = 0; t < object_threads_max; ++t) search.add(self.lists_[t], t);
    search.add(self.at_rest_, object_at_rest);
    self.contradicts_ = search.contradicts(worn);
  }

  void judge() {
    if (mapquake_run_unseen != nullptr) {
      mapquake_run_unseen(search_order, this);
    } else {
      search_order(this);
    }
    if (!contradicts_) return;
    CallText text;
    text.put(OrderSearch<Table>::failure);
    wear_.tell(text);
    if (wear_.is_wrong()) return fail(text.text);
    tell(text, before_, "first:");
    char name[] = "A:";  // threads have their names in the order in which they were started
    for (const CallList& list : lists_) {
      tell(text, list, name);
      if (list.count != 0 || name[0] == 'A') ++name[0];
    }
    tell(text, at_rest_, "at rest:");
    fail(text.text);
  }

  MAPQUAKE_GLUE static void tell(CallText& text, const CallList& list, const char* when) {
    if (list.count == 0) return;
    text.put("\n");
    text.put(when);
    for (unsigned i = 0; i < list.count; ++i) {
      text.put(i == 0 ? " " : ", ");
      text.put(list.calls[i], Table::methods[list.calls[i].method]);
    }
  }

  Wear<Table> wear_;
  CallList before_{};
  CallLists lists_{};
  CallList at_rest_{};
  std::uint32_t clock_ = 0;
  bool contradicts_ = false;
};

template <class Table>
void run_object() {
  ObjectRun<Table> run;
  run.run();
}

template <class Object>
consteval ProgramInfo info_of_object() {
  ProgramInfo info;
  if constexpr (requires {
                  { Object::expected } -> std::convertible_to<Expectation>;
                })
    info.expected = Object::expected;
  if constexpr (requires {
                  { Object::about } -> std::convertible_to<const char*>;
                })
    info.about = Object::about;
  if constexpr (requires {
                  { Object::steps_max } -> std::convertible_to<std::uint64_t>;
                })
    info.steps_max = Object::steps_max;
  if constexpr (has_dump<Object>) info.dump = StandingObject<Object>::dump;
  return info;
}

}  // namespace mapquake::detail

// `macro` for each of up to nine arguments.
#define MAPQUAKE_DETAIL_EACH(macro, first, ...) macro(first) __VA_OPT__(, MAPQUAKE_DETAIL_EACH_1(macro, __VA_ARGS__))
#define MAPQUAKE_DETAIL_EACH_1(macro, first, ...) macro(first) __VA_OPT__(, MAPQUAKE_DETAIL_EACH_2(macro, __VA_ARGS__))
#define MAPQUAKE_DETAIL_EACH_2(macro, first, ...) macro(first) __VA_OPT__(, MAPQUAKE_DETAIL_EACH_3(macro, __VA_ARGS__))
#define MAPQUAKE_DETAIL_EACH_3(macro, first, ...) macro(first) __VA_OPT__(, MAPQUAKE_DETAIL_EACH_4(macro, __VA_ARGS__))
#define MAPQUAKE_DETAIL_EACH_4(macro, first, ...) macro(first) __VA_OPT__(, MAPQUAKE_DETAIL_EACH_5(macro, __VA_ARGS__))
#define MAPQUAKE_DETAIL_EACH_5(macro, first, ...) macro(first) __VA_OPT__(, MAPQUAKE_DETAIL_EACH_6(macro, __VA_ARGS__))
#define MAPQUAKE_DETAIL_EACH_6(macro, first, ...) macro(first) __VA_OPT__(, MAPQUAKE_DETAIL_EACH_7(macro, __VA_ARGS__))
#define MAPQUAKE_DETAIL_EACH_7(macro, first, ...) macro(first) __VA_OPT__(, MAPQUAKE_DETAIL_EACH_8(macro, __VA_ARGS__))
#define MAPQUAKE_DETAIL_EACH_8(macro, first) macro(first)

#define MAPQUAKE_DETAIL_METHOD(method) \
  ::mapquake::detail::method_of<MapquakeObject, &MapquakeObject::method, MapquakeModel, &MapquakeModel::method>(#method)

#define MAPQUAKE_DETAIL_OBJECT(id, object_name, object_class, model_class, ...)                            \
  namespace {                                                                                              \
  struct MAPQUAKE_DETAIL_JOIN(MapquakeObject, id) {                                                        \
    using MapquakeObject = object_class;                                                                   \
    using MapquakeModel = model_class;                                                                     \
    static constexpr ::mapquake::detail::Method<MapquakeObject, MapquakeModel> methods[] = {               \
        MAPQUAKE_DETAIL_EACH(MAPQUAKE_DETAIL_METHOD, __VA_ARGS__)};                                        \
  };                                                                                                       \
  }                                                                                                        \
  MAPQUAKE_PROGRAM(object_name, &::mapquake::detail::run_object<MAPQUAKE_DETAIL_JOIN(MapquakeObject, id)>, \
                   ::mapquake::detail::info_of_object<object_class>())

/// MAPQUAKE_OBJECT("name", Class, ModelClass, operation, …); at namespace scope, with one to nine operations. The name
/// must be unique within the plugin.
#define MAPQUAKE_OBJECT(name, object_class, model_class, ...) \
  MAPQUAKE_DETAIL_OBJECT(__COUNTER__, name, object_class, model_class, __VA_ARGS__)
