#include "harness/recorded/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace mapquake::recorded {
namespace {

using enum OpKind;
using Form = ResultForm;

constexpr std::array words = std::to_array<Word>({
    {"insert", insert},
    {"add", insert},
    {"emplace", insert},
    {"tryemplace", insert},
    {"putifabsent", insert},
    {"setnx", insert, Form::zero_one},
    {"find", find},
    {"get", find},
    {"load", find},
    {"lookup", find},
    {"read", find},
    {"contains", contains},
    {"containskey", contains},
    {"has", contains},
    {"exists", contains, Form::zero_one},
    {"erase", erase},
    {"delete", erase},
    {"remove", erase},
    {"del", erase, Form::zero_one},
    {"assign", assign},
    {"insertorassign", assign},
    {"put", assign, Form::success},
    {"set", assign, Form::success},
    {"store", assign, Form::success},
    {"write", assign, Form::success},
    {"swap", assign, Form::old_value},
    {"exchange", assign, Form::old_value},
    {"getset", assign, Form::old_value},
    {"getandset", assign, Form::old_value},
    {"update", update},
    {"fetchadd", update},
    {"getandadd", update},
    {"getorcreate", get_or_create},
    {"getorinsert", get_or_create},
    {"loadorstore", get_or_create},
    {"computeifabsent", get_or_create},
    {"setdefault", get_or_create},
    {"extract", extract},
    {"pop", extract},
    {"take", extract},
    {"getdel", extract},
    {"loadanddelete", extract},
    {"replace", replace},
    {"compareexchange", compare_exchange},
    {"compareandswap", compare_exchange},
    {"compareandset", compare_exchange},
    {"cas", compare_exchange},
    {"upsert", upsert},
    {"size", size},
    {"len", size},
    {"count", size},
    {"clear", clear},
    {"flush", clear},
    {"iterate", iterate},
    {"range", iterate},
    {"foreach", iterate},
    {"scan", iterate},
    {"copy", copy},
    {"snapshot", copy},
    {"reserve", reserve},
    {"rehash", reserve},
    {"shrink", shrink},
});

std::string plain(std::string_view name) {
  name = name.substr(std::min(name.size(), name.find_last_of("./ ") + 1));
  std::string text;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) continue;
    text += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

}  // namespace

std::span<const Word> vocabulary() {
  return words;
}

std::optional<Word> word_for(std::string_view name) {
  const auto found = std::ranges::find(words, plain(name), &Word::word);
  if (found == words.end()) return std::nullopt;
  return *found;
}

bool says_nothing(OpKind kind) {
  return kind == reserve || kind == shrink;
}

}  // namespace mapquake::recorded
