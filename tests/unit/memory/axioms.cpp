#include "tests/unit/memory/axioms.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <map>

namespace mapquake::memory {
namespace {

constexpr std::size_t events_max = 32;

/// A relation on events.
class Relation {
 public:
  bool operator()(std::size_t a, std::size_t b) const { return rows_[a].test(b); }
  void add(std::size_t a, std::size_t b) { rows_[a].set(b); }
  void add(const Relation& other) {
    for (std::size_t a = 0; a < events_max; ++a) rows_[a] |= other.rows_[a];
  }
  Relation then(const Relation& other) const {
    Relation both;
    for (std::size_t a = 0; a < events_max; ++a) {
      for (std::size_t b = 0; b < events_max; ++b) {
        if (rows_[a].test(b)) both.rows_[a] |= other.rows_[b];
      }
    }
    return both;
  }
  void close() {
    for (std::size_t via = 0; via < events_max; ++via) {
      for (std::size_t a = 0; a < events_max; ++a) {
        if (rows_[a].test(via)) rows_[a] |= rows_[via];
      }
    }
  }
  bool is_irreflexive() const {
    for (std::size_t a = 0; a < events_max; ++a) {
      if (rows_[a].test(a)) return false;
    }
    return true;
  }

 private:
  std::array<std::bitset<events_max>, events_max> rows_{};
};

struct Event {
  int thread = -1;  ///< -1: an initial value
  std::size_t index = 0;
  Instruction instruction;
  bool reads = false;
  bool writes = false;
  int order = 0;
  std::uint64_t read = 0;
  std::uint64_t written = 0;
  std::size_t from = 0;  ///< the write that it reads
};

bool is_fence(const Event& event) {
  return event.instruction.kind == 'F';
}
bool acquires(const Event& event) {
  return (event.reads || is_fence(event)) && (event.order == 2 || event.order >= 4);
}
bool releases(const Event& event) {
  return (event.writes || is_fence(event)) && event.order >= 3;
}

/// One candidate after the other.
class Candidates {
 public:
  explicit Candidates(const LitmusProgram& program) : program_(program) {
    for (std::size_t thread = 0; thread < program.threads.size(); ++thread) {
      for (std::size_t i = 0; i < program.threads[thread].size(); ++i) add(static_cast<int>(thread), i);
    }
    for (std::size_t a = 0; a < events_.size(); ++a) {
      for (std::size_t b = 0; b < events_.size(); ++b) {
        const bool initial = events_[a].thread == -1 && events_[b].thread != -1;
        if (initial || (events_[a].thread == events_[b].thread && events_[a].index < events_[b].index &&
                        events_[a].thread != -1)) {
          po_.add(a, b);
        }
      }
    }
  }

  std::set<std::string> outcomes() {
    decide_exchanges(0);
    return outcomes_;
  }

 private:
  void add(int thread, std::size_t index) {
    const Instruction& one = program_.threads[static_cast<std::size_t>(thread)][index];
    if (one.location != 0 && !initial_.contains(one.location)) {
      initial_[one.location] = events_.size();
      events_.push_back({.index = 0, .instruction = {.kind = 'W', .location = one.location}, .writes = true});
    }
    const bool modifies = one.kind == 'A' || one.kind == 'X' || one.kind == 'C';
    events_.push_back({.thread = thread,
                       .index = index,
                       .instruction = one,
                       .reads = one.kind == 'R' || modifies,
                       .writes = one.kind == 'W' || modifies,
                       .order = one.order});
  }

  /// A compare-exchange that fails is a load, with a weaker order.
  void decide_exchanges(std::size_t at) {
    while (at < events_.size() && events_[at].instruction.kind != 'C') ++at;
    if (at == events_.size()) return decide_reads(0);
    Event& event = events_[at];
    event.writes = true;
    event.order = event.instruction.order;
    decide_exchanges(at + 1);
    event.writes = false;
    event.order = event.order == 4 ? 2 : event.order == 3 ? 0 : event.order;
    decide_exchanges(at + 1);
  }

  void decide_reads(std::size_t at) {
    while (at < events_.size() && !events_[at].reads) ++at;
    if (at == events_.size()) return evaluate();
    for (std::size_t write = 0; write < events_.size(); ++write) {
      if (write == at || !events_[write].writes || !same_location(write, at)) continue;
      events_[at].from = write;
      decide_reads(at + 1);
    }
  }

  bool same_location(std::size_t a, std::size_t b) const {
    return events_[a].instruction.location == events_[b].instruction.location;
  }

  void evaluate() {
    rf_ = {};
    Relation causes = po_;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (events_[i].reads) rf_.add(events_[i].from, i);
    }
    causes.add(rf_);
    causes.close();
    if (!causes.is_irreflexive()) return;
    // Values along reads-from; it has no cycle, so as many rounds as events suffice.
    for (std::size_t round = 0; round < events_.size(); ++round) {
      for (Event& event : events_) {
        if (event.reads) event.read = events_[event.from].written;
        event.written = event.instruction.value + (event.instruction.kind == 'A' ? event.read : 0);
      }
    }
    for (const Event& event : events_) {
      if (event.instruction.kind == 'C' && event.writes != (event.read == event.instruction.expected)) return;
    }
    orders_.clear();
    for (const auto& [location, write] : initial_) orders_[location] = {write};
    decide_orders(initial_.begin());
  }

  void decide_orders(std::map<char, std::size_t>::const_iterator location) {
    if (location == initial_.end()) return check();
    std::vector<std::size_t> writes;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (events_[i].writes && events_[i].thread != -1 && events_[i].instruction.location == location->first) {
        writes.push_back(i);
      }
    }
    do {
      std::vector<std::size_t>& order = orders_[location->first];
      order = {location->second};
      order.insert(order.end(), writes.begin(), writes.end());
      decide_orders(std::next(location));
    } while (std::next_permutation(writes.begin(), writes.end()));
  }

  void check() {
    Relation mo, fr;
    for (const auto& [location, order] : orders_) {
      for (std::size_t i = 0; i < order.size(); ++i) {
        for (std::size_t j = i + 1; j < order.size(); ++j) mo.add(order[i], order[j]);
        // A read-modify-write comes next after what it reads.
        if (events_[order[i]].reads && (i == 0 || order[i - 1] != events_[order[i]].from)) return;
      }
    }
    for (std::size_t read = 0; read < events_.size(); ++read) {
      for (std::size_t write = 0; events_[read].reads && write < events_.size(); ++write) {
        if (write != read && mo(events_[read].from, write)) fr.add(read, write);
      }
    }
    Relation cob = rf_;  // coherence-ordered before
    cob.add(mo);
    cob.add(fr);
    cob.close();
    Relation hb = po_;
    const Relation sw = synchronises();
    hb.add(sw);
    hb.close();
    if (!hb.is_irreflexive() || !hb.then(cob).is_irreflexive() || !cob.is_irreflexive()) return;
    if (!has_order_of_seq_cst(hb, sw, cob)) return;
    tell();
  }

  /// The writes of the release sequence that `head` heads, by C++11: contiguous, same thread or read-modify-writes.
  std::vector<std::size_t> release_sequence(std::size_t head) const {
    const std::vector<std::size_t>& order = orders_.at(events_[head].instruction.location);
    auto at = std::find(order.begin(), order.end(), head);
    std::vector<std::size_t> sequence{*at};
    while (++at != order.end() && (events_[*at].thread == events_[head].thread || events_[*at].reads)) {
      sequence.push_back(*at);
    }
    return sequence;
  }

  Relation synchronises() const {
    Relation sw;
    const std::size_t count = events_.size();
    for (std::size_t head = 0; head < count; ++head) {
      if (!events_[head].writes || events_[head].thread == -1) continue;
      for (const std::size_t write : release_sequence(head)) {
        for (std::size_t read = 0; read < count; ++read) {
          if (!rf_(write, read)) continue;
          for (std::size_t a = 0; a < count; ++a) {
            if (!releases(events_[a]) || (a != head && !(is_fence(events_[a]) && po_(a, head)))) continue;
            for (std::size_t b = 0; b < count; ++b) {
              if (!acquires(events_[b]) || (b != read && !(is_fence(events_[b]) && po_(read, b)))) continue;
              sw.add(a, b);
            }
          }
        }
      }
    }
    return sw;
  }

  bool has_order_of_seq_cst(const Relation& hb, const Relation& sw, const Relation& cob) const {
    const std::size_t count = events_.size();
    const auto is_sc = [&](std::size_t i) { return events_[i].order == 5; };
    Relation strongly = po_;  // [intro.races], strongly happens before
    strongly.add(po_.then(hb).then(po_));
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = 0; b < count; ++b) {
        if (sw(a, b) && is_sc(a) && is_sc(b)) strongly.add(a, b);
      }
    }
    strongly.close();
    Relation s;
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = 0; b < count; ++b) {
        if (strongly(a, b) && is_sc(a) && is_sc(b)) s.add(a, b);
        if (!cob(a, b)) continue;
        for (std::size_t x = 0; x < count; ++x) {
          if (!is_sc(x) || (x != a && !(is_fence(events_[x]) && hb(x, a)))) continue;
          for (std::size_t y = 0; y < count; ++y) {
            if (is_sc(y) && (y == b || (is_fence(events_[y]) && hb(b, y)))) s.add(x, y);
          }
        }
      }
    }
    s.close();
    return s.is_irreflexive();
  }

  void tell() {
    std::string outcome;
    for (const Event& event : events_) {
      if (event.reads) outcome += std::to_string(event.read);
    }
    if (!program_.final_values.empty() && !outcome.empty()) outcome += ' ';
    for (const char location : program_.final_values) {
      outcome += std::to_string(events_[orders_.at(location).back()].written);
    }
    outcomes_.insert(outcome);
  }

  const LitmusProgram& program_;
  std::vector<Event> events_;
  std::map<char, std::size_t> initial_;
  std::map<char, std::vector<std::size_t>> orders_;
  Relation po_;
  Relation rf_;
  std::set<std::string> outcomes_;
};

}  // namespace

std::set<std::string> allowed_by_axioms(const LitmusProgram& program) {
  return Candidates(program).outcomes();
}

}  // namespace mapquake::memory
