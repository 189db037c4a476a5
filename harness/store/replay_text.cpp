#include "harness/store/replay_text.hpp"

#include "harness/store/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace mapquake {
namespace {

constexpr std::array<std::string_view, choice_kind_count> kind_names = {
    "preempt",  "adapter", "alloc_fail", "user_throw", "delay", "pause",      "spurious_wake", "spurious_cas",
    "try_fail", "timeout", "clock_jump", "declared",   "reuse", "stale_read", "crash"};
static_assert(static_cast<unsigned>(ChoiceKind::crash) + 1 == choice_kind_count);

constexpr std::array<std::string_view, 4> hash_names = {"good", "constant", "few", "identity"};
constexpr std::array<std::string_view, 2> model_names = {"sc", "c11"};

struct OperationForm {
  OpKind kind;
  unsigned numbers;       ///< how many follow the name
  const char* arguments;  ///< what they are, for messages
};
constexpr std::array<OperationForm, op_kind_count> forms = {{
    {OpKind::insert, 2, "a key and a value"},
    {OpKind::find, 1, "a key"},
    {OpKind::contains, 1, "a key"},
    {OpKind::erase, 1, "a key"},
    {OpKind::assign, 2, "a key and a value"},
    {OpKind::update, 2, "a key and what to add"},
    {OpKind::get_or_create, 2, "a key and a value"},
    {OpKind::size, 0, "no numbers"},
    {OpKind::clear, 0, "no numbers"},
    {OpKind::reserve, 1, "the number of entries"},
    {OpKind::iterate, 0, "no numbers"},
    {OpKind::erase_if, 1, "the parity"},
    {OpKind::copy, 0, "no numbers"},
    {OpKind::run, 0, "no numbers"},
}};

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

Error reason(std::string text) {
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
  const OperationForm& form = forms[static_cast<unsigned>(operation.kind)];
  std::string text = name_of(operation.kind);
  if (form.numbers > 0) text += fmt::format(" {}", operation.key);
  if (form.numbers > 1) text += fmt::format(" {}", operation.value);
  return text;
}

Result<Operation> operation_from_stored(std::string_view text) {
  std::string_view rest = text;
  const std::string_view name = take_word(rest);
  for (const OperationForm& form : forms) {
    if (name != name_of(form.kind)) continue;
    Operation operation{form.kind, 0, 0};
    bool good = true;
    for (unsigned i = 0; i < form.numbers; ++i) {
      good = good && parse_number(take_word(rest), i == 0 ? operation.key : operation.value);
    }
    good = good && rest.empty() && !text.ends_with(' ');
    if (good && form.kind == OpKind::reserve && operation.key < 0) {
      return reason(fmt::format("operation {}: the number of entries is negative", shown(text)));
    }
    if (good) return operation;
    return reason(fmt::format("operation {}: {} takes {}, separated by single spaces, within 64 bits", shown(text),
                              name, form.arguments));
  }
  return reason(fmt::format("operation {}: the name is not one of {}", shown(text), [] {
    std::string names;
    for (const OperationForm& form : forms) names += (names.empty() ? "" : ", ") + std::string(name_of(form.kind));
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
    return reason(fmt::format("address {}: {}; it reads like \"A.1 load my_map.hpp:88 #1\"", shown(text), what));
  };
  ParsedAddress address;
  std::string_view rest = text;
  const std::string_view who = take_word(rest);
  const std::size_t dot = who.find('.');
  if (dot == 0 || dot == std::string_view::npos) return bad("thread and operation are missing");
  address.thread = who.substr(0, dot);
  if (!parse_number(who.substr(dot + 1), address.op) || address.op < 1 || address.op > 65536) {
    return bad("the operation is not a number from 1 to 65536");
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
