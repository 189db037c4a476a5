// Between the binary contract (abi.hpp) and an adapter: requests become calls, answers and exceptions become
// responses. Written on plain data and without instrumentation, so that the events of an execution are the map's.
#pragma once

#include <mapquake/abi.hpp>
#include <mapquake/callbacks.hpp>
#include <mapquake/cursors.hpp>
#include <mapquake/operations.hpp>
#include <mapquake/other_map.hpp>
#include <mapquake/several_keys.hpp>

#include <cxxabi.h>
#include <ctime>
#include <new>
#include <typeinfo>

namespace mapquake::detail {

/// Within catch (...): what is being handled becomes the response's status.
MAPQUAKE_GLUE inline void report_exception(abi::Response& response) {
  response.status = abi::Status::returned;
  if (const std::type_info* const type = __cxxabiv1::__cxa_current_exception_type()) {
    response.exception_type = type->name();
  }
  try {
    throw;
  } catch (const InjectedException& exception) {
    report(response, abi::Status::threw_injected, exception.what());
  } catch (const std::bad_alloc& exception) {
    report(response, abi::Status::threw_bad_alloc, exception.what());
  } catch (const Refused& exception) {
    report(response, abi::Status::refused, exception.what());
  } catch (const std::exception& exception) {
    report(response, abi::Status::threw, exception.what());
  } catch (...) {
    report(response, abi::Status::threw, "");
  }
}

/// The functions of an abi::Map for adapter A.
template <class A, class K, class V>
struct Glue {
  MAPQUAKE_GLUE static void* create(const abi::Construction* construction, abi::Response* response) {
    try {
      if constexpr (constructs_from_range<A, K, V>) {
        if (construction->range != nullptr) {
          const abi::Entry* first = construction->range;
          return new A(EntryIterator<K, V>(first), EntryIterator<K, V>(first + construction->range_size));
        }
      }
      if constexpr (constructs_from_capacity<A>) {
        if (construction->capacity != 0) return new A(Capacity{construction->capacity});
      }
      if constexpr (constructs_from_hint<A>) {
        if (construction->capacity_hint != 0) return new A(CapacityHint{construction->capacity_hint});
      }
      return new A();
    } catch (...) {
      report_exception(*response);
      return nullptr;
    }
  }

  MAPQUAKE_GLUE static void destroy(void* map) { delete static_cast<A*>(map); }

  MAPQUAKE_GLUE static void invoke(void* map, const abi::Request* request, abi::Response* response) {
    try {
      perform(beside_cursor<A, K, V>(map, *request), *request, *response);
    } catch (...) {
      report_exception(*response);
    }
  }

  MAPQUAKE_GLUE static void call_hook(void* map, abi::Hook hook, abi::Response* response) {
    A& adapter = *static_cast<A*>(map);
    try {
      if constexpr (has_thread_started<A>) {
        if (hook == abi::Hook::thread_started) adapter.thread_started();
      }
      if constexpr (has_thread_ending<A>) {
        if (hook == abi::Hook::thread_ending) adapter.thread_ending();
      }
      if constexpr (has_quiesce<A>) {
        if (hook == abi::Hook::quiesce) adapter.quiesce();
      }
      (void)adapter;
      (void)hook;
    } catch (...) {
      report_exception(*response);
    }
  }

  MAPQUAKE_GLUE static void validate(void* map, char* text, std::size_t size) {
    if constexpr (has_validate<A>)
      describe(text, size, [map]() -> std::string { return static_cast<A*>(map)->validate(); });
  }
  MAPQUAKE_GLUE static void dump(void* map, char* text, std::size_t size) {
    if constexpr (has_dump<A>) describe(text, size, [map]() -> std::string { return static_cast<A*>(map)->dump(); });
  }

 private:
  template <class Text>
  MAPQUAKE_GLUE static void describe(char* text, std::size_t size, Text produce) {
    try {
      set_text(text, size, produce().c_str());
    } catch (...) {
      set_text(text, size, "it threw an exception");
    }
  }

  MAPQUAKE_GLUE static void put_value(abi::Response& response, const V& value) {
    response.value = observe(value, response, torn_value);
    response.has_value = true;
  }

  // Each form of answer to insert, erase and assign.
  MAPQUAKE_GLUE static void put_answer(abi::Response& response, bool answer) { response.flag = answer; }
  MAPQUAKE_GLUE static void put_answer(abi::Response& response, std::optional<bool> answer) {
    response.flag = answer.value_or(false);
    if (!answer) response.told = abi::Told::nothing;
  }
  MAPQUAKE_GLUE static void put_answer(abi::Response& response,
                                       const std::optional<V>& old) requires(!std::same_as<V, bool>) {
    response.told = abi::Told::old_value;
    put_found(response, old);
  }
  MAPQUAKE_GLUE static void put_found(abi::Response& response, const std::optional<V>& found) {
    if (found) put_value(response, *found);
    response.flag = response.has_value;
  }
  template <class Entry>
  MAPQUAKE_GLUE static void put_bound(const abi::Request& request, abi::Response& response,
                                      const std::optional<Entry>& found) {
    if (found) Visitor<K, V>(&request, &response, false)(found->first, found->second);
  }

#define MAPQUAKE_DETAIL_ANSWER(call)                  \
  if constexpr (std::is_void_v<decltype(map.call)>) { \
    map.call;                                         \
    response.told = abi::Told::nothing;               \
  } else {                                            \
    put_answer(response, map.call);                   \
  }

  MAPQUAKE_GLUE static void perform(A& map, const abi::Request& request, abi::Response& response) {
    switch (request.kind) {
      case OpKind::insert:
        if constexpr (has_insert<A, K, V>) {
          MAPQUAKE_DETAIL_ANSWER(insert(Convert<K>::from(request.key), Convert<V>::from(request.value)))
        }
        break;
      case OpKind::find:
        if constexpr (has_find<A, K, V>) put_found(response, map.find(Convert<K>::from(request.key)));
        break;
      case OpKind::contains:
        if constexpr (has_contains<A, K>) response.flag = map.contains(Convert<K>::from(request.key));
        break;
      case OpKind::erase:
        if constexpr (has_erase<A, K, V>) {
          MAPQUAKE_DETAIL_ANSWER(erase(Convert<K>::from(request.key)))
        }
        break;
      case OpKind::extract:
        if constexpr (has_extract<A, K, V>) put_found(response, map.extract(Convert<K>::from(request.key)));
        break;
      case OpKind::assign:
        if constexpr (has_assign<A, K, V>) {
          MAPQUAKE_DETAIL_ANSWER(assign(Convert<K>::from(request.key), Convert<V>::from(request.value)))
        }
        break;
      case OpKind::replace:
        if constexpr (has_replace<A, K, V>) {
          response.flag = map.replace(Convert<K>::from(request.key), Convert<V>::from(request.value));
        }
        break;
      case OpKind::compare_exchange:
        if constexpr (has_compare_exchange<A, K, V>) {
          response.flag = map.compare_exchange(Convert<K>::from(request.key), Convert<V>::from(request.extra),
                                               Convert<V>::from(request.value));
        }
        break;
      case OpKind::update:
        if constexpr (has_update<A, K, V>) update(map, request, response, Change<V>(request.value, &response));
        break;
      case OpKind::update_calling:
        if constexpr (wants_calls_in_callbacks<A>) {
          update(map, request, response, CallingChange<A, K, V>(&map, request, &response));
        }
        break;
      case OpKind::upsert:
        if constexpr (has_upsert<A, K, V>) {
          response.flag = map.upsert(Convert<K>::from(request.key), Convert<V>::from(request.value),
                                     Change<V>(request.value, &response));
          if (!response.flag && !response.has_value) fail("upsert answered false without calling the callback");
          response.has_value = !response.flag;
        }
        break;
      case OpKind::get_or_create:
        if constexpr (creates_by_factory<A, K, V>) {
          put_value(response, map.get_or_create(Convert<K>::from(request.key), Make<V>(request.value)));
        } else if constexpr (creates_by_value<A, K, V>) {
          put_value(response, map.get_or_create(Convert<K>::from(request.key), Convert<V>::from(request.value)));
        }
        break;
      case OpKind::insert_range:
        if constexpr (has_insert_range<A, K, V>) insert_range(map, request);
        break;
      case OpKind::find_all:
        if constexpr (has_find_all<A, K, V>) find_all<A, K, V>(map, request, response);
        break;
      case OpKind::transact:
      case OpKind::transact_erasing:
        if constexpr (has_transact<A, K, V>) transact<A, K, V>(map, request, response);
        break;
      case OpKind::lower_bound:
        if constexpr (has_lower_bound<A, K, V>) {
          put_bound(request, response, map.lower_bound(Convert<K>::from(request.key)));
        }
        break;
      case OpKind::upper_bound:
        if constexpr (has_upper_bound<A, K, V>) {
          put_bound(request, response, map.upper_bound(Convert<K>::from(request.key)));
        }
        break;
      case OpKind::size:
        if constexpr (has_size<A>) response.count = static_cast<std::uint64_t>(map.size());
        break;
      case OpKind::clear:
        if constexpr (has_clear<A>) map.clear();
        break;
      case OpKind::reserve:
        if constexpr (has_reserve<A>) map.reserve(static_cast<std::size_t>(request.key));
        break;
      case OpKind::shrink:
        if constexpr (has_shrink_to_fit<A>) map.shrink_to_fit();
        break;
      case OpKind::iterate:
        if constexpr (has_for_each<A, K, V>) map.for_each(Visitor<K, V>(&request, &response, true));
        break;
      case OpKind::erase_if:
        if constexpr (has_erase_if<A, K, V>) erase_if(map, request, response);
        break;
      case OpKind::copy:
        if constexpr (wants_copy<A>) {
          A copy(static_cast<const A&>(map));
          if constexpr (wants_copy_assignment<A>) assign_to_and_fro<A, K, V>(copy);
          tell_at_rest<A, K, V>(copy, request, response);
          write_to(copy);
        }
        break;
      case OpKind::move:
        if constexpr (wants_move<A>) move_out_and_in<A, K, V>(map, request, response);
        break;
      case OpKind::swap:
        if constexpr (has_swap<A>) swap_there_and_back<A, K, V>(map, request, response);
        break;
      case OpKind::merge:
        if constexpr (can_merge<A, K, V>) merge_other<A, K, V>(map, request, response);
        break;
      case OpKind::iterate_inserting:
      case OpKind::iterate_erasing:
        if constexpr (has_for_each<A, K, V>) {
          map.for_each(CallingVisitor<A, K, V>(&map, &perform, &request, &response));
        }
        break;
      case OpKind::cursor_open:
        if constexpr (has_cursor<A, K, V>) {
          if (request.cursor != nullptr) *request.cursor = new CursorOf<A>(map.cursor());
        }
        break;
      case OpKind::cursor_step:
        if constexpr (has_cursor<A, K, V>) step<A, K, V>(request, response);
        break;
      case OpKind::cursor_close:
        break;  // beside_cursor() has done it
      case OpKind::sleep: {
        const timespec duration{request.key / 1000, request.key % 1000 * 1'000'000};
        nanosleep(&duration, nullptr);
        break;
      }
      case OpKind::run:
        break;
    }
  }
#undef MAPQUAKE_DETAIL_ANSWER

  template <class Callback>
  MAPQUAKE_GLUE static void update(A& map, const abi::Request& request, abi::Response& response, Callback change) {
    response.flag = map.update(Convert<K>::from(request.key), change);
    if (response.flag && !response.has_value) fail("update answered true without calling the callback");
    response.has_value = response.flag;
  }

  /// One key twice, with another between.
  MAPQUAKE_GLUE static void insert_range(A& map, const abi::Request& request) {
    const abi::Entry entries[] = {
        {request.key, request.value}, {request.extra, request.value}, {request.key, request.value}};
    map.insert_range(EntryIterator<K, V>(entries), EntryIterator<K, V>(entries + std::size(entries)));
  }

  /// What becomes of a copy must not show in the original.
  MAPQUAKE_GLUE static void write_to(A& copy) {
    if constexpr (has_clear<A>) {
      copy.clear();
    } else if constexpr (has_erase_if<A, K, V>) {
      abi::Request everything;
      abi::Response ignored;
      for (everything.key = 0; everything.key <= 1; ++everything.key) erase_if(copy, everything, ignored);
    }
  }

  MAPQUAKE_GLUE static void erase_if(A& map, const abi::Request& request, abi::Response& response) {
    Predicate<K, V> predicate(&request, &response);
    if constexpr (requires {
                    { map.erase_if(predicate) } -> std::integral;
                  }) {
      response.count = static_cast<std::uint64_t>(map.erase_if(predicate));
    } else {
      map.erase_if(predicate);  // the predicate has counted
    }
  }
};

}  // namespace mapquake::detail
