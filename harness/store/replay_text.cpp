#include "harness/store/replay_text.hpp"

#include "harness/store/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace mapquake {
namespace {

constexpr std::array<std::string_view, choice_kind_count> kind_names = {
    "preempt",       "adapter",      "alloc_fail",   "user_throw", "delay",      "pause",
    "spurious_wake", "spurious_cas", "try_fail",     "timeout",    "clock_jump", "declared",
    "reuse",         "stale_read",   "crash",        "place",      "processors", "seed",
    "thread_ids",    "thread_reuse", "reader_waits", "wake_order"};
static_assert(static_cast<unsigned>(ChoiceKind::wake_order) + 1 == choice_kind_count);

constexpr std::array<std::string_view, 4> hash_names = {"good", "constant", "few", "identity"};
constexpr std::array<std::string_view, 2> model_names = {"sc", "c11"};

/// What follows the name, for messages. The numbers stand in the order key, extra, value.
struct Form {
  bool key, extra, value;
  const char* arguments;
};

Form form_of(OpKind kind) {
  switch (traits_of(kind).takes) {
    case Takes::nothing:
      break;
    case Takes::key:
      return {true, false, false, "a key"};
    case Takes::key_value:
      return {true, false, true, "a key and a value"};
    case Takes::key_amount:
      return {true, false, true, "a key and what to add"};
    case Takes::key_value_extra:
      return {true, true, true, "a key, the value that must be there and the new one"};
    case Takes::key_amount_extra:
      return {true, true, true, "a key, the key to look up and what to add"};
    case Takes::key_extra_value:
      return {true, true, true, "two keys and a value"};
    case Takes::key_extra:
      return {true, true, false, "two keys"};
    case Takes::number:
      return {true, false, false, "the number of entries"};
    case Takes::parity:
      return {true, false, false, "the parity"};
  }
  return {false, false, false, "no numbers"};
}

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [at, code] = std::from_chars(text.data(), end, number);
  return code == std::errc() && at == end;
}

/// Splits off what stands before the first space; all of it where there is none.
std::string_view take_word(std::string_view& text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, space);
  text.remove_prefix(std::min(space + 1, text.size()));
  return word;
}

Error refused(std::string text) {
  return {ExitCode::bad_input, std::move(text), ""};
}

}  // namespace

std::string stored_thread(ThreadId thread, std::size_t program_threads) {
  return thread <= program_threads ? thread_name(thread) : fmt::format("T{}", thread);
}

std::optional<ThreadId> thread_from_stored(std::string_view name, std::size_t program_threads) {
  if (name == "main") return main_thread;
  ThreadId thread = 0;
  if (name.size() == 1 && name[0] >= 'A' && name[0] <= 'Z') {
    thread = static_cast<ThreadId>(name[0] - 'A' + 1);
  } else if (!name.starts_with('T') || !parse_number(name.substr(1), thread)) {
    return std::nullopt;
  }
  if (thread == main_thread || thread > replay_thread_max) return std::nullopt;
  return stored_thread(thread, program_threads) == name ? std::optional(thread) : std::nullopt;
}

std::string threads_of_program(std::size_t program_threads) {
  const auto name = [](std::size_t number) { return thread_name(static_cast<ThreadId>(number)); };
  switch (program_threads) {
    case 0:
      return "no threads";
    case 1:
      return "1 thread (A)";
    case 2:
      return "2 threads (A, B)";
    default:
      return fmt::format("{} threads (A to {})", program_threads, name(program_threads));
  }
}

std::string stored_operation(const Operation& operation) {
  const Form form = form_of(operation.kind);
  std::string text = name_of(operation.kind);
  if (form.key) text += fmt::format(" {}", operation.key);
  if (form.extra) text += fmt::format(" {}", operation.extra);
  if (form.value) text += fmt::format(" {}", operation.value);
  return text;
}

Result<Operation> operation_from_stored(std::string_view text) {
  std::string_view rest = text;
  const std::string_view name = take_word(rest);
  for (const OperationTraits& traits : operation_table) {
    if (name != traits.name) continue;
    const Form form = form_of(traits.kind);
    Operation operation{traits.kind, 0, 0};
    bool good = !form.key || parse_number(take_word(rest), operation.key);
    good = good && (!form.extra || parse_number(take_word(rest), operation.extra));
    good = good && (!form.value || parse_number(take_word(rest), operation.value));
    good = good && rest.empty() && !text.ends_with(' ');
    if (good && traits.takes == Takes::number && operation.key < 0) {
      return refused(fmt::format("operation {}: the number of entries is negative", shown(text)));
    }
    if (good) return operation;
    return refused(fmt::format("operation {}: {} takes {}, separated by single spaces, within 64 bits", shown(text),
                               name, form.arguments));
  }
  return refused(fmt::format("operation {}: the name is not one of {}", shown(text), [] {
    std::string names;
    for (const OperationTraits& traits : operation_table) {
      names += (names.empty() ? "" : ", ") + std::string(traits.name);
    }
    return names;
  }()));
}

std::string_view stored_kind(ChoiceKind kind) {
  return kind_names[static_cast<unsigned>(kind)];
}

std::optional<ChoiceKind> kind_from_stored(std::string_view name) {
  if (name == "schedule") return ChoiceKind::schedule;
  const auto at = std::find(kind_names.begin(), kind_names.end(), name);
  if (at == kind_names.end()) return std::nullopt;
  return static_cast<ChoiceKind>(at - kind_names.begin());
}

std::string stored_kinds() {
  return fmt::format("{}", fmt::join(kind_names, ", "));
}

std::string_view stored_hash(abi::HashMode mode) {
  return hash_names[static_cast<unsigned>(mode)];
}

std::optional<abi::HashMode> hash_from_stored(std::string_view name) {
  const auto at = std::find(hash_names.begin(), hash_names.end(), name);
  if (at == hash_names.end()) return std::nullopt;
  return static_cast<abi::HashMode>(at - hash_names.begin());
}

std::string_view stored_model(MemoryModel model) {
  return model_names[static_cast<unsigned>(model)];
}

std::optional<MemoryModel> model_from_stored(std::string_view name) {
  const auto at = std::find(model_names.begin(), model_names.end(), name);
  if (at == model_names.end()) return std::nullopt;
  return static_cast<MemoryModel>(at - model_names.begin());
}

std::string stored_address(const StoredChoice& choice, std::size_t program_threads) {
  std::string event = cleaned(choice.event, replay_name_bytes_max, LineBreaks::forbidden);
  std::replace(event.begin(), event.end(), ' ', '_');
  const std::string place = cleaned(choice.place, replay_text_bytes_max, LineBreaks::forbidden);
  return fmt::format("{}.{} {} {} #{}", stored_thread(choice.thread, program_threads), choice.op + 1u,
                     event.empty() ? "?" : event, place.empty() ? "?" : place, choice.nth);
}

Result<ParsedAddress> address_from_stored(std::string_view text) {
  const auto bad = [&](std::string_view what) {
    return refused(fmt::format("address {}: {}; it reads like \"A.1 load my_map.hpp:88 #1\"", shown(text), what));
  };
  ParsedAddress address;
  std::string_view rest = text;
  const std::string_view who = take_word(rest);
  const std::size_t dot = who.find('.');
  if (dot == 0 || dot == std::string_view::npos) return bad("thread and operation are missing");
  address.thread = who.substr(0, dot);
  if (!parse_number(who.substr(dot + 1), address.op) || address.op < 1 || address.op > op_index_end) {
    return bad(fmt::format("the operation is not a number from 1 to {}", op_index_end));
  }
  address.event = take_word(rest);
  if (address.event.empty()) return bad("the event is missing");
  if (address.event.size() > replay_name_bytes_max) return bad("the event's name is too long");
  const std::size_t hash = rest.rfind(" #");
  if (hash != std::string_view::npos) {
    if (!parse_number(rest.substr(hash + 2), address.nth) || address.nth == 0) {
      return bad("after # there is no number from 1");
    }
    rest = rest.substr(0, hash);
  }
  if (rest.empty()) return bad("the place is missing (? where it is unknown)");
  if (rest.size() > replay_text_bytes_max) return bad("the place is too long");
  address.place = rest;
  return address;
}

}  // namespace mapquake
