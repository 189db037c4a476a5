// The plugin's host, with answers that a test prescribes, put back at the end of the scope.
#pragma once

#include <mapquake/host.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace mapquake::test {

/// What fail() throws here, so that a test can see that it was called. (The real one does not return.)
struct Failed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class ScriptedHost {
 public:
  ScriptedHost() : saved_(detail::host) {
    state() = {};
    detail::host = {.choose = [](std::uint32_t n) { return state().next_answer(n); },
                    .now_ms = [] { return std::uint64_t{1234}; },
                    .fail = [](const char* message) { throw Failed(message); },
                    .point = [](const char* name) { state().points.emplace_back(name); },
                    .user_code_throws = [](abi::UserCode what) { return state().throwing == what; },
                    .tell = [](void (*)(const void*, char*, std::size_t), const void*, bool) {},
                    .copied = [](std::size_t) {},
                    .hash_mode = abi::HashMode::good};
  }
  ~ScriptedHost() { detail::host = saved_; }
  ScriptedHost(const ScriptedHost&) = delete;
  ScriptedHost& operator=(const ScriptedHost&) = delete;

  /// From now on, this call into user code throws.
  void let_throw(std::optional<abi::UserCode> what) { state().throwing = what; }
  /// What choose() answers, one after another; n - 1 once they are used up.
  void answer(std::vector<std::uint32_t> answers) { state().answers = std::move(answers); }
  const std::vector<std::string>& points() const { return state().points; }
  void hash(abi::HashMode mode) { detail::host.hash_mode = mode; }

 private:
  struct State {
    std::optional<abi::UserCode> throwing;
    std::vector<std::string> points;
    std::vector<std::uint32_t> answers;
    std::size_t answered = 0;

    std::uint32_t next_answer(std::uint32_t n) { return answered < answers.size() ? answers[answered++] : n - 1; }
  };
  static State& state() {
    static State instance;
    return instance;
  }

  abi::Host saved_;
};

}  // namespace mapquake::test
