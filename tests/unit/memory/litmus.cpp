#include "tests/unit/memory/litmus.hpp"

#include "harness/memory/store_history.hpp"

#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace mapquake::memory {
namespace {

int order_named(const std::string& name) {
  static const std::map<std::string, int> orders{{"rlx", 0}, {"acq", 2}, {"rel", 3}, {"ar", 4}, {"sc", 5}};
  return orders.at(name);
}

Instruction parse_instruction(const std::string& word) {
  const std::size_t colon = word.find(':');
  const std::string body = word.substr(0, colon);
  Instruction one{.kind = body[0]};
  if (body.size() > 1) one.location = body[1];
  if (one.kind == 'C') one.expected = static_cast<std::uint64_t>(body.at(2) - '0');
  const std::size_t at = one.kind == 'C' ? 3 : 2;
  if (body.size() > at) one.value = static_cast<std::uint64_t>(body[at] - '0');
  if (colon != std::string::npos) one.order = order_named(word.substr(colon + 1));
  return one;
}

/// Goes through all sequences of answers, in depth-first order.
class Odometer {
 public:
  unsigned choose(unsigned n) {
    if (at_ == digits_.size()) digits_.push_back({0, n});
    return digits_[at_++].value;
  }
  bool next() {
    at_ = 0;
    while (!digits_.empty() && ++digits_.back().value == digits_.back().n) digits_.pop_back();
    return !digits_.empty();
  }

 private:
  struct Digit {
    unsigned value;
    unsigned n;
  };
  std::vector<Digit> digits_;
  std::size_t at_ = 0;
};

/// Memory, and the model beside it, as the runtime uses them.
class Machine {
 public:
  explicit Machine(const LitmusProgram& program) : program_(program), histories_(*order_) {}

  std::string run(Odometer& choices) {
    begin();
    std::vector<std::string> read(program_.threads.size());
    std::vector<std::size_t> next(program_.threads.size(), 0);
    for (;;) {
      std::vector<unsigned> ready;
      for (unsigned t = 0; t < next.size(); ++t) {
        if (next[t] < program_.threads[t].size()) ready.push_back(t);
      }
      if (ready.empty()) break;
      const unsigned t = ready[choices.choose(static_cast<unsigned>(ready.size()))];
      perform(static_cast<ThreadId>(t + 1), program_.threads[t][next[t]++], choices, read[t]);
    }
    std::string outcome;
    for (const std::string& values : read) outcome += values;
    if (!program_.final_values.empty() && !outcome.empty()) outcome += ' ';
    for (const char location : program_.final_values) outcome += std::to_string(memory_[location]);
    return outcome;
  }

 private:
  static std::uint64_t address_of(char location) { return 0x5000u + 64u * static_cast<unsigned char>(location); }

  void begin() {
    memory_.clear();
    order_->begin_execution();
    histories_.begin_execution(true);
    order_->start(0, 0);
    for (unsigned t = 0; t < program_.threads.size(); ++t) order_->start(static_cast<ThreadId>(t + 1), 0);
  }

  void perform(ThreadId thread, const Instruction& one, Odometer& choices, std::string& read) {
    std::uint64_t& memory = memory_[one.location];
    StoreHistories::Access access{
        .thread = thread, .order = one.order, .bytes = 8, .address = address_of(one.location), .pc = 1};
    const auto tell = [&](std::uint64_t value) { read += std::to_string(value); };
    const auto load = [&](unsigned count) {
      const unsigned n = choices.choose(count);
      const std::uint64_t value = n == 0 ? memory : histories_.readable(n).value;
      histories_.load(access, memory, n);
      tell(value);
    };
    const auto modify = [&](std::uint64_t value) {
      tell(memory);
      histories_.modify(access, memory, value);
      memory = value;
    };
    switch (one.kind) {
      case 'R':
        return load(histories_.find_readable(access, memory));
      case 'W': {
        const unsigned n = choices.choose(histories_.find_places(access, memory));
        histories_.store(access, memory, one.value, n);
        if (n == 0) memory = one.value;
        return;
      }
      case 'A':
        return modify(memory + one.value);
      case 'X':
        return modify(one.value);
      case 'C': {
        const unsigned count = histories_.leave_out(one.expected, histories_.find_readable(access, memory));
        if (memory == one.expected && choices.choose(count) == 0) return modify(one.value);
        access.order = one.order == 4 ? 2 : one.order == 3 ? 0 : one.order;
        if (memory != one.expected) return load(count);
        return load_failing(access, memory, count, choices, read);
      }
      case 'F':
        return histories_.fence(thread, one.order);
      case 'P':
        histories_.forget(access.address, access.bytes);
        memory = one.value;
        return;
      default:
        throw std::invalid_argument("unknown instruction");
    }
  }

  /// The value is there, but an older one without it is read.
  void load_failing(const StoreHistories::Access& access, std::uint64_t memory, unsigned count, Odometer& choices,
                    std::string& read) {
    const unsigned n = 1 + choices.choose(count - 1);
    read += std::to_string(histories_.readable(n).value);
    histories_.load(access, memory, n);
  }

  const LitmusProgram& program_;
  std::unique_ptr<HappensBefore> order_ = std::make_unique<HappensBefore>();
  StoreHistories histories_;
  std::map<char, std::uint64_t> memory_;
};

}  // namespace

LitmusProgram parse_litmus(std::string_view text) {
  LitmusProgram program;
  program.threads.emplace_back();
  bool final_part = false;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    if (final_part) {
      program.final_values += word;
    } else if (word == "|") {
      program.threads.emplace_back();
    } else if (word == ";") {
      final_part = true;
    } else {
      program.threads.back().push_back(parse_instruction(word));
    }
  }
  return program;
}

LitmusResult run_litmus(const LitmusProgram& program) {
  Machine machine(program);
  Odometer choices;
  LitmusResult result;
  do {
    result.outcomes.insert(machine.run(choices));
    ++result.executions;
  } while (choices.next());
  return result;
}

}  // namespace mapquake::memory
