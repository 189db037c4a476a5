// Exceptions, torn values, retries and leaks become responses or failures.
#include "tests/unit/adapters/scripted_host.hpp"
#include "tests/unit/adapters/through.hpp"

#include <gtest/gtest.h>
#include <mapquake/adapter.hpp>

#include <cstring>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mapquake {
namespace {

using abi::Status;
using test::ScriptedHost;
using test::Seen;
using test::Through;

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
  EXPECT_NE(thrown<NoException>().exception_type, nullptr);
  EXPECT_NE(thrown<std::out_of_range>().exception_type, nullptr);
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
