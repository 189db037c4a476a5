// A chained table behind a lock, whose move leaves its count of entries behind: right as long as nobody uses what was
// moved from, which its documentation allows. One leaves it behind whenever it is moved, one where it is assigned
// alone.
//
// Minimum: 1 thread, 1 operation (the move), with one key prefilled.
#include <mapquake/adapter.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace {

using mapquake::Key;
using mapquake::Value;

enum class KeepsCount { never, always, where_assigned };

template <KeepsCount keeps>
class MovedTable {
  static constexpr bool fixed = keeps == KeepsCount::never;

 public:
  static constexpr mapquake::Claims claims{
      .concurrent_use = mapquake::ConcurrentUse::all_operations,
      .iteration = mapquake::Iteration::snapshot,
      .size = mapquake::SizeClaim::linearizable,
      .on_bad_alloc = mapquake::ExceptionGuarantee::basic,
      .citation = "moved_from.cpp: a table that was moved from is empty",
  };
  static constexpr bool movable = true;
  static constexpr bool usable_when_moved_from = true;
  static constexpr mapquake::Expectation expected{
      .outcomes = fixed ? "" : "invariant broken", .threads = fixed ? 0u : 1u, .operations = fixed ? 0u : 1u};
  static constexpr const char* about = fixed ? "a table that is empty once it was moved from"
                                       : keeps == KeepsCount::always
                                           ? "a table that keeps its count where it was moved from"
                                           : "a table that keeps its count where it was assigned from";

  MovedTable() = default;
  MovedTable(MovedTable&& from) noexcept { take(from, keeps == KeepsCount::always); }
  MovedTable& operator=(MovedTable&& from) noexcept {
    if (this != &from) take(from, keeps != KeepsCount::never);
    return *this;
  }
  ~MovedTable() = default;

  bool insert(Key key, Value value) {
    const std::scoped_lock hold(lock_);
    if (node_of(key) != nullptr) return false;
    auto node = std::make_unique<Node>(Node{key, value, nullptr});
    std::unique_ptr<Node>& first = chain_of(key);
    node->next = std::move(first);
    first = std::move(node);
    ++count_;
    return true;
  }
  std::optional<Value> find(Key key) {
    const std::scoped_lock hold(lock_);
    const Node* const node = node_of(key);
    return node == nullptr ? std::nullopt : std::optional(node->value);
  }
  bool erase(Key key) {
    const std::scoped_lock hold(lock_);
    for (std::unique_ptr<Node>* link = &chain_of(key); *link != nullptr; link = &(*link)->next) {
      if ((*link)->key != key) continue;
      *link = std::move((*link)->next);
      --count_;
      return true;
    }
    return false;
  }
  std::size_t size() const {
    const std::scoped_lock hold(lock_);
    return count_;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    const std::scoped_lock hold(lock_);
    for (const std::unique_ptr<Node>& first : chains_) {
      for (const Node* node = first.get(); node != nullptr; node = node->next.get()) visit(node->key, node->value);
    }
  }

 private:
  struct Node {
    Key key;
    Value value;
    std::unique_ptr<Node> next;
  };

  void take(MovedTable& from, bool keeps_count) {
    chains_ = std::move(from.chains_);
    count_ = from.count_;
    if (!keeps_count) from.count_ = 0;
  }
  std::unique_ptr<Node>& chain_of(Key key) { return chains_[std::hash<Key>()(key) % chains_.size()]; }
  Node* node_of(Key key) {
    Node* node = chain_of(key).get();
    while (node != nullptr && node->key != key) node = node->next.get();
    return node;
  }

  mutable std::mutex lock_;
  std::array<std::unique_ptr<Node>, 8> chains_;
  std::size_t count_ = 0;
};

}  // namespace

MAPQUAKE_MAP("buggy_moved_from", MovedTable<KeepsCount::always>);
MAPQUAKE_MAP("buggy_move_assigned", MovedTable<KeepsCount::where_assigned>);
MAPQUAKE_MAP("fixed_moved_from", MovedTable<KeepsCount::never>);
