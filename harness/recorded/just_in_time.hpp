// Long histories of one key, decided from the first event to the last: just-in-time linearization (Lowe 2017, "Testing
// for linearizability", section 5). What is kept are the configurations that explain all returns so far: which of the
// open calls have taken effect, and the contents of the key. A call takes effect no earlier than the return that needs
// it. So a history costs as much as its busiest moment, however long it is; a search by backtracking (wing_gong.hpp)
// is quicker on short ones and may have to take back everything on long ones.
#pragma once

#include "harness/history/specification.hpp"
#include "harness/oracle/memo.hpp"
#include "harness/oracle/wing_gong.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <span>
#include <utility>
#include <vector>

namespace mapquake::recorded {

/// What is known of a key before the first call.
enum class Initially : std::uint8_t {
  empty,    ///< it is absent
  unknown,  ///< absent, or present with any value
};

/// An instant at which no call was open and only one content of the key explains all before it.
struct Cut {
  std::uint32_t next = 0;  ///< the first call after it
  KeyState state;
};

struct KeyVerdict {
  Verdict verdict = Verdict::legal;
  /// illegal: the call whose return no configuration explains. undecided: the one at which the search was given up.
  std::uint32_t culprit = 0;
};

/// Keeps its memory from search to search; one per thread of use.
/// Cost: about 100 ns a call where calls hardly overlap; exponential in the calls that are open at one time, up to
/// `configurations_max` at each return, then `undecided`.
class JustInTime {
 public:
  static constexpr std::size_t open_max = 64;  ///< calls at one time; more are undecided
  static constexpr std::size_t configurations_max = std::size_t{1} << 14;

  /// Is there an order of `ops` that explains their answers? With `cuts`, the last `cuts_max` before the culprit are
  /// left there, oldest first. Requires: `ops` by invocation; times are unique but for `never`.
  KeyVerdict check(std::span<const KeyOp> ops, Initially initially, std::vector<Cut>* cuts = nullptr);
  /// The same, where the key is known to be in this state before.
  KeyVerdict check_from(std::span<const KeyOp> ops, KeyState state);

  static constexpr std::size_t cuts_max = 4096;

  /// Gives up earlier, from now on: for questions of which the answer is not worth as much.
  void limit(std::size_t configurations) { limit_ = configurations; }

 private:
  struct Configuration {
    std::uint64_t done = 0;  ///< slots of open calls that have taken effect
    KeyState state;
    bool any_value = false;  ///< present, with a value that nobody has told yet
    friend bool operator==(const Configuration&, const Configuration&) = default;
  };

  KeyVerdict run(std::span<const KeyOp> ops, std::vector<Cut>* cuts);
  bool invoke(std::uint32_t op);
  /// False if nothing explains it (`configurations_` is empty) or there are too many (`too_many_`).
  bool complete(std::uint32_t slot);
  bool take_fast(std::uint32_t slot);
  void expand(const Configuration& from, std::uint32_t slot);
  template <class Found>
  void outcomes(const Configuration& from, const KeyOp& op, std::uint8_t alternative, Found found) const;
  void add(Configuration configuration, std::uint32_t slot);
  void place_reads(Configuration& configuration) const;
  bool is_settled_read(const Configuration& configuration, const KeyOp& op) const;
  static Fingerprint code_of(const Configuration& configuration);

  std::span<const KeyOp> ops_;
  std::vector<Configuration> configurations_, next_, work_;
  Memo seen_;
  std::uint64_t open_ = 0;  ///< slots in use
  std::uint32_t op_of_slot_[open_max] = {};
  bool too_many_ = false;
  std::size_t limit_ = configurations_max;
  using Return = std::pair<std::uint32_t, std::uint32_t>;  ///< time, slot
  std::priority_queue<Return, std::vector<Return>, std::greater<>> returns_;
};

}  // namespace mapquake::recorded
