// The format of mapquake/record.hpp: a page of numbers, then for each thread a block of 64-byte records.
#include "harness/recorded/formats.hpp"

#include <mapquake/record.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <span>

namespace mapquake::recorded {
namespace {

static_assert(std::endian::native == std::endian::little, "records are read as they lie in the file");
namespace format = record_format;

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t record_bytes = 64;

struct Numbers {
  std::uint32_t page_bytes, record_bytes;
  std::uint64_t threads_max, calls_max;
  std::uint32_t starts_empty, reserved;
  std::uint64_t threads, dropped, first_dropped;
};

struct Record {
  std::uint64_t start, end;
  std::int64_t key, value, extra, answer;
  std::uint8_t operation, told;
  std::array<std::uint8_t, 14> reserved;
};
static_assert(sizeof(Record) == record_bytes);

template <class T>
bool read_raw(std::istream& stream, T& into) {
  std::array<char, sizeof(T)> bytes{};
  if (stream.rdbuf()->sgetn(bytes.data(), bytes.size()) != static_cast<std::streamsize>(bytes.size())) return false;
  std::memcpy(&into, bytes.data(), sizeof into);
  return true;
}

bool pass_over(std::istream& stream, std::uint64_t bytes) {
  if (stream.rdbuf()->pubseekoff(static_cast<std::streamoff>(bytes), std::ios::cur, std::ios::in) != std::streampos(-1))
    return true;
  std::array<char, record_bytes * 64> piece{};
  while (bytes > 0) {
    const auto wanted = static_cast<std::streamsize>(std::min<std::uint64_t>(bytes, piece.size()));
    if (stream.rdbuf()->sgetn(piece.data(), wanted) != wanted) return false;
    bytes -= static_cast<std::uint64_t>(wanted);
  }
  return true;
}

std::optional<OpKind> kind_of(std::uint8_t operation) {
  using enum OpKind;
  constexpr std::array kinds{insert,  find,    contains,         erase,  assign, update, get_or_create,
                             extract, replace, compare_exchange, upsert, size,   clear};
  if (operation == 0 || operation > kinds.size()) return std::nullopt;
  return kinds[operation - 1];
}

/// Empty: such an operation does not answer that.
std::optional<Told> told_of(OpKind kind, const Record& record) {
  if (record.end == 0) return Told::unfinished;
  const Answers answers = traits_of(kind).answers;
  const bool may_be_old = kind == OpKind::erase || kind == OpKind::assign;
  switch (record.told) {
    case format::nothing:
      return Told::nothing;
    case format::no:
    case format::yes:
      if (answers != Answers::flag) return std::nullopt;
      return record.told == format::yes ? Told::yes : Told::no;
    case format::absent:
    case format::value:
      if (answers != Answers::value && !may_be_old) return std::nullopt;
      if (kind == OpKind::get_or_create && record.told == format::absent) return std::nullopt;
      return record.told == format::value ? Told::value : Told::absent;
    case format::count:
      if (answers != Answers::count) return std::nullopt;
      return Told::count;
    default:
      return std::nullopt;
  }
}

class Reader {
 public:
  Reader(std::istream& stream, Log& log, RowBuilder& builder) : stream_(stream), log_(log), builder_(builder) {}

  void read() {
    Numbers numbers{};
    char zero = 0;
    if (!read_raw(stream_, zero) || !read_raw(stream_, numbers)) return builder_.bad(1, "the record file is cut off");
    const bool sound = zero == 0 && numbers.page_bytes == page_bytes && numbers.record_bytes == record_bytes &&
                       numbers.threads_max >= 1 && numbers.threads_max <= 4096 && numbers.calls_max >= 1 &&
                       numbers.calls_max <= std::uint64_t{1} << 32;
    if (!sound) return builder_.bad(1, "a record file of another version, or damaged: its first page makes no sense");
    log_.starts_empty = numbers.starts_empty != 0;
    log_.dropped = numbers.dropped;
    first_dropped_ = numbers.first_dropped;
    if (!pass_over(stream_, page_bytes - sizeof(format::magic) - sizeof numbers)) return cut_off();
    const std::uint64_t threads = std::min(numbers.threads, numbers.threads_max);
    for (std::uint64_t thread = 0; thread < threads; ++thread) {
      if (!read_block(thread, numbers.calls_max)) return cut_off();
    }
  }

 private:
  void cut_off() { builder_.bad(log_.lines + 1, "the record file is cut off here"); }

  bool read_block(std::uint64_t thread, std::uint64_t calls_max) {
    Record record{};
    if (!read_raw(stream_, record)) return false;
    const std::uint64_t used = record.start;
    if (used > calls_max) {
      builder_.bad(log_.lines + 1,
                   fmt::format("thread {} claims {} calls where {} have room", thread + 1, used, calls_max));
      return pass_over(stream_, calls_max * record_bytes);
    }
    const std::uint32_t name = log_.threads.of(std::to_string(thread + 1));
    for (std::uint64_t i = 0; i < used; ++i) {
      if (!read_raw(stream_, record)) return false;
      add(++log_.lines, name, record);
    }
    return pass_over(stream_, (calls_max - used) * record_bytes);
  }

  void add(std::uint64_t number, std::uint32_t thread, Record record) {
    // The part of a history before some instant is a history, in which what had not returned may have happened.
    if (record.start >= first_dropped_) return;
    if (record.end >= first_dropped_) record.end = 0;
    const auto kind = kind_of(record.operation);
    if (!kind) return builder_.bad(number, fmt::format("there is no operation {}", record.operation));
    const auto told = told_of(*kind, record);
    if (!told) return builder_.bad(number, fmt::format("{} does not answer {}", name_of(*kind), record.told));
    if (record.start > INT64_MAX || record.end > INT64_MAX) return builder_.bad(number, "a stamp is too large");
    if (*told != Told::unfinished && record.end < record.start) return builder_.bad(number, "it ends before it starts");
    Row row;
    row.line = static_cast<std::uint32_t>(number);
    row.thread = thread;
    row.kind = *kind;
    row.told = *told;
    row.start = static_cast<std::int64_t>(record.start);
    row.end = *told == Told::unfinished ? row.start : static_cast<std::int64_t>(record.end);
    if (names_key(*kind)) row.key = log_.keys.of(fmt::format_int(record.key).c_str());
    row.value = value(record.value);
    row.extra = value(record.extra);
    row.answer = *told == Told::count ? record.answer : value(record.answer);
    log_.rows.push_back(row);
  }

  std::int64_t value(std::int64_t number) {
    return Values::is_number(number) ? number : log_.values.of(std::to_string(number));
  }

  std::istream& stream_;
  Log& log_;
  RowBuilder& builder_;
  std::uint64_t first_dropped_ = format::none_dropped;
};

}  // namespace

void read_record_file(std::istream& stream, Log& log, RowBuilder& builder) {
  Reader(stream, log, builder).read();
}

}  // namespace mapquake::recorded
