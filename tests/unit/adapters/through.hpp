// A map made and called through its abi::Map, as the harness does it.
#pragma once

#include <mapquake/adapter.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace mapquake::test {

struct Seen {
  std::int64_t key, value;
  bool erased;
  friend bool operator==(const Seen&, const Seen&) = default;
};

template <class Adapter>
class Through {
 public:
  explicit Through(const abi::Construction& construction = {}) : map_(map().create(&construction, &made_)) {}
  ~Through() {
    if (map_ != nullptr) map().destroy(map_);
  }
  Through(const Through&) = delete;
  Through& operator=(const Through&) = delete;

  abi::Response call(OpKind kind, std::int64_t key = 0, std::int64_t value = 0, std::int64_t extra = 0) {
    seen.clear();
    const abi::Request request{
        .kind = kind, .key = key, .value = value, .extra = extra, .visit = note, .context = &seen, .cursor = &cursor};
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
  void* cursor = nullptr;

 private:
  static void note(void* context, std::int64_t key, std::int64_t value, bool erased) {
    static_cast<std::vector<Seen>*>(context)->push_back({key, value, erased});
  }

  abi::Response made_;
  void* map_;
};

}  // namespace mapquake::test
