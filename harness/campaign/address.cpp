#include "harness/campaign/address.hpp"

#include "harness/campaign/trace_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace mapquake {
namespace {

std::string address_text(const StoredChoice& stored) {
  return fmt::format("{}.{} {} {} #{}", thread_name(stored.thread), stored.op + 1, stored.event, stored.place,
                     stored.nth);
}

bool same_address(const StoredChoice& a, const StoredChoice& b) {
  return a.event == b.event && a.place == b.place && a.nth == b.nth;
}

Choice choice_at(const StoredChoice& stored, std::uint32_t event) {
  return {stored.thread, stored.op, event, stored.kind, stored.take};
}

bool was_made(const Execution& execution, const Choice& choice) {
  return std::find(execution.choices.begin(), execution.choices.end(), choice) != execution.choices.end();
}

/// Where the file says that it was, if that is the place that the file names.
std::optional<std::size_t> at_its_step(const TraceIndex& index, const StoredChoice& stored) {
  const auto at = index.find(stored.thread, stored.op, stored.step);
  if (!at) return std::nullopt;
  StoredChoice found = stored;
  index.describe(*at, found);
  return same_address(found, stored) ? at : std::nullopt;
}

std::string what_was_there(const StoredChoice& stored, const TraceIndex& index) {
  const std::string thread = thread_name(stored.thread);
  const std::size_t count = index.count_place(stored);
  if (count > 0) return fmt::format("there are only {} of them in this build", count);
  if (const auto near = index.find_nearest(stored)) {
    StoredChoice found = stored;
    index.describe(*near, found);
    return fmt::format("this build has none; the closest is \"{}\"", address_text(found));
  }
  return fmt::format("thread {} never performs its operation {} in this build", thread, stored.op + 1);
}

std::string why_ineffective(const StoredChoice& stored) {
  if (stored.kind != ChoiceKind::schedule) return "that choice does not come up there in this build";
  return fmt::format("thread {} cannot run there in this build", thread_name(static_cast<ThreadId>(stored.take)));
}

/// Follows the choices of one file, one after the other.
class Resolver {
 public:
  Resolver(const ReplayFile& file, Executor& executor, const SiteFunction& site)
      : file_(file), executor_(executor), site_(site), resolved_(file.choices.size()), given_up_(file.choices.size()) {}

  bool hints_hold() {
    const auto has_none = [](const StoredChoice& stored) { return stored.step == 0 && stored.event != "begin"; };
    if (std::ranges::any_of(file_.choices, has_none)) return false;
    const std::vector<Choice> hinted = by_numbers(file_);
    const Execution traced = executor_.execute({file_.program, hinted}, true);
    if (traced.choices != hinted) return false;
    const std::vector<StoredChoice> named = stored_choices(traced, site_);
    for (std::size_t i = 0; i < file_.choices.size(); ++i) {
      const StoredChoice& stored = file_.choices[i];
      const auto same = [&](const StoredChoice& other) {
        return other.thread == stored.thread && other.op == stored.op && other.step == stored.step &&
               other.kind == stored.kind && same_address(other, stored);
      };
      // Both lists are in order of time, unless somebody has edited the file.
      const bool in_step = i < named.size() && same(named[i]);
      if (!in_step && std::none_of(named.begin(), named.end(), same)) return false;
    }
    for (std::size_t i = 0; i < resolved_.size(); ++i)
      resolved_[i] = choice_at(file_.choices[i], file_.choices[i].step);
    return true;
  }

  /// Resolves every choice that exists; a file in another order than that of time needs several rounds.
  void search() {
    for (bool progress = true; progress;) {
      progress = false;
      for (std::size_t i = 0; i < resolved_.size() && !cut_off(); ++i) {
        if (is_open(i) && (resolve_by_steps(i) || resolve(i, false))) progress = true;
      }
    }
  }
  /// Nothing is executed any more: what was not resolved says nothing about the map.
  bool cut_off() const { return executor_.was_cut_off(); }

  /// The first choice that was not found.
  std::optional<std::size_t> missing() const {
    for (std::size_t i = 0; i < resolved_.size(); ++i) {
      if (is_open(i)) return i;
    }
    return std::nullopt;
  }

  std::string divergence(std::size_t i) {
    const Execution traced = executor_.execute({file_.program, choices()}, true);
    const TraceIndex index(traced.trace, site_);
    return fmt::format("diverged at choice {} of {}, \"{}\": {}", i + 1, resolved_.size(),
                       address_text(file_.choices[i]), what_was_there(file_.choices[i], index));
  }

  bool resolve(std::size_t i, bool nearest) {
    const StoredChoice& stored = file_.choices[i];
    const Execution traced = executor_.execute({file_.program, choices()}, true);
    const TraceIndex index(traced.trace, site_);
    std::optional<std::size_t> at = at_its_step(index, stored);
    if (!at) at = index.find_place(stored);
    if (!at && nearest) at = index.find_nearest(stored);
    if (!at) return false;
    resolved_[i] = choice_at(stored, index[*at].event);
    return true;
  }

  void give_up(std::size_t i) { given_up_[i] = true; }

  /// The choices that were found but have no effect there.
  std::vector<std::string> ineffective() {
    const Execution replayed = executor_.execute({file_.program, choices()}, false);
    std::vector<std::string> notes;
    for (std::size_t i = 0; i < resolved_.size(); ++i) {
      if (!resolved_[i] || was_made(replayed, *resolved_[i])) continue;
      notes.push_back(fmt::format("diverged at choice {} of {}, \"{}\": {}", i + 1, resolved_.size(),
                                  address_text(file_.choices[i]), why_ineffective(file_.choices[i])));
    }
    return notes;
  }

  std::vector<Choice> choices() const {
    std::vector<Choice> all;
    for (const auto& choice : resolved_) {
      if (choice) all.push_back(*choice);
    }
    std::sort(all.begin(), all.end());
    return all;
  }

 private:
  bool is_open(std::size_t i) const { return !resolved_[i] && !given_up_[i]; }

  /// Takes the next choices to stand at the steps that the file names, as many as did so the last time and as many
  /// again; keeps those that do, up to the first that does not. Answers whether any did. A file of thousands of choices
  /// needs some dozen executions so, where its map has hardly changed.
  bool resolve_by_steps(std::size_t first) {
    std::vector<Choice> all = choices();
    std::size_t end = first, taken = 0;
    for (; end < resolved_.size() && taken < by_steps_; ++end) {
      if (!is_open(end) || file_.choices[end].step == 0) continue;
      all.push_back(choice_at(file_.choices[end], file_.choices[end].step));
      ++taken;
    }
    if (taken == 0) return false;
    std::ranges::sort(all);
    const Execution traced = executor_.execute({file_.program, all}, true);
    const TraceIndex index(traced.trace, site_);
    std::size_t kept = 0;
    for (std::size_t i = first; i < end; ++i) {
      if (!is_open(i)) continue;
      const StoredChoice& stored = file_.choices[i];
      const Choice choice = choice_at(stored, stored.step);
      if (!std::ranges::binary_search(traced.choices, choice) || !at_its_step(index, stored)) break;
      resolved_[i] = choice;
      ++kept;
    }
    by_steps_ = std::max<std::size_t>(2 * kept, 1);
    return kept != 0;
  }

  const ReplayFile& file_;
  Executor& executor_;
  const SiteFunction& site_;
  // Invariant: both are in the order of file_.choices, and nothing that was given up is resolved.
  std::vector<std::optional<Choice>> resolved_;
  std::vector<bool> given_up_;
  std::size_t by_steps_ = 16;
};

}  // namespace

std::vector<StoredChoice> stored_choices(const Execution& traced, const SiteFunction& site) {
  const TraceIndex index(traced.trace, site);
  std::vector<std::pair<std::size_t, StoredChoice>> found;
  for (const Choice& choice : traced.choices) {
    StoredChoice stored{choice.thread, choice.op, "begin", "?", 1, choice.event, choice.kind, choice.take};
    const auto at = index.find(choice.thread, choice.op, choice.event);
    if (at) index.describe(*at, stored);
    found.emplace_back(at.value_or(traced.trace.events.size()), std::move(stored));
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<StoredChoice> stored;
  for (auto& [position, choice] : found) stored.push_back(std::move(choice));
  return stored;
}

std::vector<Choice> by_numbers(const ReplayFile& file) {
  std::vector<Choice> choices;
  for (const StoredChoice& stored : file.choices) choices.push_back(choice_at(stored, stored.step));
  std::ranges::sort(choices);
  return choices;
}

Error diverged(std::string what) {
  return {ExitCode::bad_input, std::move(what),
          "The map or its build has changed since the file was written, or the file was edited; --nearest takes the "
          "closest schedule instead."};
}

Result<Resolution> resolve_choices(const ReplayFile& file, Executor& executor, const SiteFunction& site, bool nearest) {
  Resolver resolver(file, executor, site);
  Resolution resolution;
  if (!resolver.hints_hold()) {
    resolver.search();
    for (std::optional<std::size_t> i; !resolver.cut_off() && (i = resolver.missing());) {
      std::string note = resolver.divergence(*i);
      if (!nearest) return diverged(std::move(note));
      resolution.notes.push_back(std::move(note));
      if (!resolver.resolve(*i, true)) resolver.give_up(*i);
      resolver.search();
    }
    if (resolver.cut_off()) {
      return Error{ExitCode::interrupted, "interrupted while the schedule was being looked for in this build", ""};
    }
    for (std::string& note : resolver.ineffective()) {
      if (!nearest) return diverged(std::move(note));
      resolution.notes.push_back(std::move(note));
    }
  }
  resolution.exact = resolution.notes.empty();
  resolution.choices = resolver.choices();
  return resolution;
}

}  // namespace mapquake
