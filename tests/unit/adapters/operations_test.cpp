// Which operations are found in which adapters.
#include <gtest/gtest.h>
#include <mapquake/adapter.hpp>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mapquake {
namespace {

constexpr Claims any_claims{};

template <class A>
constexpr OpMask found = detail::operations_of<A>();

struct Few {
  static constexpr Claims claims = any_claims;
  bool insert(Key, Value) { return true; }
  std::optional<Value> find(Key) const { return std::nullopt; }
};
static_assert(found<Few> == (op_bit(OpKind::insert) | op_bit(OpKind::find)));
static_assert(!detail::constructs_from_range<Few, Key, Value>);
static_assert(!detail::constructs_from_hint<Few>);
static_assert(!detail::has_validate<Few> && !detail::has_dump<Few>);

struct ByReference {
  static constexpr Claims claims = any_claims;
  bool assign(const std::string&, const Blob<64>&) noexcept { return true; }
  bool erase(const std::string&) const { return false; }
  unsigned short size() const noexcept { return 0; }
};
static_assert(std::same_as<detail::KeyOf<ByReference>::Type, std::string>);
static_assert(std::same_as<detail::ValueOf<ByReference>::Type, Blob<64>>);
static_assert(found<ByReference> == (op_bit(OpKind::assign) | op_bit(OpKind::erase) | op_bit(OpKind::size)));

class Everything {
 public:
  using key_type = Key;
  using mapped_type = Value;
  static constexpr Claims claims = any_claims;
  static constexpr bool copyable = true;
  static constexpr bool movable = true;
  static constexpr bool callbacks_may_call = true;

  Everything() = default;
  template <class Iterator>
  Everything(Iterator, Iterator) {}
  explicit Everything(CapacityHint) {}
  explicit Everything(Capacity) {}
  template <class K, class V>
  bool insert(K&&, V&&) {
    return true;
  }
  std::optional<Value> find(const Key&) { return std::nullopt; }
  bool contains(const Key&) const { return false; }
  bool erase(Key) { return false; }
  bool assign(Key, Value) { return true; }
  bool update(Key, const std::function<void(Value&)>&) { return false; }
  template <class Make>
  Value get_or_create(Key, Make make) {
    return make();
  }
  std::optional<Value> extract(Key) { return std::nullopt; }
  bool replace(Key, Value) { return false; }
  bool compare_exchange(const Key&, const Value&, Value) { return false; }
  bool upsert(Key, Value, const std::function<void(Value&)>&) { return true; }
  template <class Iterator>
  void insert_range(Iterator, Iterator) {}
  std::vector<std::optional<Value>> find_all(std::span<const Key> keys) const {
    return std::vector<std::optional<Value>>(keys.size());
  }
  bool transact(std::span<const Write<Key, Value>>) { return true; }
  std::optional<std::pair<Key, Value>> lower_bound(Key) const { return std::nullopt; }
  std::optional<std::pair<Key, Value>> upper_bound(const Key&) { return std::nullopt; }
  void shrink_to_fit() {}
  void thread_started() {}
  void thread_ending() noexcept {}
  void quiesce() {}
  long size() { return 0; }
  void clear() {}
  bool reserve(std::size_t) { return true; }
  template <class Visit>
  void for_each(Visit&&) const {}
  struct Cursor {
    std::optional<std::pair<Key, Value>> next() { return std::nullopt; }
  };
  Cursor cursor() const { return {}; }
  template <class Predicate>
  void erase_if(Predicate) {}
  void swap(Everything&) {}
  void merge(Everything&) {}
  static constexpr OpMask visits_may_call = op_bit(OpKind::insert) | op_bit(OpKind::erase);
  const char* validate() const { return ""; }
  std::string dump() const { return {}; }
};
static_assert(found<Everything> == (map_operations & ~op_bit(OpKind::sleep)));

struct Expiring : Few {
  static constexpr Claims claims{.retention = Retention::expires_written, .ttl_ms = 5};
};
static_assert((found<Expiring> & op_bit(OpKind::sleep)) != 0);
static_assert(detail::constructs_from_range<Everything, Key, Value>);
static_assert(detail::constructs_from_hint<Everything>);
static_assert(requires(detail::EntryIterator<Key, Value> at) {
  at->first;
  at->second;
  *at++;
});
static_assert(detail::constructs_from_capacity<Everything>);
static_assert(detail::has_thread_started<Everything> && detail::has_thread_ending<Everything>);
static_assert(detail::has_quiesce<Everything>);
static_assert(detail::has_validate<Everything> && detail::has_dump<Everything>);
static_assert(detail::creates_by_factory<Everything, Key, Value>);

// Answers that tell nothing, or that the documentation leaves open.
struct Taciturn {
  static constexpr Claims claims = any_claims;
  void insert(Key, Value) {}
  std::optional<bool> assign(Key, Value) { return std::nullopt; }
  std::optional<Value> erase(Key) { return std::nullopt; }
};
static_assert(found<Taciturn> == (op_bit(OpKind::insert) | op_bit(OpKind::assign) | op_bit(OpKind::erase)));

// A copy constructor alone is no promise that a copy may be made.
struct CopyableBySilence : Few {
  template <class Visit>
  void for_each(Visit) const {}
};
static_assert(std::copy_constructible<CopyableBySilence>);
static_assert((found<CopyableBySilence> & op_bit(OpKind::copy)) == 0);

struct Described : Few {
  static constexpr Expectation expected{.outcomes = "deadlock", .threads = 2, .operations = 3, .preemptions = 1};
  static constexpr const char* about = "for a test";
};

TEST(AdapterOperations, TheDescriptionSaysWhatTheAdapterSays) {
  constexpr abi::Map map = detail::describe<Described>("described", "file.cpp", 12);
  EXPECT_STREQ(map.name, "described");
  EXPECT_STREQ(map.key_type, "mapquake::Key");
  EXPECT_STREQ(map.value_type, "mapquake::Value");
  EXPECT_STREQ(map.source_file, "file.cpp");
  EXPECT_EQ(map.source_line, 12u);
  EXPECT_STREQ(map.about, "for a test");
  EXPECT_STREQ(map.expected.outcomes, "deadlock");
  EXPECT_EQ(map.expected.operations, 3u);
  EXPECT_FALSE(map.has_validate);
  EXPECT_STREQ((detail::describe<ByReference>("by_reference", "file.cpp", 1).value_type), "mapquake::Blob");
  EXPECT_TRUE(detail::describe<Everything>("everything", "file.cpp", 1).has_validate);
}

TEST(AdapterOperations, NamesAreThoseThatFilesCanHave) {
  EXPECT_TRUE(detail::is_map_name("my_map-2.1"));
  EXPECT_FALSE(detail::is_map_name(""));
  EXPECT_FALSE(detail::is_map_name("my map"));
  EXPECT_FALSE(detail::is_map_name("../map"));
}

MAPQUAKE_MAP("unit_test_few", Few);
MAPQUAKE_MAP("unit_test_everything", Everything);

TEST(AdapterOperations, EveryRegistrationIsInThePlugin) {
  const abi::Plugin* plugin = mapquake_plugin();
  ASSERT_EQ(plugin->magic, abi::magic);
  ASSERT_EQ(plugin->version, abi::version);
  EXPECT_EQ(plugin->host, &detail::host);
  unsigned few = 0, everything = 0, elsewhere = 0;
  for (std::uint32_t i = 0; i < plugin->map_count; ++i) {
    const std::string name = plugin->maps[i]->name;
    few += name == "unit_test_few" ? 1 : 0;
    everything += name == "unit_test_everything" ? 1 : 0;
    elsewhere += name == "unit_test_elsewhere" ? 1 : 0;  // glue_test.cpp
  }
  EXPECT_EQ(few, 1u);
  EXPECT_EQ(everything, 1u);
  EXPECT_EQ(elsewhere, 1u);
}

}  // namespace
}  // namespace mapquake
