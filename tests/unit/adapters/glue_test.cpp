// Requests become calls; answers, exceptions and torn values become responses.
#include "tests/unit/adapters/scripted_host.hpp"

#include <gtest/gtest.h>
#include <mapquake/adapter.hpp>

#include <cstring>
#include <map>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mapquake {
namespace {

using abi::Status;
using test::ScriptedHost;

struct Seen {
  std::int64_t key, value;
  bool erased;
  friend bool operator==(const Seen&, const Seen&) = default;
};

/// A map made and called through its abi::Map, as the harness does it.
template <class Adapter>
class Through {
 public:
  explicit Through(const abi::Construction& construction = {}) : map_(map().create(&construction, &made_)) {}
  ~Through() {
    if (map_ != nullptr) map().destroy(map_);
  }
  Through(const Through&) = delete;
  Through& operator=(const Through&) = delete;

  abi::Response call(OpKind kind, std::int64_t key = 0, std::int64_t value = 0) {
    seen.clear();
    abi::Request request{.kind = kind, .key = key, .value = value, .visit = note, .context = &seen};
    abi::Response response;
    map().invoke(map_, &request, &response);
    return response;
  }
  std::string validate(std::size_t size = 100) {
    std::string text(size, '#');
    map().validate(map_, text.data(), size);
    return text.c_str();
  }
  static const abi::Map& map() {
    static constexpr abi::Map description = detail::describe<Adapter>("test", "test.cpp", 1);
    return description;
  }
  bool exists() const { return map_ != nullptr; }
  const abi::Response& made() const { return made_; }

  std::vector<Seen> seen;

 private:
  static void note(void* context, std::int64_t key, std::int64_t value, bool erased) {
    static_cast<std::vector<Seen>*>(context)->push_back({key, value, erased});
  }

  abi::Response made_;
  void* map_;
};

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
  const std::pair<const char*, OpKind> callbacks[] = {{"update callback", OpKind::update},
                                                      {"factory", OpKind::get_or_create},
                                                      {"visitor", OpKind::iterate},
                                                      {"predicate", OpKind::erase_if}};
  for (const auto& [what, kind] : callbacks) {
    host.let_throw(what);
    EXPECT_EQ(map.call(kind, 1, 1).status, Status::threw_injected) << what;
    host.let_throw("");
    EXPECT_EQ(map.call(kind, 1, 1).status, Status::returned) << what;
  }
}

template <class Thrown>
struct Throwing {
  static constexpr Claims claims{};
  bool insert(Key, Value) { throw Thrown("told so"); }
  std::string validate() const { throw Thrown("told so"); }
};
struct BadAlloc : std::bad_alloc {
  explicit BadAlloc(const char*) {}
};
struct NoException {
  explicit NoException(const char*) {}
};

template <class Thrown>
abi::Response thrown() {
  return Through<Throwing<Thrown>>().call(OpKind::insert);
}

TEST(AdapterGlueExceptions, BecomeStatuses) {
  EXPECT_EQ(thrown<BadAlloc>().status, Status::threw_bad_alloc);
  EXPECT_EQ(thrown<Refused>().status, Status::refused);
  EXPECT_STREQ(thrown<Refused>().message, "told so");
  EXPECT_EQ(thrown<std::out_of_range>().status, Status::threw);
  EXPECT_STREQ(thrown<std::out_of_range>().message, "told so");
  EXPECT_EQ(thrown<NoException>().status, Status::threw);
  EXPECT_STRNE(thrown<NoException>().message, "");
  EXPECT_NE(Through<Throwing<Refused>>().validate(), "");
}

struct Verbose {
  static constexpr Claims claims{};
  bool insert(Key, Value) { throw std::runtime_error(std::string(1000, 'x')); }
};

TEST(AdapterGlueExceptions, LongMessagesAreCut) {
  EXPECT_EQ(std::strlen(Through<Verbose>().call(OpKind::insert).message), sizeof(abi::Response::message) - 1);
}

struct Unmade {
  static constexpr Claims claims{};
  Unmade() { throw std::bad_alloc(); }
  bool insert(Key, Value) { return true; }
};

TEST(AdapterGlueExceptions, AConstructorThatThrowsMakesNoMap) {
  const Through<Unmade> map;
  EXPECT_FALSE(map.exists());
  EXPECT_EQ(map.made().status, Status::threw_bad_alloc);
}

/// Hands out a value whose halves were written by different threads.
struct Torn {
  static constexpr Claims claims{};
  bool insert(Key, Blob<64> v) {
    std::memcpy(static_cast<void*>(&value_), &v, sizeof v / 2);
    return true;
  }
  std::optional<Blob<64>> find(Key) const { return value_; }
  template <class Change>
  bool update(Key, Change change) {
    change(value_);
    return true;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    visit(Key{1}, value_);
  }

 private:
  Blob<64> value_{1};
};

TEST(AdapterGlueTornValues, AreReportedWhereverTheyComeOut) {
  ScriptedHost host;
  Through<Torn> map;
  for (const OpKind kind : {OpKind::find, OpKind::iterate}) EXPECT_EQ(map.call(kind).status, Status::returned);
  map.call(OpKind::insert, 1, 2);
  for (const OpKind kind : {OpKind::find, OpKind::iterate, OpKind::update}) {
    const abi::Response response = map.call(kind);
    EXPECT_EQ(response.status, Status::torn_value);
    EXPECT_STRNE(response.message, "");
  }
  EXPECT_EQ(map.call(OpKind::find).status, Status::returned) << "the update wrote a whole value";
}

/// Starts over once, as a compare-and-swap loop does.
struct Retrying {
  static constexpr Claims claims{};
  bool insert(Key, Value v) {
    value_ = v;
    return true;
  }
  template <class Change>
  bool update(Key, Change change) {
    Value first = value_;
    change(first);
    value_ = Value{100};
    change(value_);
    return true;
  }
  template <class Predicate>
  std::size_t erase_if(Predicate pred) {
    pred.quietly(Key{2});
    pred.quietly(Key{2});
    pred(Key{2}, value_);
    return 1;
  }

 private:
  Value value_;
};

TEST(AdapterGlueRetries, TheLastAttemptCounts) {
  ScriptedHost host;
  Through<Retrying> map;
  map.call(OpKind::insert, 2, 1);
  EXPECT_EQ(map.call(OpKind::update, 2, 5).value, 100);
  EXPECT_EQ(map.call(OpKind::erase_if, 0).count, 1u);
  EXPECT_EQ(map.seen, (std::vector<Seen>{{2, 105, true}}));
}

struct Forgetful {
  static constexpr Claims claims{};
  bool insert(TracedKey k, TracedValue) {
    kept_ = new TracedKey(k);
    return true;
  }
  void clear() { delete std::exchange(kept_, nullptr); }
  template <class Change>
  bool update(TracedKey, Change) {
    return true;
  }

 private:
  static inline TracedKey* kept_ = nullptr;
};

TEST(AdapterGlueTraced, KeysThatOutliveTheMapAreReported) {
  ScriptedHost host;
  const abi::Map& description = Through<Forgetful>::map();
  const abi::Construction plain;
  const abi::Request insert{.kind = OpKind::insert};
  const abi::Request clear{.kind = OpKind::clear};
  abi::Response response;
  void* forgetful = description.create(&plain, &response);
  description.invoke(forgetful, &insert, &response);
  EXPECT_THROW(description.destroy(forgetful), test::Failed);
  void* tidy = description.create(&plain, &response);
  description.invoke(tidy, &clear, &response);
  EXPECT_NO_THROW(description.destroy(tidy));
}

TEST(AdapterGlueTraced, AnUpdateThatNeverCallsBackIsReported) {
  ScriptedHost host;
  Through<Forgetful> map;
  const abi::Response response = map.call(OpKind::update);
  EXPECT_EQ(response.status, Status::threw);
  EXPECT_NE(std::string(response.message).find("callback"), std::string::npos);
}

}  // namespace
}  // namespace mapquake
