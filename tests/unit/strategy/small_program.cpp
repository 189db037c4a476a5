#include "tests/unit/strategy/small_program.hpp"

#include "harness/base/assert.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

namespace mapquake::small {
namespace {

constexpr unsigned rounds_max = 40;
constexpr std::uint64_t words_at = 0x1000, mutexes_at = 0x2000, conditions_at = 0x3000;

/// Stackless threads: each is where it stands, so that a step is a call.
class Machine {
 public:
  Machine(Strategy& strategy, const SmallProgram& program)
      : strategy_(strategy), program_(program), threads_(program.threads.size()) {}

  SmallRun run() {
    strategy_.begin(0, static_cast<unsigned>(threads_.size()));
    current_ = ask({.thread = main_thread, .event = 1, .can_continue = false});
    while (current_ != main_thread) step();
    return result();
  }

 private:
  struct Thread {
    std::size_t at = 0;
    std::uint32_t event = 0;
    bool begun = false;    ///< stands before its instruction, and has been asked there
    bool blocked = false;  ///< until a mutex is let go or a condition is signalled
    bool signalled = false;
    bool waits_for_signal = false;
    bool stands_before_operation = false;
    bool in_operation = false;
    unsigned rounds = 0;
    std::vector<unsigned> seen;
  };
  struct Touch {
    std::uint64_t location;
    bool changes;
  };
  struct Step {
    ThreadId thread;
    std::vector<Touch> touches;
    bool begins = false, ends = false;
  };

  const std::vector<Instruction>& code(ThreadId thread) const { return program_.threads[thread - 1u]; }
  Thread& at(ThreadId thread) { return threads_[thread - 1u]; }
  bool ended(ThreadId thread) { return at(thread).at == code(thread).size(); }

  ThreadId ask(const Point& point) {
    std::vector<ThreadId> ready;
    for (ThreadId thread = 1; thread <= threads_.size(); ++thread) {
      if (!ended(thread) && !at(thread).blocked && !spins_in_vain(thread) && !locks_in_vain(thread))
        ready.push_back(thread);
    }
    if (ready.empty()) return main_thread;
    const ThreadId next = strategy_.next_thread(point, ready);
    MQ_ASSERT(std::ranges::binary_search(ready, next));
    preemptions_ += point.thread != main_thread && point.can_continue && !point.yielding && next != point.thread;
    steps_.push_back({.thread = next, .touches = {}});
    return next;
  }
  bool locks_in_vain(ThreadId thread) {
    const Instruction& next = code(thread)[at(thread).at];
    if (!program_.locks_block || next.kind != Kind::lock || !at(thread).begun) return false;
    return owners_[next.object] != 0 && owners_[next.object] != thread;
  }
  bool spins_in_vain(ThreadId thread) {
    const Instruction& next = code(thread)[at(thread).at];
    return program_.spins_block && next.kind == Kind::spin && words_[next.object] == 0;
  }

  void touch(std::uint64_t location, bool changes) { steps_.back().touches.push_back({location, changes}); }
  /// An effect that is no event.
  void effect(std::uint64_t location, Effect kind = Effect::changes) {
    touch(location, true);
    strategy_.effect(kind, location, 8);
  }

  static NextStep step_of(const Instruction& next) {
    switch (next.kind) {
      case Kind::load:
      case Kind::spin:
        return {words_at + 8 * next.object, 1, true, false};
      case Kind::store:
        return {words_at + 8 * next.object, 2, false, true};
      case Kind::add:
      case Kind::exchange_if_zero:
        return {words_at + 8 * next.object, 3, true, true};
      case Kind::wait:
      case Kind::signal:
        return {conditions_at + 8 * next.object, 4, true, true};
      case Kind::draw:
        return {};
      default: {
        NextStep step{mutexes_at + 8 * next.object, 5, true, true};
        step.waits = next.kind == Kind::lock;
        return step;
      }
    }
  }

  /// One turn of the current thread: its event, and on to the next question.
  void step() {
    Thread& mine = at(current_);
    const Instruction& next = code(current_)[mine.at];
    if (program_.has_operations && !mine.in_operation) return begin_operation(mine);
    if (!mine.begun) {
      mine.begun = true;
      const ThreadId before = current_;
      steps_.back().touches.reserve(4);
      current_ = ask({.thread = before, .event = ++mine.event, .next = step_of(next)});
      return;
    }
    const NextStep event = step_of(next);
    if (event.location != 0) touch(event.location, event.writes);
    perform(mine, next);
  }

  /// A point of its own before the operation's first event.
  void begin_operation(Thread& mine) {
    if (!mine.stands_before_operation) {
      mine.stands_before_operation = true;
      current_ = ask({.thread = current_, .event = ++mine.event});
      return;
    }
    mine.stands_before_operation = false;
    mine.in_operation = true;
    steps_.back().begins = true;
    strategy_.effect(Effect::operation_begins, 0, 0);
    mine.seen.push_back(1000 + operations_ended_);
  }

  void done(Thread& mine) {
    if (program_.has_operations) {
      ++operations_ended_;
      steps_.back().ends = true;
      strategy_.effect(Effect::operation_ends, 0, 0);
    }
    mine.begun = mine.in_operation = false;
    mine.rounds = 0;
    ++mine.at;
    if (ended(current_)) current_ = ask({.thread = current_, .event = ++mine.event, .can_continue = false});
  }

  void block(Thread& mine, std::uint64_t object) {
    mine.blocked = true;
    effect(object);
    NextStep next{object, 6, true, true};
    next.waits = true;
    current_ = ask({.thread = current_, .event = ++mine.event, .can_continue = false, .next = next});
  }
  void wake_all_for(unsigned mutex) {
    for (Thread& thread : threads_) {
      if (thread.blocked && !thread.waits_for_signal && waited_mutex(thread) == mutex) thread.blocked = false;
    }
  }
  unsigned waited_mutex(const Thread& thread) const {
    const auto index = static_cast<std::size_t>(&thread - threads_.data());
    return program_.threads[index][thread.at].object;
  }
  bool take(Thread& mine, unsigned mutex) {
    if (owners_[mutex] != 0) {
      block(mine, mutexes_at + 8 * mutex);
      return false;
    }
    owners_[mutex] = current_;
    effect(mutexes_at + 8 * mutex, Effect::takes);
    return true;
  }
  void let_go(unsigned mutex) {
    owners_[mutex] = 0;
    effect(mutexes_at + 8 * mutex, Effect::lets_go);
    wake_all_for(mutex);
  }

  void perform(Thread& mine, const Instruction& next) {
    unsigned& word = words_[next.object];
    switch (next.kind) {
      case Kind::load:
        mine.seen.push_back(word);
        return done(mine);
      case Kind::store:
        word = next.value;
        return done(mine);
      case Kind::add:
        mine.seen.push_back(word);
        word += next.value;
        return done(mine);
      case Kind::exchange_if_zero:
        mine.seen.push_back(word);
        if (word == 0) word = next.value;
        return done(mine);
      case Kind::lock:
        if (owners_[next.object] == current_ || take(mine, next.object)) done(mine);
        return;
      case Kind::unlock:
        if (owners_[next.object] == current_) let_go(next.object);
        return done(mine);
      case Kind::try_lock:
        mine.seen.push_back(owners_[next.object] == 0);
        if (owners_[next.object] == 0) {
          owners_[next.object] = current_;
          effect(mutexes_at + 8 * next.object, Effect::takes);
        }
        return done(mine);
      case Kind::wait:
        return perform_wait(mine, next.object);
      case Kind::signal:
        for (Thread& thread : threads_) {
          if (!thread.waits_for_signal || waited_mutex(thread) != next.object) continue;
          thread.waits_for_signal = thread.blocked = false;
          thread.signalled = true;
          break;
        }
        return done(mine);
      case Kind::spin:
        return perform_spin(mine, word);
      case Kind::draw:
        mine.seen.push_back(
            strategy_.next_choice({.thread = current_, .event = ++mine.event}, ChoiceKind::adapter, next.value));
        return done(mine);
    }
  }
  void perform_wait(Thread& mine, unsigned object) {
    if (mine.signalled) {
      if (!take(mine, object)) return;
      mine.signalled = false;
      return done(mine);
    }
    if (owners_[object] != current_) return done(mine);
    let_go(object);
    mine.waits_for_signal = true;
    block(mine, conditions_at + 8 * object);
  }
  void perform_spin(Thread& mine, unsigned word) {
    if (word != 0) {
      mine.seen.push_back(word);
      return done(mine);
    }
    if (++mine.rounds == rounds_max) {
      is_cut_ = true;
      return done(mine);
    }
    mine.begun = false;
    current_ = ask({.thread = current_, .event = ++mine.event, .yielding = true});
  }

  static bool conflict(const Step& one, const Step& other) {
    if ((one.begins && other.ends) || (one.ends && other.begins)) return true;
    for (const Touch& mine : one.touches) {
      for (const Touch& theirs : other.touches) {
        if (mine.location == theirs.location && (mine.changes || theirs.changes)) return true;
      }
    }
    return false;
  }

  SmallRun result() {
    std::ostringstream outcome;
    for (ThreadId thread = 1; thread <= threads_.size(); ++thread) {
      for (const unsigned seen : at(thread).seen) outcome << seen << ' ';
      outcome << (ended(thread) ? "; " : "waits; ");
    }
    for (const auto& [object, word] : words_) {
      if (word != 0) outcome << 'x' << object << '=' << word << ' ';
    }
    std::map<std::pair<ThreadId, unsigned>, std::string> behind;
    std::map<ThreadId, unsigned> counts;
    std::vector<unsigned> numbers;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      numbers.push_back(++counts[steps_[i].thread]);
      std::string& text = behind[{steps_[i].thread, numbers[i]}];
      std::map<ThreadId, unsigned> last;
      for (std::size_t k = 0; k < i; ++k) {
        if (steps_[k].thread != steps_[i].thread && conflict(steps_[k], steps_[i])) last[steps_[k].thread] = numbers[k];
      }
      for (const auto& [thread, number] : last) text += std::to_string(thread) + ':' + std::to_string(number) + ' ';
    }
    std::string order = outcome.str();
    for (const auto& [step, text] : behind) order += '|' + text;
    return {outcome.str(), order, preemptions_, is_cut_};
  }

  Strategy& strategy_;
  const SmallProgram& program_;
  std::vector<Thread> threads_;
  std::map<unsigned, unsigned> words_;
  std::map<unsigned, ThreadId> owners_;
  std::vector<Step> steps_;
  ThreadId current_ = main_thread;
  unsigned preemptions_ = 0;
  unsigned operations_ended_ = 0;
  bool is_cut_ = false;
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const SmallProgram& program) {
  static constexpr std::array names{"load",   "store", "add", "exchange_if_zero", "lock", "unlock", "try_lock", "wait",
                                    "signal", "spin",  "draw"};
  for (const auto& thread : program.threads) {
    for (const Instruction& next : thread) {
      out << names[static_cast<std::size_t>(next.kind)] << ' ' << next.object << ' ' << next.value << ", ";
    }
    out << "| ";
  }
  return out;
}

SmallRun run(Strategy& strategy, const SmallProgram& program) {
  return Machine(strategy, program).run();
}

}  // namespace mapquake::small
