// Requests become calls, answers become responses.
#include "tests/unit/adapters/scripted_host.hpp"
#include "tests/unit/adapters/through.hpp"

#include <gtest/gtest.h>
#include <mapquake/adapter.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mapquake {
namespace {

using abi::Status;
using test::ScriptedHost;
using test::Seen;
using test::Through;

template <class K, class V>
class Simple {
 public:
  static constexpr Claims claims{};
  static constexpr bool copyable = true;
  Simple() = default;
  template <class Iterator>
  Simple(Iterator first, Iterator last) : map_(first, last) {}
  explicit Simple(CapacityHint hint) { hint_ = hint.entries; }

  bool insert(const K& k, const V& v) { return map_.emplace(k, v).second; }
  std::optional<V> find(const K& k) const {
    const auto found = map_.find(k);
    return found == map_.end() ? std::nullopt : std::optional<V>(found->second);
  }
  bool contains(const K& k) const { return map_.count(k) == 1; }
  bool erase(const K& k) { return map_.erase(k) == 1; }
  bool assign(const K& k, const V& v) { return map_.insert_or_assign(k, v).second; }
  template <class Change>
  bool update(const K& k, Change change) {
    const auto found = map_.find(k);
    if (found == map_.end()) return false;
    change(found->second);
    return true;
  }
  template <class Make>
  V get_or_create(const K& k, Make make) {
    return map_.try_emplace(k, make()).first->second;
  }
  std::size_t size() const { return map_.size(); }
  void clear() { map_.clear(); }
  void reserve(std::size_t entries) { hint_ = entries; }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& entry : map_) visit(entry);
  }
  template <class Predicate>
  void erase_if(Predicate pred) {
    std::erase_if(map_, pred);
  }
  std::string validate() const { return hint_ == 0 ? "" : "asked for " + std::to_string(hint_); }

 private:
  std::map<K, V> map_;
  std::size_t hint_ = 0;
};

using SimpleMap = Simple<Key, Value>;
MAPQUAKE_MAP("unit_test_elsewhere", SimpleMap);

template <class T>
class AdapterGlue : public testing::Test {};
using Adapters = testing::Types<Simple<Key, Value>, Simple<std::int64_t, int>, Simple<std::string, std::string>,
                                Simple<Key, Blob<64>>, Simple<TracedKey, TracedValue>>;
TYPED_TEST_SUITE(AdapterGlue, Adapters);

TYPED_TEST(AdapterGlue, EveryOperationAnswers) {
  ScriptedHost host;
  Through<TypeParam> map;
  EXPECT_TRUE(map.call(OpKind::insert, 1, 10).flag);
  EXPECT_FALSE(map.call(OpKind::insert, 1, 11).flag);
  EXPECT_TRUE(map.call(OpKind::assign, 2, 20).flag);
  EXPECT_FALSE(map.call(OpKind::assign, 2, 21).flag);
  EXPECT_TRUE(map.call(OpKind::contains, 2).flag);
  EXPECT_FALSE(map.call(OpKind::contains, 3).flag);
  const abi::Response found = map.call(OpKind::find, 2);
  EXPECT_TRUE(found.has_value);
  EXPECT_EQ(found.value, 21);
  EXPECT_FALSE(map.call(OpKind::find, 3).has_value);

  const abi::Response updated = map.call(OpKind::update, 1, 5);
  EXPECT_TRUE(updated.has_value);
  EXPECT_EQ(updated.value, 10);
  EXPECT_EQ(map.call(OpKind::find, 1).value, 15);
  EXPECT_EQ(host.points(), std::vector<std::string>{"callback"});
  EXPECT_FALSE(map.call(OpKind::update, 9, 5).has_value);

  EXPECT_EQ(map.call(OpKind::get_or_create, 3, 30).value, 30);
  EXPECT_EQ(map.call(OpKind::get_or_create, 3, 31).value, 30);
  EXPECT_EQ(map.call(OpKind::size).count, 3u);
  EXPECT_EQ(map.call(OpKind::iterate).status, Status::returned);
  EXPECT_EQ(map.seen, (std::vector<Seen>{{1, 15, false}, {2, 21, false}, {3, 30, false}}));
  EXPECT_EQ(map.call(OpKind::copy).status, Status::returned);
  EXPECT_EQ(map.seen.size(), 3u);

  EXPECT_EQ(map.call(OpKind::erase_if, 1).count, 2u);
  EXPECT_EQ(map.seen, (std::vector<Seen>{{1, 15, true}, {2, 21, false}, {3, 30, true}}));
  EXPECT_TRUE(map.call(OpKind::erase, 2).flag);
  EXPECT_FALSE(map.call(OpKind::erase, 2).flag);
  map.call(OpKind::insert, 5, 50);
  map.call(OpKind::clear);
  EXPECT_EQ(map.call(OpKind::size).count, 0u);
}

TYPED_TEST(AdapterGlue, ConstructsAsAsked) {
  const abi::Entry entries[] = {{4, 40}, {7, 70}};
  Through<TypeParam> from_range({.capacity_hint = 0, .range = entries, .range_size = 2});
  from_range.call(OpKind::iterate);
  EXPECT_EQ(from_range.seen, (std::vector<Seen>{{4, 40, false}, {7, 70, false}}));
  Through<TypeParam> with_room({.capacity_hint = 12, .range = nullptr, .range_size = 0});
  EXPECT_EQ(with_room.validate(), "asked for 12");
  EXPECT_EQ(with_room.validate(6), "asked");
  with_room.call(OpKind::reserve, 99);
  EXPECT_EQ(with_room.validate(), "asked for 99");
  EXPECT_EQ(Through<TypeParam>().validate(), "");
}

TEST(AdapterGlueExceptions, InjectedOnesComeOutOfCallbacks) {
  ScriptedHost host;
  Through<SimpleMap> map;
  map.call(OpKind::insert, 1, 10);
  const std::pair<abi::UserCode, OpKind> callbacks[] = {{abi::UserCode::update_callback, OpKind::update},
                                                        {abi::UserCode::factory, OpKind::get_or_create},
                                                        {abi::UserCode::visitor, OpKind::iterate},
                                                        {abi::UserCode::predicate, OpKind::erase_if}};
  for (const auto& [what, kind] : callbacks) {
    host.let_throw(what);
    EXPECT_EQ(map.call(kind, 1, 1).status, Status::threw_injected) << static_cast<int>(what);
    host.let_throw(std::nullopt);
    EXPECT_EQ(map.call(kind, 1, 1).status, Status::returned) << static_cast<int>(what);
  }
}

}  // namespace
}  // namespace mapquake
