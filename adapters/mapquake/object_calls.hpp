// The calls that a program of an object makes (object.hpp): what there is to call, what was called and answered. Plain
// data in places of fixed size, and without instrumentation, so that the events of an execution are the object's.
#pragma once

#include <mapquake/convert.hpp>
#include <mapquake/host.hpp>
#include <mapquake/types.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace mapquake {

/// What orders an object's calls must fit, so that a model may promise less: `static constexpr Consistency
/// consistency`.
enum class Consistency : std::uint8_t {
  linearizable,  ///< each call takes effect at one instant between its begin and its end (Herlihy & Wing 1990)
  sequential,    ///< each thread's calls in its order, whatever the time (Lamport 1979); at rest, all are seen
  at_rest,       ///< calls that change something are linearizable; the others are held to the model at rest only
};

}  // namespace mapquake

namespace mapquake::detail {

inline constexpr unsigned object_threads_usual = 3;
/// In one execution of so many there may be more threads, which make one call each: what counts those that are inside
/// at a time has few bits for it, now and then.
inline constexpr unsigned object_executions_per_crowd = 16;
inline constexpr unsigned object_threads_max = 6;
inline constexpr unsigned object_calls_max = 3;  ///< of each thread
/// In one execution of so many, A makes up to so many calls before the others begin: what comes round only then (rings,
/// counters, segments) is worn in.
inline constexpr unsigned object_executions_per_history = 16;
inline constexpr unsigned object_calls_before_max = 48;
inline constexpr unsigned object_calls_at_a_time_max =
    object_threads_usual * object_calls_max + (object_threads_max - object_threads_usual);
inline constexpr unsigned object_keys = 3;
inline constexpr unsigned object_calls_at_rest_max = 64;

/// Of any call: nothing, yes or no, or a value that may be missing.
struct ObjectAnswer {
  bool known = false;  ///< false: the call threw, or has not returned
  bool flag = false;   ///< yes, or there is a value
  bool has_value = false;
  std::int64_t value = 0;
  friend bool operator==(const ObjectAnswer& a, const ObjectAnswer& b) {
    return a.flag == b.flag && a.has_value == b.has_value && a.value == b.value;
  }
};

struct ObjectCall {
  unsigned method = 0;
  unsigned place = 0;  ///< in the list that was drawn, in which any may be left out
  std::int64_t key = 0;
  std::int64_t value = 0;
  std::uint32_t invoked = 0;  ///< logical times, unique within the execution
  std::uint32_t returned = 0;
  ObjectAnswer answer;
};

/// Room for values that are assigned before they are read. Most executions use little of it, and to clear all of it
/// would be most of what they do.
template <class T, unsigned most>
class Places {
 public:
  MAPQUAKE_GLUE Places() {}
  MAPQUAKE_GLUE T& operator[](unsigned i) { return values_[i]; }
  MAPQUAKE_GLUE const T& operator[](unsigned i) const { return values_[i]; }
  static constexpr unsigned size() { return most; }

 private:
  static_assert(std::is_trivially_copyable_v<T>);
  union {
    T values_[most];
  };
};

struct CallList {
  Places<ObjectCall, object_calls_at_rest_max> calls;
  unsigned count = 0;

  MAPQUAKE_GLUE void add(unsigned method, unsigned place, std::int64_t key, std::int64_t value) {
    ObjectCall& call = calls[count++] = ObjectCall();
    call.method = method;
    call.place = place;
    call.key = key;
    call.value = value;
  }
  /// A call of one of `methods` functions, or none. Every question is asked whatever the answers are, and 0 stands for
  /// no call: so calls can be left out one by one.
  MAPQUAKE_GLUE void draw(unsigned methods, unsigned place, std::int64_t value) {
    const std::uint32_t drawn = choose(methods + 1);
    const std::int64_t key = 1 + choose(object_keys);
    if (drawn != 0) add(drawn - 1, place, key, value);
  }
};

using CallLists = std::array<CallList, object_threads_max>;  ///< a thread's each

/// The calls of threads beyond the usual ones, with values that no other call has.
MAPQUAKE_GLUE inline void draw_crowd(CallLists& lists, unsigned methods) {
  if (choose(object_executions_per_crowd) != 1) return;
  for (unsigned t = object_threads_usual; t < object_threads_max; ++t) lists[t].draw(methods, 0, 10 * (t + 7) + 1);
}

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class Member>
struct MemberFunction;
template <class R, class C, class... Arguments>
struct MemberFunction<R (C::*)(Arguments...)> {
  static constexpr bool reads = false;
  static constexpr bool answers = !std::is_void_v<R>;
  static constexpr unsigned keys = (0U + ... + (std::same_as<std::remove_cvref_t<Arguments>, Key> ? 1U : 0U));
  static constexpr unsigned values = sizeof...(Arguments) - keys;
  static constexpr unsigned parameters = sizeof...(Arguments);
  using Result = R;

  template <auto member, class Object>
  MAPQUAKE_GLUE static void call(Object& object, const ObjectCall& call, ObjectAnswer& answer) {
    if constexpr (std::is_void_v<R>) {
      (object.*member)(argument<std::remove_cvref_t<Arguments>>(call)...);
    } else if constexpr (std::same_as<R, bool>) {
      answer.flag = (object.*member)(argument<std::remove_cvref_t<Arguments>>(call)...);
    } else {
      put(answer, (object.*member)(argument<std::remove_cvref_t<Arguments>>(call)...));
    }
  }

  /// Of a model whose last parameter is what the object answered: does it admit that? Requires that the call answered.
  template <auto member, class Model>
  MAPQUAKE_GLUE static bool admits(Model& model, const ObjectCall& call) {
    return admits<member>(model, call, std::make_index_sequence<sizeof...(Arguments) - 1>());
  }

 private:
  template <auto member, class Model, std::size_t... i>
  MAPQUAKE_GLUE static bool admits(Model& model, const ObjectCall& call, std::index_sequence<i...>) {
    using Parameters = std::tuple<std::remove_cvref_t<Arguments>...>;
    using Answer = std::tuple_element_t<sizeof...(i), Parameters>;
    return (model.*member)(argument<std::tuple_element_t<i, Parameters>>(call)..., answered<Answer>(call.answer));
  }
  template <class T>
  MAPQUAKE_GLUE static T answered(const ObjectAnswer& answer) {
    if constexpr (std::same_as<T, bool>) {
      return answer.flag;
    } else if constexpr (is_optional<T>) {
      return answer.has_value ? T(answered<typename T::value_type>(answer)) : T();
    } else {
      return Convert<T>::from(answer.value);
    }
  }
  template <class T>
  MAPQUAKE_GLUE static T argument(const ObjectCall& call) {
    if constexpr (std::same_as<T, Key>) {
      return Key{call.key};
    } else {
      return Convert<T>::from(call.value);
    }
  }
  template <class T>
  MAPQUAKE_GLUE static void put(ObjectAnswer& answer, const T& result) {
    if constexpr (is_optional<T>) {
      if (result) put(answer, *result);
    } else {
      answer.flag = answer.has_value = true;
      answer.value = Convert<T>::to(result);
    }
  }
};
template <class R, class C, class... Arguments>
struct MemberFunction<R (C::*)(Arguments...) const> : MemberFunction<R (C::*)(Arguments...)> {
  static constexpr bool reads = true;
};
template <class R, class C, class... Arguments>
struct MemberFunction<R (C::*)(Arguments...) noexcept> : MemberFunction<R (C::*)(Arguments...)> {};
template <class R, class C, class... Arguments>
struct MemberFunction<R (C::*)(Arguments...) const noexcept> : MemberFunction<R (C::*)(Arguments...) const> {};

/// What is known of a member function without its types.
struct MethodTraits {
  const char* name = "";
  bool takes_key = false;
  bool takes_value = false;
  bool reads = false;    ///< the model declares it const
  bool answers = false;  ///< not void
};

/// The model either answers by itself (on_model), or says of the object's answer whether it may be (admits).
template <class Object, class Model>
struct Method : MethodTraits {
  void (*on_object)(Object&, const ObjectCall&, ObjectAnswer&) = nullptr;
  void (*on_model)(Model&, const ObjectCall&, ObjectAnswer&) = nullptr;
  bool (*admits)(Model&, const ObjectCall&) = nullptr;
};

/// The model's function takes what the object's does, and its answer behind.
template <class OfObject, class OfModel>
inline constexpr bool is_asked_to_admit = OfModel::parameters == OfObject::parameters + 1;

template <class Object, auto of_object, class Model, auto of_model>
consteval Method<Object, Model> method_of(const char* name) {
  using OfObject = MemberFunction<decltype(of_object)>;
  using OfModel = MemberFunction<decltype(of_model)>;
  constexpr bool admits = is_asked_to_admit<OfObject, OfModel>;
  static_assert(
      admits || (OfObject::keys == OfModel::keys && OfObject::values == OfModel::values),
      "mapquake: object and model must take the same parameters, or the model the object's answer behind them");
  static_assert(!admits || (std::same_as<typename OfModel::Result, bool> && OfObject::answers),
                "mapquake: a model that is given the object's answer says by a bool whether that may be");
  static_assert(OfObject::keys <= 1 && OfObject::values <= 1,
                "mapquake: an operation of an object takes at most one mapquake::Key and one other parameter");
  Method<Object, Model> method;
  method.name = name;
  method.takes_key = OfObject::keys == 1;
  method.takes_value = OfObject::values == 1;
  method.reads = OfModel::reads;
  method.answers = OfObject::answers;
  method.on_object = OfObject::template call<of_object, Object>;
  if constexpr (admits) {
    method.admits = OfModel::template admits<of_model, Model>;
  } else {
    method.on_model = OfModel::template call<of_model, Model>;
  }
  return method;
}

/// One call, for traces (abi::Host::tell).
struct ToldCall {
  const ObjectCall* call;
  const MethodTraits* method;
  bool ends;
};

/// The text of a failure, cut where it becomes too long.
struct CallText {
  char text[900] = {};
  std::size_t size = 0;

  MAPQUAKE_GLUE void put(const char* more) {
    for (; *more != '\0' && size + 1 < sizeof text; ++more) text[size++] = *more;
    text[size] = '\0';
  }
  MAPQUAKE_GLUE void put_number(std::int64_t value) {
    char number[32];
    std::snprintf(number, sizeof number, "%lld", static_cast<long long>(value));
    put(number);
  }
  /// Without the answer.
  MAPQUAKE_GLUE void put_call(const ObjectCall& call, const MethodTraits& method) {
    put(method.name);
    put("(");
    if (method.takes_key) put_number(call.key);
    if (method.takes_key && method.takes_value) put(", ");
    if (method.takes_value) put_number(call.value);
    put(")");
  }
  MAPQUAKE_GLUE void put(const ObjectCall& call, const MethodTraits& method) {
    put_call(call, method);
    if (!call.answer.known) return put(" threw");
    if (!method.answers) return;
    if (!call.answer.has_value) return put(call.answer.flag ? " = yes" : " = no");
    put(" = ");
    put_number(call.answer.value);
  }
};

MAPQUAKE_GLUE inline void describe_call(const void* context, char* text, std::size_t size) {
  const ToldCall& told = *static_cast<const ToldCall*>(context);
  CallText words;
  if (told.ends) {
    words.put(*told.call, *told.method);
    if (!told.method->answers && told.call->answer.known) words.put(" done");
  } else {
    words.put_call(*told.call, *told.method);
  }
  std::snprintf(text, size, "%s", words.text);
}
MAPQUAKE_GLUE inline void tell_call(const ObjectCall& call, const MethodTraits& method, bool ends) {
  const ToldCall told{&call, &method, ends};
  host.tell(describe_call, &told, ends);
}

}  // namespace mapquake::detail
