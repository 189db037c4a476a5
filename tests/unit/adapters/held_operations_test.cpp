// Operations on several keys, and cursors, as the glue makes them of requests.
#include "tests/unit/adapters/scripted_host.hpp"
#include "tests/unit/adapters/through.hpp"

#include <gtest/gtest.h>
#include <mapquake/adapter.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mapquake {
namespace {

using abi::Status;
using test::ScriptedHost;
using test::Seen;
using test::Through;

int cursors_alive = 0;

/// `answered`: for how many of the keys find_all answers.
template <class K, class V, std::size_t answered = 3>
class Several {
 public:
  static constexpr Claims claims{.beside_cursors = op_bit(OpKind::insert) | op_bit(OpKind::cursor_open) |
                                                   op_bit(OpKind::cursor_close)};

  bool insert(const K& k, const V& v) { return map_.emplace(k, v).second; }
  bool erase(const K& k) { return map_.erase(k) == 1; }
  std::vector<std::optional<V>> find_all(std::span<const K> keys) const {
    std::vector<std::optional<V>> answers(answered);
    for (std::size_t i = 0; i < std::min(keys.size(), answered); ++i) {
      if (const auto found = map_.find(keys[i]); found != map_.end()) answers[i] = found->second;
    }
    return answers;
  }
  void transact(std::span<const Write<K, V>> writes) {
    writes_ = writes.size();
    for (const auto& [key, value] : writes) {
      if (value) {
        map_.insert_or_assign(key, *value);
      } else {
        map_.erase(key);
      }
    }
  }
  std::size_t size() const { return writes_; }

  class Cursor {
   public:
    explicit Cursor(const std::map<K, V>& map) : map_(&map) { ++cursors_alive; }
    ~Cursor() { --cursors_alive; }
    Cursor(const Cursor&) = delete;
    std::optional<std::pair<K, V>> next() {
      if (shown_ == map_->size()) return std::nullopt;
      return *std::next(map_->begin(), static_cast<std::ptrdiff_t>(shown_++));
    }

   private:
    const std::map<K, V>* map_;
    std::size_t shown_ = 0;
  };
  Cursor cursor() const { return Cursor(map_); }

 private:
  std::map<K, V> map_;
  std::size_t writes_ = 0;
};

template <class T>
class HeldOperations : public testing::Test {};
using SeveralAdapters =
    testing::Types<Several<Key, Value>, Several<std::string, std::string>, Several<TracedKey, TracedValue>>;
TYPED_TEST_SUITE(HeldOperations, SeveralAdapters);

TYPED_TEST(HeldOperations, FindAllAnswersForEachKey) {
  ScriptedHost host;
  Through<TypeParam> map;
  map.call(OpKind::insert, 5, 50);
  const abi::Response one = map.call(OpKind::find_all, 5, 0, 6);
  EXPECT_EQ(one.status, Status::returned);
  EXPECT_EQ(one.count, 0b101u);
  EXPECT_EQ(map.seen, (std::vector<Seen>{{5, 50, false}, {5, 50, false}}));
  EXPECT_EQ(map.call(OpKind::find_all, 6, 0, 5).count, 0b010u);
  EXPECT_EQ(map.seen, (std::vector<Seen>{{5, 50, false}}));
}

TYPED_TEST(HeldOperations, TransactionsNameDifferentKeys) {
  ScriptedHost host;
  Through<TypeParam> map;
  EXPECT_EQ(map.call(OpKind::transact, 5, 51, 6).told, abi::Told::nothing);
  map.call(OpKind::find_all, 5, 0, 6);
  EXPECT_EQ(map.seen, (std::vector<Seen>{{5, 51, false}, {6, 51, false}, {5, 51, false}}));
  map.call(OpKind::transact_erasing, 5, 52, 6);
  EXPECT_EQ(map.call(OpKind::size).count, 2u);
  map.call(OpKind::find_all, 5, 0, 6);
  EXPECT_EQ(map.seen, (std::vector<Seen>{{5, 52, false}, {5, 52, false}}));
  map.call(OpKind::transact_erasing, 5, 53, 5);
  EXPECT_EQ(map.call(OpKind::size).count, 1u);
  map.call(OpKind::find_all, 5, 0, 5);
  EXPECT_EQ(map.seen.size(), 3u);
}

TYPED_TEST(HeldOperations, ACursorIsHeldFromCallToCall) {
  ScriptedHost host;
  Through<TypeParam> map;
  for (const std::int64_t key : {1, 3, 5}) map.call(OpKind::insert, key, 10 * key);
  EXPECT_EQ(map.call(OpKind::cursor_step, 1).count, 0u);
  map.call(OpKind::cursor_open);
  EXPECT_EQ(cursors_alive, 1);
  const abi::Response step = map.call(OpKind::cursor_step, 2);
  EXPECT_EQ(step.count, 1u);
  EXPECT_FALSE(step.flag);
  EXPECT_EQ(map.seen, (std::vector<Seen>{{1, 10, false}, {3, 30, false}}));
  map.call(OpKind::insert, 7, 70);
  EXPECT_TRUE(map.call(OpKind::cursor_step, 9).flag);
  EXPECT_EQ(map.seen, (std::vector<Seen>{{5, 50, false}, {7, 70, false}}));
  EXPECT_EQ(cursors_alive, 0);
  EXPECT_EQ(map.call(OpKind::cursor_step, 1).count, 0u);
}

/// Whatever the program does.
TYPED_TEST(HeldOperations, ACursorIsClosedBeforeWhatItDoesNotBear) {
  ScriptedHost host;
  Through<TypeParam> map;
  map.call(OpKind::insert, 1, 10);
  for (const OpKind kind : {OpKind::erase, OpKind::size, OpKind::cursor_close}) {
    map.call(OpKind::cursor_open);
    map.call(kind, 9);
    EXPECT_EQ(cursors_alive, 0);
    EXPECT_EQ(map.call(OpKind::cursor_step, 1).count, 0u);
  }
  map.call(OpKind::cursor_open);
  map.call(OpKind::cursor_open);
  EXPECT_EQ(cursors_alive, 1);
  host.let_throw(abi::UserCode::visitor);
  EXPECT_EQ(map.call(OpKind::cursor_step, 1).status, Status::threw_injected);
  EXPECT_EQ(cursors_alive, 0);
  host.let_throw(std::nullopt);
}

TEST(FindAllGlue, WantsAnAnswerForEachKey) {
  ScriptedHost host;
  for (const abi::Response& response : {Through<Several<Key, Value, 2>>().call(OpKind::find_all, 5, 0, 6),
                                        Through<Several<Key, Value, 4>>().call(OpKind::find_all, 5, 0, 6)}) {
    EXPECT_EQ(response.status, Status::threw);
    EXPECT_EQ(std::string(response.message).substr(0, 8), "find_all");
  }
}

}  // namespace
}  // namespace mapquake
