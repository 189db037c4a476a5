// Entries, tables and rehashing of RedisDict. Included by redis_dict.hpp.
#pragma once

#include "redis_dict.hpp"

namespace mapquake::maps {

#define MAPQUAKE_REDIS_TEMPLATE template <class K, class V, class Hash, class Equal>
#define MAPQUAKE_REDIS_DICT RedisDict<K, V, Hash, Equal>

MAPQUAKE_REDIS_TEMPLATE
typename MAPQUAKE_REDIS_DICT::Entry* MAPQUAKE_REDIS_DICT::find_entry(const K& key, std::size_t hash) const {
  for (unsigned t = 0; t < (rehashing() ? 2U : 1U); ++t) {
    if (size_[t] == 0) continue;
    for (Entry* entry = table_[t][hash & (size_[t] - 1)]; entry != nullptr; entry = entry->next) {
      if (equal_(key, entry->key)) return entry;
    }
  }
  return nullptr;
}

MAPQUAKE_REDIS_TEMPLATE
V* MAPQUAKE_REDIS_DICT::find(const K& key) {
  if (size() == 0) return nullptr;
  if (rehashing()) step();
  Entry* entry = find_entry(key, hash_(key));
  return entry == nullptr ? nullptr : &entry->value;
}

MAPQUAKE_REDIS_TEMPLATE
bool MAPQUAKE_REDIS_DICT::add(const K& key, V value) {
  const std::size_t hash = hash_(key);
  if (rehashing()) step();
  expand_if_needed();
  if (find_entry(key, hash) != nullptr) return false;
  const unsigned t = rehashing() ? 1 : 0;
  Entry*& head = table_[t][hash & (size_[t] - 1)];
  head = new Entry{key, std::move(value), head};
  ++used_[t];
  return true;
}

MAPQUAKE_REDIS_TEMPLATE
bool MAPQUAKE_REDIS_DICT::replace(const K& key, V value) {
  if (add(key, value)) return true;
  find_entry(key, hash_(key))->value = std::move(value);
  return false;
}

MAPQUAKE_REDIS_TEMPLATE
bool MAPQUAKE_REDIS_DICT::remove(const K& key) {
  if (size() == 0) return false;
  if (rehashing()) step();
  const std::size_t hash = hash_(key);
  for (unsigned t = 0; t < (rehashing() ? 2U : 1U); ++t) {
    for (Entry** link = &table_[t][hash & (size_[t] - 1)]; *link != nullptr; link = &(*link)->next) {
      if (!equal_(key, (*link)->key)) continue;
      delete std::exchange(*link, (*link)->next);
      --used_[t];
      return true;
    }
  }
  return false;
}

MAPQUAKE_REDIS_TEMPLATE
void MAPQUAKE_REDIS_DICT::expand_if_needed() {
  if (rehashing()) return;
  if (size_[0] == 0) {
    expand(initial_size);
  } else if ((used_[0] >= size_[0] && can_resize_) || used_[0] / size_[0] > force_resize_ratio) {
    expand(used_[0] + 1);
  }
}

/// The first table, or one in place of an empty one, is not a rehashing.
MAPQUAKE_REDIS_TEMPLATE
void MAPQUAKE_REDIS_DICT::start_rehash(Entry** table, std::size_t size) {
  const unsigned t = used_[0] == 0 ? 0 : 1;
  if (t == 0) {
    delete[] table_[0];
  } else {
    rehashidx_ = 0;
  }
  table_[t] = table;
  size_[t] = size;
  used_[t] = 0;
}

MAPQUAKE_REDIS_TEMPLATE
bool MAPQUAKE_REDIS_DICT::rehash(std::size_t n) {
  if (!rehashing()) return false;
  std::size_t empty_visits = n * empty_visits_per_step;
  for (; n > 0 && used_[0] != 0; --n) {
    while (table_[0][rehashidx_] == nullptr) {
      ++rehashidx_;
      if (--empty_visits == 0) return true;
    }
    move_bucket(static_cast<std::size_t>(rehashidx_));
    ++rehashidx_;
  }
  if (used_[0] != 0) return true;
  delete[] table_[0];
  table_[0] = std::exchange(table_[1], nullptr);
  size_[0] = std::exchange(size_[1], 0);
  used_[0] = std::exchange(used_[1], 0);
  rehashidx_ = -1;
  return false;
}

/// Entry by entry, so that a hash that throws leaves the rest where it is.
MAPQUAKE_REDIS_TEMPLATE
void MAPQUAKE_REDIS_DICT::move_bucket(std::size_t index) {
  while (Entry* entry = table_[0][index]) {
    // A smaller table's index follows from the larger one's.
    const std::size_t hash = size_[1] > size_[0] ? hash_(entry->key) : index;
    table_[0][index] = entry->next;
    entry->next = std::exchange(table_[1][hash & (size_[1] - 1)], entry);
    --used_[0];
    ++used_[1];
  }
}

MAPQUAKE_REDIS_TEMPLATE
void MAPQUAKE_REDIS_DICT::clear_table(unsigned t) {
  for (std::size_t i = 0; i < size_[t]; ++i) {
    for (Entry* entry = table_[t][i]; entry != nullptr;) delete std::exchange(entry, entry->next);
  }
  delete[] std::exchange(table_[t], nullptr);
  size_[t] = 0;
  used_[t] = 0;
}

MAPQUAKE_REDIS_TEMPLATE
std::string MAPQUAKE_REDIS_DICT::validate() const {
  if (rehashing() != (table_[1] != nullptr)) return "rehashidx and table 1 disagree";
  for (unsigned t = 0; t < 2; ++t) {
    std::size_t entries = 0;
    if (size_[t] != 0 && (!std::has_single_bit(size_[t]) || size_[t] < initial_size)) return "size is no power of two";
    for (std::size_t i = 0; i < size_[t]; ++i) {
      const std::string where = "table " + std::to_string(t) + ", bucket " + std::to_string(i) + ": ";
      if (t == 0 && static_cast<std::ptrdiff_t>(i) < rehashidx_ && table_[0][i] != nullptr) {
        return where + "below rehashidx but not empty";
      }
      for (const Entry* entry = table_[t][i]; entry != nullptr; entry = entry->next) {
        ++entries;
        const std::size_t hash = hash_(entry->key);
        if ((hash & (size_[t] - 1)) != i) return where + "a key of another bucket";
        if (find_entry(entry->key, hash) != entry) return where + "a key is there twice";
      }
    }
    if (entries != used_[t]) {
      return "table " + std::to_string(t) + ": used is " + std::to_string(used_[t]) + " but there are " +
             std::to_string(entries) + " entries";
    }
  }
  return pause_count_ == 0 ? "" : "rehashing is still paused";
}

MAPQUAKE_REDIS_TEMPLATE
std::string MAPQUAKE_REDIS_DICT::dump() const {
  std::string text = "rehashidx=" + std::to_string(rehashidx_) + " pauserehash=" + std::to_string(pause_count_) +
                     " resize=" + (can_resize_ ? "on" : "off") + "\n";
  for (unsigned t = 0; t < 2; ++t) {
    text += "ht[" + std::to_string(t) + "] size=" + std::to_string(size_[t]) + " used=" + std::to_string(used_[t]) +
            " chains=";
    for (std::size_t i = 0; i < size_[t] && i < 64; ++i) {
      std::size_t length = 0;
      for (const Entry* entry = table_[t][i]; entry != nullptr; entry = entry->next) ++length;
      text += (length == 0 ? "." : length > 9 ? "+" : std::to_string(length));
    }
    text += size_[t] > 64 ? "…\n" : "\n";
  }
  return text;
}

}  // namespace mapquake::maps
