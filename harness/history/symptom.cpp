#include "harness/history/symptom.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <array>

namespace mapquake {
namespace {

struct Name {
  Symptom symptom;
  std::string_view text;  ///< '*' stands for the operand
};

// Invariant: the entry at index i is the symptom of value i (asserted in text_of).
constexpr std::array<Name, symptom_count> names = {{
    {Symptom::lost_key, "lost key"},
    {Symptom::duplicate_insert, "duplicate insert"},
    {Symptom::double_erase, "double erase"},
    {Symptom::resurrected_key, "resurrected key"},
    {Symptom::phantom_key, "phantom key"},
    {Symptom::unwritten_value, "unwritten value"},
    {Symptom::stale_value, "stale value"},
    {Symptom::lost_update, "lost update"},
    {Symptom::not_linearizable, "not linearizable"},
    {Symptom::wrong_size, "wrong size"},
    {Symptom::not_a_snapshot, "not a snapshot"},
    {Symptom::wrong_neighbour, "wrong neighbour"},
    {Symptom::expired_early, "gone before its time"},
    {Symptom::expired_late, "answered behind its time"},
    {Symptom::not_atomic, "not atomic"},
    {Symptom::key_out_of_order, "key out of order"},
    {Symptom::key_visited_twice, "key visited twice"},
    {Symptom::phantom_key_visited, "phantom key visited"},
    {Symptom::stale_value_visited, "stale value visited"},
    {Symptom::missed_key, "missed key"},
    {Symptom::size_against_iteration, "size disagrees with iteration"},
    {Symptom::size_against_look_ups, "size disagrees with look-ups"},
    {Symptom::iteration_against_look_ups, "iteration disagrees with look-ups"},
    {Symptom::copy_size_against_entries, "size of the copy disagrees with its entries"},
    {Symptom::left_size_against_entries, "size of the other map disagrees with its entries"},
    {Symptom::copy_look_up_against_entries, "look-up in the copy disagrees with its entries"},
    {Symptom::over_capacity, "holds more than its capacity"},
    {Symptom::torn_value, "torn value"},
    {Symptom::refused_claimed, "refused a claimed operation"},
    {Symptom::bad_alloc_without_failure, "bad_alloc without a failure"},
    {Symptom::unexpected_exception, "unexpected exception"},
    {Symptom::threw, "* threw"},
    {Symptom::lock_left_held, "lock left held"},
    {Symptom::lost_wake_up_after_throw, "lost wake-up after a throw"},
    {Symptom::effect_after_throw, "effect after a throw"},
    {Symptom::untouched_key_harmed, "untouched key harmed"},
    {Symptom::leak_after_throw, "leak after a throw"},
    {Symptom::after_throw, "* after a throw"},
    {Symptom::self_deadlock, "self-deadlock"},
    {Symptom::lock_cycle, "lock cycle"},
    {Symptom::behind_waiting_writer, "reader behind a waiting writer"},
    {Symptom::lock_never_released, "lock never released"},
    {Symptom::waits_with_lock, "waits with a lock held"},
    {Symptom::lost_wake_up, "lost wake-up"},
    {Symptom::never_woken, "never woken"},
    {Symptom::held_up_by_stalled, "held up by a stalled thread"},
    {Symptom::no_progress, "no progress"},
    {Symptom::endless_loop, "loop without an end"},
    {Symptom::no_scheduling_point, "no scheduling point"},
    {Symptom::blocked_in_kernel, "blocked in the kernel"},
    {Symptom::unlocks_free, "unlocks a free *"},
    {Symptom::unlocks_of_other, "unlocks another thread's *"},
    {Symptom::destroys_held, "destroys a held *"},
    {Symptom::destroys_waited, "destroys a waited-for *"},
    {Symptom::uses_destroyed, "uses a destroyed *"},
    {Symptom::locks_overwritten, "locks an overwritten *"},
    {Symptom::waits_without_lock, "waits without the lock of a *"},
    {Symptom::waits_with_two_mutexes, "waits with two mutexes for a *"},
    {Symptom::frees_held, "frees a held *"},
    {Symptom::frees_waited, "frees a waited-for *"},
    {Symptom::race, "*"},
    {Symptom::read, "read"},
    {Symptom::write, "write"},
    {Symptom::read_after_return, "read after return"},
    {Symptom::write_after_return, "write after return"},
    {Symptom::double_free, "double free"},
    {Symptom::invalid_free, "invalid free"},
    {Symptom::header_overwritten, "block header overwritten"},
    {Symptom::mismatched, "*"},
    {Symptom::never_freed, "block never freed"},
    {Symptom::unwritten_decides, "decides"},
    {Symptom::memory_limit, "memory limit"},
    {Symptom::signal, "*"},
    {Symptom::killed, "killed by *"},
    {Symptom::stack_overflow, "stack overflow"},
    {Symptom::terminate, "terminate"},
    {Symptom::failed_assert, "assert"},
    {Symptom::abort, "abort"},
    {Symptom::exit, "exit"},
    {Symptom::own, "*"},
    {Symptom::choices, "choices"},
    {Symptom::steps, "steps"},
    {Symptom::steps_of_construction, "steps of the construction"},
    {Symptom::budget, "*"},
    {Symptom::unsupported, "unsupported"},
    {Symptom::internal_error, "internal error"},
    {Symptom::worker_lost, "worker lost"},
    {Symptom::cut_off, "cut off"},
    {Symptom::parted, "another way"},
    {Symptom::saw, "saw *"},
}};

std::string_view text_of(Symptom symptom) {
  const auto index = static_cast<std::size_t>(symptom);
  MQ_ASSERT(index < names.size());
  MQ_ASSERT(names[index].symptom == symptom);
  return names[index].text;
}

}  // namespace

bool has_operand(Symptom symptom) {
  return text_of(symptom).find('*') != std::string_view::npos;
}

std::optional<Symptom> symptom_named(std::string_view label) {
  const auto at = std::ranges::find_if(
      names, [&](const Name& name) { return name.text == label && name.text.find('*') == std::string_view::npos; });
  return at == names.end() ? std::nullopt : std::optional(at->symptom);
}

bool stands_for(std::string_view label, std::string_view wanted) {
  if (wanted.empty() || label == wanted) return true;
  const auto is_left_by_throw = [](std::string_view one) {
    return one == text_of(Symptom::effect_after_throw) || one == text_of(Symptom::untouched_key_harmed);
  };
  return is_left_by_throw(label) && is_left_by_throw(wanted);
}

std::string_view name_of(Symptom symptom) {
  MQ_ASSERT(!has_operand(symptom));
  return text_of(symptom);
}

std::string label_of(Symptom symptom, std::string_view operand) {
  std::string label(text_of(symptom));
  if (const std::size_t at = label.find('*'); at != std::string::npos) label.replace(at, 1, operand);
  return label;
}

}  // namespace mapquake
